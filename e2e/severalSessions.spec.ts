import type { Page } from "@playwright/test";
import type { Series } from "#contract/series.ts";
import { at } from "./bookingSteps.ts";
import { paidApp } from "./paidApp.ts";
import { book, dateAhead, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, test } from "./test.ts";

const narrow = { width: 360, height: 740 };

/** The times of a mentor with one of them chosen. */
function timesOf({ profile, service }: TestMentor, start: Date): string {
  const chosen = { book: "time", service: service.id, minutes: "60", at: start.toISOString() };
  return `/mentors/${profile.username}?${new URLSearchParams(chosen)}`;
}

async function meet(page: Page, address: string) {
  const mentor = await makeMentor("Asha Rao", address, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Ravi Shah", address);
  const rival = await Person.signUp("Nina Das", address);
  await page.context().addCookies([...student.cookies]);
  /** Another student takes ten o'clock. */
  const take = (days: number) =>
    book(rival, mentor, { scheduled_date: dateAhead(days), scheduled_time: "10:00" });
  return { mentor, student, take };
}

test("four sessions with one substitute and a coupon, paid at once; then this and the later ones are cancelled", async ({
  page,
  look,
}) => {
  const { mentor, student, take } = await meet(page, paidApp.address);
  await take(17);
  await mentor.person.send("POST", "/mentors/me/coupons", { code: "TEN", percent: 10 });
  const dialog = page.getByRole("dialog");
  await page.goto(paidApp.address + timesOf(mentor, at(dateAhead(3), "10:00")));
  await dialog.getByRole("button", { name: "Repeat" }).click();
  await expect(dialog.getByRole("heading", { name: "Repeat this session" })).toBeVisible();
  // Kathmandu is a quarter of an hour ahead of Kolkata.
  await expect(dialog.getByRole("checkbox", { name: /10:15\sam.*10:00\sam for Asha/ })).toHaveCount(4);
  await expect(dialog.getByText("3 of 4 dates")).toBeVisible();
  await expect(dialog.getByText("This time is taken.")).toBeVisible();
  await look("series-dates");
  await page.setViewportSize(narrow);
  await look("series-dates-narrow");
  await dialog.getByRole("group", { name: "Instead:" }).getByRole("button").first().click();
  await expect(dialog.getByText("4 of 4 dates")).toBeVisible();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("radio", { name: /All at once/ })).toBeChecked();
  await dialog.getByRole("button", { name: "Have a code?" }).click();
  await dialog.getByLabel("Code").fill("ten");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(dialog.getByText("₹7,200 when you book.")).toBeVisible();
  await look("series-details-narrow");
  await dialog.getByRole("button", { name: "Book 4 sessions" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Pay for your 4 sessions" })).toBeVisible();
  await look("series-pay-narrow");
  await page.getByRole("button", { name: "Pay ₹7,200" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByText("₹7,200 paid by UPI.")).toBeVisible();
  await page.getByRole("link", { name: "Whole series" }).click();
  await expect(page.getByText("0 of 4 done")).toBeVisible();
  const id = /sessions\/([^?]+)/.exec(page.url())?.[1];
  await look("series-narrow");

  await page
    .getByRole("link", { name: /^Details of/ })
    .nth(1)
    .click();
  await expect(page.getByRole("link", { name: "Session 2 of 4" })).toBeVisible();
  await page.getByRole("button", { name: /^Cancel session/ }).click();
  await expect(dialog.getByRole("radio", { name: /Only this session.*₹1,800 back/ })).toBeChecked();
  await dialog.getByRole("radio", { name: /This and 2 later ones.*₹5,400 back/ }).check();
  await look("series-cancel-narrow");
  await dialog.getByRole("button", { name: "Cancel 3 sessions" }).click();
  await expect(dialog).toBeHidden();
  const { sessions } = await student.send<Series>("GET", `/series/${id}`);
  expect(sessions.map(({ status }) => status)).toEqual(["confirmed", "cancelled", "cancelled", "cancelled"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${paidApp.address}/sessions`);
  await page.getByRole("button", { name: "Show 3 sessions" }).click();
  await expect(page.getByRole("article").filter({ hasText: "Cancelled" })).toHaveCount(3);
  await look("sessions-series");
});

test("the first of a series that is paid session by session says so, and its link names it", async ({
  page,
}) => {
  const { mentor, student } = await meet(page, paidApp.address);
  const starts = [3, 10].map((days) => at(dateAhead(days), "10:00").toISOString());
  const { sessions } = await student.send<Series>("POST", "/series", {
    expert_id: mentor.profile.id,
    service_id: mentor.service.id,
    session_type: mentor.service.session_type,
    duration: 60,
    pattern: "weekly",
    starts,
    total_amount: 4000,
    payment: "per_session",
  });
  const { id } = sessions[0]!;
  await page.goto(`${paidApp.address}/bookings/${id}/pay`);
  await expect(page.getByRole("link", { name: "Session 1 of 2" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Pay ₹2,000" })).toBeVisible();
  // Nothing of the series is paid yet, so its first payment holds all of it.
  await expect(page.getByRole("button", { name: "Release these times" })).toBeVisible();
  const { url } = await student.send<{ url: string }>("POST", `/bookings/${id}/link`);
  await page.goto(url);
  const name = /^1:1 Session with Asha Rao.*10:15\sam \(Kathmandu, GMT\+5:45\)$/;
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page).toHaveTitle(/^1:1 Session with Asha Rao, .*10:15\sam \(Kathmandu/);
});

test("two times at once: one of them is taken meanwhile, is replaced, and nothing typed is lost", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const { mentor, student, take } = await meet(page, baseURL!);
  const dialog = page.getByRole("dialog");
  await page.goto(timesOf(mentor, at(dateAhead(3), "10:00")));
  await dialog.getByRole("button", { name: "Add another time" }).click();
  await expect(dialog.getByRole("list", { name: "Your times" }).getByRole("listitem")).toHaveCount(1);
  await dialog.locator("button[data-starts-at]").first().click();
  await look("basket");
  await page.setViewportSize(narrow);
  await look("basket-narrow");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByLabel(/What is this session for/).fill("My first talk");
  // The address and the draft keep everything.
  await page.reload();
  await take(3);
  await dialog.getByRole("button", { name: "Book 2 sessions" }).click();
  await expect(dialog.getByText("One of these times is no longer available.")).toBeVisible();
  await look("basket-refused-narrow");
  await dialog.getByRole("button", { name: /9:15\sam/ }).click();
  await expect(dialog.getByText("One of these times is no longer available.")).toBeHidden();
  await dialog.getByRole("button", { name: "Book 2 sessions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
  const { data } = await student.send<{ data: { message: string }[] }>("GET", "/bookings?as=student");
  expect(data.map(({ message }) => message)).toEqual(["My first talk", "My first talk"]);
});
