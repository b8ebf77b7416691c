import type { Locator, Page } from "@playwright/test";
import type { Booking } from "#contract/bookings.ts";
import { at, BookingSteps } from "./bookingSteps.ts";
import { paidApp } from "./paidApp.ts";
import { confirmAddress, letHoldEnd } from "./past.ts";
import { book, dateAhead, freeTimes, makeMentor, Person, password } from "./people.ts";
import { expect, test } from "./test.ts";

type Meeting = { isInstant?: boolean; service?: NonNullable<Parameters<typeof makeMentor>[2]>["service"] };

/** A mentor and a student who is signed in in this browser. */
async function meet(page: Page, { isInstant = true, service = {} }: Meeting = {}) {
  const mentor = await makeMentor("Asha Rao", paidApp.address, {
    settings: { instant_confirm: isInstant },
    service,
  });
  const student = await Person.signUp("Ravi Shah", paidApp.address);
  await page.context().addCookies([...student.cookies]);
  const read = (id: string) => student.send<Booking>("GET", `/bookings/${id}`);
  /** Holds the first time in three days, as a script would, and opens an order for it. */
  const holdTime = async () => {
    const date = dateAhead(3);
    const [time = ""] = await freeTimes(mentor, date);
    const when = { scheduled_date: date, scheduled_time: time };
    const held = await book(student, mentor, when);
    const { url } = await student.send<{ url: string }>("POST", `/bookings/${held.id}/payment/checkout`);
    const back = encodeURIComponent(`/bookings/${held.id}/pay?returned=1`);
    return {
      ...held,
      when,
      page: `${paidApp.address}/bookings/${held.id}/pay`,
      order: `${paidApp.address}${url}?return=${back}`,
    };
  };
  return { mentor, student, read, holdTime };
}

/** Pays on the sandbox's page although the order is closed there, once it is. */
async function payTooLate(page: Page, order: string): Promise<void> {
  const pay = page.getByRole("button", { name: "Pay anyway, too late" });
  await expect(async () => {
    await page.goto(order);
    await expect(pay).toBeVisible({ timeout: 300 });
  }).toPass();
  await pay.click();
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("Tab does not lead there.");
}

const idOf = (page: Page) => /bookings\/([^/]+)\/pay/.exec(page.url())?.[1] ?? "";

test("pay from the dialog: fail, try again, pay, and it is booked", async ({ page, look }) => {
  const { mentor, read } = await meet(page);
  const date = dateAhead(3);
  const [time = ""] = await freeTimes(mentor, date);
  const steps = new BookingSteps(page);
  await page.goto(`${paidApp.address}/mentors/${mentor.profile.username}`);
  await page.getByRole("button", { name: "Book Session" }).click();
  await steps.chooseLength("60 min");
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, time));
  await steps.confirm();

  await expect(page.getByRole("heading", { level: 1, name: "Pay for your session" })).toBeVisible();
  const id = idOf(page);
  await expect(page.getByRole("timer", { name: "Held for you" })).toHaveText(/^1[12]\smin$/);
  const terms = page.getByRole("region", { name: "If you cancel" });
  await expect(terms).toContainText(/Until .*: everything back.*Until .*: ₹1,000 back/);
  await look("pay");
  await page.getByRole("button", { name: "5 more minutes" }).click();
  await expect(page.getByRole("button", { name: "5 more minutes" })).toBeHidden();
  await expect(page.getByRole("timer", { name: "Held for you" })).toHaveText(/^1[67]/);

  await page.getByRole("button", { name: "Pay ₹2,000" }).click();
  await page.getByRole("button", { name: "Fail this payment" }).click();
  await expect(page.getByRole("alert")).toContainText("The bank declined the payment.");
  await look("pay-failed");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("pay-failed-narrow");
  expect((await read(id)).status).toBe("pending");

  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
  await expect(page.getByText("₹2,000 paid by UPI.")).toBeVisible();
  await look("paid-narrow");
  expect(await read(id)).toMatchObject({ status: "confirmed", payment_status: "completed" });
});

test("a hold that ends while its page is open; paid late, the time is booked after all", {
  tag: "@long",
}, async ({ page, look }) => {
  const { mentor, read, holdTime } = await meet(page);
  const held = await holdTime();
  await page.goto(`${paidApp.address}/sessions`);
  await expect(page.getByRole("heading", { name: "Finish your booking" })).toBeVisible();
  await look("sessions-to-pay");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("sessions-to-pay-narrow");
  await page.getByRole("link", { name: "Pay ₹2,000" }).click();
  await expect(page.getByRole("timer")).toBeVisible();
  await letHoldEnd(paidApp.dataDir, held.id, mentor.person.id);
  await expect(page.getByRole("heading", { level: 1, name: "The time was released" })).toBeVisible();
  await look("pay-lapsed-narrow");

  await payTooLate(page, held.order);
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
  await expect(
    page.getByText("You paid after the hold had ended, but the time was still free."),
  ).toBeVisible();
  expect((await read(held.id)).status).toBe("confirmed");
});

test("paid late when the time is taken: everything comes back, and the list of payments says so", {
  tag: "@long",
}, async ({ page, look }) => {
  const { mentor, holdTime } = await meet(page);
  const held = await holdTime();
  await letHoldEnd(paidApp.dataDir, held.id, mentor.person.id);
  const rival = await Person.signUp("Nina Das", paidApp.address);
  await book(rival, mentor, held.when);

  await payTooLate(page, held.order);
  await expect(page.getByRole("heading", { level: 1, name: "Your money is on its way back" })).toBeVisible();
  await expect(page.getByText("₹2,000 – refunded")).toBeVisible();
  await look("pay-late");
  await page.goto(`${paidApp.address}/payments`);
  await expect(page.getByRole("article")).toContainText("1:1 Session with Asha Rao");
  await expect(page.getByRole("article")).toContainText("Refunded");
  await look("payments");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("payments-narrow");
});

test("by keyboard: pay, then cancel and get a part back", { tag: "@long" }, async ({ page, look }) => {
  const { holdTime, read } = await meet(page, {
    service: { refund_full_cutoff: 10_080, refund_partial_cutoff: 60, refund_partial_percent: 75 },
  });
  const held = await holdTime();
  await page.goto(`${paidApp.address}/payments`);
  await expect(page.getByRole("link", { name: "Pay now" })).toBeVisible();
  await page.goto(held.page);
  const pay = page.getByRole("button", { name: "Pay ₹2,000" });
  await pay.waitFor();
  await tabTo(page, pay);
  await page.keyboard.press("Enter");
  const card = page.getByRole("button", { name: "Pay by card" });
  await card.waitFor();
  await tabTo(page, card);
  await page.keyboard.press("Enter");
  await expect(page.getByText("₹2,000 paid by card.")).toBeVisible();

  await page.goto(`${paidApp.address}/sessions/${held.id}`);
  await expect(page.getByText("Cancel now: ₹1,500 of ₹2,000 refunded.")).toBeVisible();
  await look("session-paid");
  const cancel = page.getByRole("button", { name: /^Cancel session/ });
  await cancel.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Cancel now: ₹1,500 of ₹2,000 refunded.")).toBeVisible();
  await look("cancel-paid");
  await dialog.getByRole("button", { name: "Cancel session" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("₹1,500 – refunded")).toBeVisible();
  await look("session-refunded");
  expect(await read(held.id)).toMatchObject({ status: "cancelled", payment_status: "partially_refunded" });
});

test("a request is reserved, and released when its mentor declines", { tag: "@long" }, async ({
  page,
  look,
}) => {
  const { mentor, student, holdTime } = await meet(page, { isInstant: false });
  await confirmAddress(student.id, paidApp.dataDir);
  const held = await holdTime();
  await page.goto(held.page);
  await expect(page.getByText("You’re only charged if Asha accepts.")).toBeVisible();
  await look("pay-reserve");
  await page.getByRole("button", { name: "Reserve ₹2,000" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your request is in" })).toBeVisible();
  await expect(page.getByText("₹2,000 is reserved. You’re charged once Asha accepts")).toBeVisible();
  await look("reserved");
  await mentor.person.send("POST", `/bookings/${held.id}/decline`, {});
  await page.goto(`${paidApp.address}/sessions/${held.id}`);
  await expect(page.getByText("The reservation was released. Nothing was charged.")).toBeVisible();
});

test("a provider that is down, no connection, another tab, and a time that is held already", {
  tag: "@long",
}, async ({ page, look }) => {
  const { student, mentor, holdTime } = await meet(page);
  const held = await holdTime();
  await page.goto(held.page);
  const pay = page.getByRole("button", { name: /Pay ₹2,000|Try again/ });
  await page.route("**/payment/checkout", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      json: { code: "payment_provider_unavailable", status: 503, title: "", detail: "" },
    }),
  );
  await pay.click();
  await expect(page.getByRole("alert")).toContainText("Your time stays held.");
  await look("pay-unavailable");
  await page.unroute("**/payment/checkout");
  await page.context().setOffline(true);
  await pay.click();
  await expect(page.getByRole("alert")).toContainText("You seem to be offline");
  await page.context().setOffline(false);

  const other = await page.context().newPage();
  const query = new URLSearchParams({
    book: "details",
    service: mentor.service.id,
    minutes: "60",
    at: held.starts_at,
  });
  await other.goto(`${paidApp.address}/mentors/${mentor.profile.username}?${query}`);
  await other.getByRole("button", { name: "Confirm booking" }).click();
  await expect(other.getByText("You’re already holding this time")).toBeVisible();
  await other.getByRole("link", { name: "Continue to pay" }).click();
  await other.getByRole("button", { name: "Pay ₹2,000" }).click();
  await other.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
  // The first tab learns of it.
  await page.bringToFront();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible({
    timeout: 15_000,
  });
  expect((await student.send<Booking>("GET", `/bookings/${held.id}`)).payment_status).toBe("completed");
});

test("coupon: its mentor makes it, a student uses it and pays, and the lines add up", {
  tag: "@long",
}, async ({ page, look }) => {
  const { mentor, student, read } = await meet(page);
  await page.context().clearCookies();
  await page.context().addCookies([...mentor.person.cookies]);
  await page.goto(`${paidApp.address}/mentor/offers`);
  await page.getByRole("button", { name: "Add your first coupon" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Code").fill("no spaces");
  await form.getByLabel("Percent off").fill("120");
  await form.getByRole("button", { name: "Add coupon" }).click();
  await expect(form.getByText("Enter a percentage from 1 to 100.")).toBeVisible();
  await form.getByLabel("Percent off").fill("25");
  await form.getByRole("button", { name: "Add coupon" }).click();
  await expect(form.getByText("Use 3 to 32 letters, digits or hyphens.")).toBeVisible();
  await look("coupon-form");
  await form.getByLabel("Code").fill("welcome-25");
  await form.getByLabel("Uses in all").fill("1");
  await form.getByRole("button", { name: "Add coupon" }).click();
  await expect(page.getByRole("article", { name: "WELCOME-25" })).toContainText("0 of 1 used");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("offers-narrow");
  await page.setViewportSize({ width: 1280, height: 720 });

  await page.context().clearCookies();
  await page.context().addCookies([...student.cookies]);
  const date = dateAhead(3);
  const [time = ""] = await freeTimes(mentor, date);
  const query = new URLSearchParams({
    book: "details",
    service: mentor.service.id,
    minutes: "60",
    at: at(date, time).toISOString(),
  });
  await page.goto(`${paidApp.address}/mentors/${mentor.profile.username}?${query}`);
  const { dialog, submit } = new BookingSteps(page);
  const summary = dialog.getByRole("region", { name: "Order summary" });
  await expect(summary).toContainText("Booking feeNone");
  await expect(summary).toContainText("Cancel until 24 hours before for a full refund");
  await dialog.getByLabel("Add a recording for ₹300").check();
  await dialog.getByRole("button", { name: "Have a code?" }).click();
  await expect(dialog.getByLabel("Code")).toBeFocused();
  await page.keyboard.type("nothing");
  // A code that is typed is checked before anything is booked.
  await submit.click();
  await expect(dialog.getByText("This mentor has no coupon with this code.")).toBeVisible();
  await expect(dialog.getByLabel("Code")).toHaveValue("nothing");
  await dialog.getByLabel("Code").fill("welcome-25");
  await page.keyboard.press("Enter");
  await expect(summary).toHaveText(/Session, 60 min₹2,000Recording₹300Coupon WELCOME-25-₹575.*Total₹1,725/);

  // The last use goes to another student meanwhile, and comes back.
  const rival = await Person.signUp("Nina Das", paidApp.address);
  const [, , later = ""] = await freeTimes(mentor, date);
  const used = await book(rival, mentor, {
    scheduled_date: date,
    scheduled_time: later,
    coupon_code: "WELCOME-25",
    total_amount: 1500,
  });
  await submit.click();
  await expect(dialog.getByRole("alert").or(dialog.getByRole("status"))).toContainText(
    "Nothing has been booked. The price is now ₹2,300.",
  );
  await expect(dialog.getByLabel("Code")).toHaveValue("welcome-25");
  await look("booking-code-used-up");
  await rival.send("POST", `/bookings/${used.id}/cancel`, {});
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(summary).toContainText("Total₹1,725");
  await submit.click();

  await expect(page.getByRole("button", { name: "Pay ₹1,725" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Price" })).toContainText("Coupon-₹575");
  const id = idOf(page);
  await page.getByRole("button", { name: "Pay ₹1,725" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByText("₹1,725 paid by UPI.")).toBeVisible();
  expect(await read(id)).toMatchObject({ status: "confirmed", total_amount: 1725 });
  await page.goto(`${paidApp.address}/sessions/${id}`);
  await expect(page.getByText("Coupon", { exact: true })).toBeVisible();
  await page.goto(`${paidApp.address}/payments`);
  await page.getByText("Price details").click();
  await expect(page.getByRole("article")).toContainText("Recording₹300Coupon-₹575Total₹1,725");
  await look("payments-lines");
});

test("package: its mentor offers it, a student buys it, books with it, and gets the session back", {
  tag: "@long",
}, async ({ page, look }) => {
  const { mentor, student } = await meet(page);
  await page.context().clearCookies();
  await page.context().addCookies([...mentor.person.cookies]);
  await page.goto(`${paidApp.address}/mentor/offers`);
  await page.getByRole("button", { name: "Add your first package" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Session", { exact: true }).selectOption({ index: 1 });
  await form.getByLabel("Price for all of them").fill("8,000");
  await expect(form.getByText("One by one they cost ₹10,000. You receive ₹7,200 of ₹8,000.")).toBeVisible();
  await form.getByLabel("Number of sessions").fill("1");
  await form.getByRole("button", { name: "Add package" }).click();
  await expect(form.getByText("Enter a whole number from 2 to 50.")).toBeVisible();
  await look("package-form");
  await form.getByLabel("Number of sessions").fill("5");
  await form.getByRole("button", { name: "Add package" }).click();
  const name = `5 sessions of ${mentor.service.title}, 60 min`;
  await expect(page.getByRole("article", { name })).toContainText("Instead of ₹10,000");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("offers-package-narrow");
  await page.setViewportSize({ width: 1280, height: 720 });

  await page.context().clearCookies();
  await page.goto(`${paidApp.address}/mentors/${mentor.profile.username}`);
  await expect(page.getByText("You save ₹2,000")).toBeVisible();
  await look("mentor-packages");
  await page.getByRole("link", { name: `Buy ${name}` }).click();
  await page.getByLabel("E-mail").fill(student.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  // The package that was chosen is at hand.
  await expect(page.getByRole("button", { name: `Buy ${name}` })).toBeFocused();
  await page.getByRole("button", { name: `Buy ${name}` }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Buy this package" })).toBeVisible();
  await look("package-pay");
  await page.getByRole("button", { name: "Pay ₹8,000" }).click();
  await page.getByRole("button", { name: "Fail this payment" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was charged. You can try again.");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("package-pay-failed-narrow");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your package is ready" })).toBeVisible();
  await look("package-bought-narrow");
  await page.setViewportSize({ width: 1280, height: 720 });

  const date = dateAhead(3);
  const [time = ""] = await freeTimes(mentor, date);
  const query = new URLSearchParams({
    book: "details",
    service: mentor.service.id,
    minutes: "60",
    at: at(date, time).toISOString(),
  });
  await page.goto(`${paidApp.address}/mentors/${mentor.profile.username}?${query}`);
  const { dialog, submit } = new BookingSteps(page);
  await dialog.getByRole("checkbox", { name: /package/ }).check();
  await submit.click();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
  await page.goto(`${paidApp.address}/payments`);
  const own = page.getByRole("region", { name: "Your packages" });
  await expect(own).toContainText("4 of 5 sessions left");
  await expect(own).toContainText("1 session booked");
  await look("payments-package");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("payments-package-narrow");

  const { data } = await student.send<{ data: Booking[] }>("GET", "/bookings?as=student");
  await student.send("POST", `/bookings/${data[0]?.id}/cancel`, {});
  await page.reload();
  await expect(own).toContainText("5 of 5 sessions left");
});
