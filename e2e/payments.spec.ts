import type { Page } from "@playwright/test";
import type { Booking } from "#contract/bookings.ts";
import { type EmbeddedApp, startEmbeddedApp } from "../server/testing/embeddedApp.ts";
import { at, BookingSteps } from "./bookingSteps.ts";
import { dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, test } from "./test.ts";

// The other journeys book without paying, so these have a server of their own.
let app: EmbeddedApp;
test.beforeAll(async () => {
  app = await startEmbeddedApp({ PAYMENTS: "sandbox" });
});
test.afterAll(() => app.remove());

type MentorOptions = NonNullable<Parameters<typeof makeMentor>[2]>;

/** A mentor and a student who is signed in in this browser. */
async function meet(page: Page, settings: MentorOptions["settings"] = { instant_confirm: true }) {
  const mentor = await makeMentor("Asha Rao", app.address, { settings });
  const student = await Person.signUp("Ravi Shah", app.address);
  await page.context().addCookies([...student.cookies]);
  const read = (id: string) => student.send<Booking>("GET", `/bookings/${id}`);
  return { mentor, student, read };
}

const idOf = (page: Page) => /bookings\/([^/]+)\/pay/.exec(page.url())?.[1] ?? "";

test("pay from the dialog: fail, try again, pay, and it is booked", async ({ page, look }) => {
  const { mentor, read } = await meet(page);
  const date = dateAhead(3);
  const [time = ""] = await freeTimes(mentor, date);
  const steps = new BookingSteps(page);
  await page.goto(`${app.address}/mentors/${mentor.profile.username}`);
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
