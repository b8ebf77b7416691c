import type { Booking } from "#contract/bookings.ts";
import { book, dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("a student sees the sessions on both clocks and cancels one", async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  const booked = await book(student, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  await mentor.person.send("POST", `/bookings/${booked.id}/confirm`);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "14:00" });
  await signIn(page, student, "/sessions");

  const next = page.getByRole("region", { name: "Next session" }).getByRole("article");
  await expect(next).toContainText("10:15 – 11:15 am");
  await expect(next).toContainText("10:00 – 11:00 am for Asha");
  const request = page.getByRole("region", { name: "Requests" }).getByRole("article");
  await expect(request).toContainText(/Held for you until/);
  await look("sessions-student");

  await next.getByRole("button", { name: /^Cancel/ }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/Message for Asha/)
    .fill("I fell ill");
  await look("sessions-cancel");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel session" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(next).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Next session" })).toBeFocused();
  await expect(page.getByRole("region", { name: "Past and cancelled" })).toContainText("Asha Rao");
  expect(await freeTimes(mentor, date)).toContain("10:00");
});

test("no sessions yet, and signed out", async ({ page, baseURL, look }) => {
  await page.goto("/sessions");
  await expect(page.getByText("Sign in to see this")).toBeVisible();
  await look("sessions-signed-out");
  await signIn(page, await Person.signUp("New Here", baseURL!), "/sessions");
  await expect(page.getByText("No sessions yet")).toBeVisible();
  await look("sessions-empty");
});

test("a mentor approves one request and declines another with a message", async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const [first, second] = await Promise.all([
    Person.signUp("Bikram Thapa", baseURL!),
    Person.signUp("Dawa Lama", baseURL!),
  ]);
  const date = dateAhead(2);
  const wanted = await book(first, mentor, {
    scheduled_date: date,
    scheduled_time: "10:00",
    timezone: "Asia/Kolkata",
    message: "My first interview",
  });
  const unwanted = await book(second, mentor, { scheduled_date: date, scheduled_time: "12:00" });
  await signIn(page, mentor.person, "/mentor");

  const requests = page.getByRole("region", { name: /Requests/ });
  await expect(requests.getByRole("article")).toHaveCount(2);
  await expect(requests).toContainText("My first interview");
  await look("workspace-requests");
  await requests.getByRole("button", { name: "Approve session with Bikram Thapa" }).click();
  const upcoming = page.getByRole("region", { name: "Upcoming" }).getByRole("article");
  await expect(upcoming).toContainText("Bikram Thapa");
  // The session has not been held yet: the button stays visible and shows why it is disabled.
  const complete = upcoming.getByRole("button", { name: /Mark as completed/ });
  await expect(complete).toHaveAttribute("aria-disabled", "true");
  await expect(complete).toHaveAccessibleDescription(/once it’s over/);

  await requests.getByRole("button", { name: "Decline session with Dawa Lama" }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/Message for Dawa/)
    .fill("I am away that day");
  await page.getByRole("dialog").getByRole("button", { name: "Decline request" }).click();
  // Behind an open dialog there is nothing to count.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(requests.getByRole("article")).toHaveCount(0);

  const status = async (person: Person, booking: Booking) =>
    (await person.send<Booking>("GET", `/bookings/${booking.id}`)).status;
  await expect.poll(() => status(first, wanted)).toBe("confirmed");
  await expect.poll(() => status(second, unwanted)).toBe("cancelled");
});
