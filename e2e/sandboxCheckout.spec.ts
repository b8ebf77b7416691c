import type { Locator, Page } from "@playwright/test";
import type { Booking } from "#contract/bookings.ts";
import { paidApp } from "./paidApp.ts";
import { book, dateAhead, freeTimes, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, test } from "./test.ts";

/** A booking whose student is signed in in this browser, and the address of the page on which it is paid. */
async function holdTime(page: Page) {
  const mentor = await makeMentor("Asha Rao", paidApp.address, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Ravi Shah", paidApp.address);
  await page.context().addCookies([...student.cookies]);
  const date = dateAhead(3);
  const [time = ""] = await freeTimes(mentor, date);
  const { id } = await book(student, mentor, { scheduled_date: date, scheduled_time: time });
  const { url } = await student.send<{ url: string }>("POST", `/bookings/${id}/payment/checkout`);
  const back = `/bookings/${id}`;
  return {
    address: `${paidApp.address}${url}?return=${encodeURIComponent(back)}`,
    back: `${paidApp.address}${back}`,
    read: () => student.send<Booking>("GET", `/bookings/${id}`),
  };
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("Tab does not lead there.");
}

test("the sandbox: fail, pay by keyboard, and the webhook confirms the booking; then a dispute", async ({
  page,
  look,
}) => {
  const { address, back, read } = await holdTime(page);
  await page.goto(address);
  await expect(page.getByRole("banner")).toContainText("Not real money – sandbox");
  await expect(page.getByRole("heading", { level: 1, name: "Pay ₹2,000" })).toBeVisible();
  await expect(page.getByText("1:1 Session · Asha Rao")).toBeVisible();
  await look("sandbox-checkout");

  await page.getByRole("button", { name: "Fail this payment" }).click();
  await expect(page).toHaveURL(back);
  await page.goto(address);
  await expect(page.getByText("The bank declined the payment.")).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await look("sandbox-checkout-failed-narrow");
  expect((await read()).status).toBe("pending");

  const pay = page.getByRole("button", { name: "Pay by UPI" });
  await tabTo(page, pay);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(back);
  // By the webhook alone: this page does not ask.
  await expect.poll(async () => (await read()).status).toBe("confirmed");

  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1, name: "₹2,000 paid" })).toBeVisible();
  await page.getByRole("button", { name: "Dispute this payment" }).click();
  await expect(page).toHaveURL(back);
  await page.goto(address);
  await expect(page.getByText("Disputed")).toBeVisible();
  await look("sandbox-checkout-disputed-narrow");
});

test("the sandbox: a second tab cannot pay again, and sees why", { tag: "@long" }, async ({ page, look }) => {
  const { address } = await holdTime(page);
  await page.goto(address);
  const other = await page.context().newPage();
  await other.goto(address);
  await other.getByRole("button", { name: "Pay twice" }).click();
  await page.getByLabel("Webhooks").selectOption("Not at all");
  await page.getByRole("button", { name: "Pay by card" }).click();
  await expect(page.getByRole("alert")).toHaveText("This order is paid already.");
  await expect(page.getByRole("button", { name: "Pay by card" })).toBeHidden();
  await look("sandbox-checkout-refused");
  await page.getByRole("link", { name: "Back to the app" }).click();
  await expect(page).toHaveURL(/\/bookings\//);
  await page.goto(`${paidApp.address}/sandbox-checkout/order_none`);
  await expect(page.getByRole("heading", { name: "There is no such order" })).toBeVisible();
  await look("sandbox-checkout-none");
});

test("a mentor chooses what is refunded, and sees what is left of a price", { tag: "@long" }, async ({
  page,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", paidApp.address);
  await page.context().addCookies([...mentor.person.cookies]);
  await page.goto(`${paidApp.address}/mentor/services/${mentor.service.id}`);
  await page.getByLabel(/Price in INR of length 1/).fill("2,000");
  await expect(page.getByLabel(/Price in INR of length 1/)).toHaveAccessibleDescription(
    "You receive ₹1,800 of ₹2,000.",
  );
  const refunds = page.getByRole("group", { name: "Refunds" });
  await expect(refunds.getByRole("radio", { name: /Moderate/ })).toBeChecked();
  await refunds.getByRole("radio", { name: /Strict/ }).press("Space");
  await expect(refunds).toContainText(
    "Cancel until 3 days before for a full refund, or until 24 hours before to get 50% back. No refund after that.",
  );
  await look("service-refunds");
  await page.setViewportSize({ width: 360, height: 740 });
  await refunds.getByRole("radio", { name: /Custom/ }).check();
  await refunds
    .getByRole("combobox", { name: "Full refund" })
    .selectOption({ label: "Until 12 hours before" });
  await refunds.getByLabel("Part in percent").fill("25");
  await page.getByRole("button", { name: "Save service" }).click();
  await expect(refunds.getByLabel("Part refunded")).toHaveAttribute("aria-invalid", "true");
  await look("service-refunds-custom");
  await refunds.getByLabel("Part refunded").selectOption({ label: "Until it starts" });
  await expect(refunds).toContainText("until it starts to get 25% back");
  await page.getByRole("button", { name: "Save service" }).click();
  await expect.poll(() => refundsOf(mentor)).toEqual([720, 0, 25]);
});

async function refundsOf({ person, profile }: TestMentor): Promise<number[]> {
  const { services } = await person.send<{
    services: { refund_full_cutoff: number; refund_partial_cutoff: number; refund_partial_percent: number }[];
  }>("GET", `/mentors/${profile.username}`);
  return services.flatMap((one) => [
    one.refund_full_cutoff,
    one.refund_partial_cutoff,
    one.refund_partial_percent,
  ]);
}
