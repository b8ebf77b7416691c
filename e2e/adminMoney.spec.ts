import { readFile } from "node:fs/promises";
import { turnOnAdministrator } from "../server/testing/administrator.ts";
import { type EmbeddedApp, startEmbeddedApp } from "../server/testing/embeddedApp.ts";
import { asOwner } from "./past.ts";
import { book, dateAhead, freeTimes, makeMentor, Person, password } from "./people.ts";
import { expect, test } from "./test.ts";

// These look at all payments of a server, so they have one of their own; one after the other, they have it together.
test.describe.configure({ mode: "default" });
let app: EmbeddedApp;
test.beforeAll(async () => {
  app = await startEmbeddedApp({ PAYMENTS: "sandbox" });
});
test.afterAll(() => app.remove());

test("money in the console: a refund that failed is seen and repeated, and part of another goes back by hand", {
  tag: "@long",
}, async ({ page, look }) => {
  const mentor = await makeMentor("Asha Rao", app.address, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Ravi Shah", app.address);
  const admin = await Person.signUp("Meera Iyer", app.address);
  await asOwner((owner) => turnOnAdministrator(owner, admin.id), app.dataDir);
  const date = dateAhead(3);
  const times = await freeTimes(mentor, date);
  const [first = "", last = ""] = [times[0], times.at(-1)];
  const [cancelled, kept] = [
    await book(student, mentor, { scheduled_date: date, scheduled_time: first }),
    await book(student, mentor, { scheduled_date: date, scheduled_time: last }),
  ];
  await page.context().addCookies([...admin.cookies]);
  await page.goto(`${app.address}/admin/money`);
  await expect(page.getByRole("heading", { name: "Everything agrees" })).toBeVisible();
  await expect(page.getByText("There was no check yet.")).toBeVisible();
  await look("admin-money-empty");

  for (const { id } of [cancelled, kept]) {
    const { url } = await student.send<{ url: string }>("POST", `/bookings/${id}/payment/checkout`);
    await page.goto(`${app.address}${url}`);
    await page.getByRole("button", { name: "Pay by UPI" }).click();
    await expect.poll(() => statusOf(id)).toBe("completed");
    await page.goto(`${app.address}${url}`);
    if (id === cancelled.id) await page.getByRole("button", { name: "Let refunds fail" }).click();
  }
  await mentor.person.send("POST", `/bookings/${cancelled.id}/cancel`, { reason: "I am ill." });
  await page.goto(`${app.address}/admin/money`);
  const row = page.getByRole("listitem").filter({ hasText: "Refund failed" });
  await expect(async () => {
    await page.reload();
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 40_000 });
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/2 orders compared/)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await look("admin-money");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("admin-money-narrow");
  await row.getByRole("link").press("Enter");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByText("The money is still owed. Repeat the refund.")).toBeVisible();
  await look("admin-payment-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
  await look("admin-payment");
  const address = page.url();

  await page.getByRole("link", { name: "Sandbox page" }).click();
  await page.getByRole("button", { name: "Let refunds succeed" }).click();
  await page.goto(address);
  await asOwner(
    (owner) =>
      owner.query("update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1", [
        admin.id,
      ]),
    app.dataDir,
  );
  await page.getByRole("button", { name: "Repeat…" }).click();
  const dialog = page.getByRole("dialog", { name: "Repeat this refund?" });
  await dialog.getByRole("button", { name: "Repeat refund" }).click();
  await expect(dialog.getByText("Enter a reason.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("The student has a new account.");
  await look("admin-payment-repeat");
  await dialog.getByRole("button", { name: "Repeat refund" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm it’s you" });
  await expect(proof).toBeVisible();
  // Without the proof nothing is sent, and what was typed stays.
  await page.keyboard.press("Escape");
  await expect(dialog.getByLabel("Reason")).toHaveValue("The student has a new account.");
  await admin.send("POST", "/me/proof", { password });
  await dialog.getByRole("button", { name: "Repeat refund" }).click();
  await expect(page.getByText("The refund is repeated.")).toBeVisible();
  await expect.poll(() => statusOf(cancelled.id), { timeout: 20_000 }).toBe("refunded");

  await page.goto(`${app.address}/admin/money`);
  await expect(page.getByRole("heading", { name: "Everything agrees" })).toBeVisible();
  await page.getByLabel("Show").selectOption("All payments");
  await page.getByLabel("Student, booking or order").fill(kept.id);
  const found = page.getByRole("listitem").filter({ hasText: "Captured" });
  await expect(found).toHaveCount(1);
  await found.getByRole("link").click();
  await page.getByRole("button", { name: "Refund…" }).click();
  const refund = page.getByRole("dialog", { name: "Refund by hand?" });
  await refund.getByLabel("Amount in INR").fill("3,000");
  await refund.getByLabel("Reason").fill("Goodwill.");
  await refund.getByRole("button", { name: "Refund" }).click();
  await expect(refund.getByText("This is more than is left.")).toBeVisible();
  await refund.getByLabel("Amount in INR").fill("500");
  await look("admin-payment-refund");
  await refund.getByRole("button", { name: "Refund" }).click();
  await expect(page.getByText("The refund is on its way.")).toBeVisible();
  await expect.poll(() => statusOf(kept.id), { timeout: 20_000 }).toBe("partially_refunded");
  await page.reload();
  await expect(page.getByText("The ledger agrees with the payment.")).toBeVisible();
  await look("admin-payment-refunded");

  await page.goto(`${app.address}/admin/log`);
  await expect(page.getByRole("listitem").filter({ hasText: "Refunded by hand" })).toContainText("Goodwill.");

  // As when the trigger that sends money back had failed: the first page of the console tells of it.
  await asOwner(async (owner) => {
    await owner.query("set session_replication_role = replica");
    await owner.query(
      "update bookings set status = 'cancelled', occupancy_id = null, updated_at = now() - interval '1 hour' where id = $1",
      [kept.id],
    );
    await owner.query(
      "update payments set updated_at = now() - interval '11 minutes' where booking_id = $1",
      [kept.id],
    );
  }, app.dataDir);
  await page.goto(`${app.address}/admin`);
  await expect(page.getByRole("alert")).toContainText("1 payment has neither a session nor a refund");
  await look("admin-money-alarm");

  function statusOf(id: string): Promise<string> {
    return student
      .send<{ payment_status: string }>("GET", `/bookings/${id}`)
      .then((one) => one.payment_status);
  }
});

test("payouts in the console: a run, a second administrator's approval, the bank's file and its results", {
  tag: "@long",
}, async ({ page, look }) => {
  const mentors = [await makeMentor("Farida Khan", app.address), await makeMentor("Dev Menon", app.address)];
  const admins = [
    await Person.signUp("Kiran Das", app.address),
    await Person.signUp("Leela Nair", app.address),
  ];
  await asOwner(async (owner) => {
    for (const { id } of admins) await turnOnAdministrator(owner, id);
    for (const { person } of mentors) {
      await owner.query("update auth.users set email_verified = true where id = $1", [person.id]);
      await owner.query(
        "select private.transfer($1, 'earned', gen_random_uuid(), 'provider', $1, 'mentor', $1, 'INR', 6000000)",
        [person.id],
      );
    }
  }, app.dataDir);
  for (const { person } of mentors)
    await person.send("PUT", "/mentors/me/payout-account/bank", {
      holder: "Test Person",
      account_number: "001234567890",
      ifsc: "HDFC0001234",
    });
  await page.context().addCookies([...admins[0]!.cookies]);
  await page.goto(`${app.address}/admin/payouts`);
  await expect(page.getByRole("listitem").filter({ hasText: "Farida Khan" })).toContainText(
    "In the next run",
  );
  await expect(page.getByRole("heading", { name: "There was no run yet." })).toBeVisible();
  const reason = page.getByRole("dialog").getByLabel("Reason");
  await page.getByRole("button", { name: "Start a run…" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("Enter a reason.")).toBeVisible();
  await reason.fill("Payouts of the week.");
  await look("admin-payout-start");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText(/another administrator has to approve it/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve…" })).toBeDisabled();

  await page.context().clearCookies();
  await page.context().addCookies([...admins[1]!.cookies]);
  await page.goto(`${app.address}/admin/payouts`);
  await page.getByRole("button", { name: "Approve…" }).click();
  await reason.fill("The sums are right.");
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await page.getByRole("button", { name: "Download the bank’s file…" }).click();
  await asOwner(
    (owner) =>
      owner.query("update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1", [
        admins[1]!.id,
      ]),
    app.dataDir,
  );
  await page.getByRole("button", { name: "Download", exact: true }).click();
  // Account numbers are not given to a device that was left open.
  await expect(page.getByRole("dialog", { name: "Confirm it’s you" })).toBeVisible();
  await page.keyboard.press("Escape");
  await admins[1]!.send("POST", "/me/proof", { password });
  await page.getByRole("button", { name: "Download the bank’s file…" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  expect(csv.trim().split("\n")).toHaveLength(3);
  await page.getByRole("button", { name: "Payouts", exact: true }).click();
  const payout = (name: string) => page.getByRole("listitem").getByRole("listitem").filter({ hasText: name });
  await payout("Farida Khan").getByRole("button", { name: "Enter result…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Enter the bank’s reference.")).toBeVisible();
  await dialog.getByLabel("The bank’s reference (UTR)").fill("HDFCN52026112901");
  await look("admin-payout-result");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(payout("Farida Khan")).toContainText("Reference HDFCN52026112901");
  await look("admin-payouts");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("admin-payouts-narrow");

  // The other one by the bank's file, as it was downloaded and filled in.
  await page.getByRole("button", { name: "Read the bank’s file…" }).click();
  await dialog.getByLabel("CSV file").setInputFiles({
    name: "results.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(csv.replace(/,,,(\r?)$/gm, ",failed,,Account closed$1")),
  });
  await dialog.getByRole("button", { name: "Read it" }).click();
  await expect(dialog.getByText("1 line couldn’t be used.")).toBeVisible();
  await look("admin-payout-file");
  await page.keyboard.press("Escape");
  await expect(payout("Dev Menon")).toContainText("Account closed");
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
  await page.goto(`${app.address}/admin/log`);
  await expect(page.getByRole("listitem").filter({ hasText: "Recorded a payout as failed" })).toContainText(
    "Account closed",
  );
});
