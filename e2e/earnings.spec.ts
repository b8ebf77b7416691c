import { paidApp } from "./paidApp.ts";
import { asOwner } from "./past.ts";
import { book, dateAhead, freeTimes, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, test } from "./test.ts";

const inDatabase = (text: string, values: unknown[] = []) =>
  asOwner((owner) => owner.query(text, values), paidApp.dataDir);

/** Sessions of which the first three have been earned, two months, a month and a day ago; one of these was paid out. */
async function earnAndHold(mentor: TestMentor, student: Person): Promise<void> {
  const date = dateAhead(3);
  const times = await freeTimes(mentor, date);
  const ids: string[] = [];
  for (const time of [times[0], times[2], times[4], times[6]]) {
    const { id } = await book(student, mentor, { scheduled_date: date, scheduled_time: time ?? "" });
    await student.send("POST", `/bookings/${id}/payment/checkout`);
    ids.push(id);
  }
  await inDatabase(
    `select private.settle_payment(p.expert_id, p.id, jsonb_build_object('id', o.order_id, 'reference', p.id,
       'amount_minor', p.amount_minor, 'currency', p.currency, 'attempts', jsonb_build_array(jsonb_build_object(
         'id', 'pay_' || p.id, 'state', 'captured', 'amount_minor', p.amount_minor, 'currency', p.currency, 'method', 'upi',
         'created_at', now(), 'refunds', '[]'::jsonb))), false)
     from payments p join private.payment_orders o on o.payment_id = p.id where p.expert_id = $1`,
    [mentor.person.id],
  );
  await asOwner(async (owner) => {
    await owner.query("set session_replication_role = replica");
    for (const [index, months] of [2, 1, 0].entries()) {
      await owner.query(
        "update bookings set status = 'completed', starts_at = starts_at - $2 * interval '1 month', ends_at = ends_at - $2 * interval '1 month' where id = $1",
        [ids[index], months],
      );
      await owner.query("update payments set due_at = now() where booking_id = $1", [ids[index]]);
      await owner.query("select private.earn_payments($1, 10)", [mentor.person.id]);
      await owner.query(
        "update private.ledger_transfers set created_at = now() - $2 * interval '1 month' where expert_id = $1 and created_at > now() - interval '1 hour' and kind in ('earned', 'fee')",
        [mentor.person.id, months],
      );
    }
    await owner.query(
      `with run as (insert into private.payout_runs (created_by) values ($1) returning id), payout as (
         insert into payouts (expert_id, run_id, amount_minor, currency, method, state, bank_reference, paid_to, sent_at, settled_at)
         select $1, id, 180000, 'INR', 'csv', 'paid', 'HDFCN52026102901', '7890', now(), now() from run returning id)
       select private.transfer($1, 'payout_requested', id, 'mentor', $1, 'payouts_pending', id, 'INR', 180000),
         private.transfer($1, 'payout_paid', id, 'payouts_pending', id, 'bank', $1, 'INR', 180000) from payout`,
      [mentor.person.id],
    );
    await owner.query("reset session_replication_role");
  }, paidApp.dataDir);
}

test("a mentor enters a bank account and sees what is earned, held and paid out", { tag: "@long" }, async ({
  page,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", paidApp.address, { settings: { instant_confirm: true } });
  await page.context().addCookies([...mentor.person.cookies]);
  await page.goto(`${paidApp.address}/mentor/earnings`);
  await expect(page.getByRole("heading", { name: "No earnings yet" })).toBeVisible();
  await expect(page.getByText("The platform keeps 10% of each price.")).toBeVisible();
  await look("earnings-empty");

  await inDatabase("update auth.users set email_verified = true where id = $1", [mentor.person.id]);
  await page.getByRole("button", { name: "Add bank account" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Account holder")).toBeFocused();
  await page.keyboard.type("Asha Rao");
  await page.keyboard.press("Tab");
  await page.keyboard.type("0012 3456 7890");
  await page.keyboard.press("Tab");
  await page.keyboard.type("HDFC12");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("An IFSC looks like HDFC0001234.")).toBeVisible();
  await look("earnings-bank-account");
  await dialog.getByLabel("IFSC").fill("hdfc0001234");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Bank account ending in 7890")).toBeVisible();
  await expect(dialog).toBeHidden();

  const student = await Person.signUp("Ravi Shah", paidApp.address);
  await earnAndHold(mentor, student);
  await page.reload();
  const figure = (name: string) => page.locator("dl > div").filter({ hasText: name }).locator("dd").first();
  await expect(figure("Ready to pay out")).toHaveText("₹3,600");
  await expect(figure("Held for now")).toHaveText("₹2,000");
  await expect(figure("Paid this year")).toHaveText("₹1,800");
  const coming = page.getByRole("region", { name: /What’s coming/ });
  await expect(coming.getByRole("listitem")).toHaveText(/1:1 Session with Ravi Shah.*₹1,800Yours on/);
  await expect(page.getByText("Reference HDFCN52026102901")).toBeVisible();
  await expect(page.locator("svg .visx-bar")).toHaveCount(12);
  await page.getByText("Show as a table").click();
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(13);
  await expect(page.getByRole("region", { name: "Statement" }).getByRole("listitem")).toHaveCount(4);
  const line = page
    .getByRole("region", { name: "Statement" })
    .getByRole("listitem")
    .filter({ hasText: "Earned" });
  await line.first().getByRole("button", { name: "Documents" }).click();
  await expect(page.getByRole("link", { name: /^Open Fee invoice TF/ })).toBeVisible();
  await look("earnings");
  await page.getByText("Show as a table").click();
  await page.setViewportSize({ width: 360, height: 740 });
  await look("earnings-narrow");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  expect((await download).suggestedFilename()).toBe("matepeak-earnings-start-now.csv");

  const tax = page.getByRole("region", { name: "Tax" });
  await tax.getByLabel("Charge GST").check();
  await tax.getByLabel("GSTIN").fill("29abcde1234f1zw");
  await tax.getByRole("button", { name: "Save" }).click();
  // The first missing field has the focus.
  await expect(tax.getByLabel("Legal name")).toBeFocused();
  await tax.getByLabel("Legal name").fill("Asha Rao");
  await tax.getByLabel("Address").fill("12 MG Road, Bengaluru");
  await tax.getByLabel("State").selectOption("29");
  await look("earnings-tax-narrow");
  await tax.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved for documents from now on")).toBeVisible();
  await expect(tax.getByLabel("GSTIN")).toHaveValue("29ABCDE1234F1ZW");

  await page.getByRole("button", { name: "Link Razorpay account" }).click();
  await dialog.getByLabel("Account ID").fill("1234");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Account ID")).toHaveAttribute("aria-invalid", "true");
  await look("earnings-linked-account");
  await dialog.getByLabel("Account ID").fill("acc_ABC1234567");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Razorpay account ending in 4567")).toBeVisible();

  // The student finds the receipt by a mail's link, in the list and at the session.
  const [receipt] = (await student.send<{ data: { id: string; booking_id: string }[] }>("GET", "/documents"))
    .data;
  await page.context().clearCookies();
  await page.context().addCookies([...student.cookies]);
  await page.goto(`${paidApp.address}/payments?document=${receipt?.id}`);
  const opened = page.getByRole("region", { name: "Documents" });
  await expect(opened).toBeFocused();
  const [paper] = await Promise.all([
    page.context().waitForEvent("page"),
    opened.getByRole("link", { name: /^Open Receipt TR/ }).click(),
  ]);
  await expect(paper.getByRole("heading", { level: 1 })).toHaveText("Receipt");
  await paper.close();
  const pdf = await opened.getByRole("link", { name: /PDF$/ }).getAttribute("href");
  expect((await page.request.get(`${paidApp.address}${pdf}`)).headers()["content-type"]).toBe(
    "application/pdf",
  );
  await page.getByRole("button", { name: "Documents" }).first().click();
  await expect(page.getByRole("link", { name: /^Open Receipt TR/ })).toHaveCount(2);
  const billing = page.getByRole("region", { name: "Billing details" });
  await billing.getByLabel("Name or company").fill("Shah Traders");
  await billing.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved for documents from now on")).toBeVisible();
  await look("payments-document-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
  await look("payments-document");
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect(opened).toBeHidden();
  await page.goto(`${paidApp.address}/payments?document=01930000-0000-7000-8000-000000000001`);
  await expect(page.getByText("This document isn’t here")).toBeVisible();
  await page.goto(`${paidApp.address}/sessions/${receipt?.booking_id}`);
  await expect(page.getByRole("link", { name: /^Open Receipt TR/ })).toBeVisible();
  await look("session-documents");
});
