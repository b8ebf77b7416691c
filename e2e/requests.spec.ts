import type { Browser, Locator, Page } from "@playwright/test";
import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** A browser of another person. */
async function openBrowserOf(person: Person, browser: Browser, next: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, person, next);
  return page;
}

function bell(page: Page): Locator {
  return page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: /^Notifications/ });
}

async function propose(form: Locator, which: string, date: string, time: string): Promise<void> {
  const fields = form.getByRole("group", { name: which });
  await fields.getByLabel("Date").fill(date);
  await fields.getByLabel("Time", { exact: true }).fill(time);
}

test("a student requests another time, the mentor suggests others, the student accepts one: live on both sides", async ({
  page,
  browser,
  baseURL,
  look,
}) => {
  test.slow();
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Ben Carter", baseURL!);
  const desk = await openBrowserOf(mentor.person, browser, "/mentor/requests");
  await expect(desk.getByRole("heading", { name: "Sessions", level: 1 })).toBeVisible();

  await signIn(page, student);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await steps.dialog.getByRole("button", { name: "Request another time" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "Request another time with Asha" })).toBeFocused();
  await steps.dialog.getByRole("button", { name: "Send request" }).click();
  await expect(steps.dialog.getByText("Choose a date.")).toBeVisible();
  await look("ask-for-time-errors");

  // An available time can be booked instead: 10:00 in Kolkata is 10:15 in Kathmandu.
  await propose(steps.dialog, "First time", dateAhead(3), "10:15");
  await steps.dialog.getByRole("button", { name: "Send request" }).click();
  await expect(steps.dialog.getByText("This time is free. You can book it right away.")).toBeVisible();

  await propose(steps.dialog, "First time", dateAhead(3), "20:15");
  await expect(steps.dialog.getByText(/8:00\spm for Asha \(Kolkata, GMT\+5:30\)/)).toBeVisible();
  await steps.dialog.getByRole("button", { name: "Add another time" }).click();
  await propose(steps.dialog, "Second time", dateAhead(4), "20:15");
  await steps.dialog.getByLabel(/Message for Asha/).fill("I work in the daytime.");
  await look("ask-for-time");
  await steps.dialog.getByRole("button", { name: "Send request" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "Request sent to Asha" })).toBeFocused();
  await look("ask-for-time-sent");
  await steps.dialog.getByRole("link", { name: "My sessions" }).click();

  // The mentor's open page has updated itself.
  const asked = desk.getByRole("article", { name: "Ben Carter" });
  await expect(asked).toContainText("I work in the daytime.");
  await expect(asked.getByRole("button", { name: /^Accept/ })).toHaveCount(2);
  await expect(bell(desk)).toHaveAccessibleName("Notifications, 1 unread");
  await asked.getByRole("button", { name: "Suggest other times" }).click();
  await propose(desk.getByRole("dialog"), "First time", dateAhead(5), "21:00");
  await desk.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
  await expect(asked).toContainText("Awaiting Ben’s reply");
  await expect(desk.getByRole("heading", { name: /Time requests/ })).toBeFocused();

  // So has the student's.
  await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread");
  const answer = page.getByRole("article", { name: "1:1 Session" }).first();
  await expect(answer).toContainText("Awaiting your reply");
  await look("requests-student");
  await answer.getByRole("button", { name: /^Accept/ }).click();
  await expect(page.getByRole("article").filter({ hasText: "Accepted and booked" })).toBeVisible();
  const next = page.getByRole("region", { name: "Next session" });
  await expect(next.getByRole("article", { name: "1:1 Session" })).toContainText("9:15");
  await expect(
    desk.getByRole("region", { name: /^Upcoming/ }).getByRole("article", { name: "Ben Carter" }),
  ).toBeVisible();
  await desk.context().close();
});

test("a mentor replies to a booking request with other times, and the student accepts one", {
  tag: "@long",
}, async ({ page, browser, baseURL, look }) => {
  test.slow();
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Ben Carter", baseURL!);
  const { id } = await book(student, mentor, { scheduled_date: dateAhead(3), scheduled_time: "10:00" });
  const desk = await openBrowserOf(student, browser, "/sessions");
  await expect(desk.getByRole("heading", { name: "My sessions", level: 1 })).toBeVisible();

  await signIn(page, mentor.person, `/sessions/${id}`);
  await page.getByRole("button", { name: "Suggest other times", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Suggest other times" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto("/mentor/requests");
  const requests = page.getByRole("region", { name: /^Requests/ });
  await requests.getByRole("button", { name: "Suggest other times to Ben Carter" }).click();
  const dialog = page.getByRole("dialog", { name: "Suggest other times" });
  await propose(dialog, "First time", dateAhead(3), "10:00");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  await expect(dialog.getByText("This is the time the student asked for.")).toBeVisible();
  await propose(dialog, "First time", dateAhead(5), "21:00");
  await dialog.getByLabel(/Message for Ben/).fill("I travel that day.");
  await look("propose-instead");
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
  const asked = page.getByRole("article", { name: "Ben Carter" }).first();
  await expect(asked).toContainText("Awaiting Ben’s reply");
  await expect(requests.getByRole("button", { name: /^Approve/ })).toHaveCount(0);
  await look("proposed-instead-mentor");

  // The student's open page has updated itself, with a single notification.
  await expect(bell(desk)).toHaveAccessibleName("Notifications, 1 unread");
  const answer = desk.getByRole("article").filter({ hasText: "Awaiting your reply" });
  await expect(answer).toContainText("I travel that day.");
  await answer.getByRole("button", { name: /^Accept/ }).click();
  const next = desk.getByRole("region", { name: "Next session" });
  await expect(next.getByRole("article", { name: "1:1 Session" })).toContainText("9:15");
  await expect(
    page.getByRole("region", { name: /^Upcoming/ }).getByRole("article", { name: "Ben Carter" }),
  ).toBeVisible();
  await desk.context().close();
});

test("the mentor declines with a message, which the student reads in the notifications", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Ben Carter", baseURL!);
  await student.send("POST", "/time-requests", {
    expert_id: mentor.person.id,
    service_id: mentor.service.id,
    duration: 60,
    total_amount: 2000,
    starts_at: [at(dateAhead(3), "21:00").toISOString(), at(dateAhead(4), "21:00").toISOString()],
    timezone: "America/New_York",
  });
  await signIn(page, mentor.person, "/mentor/requests");
  const card = page.getByRole("article", { name: "Ben Carter" });
  // 9 pm in Kolkata is 10:30 am in New York, and 11:30 am in summer.
  const newYork = at(dateAhead(3), "21:00").toLocaleTimeString("en-IN", {
    timeZone: "America/New_York",
    timeStyle: "short",
  });
  await expect(card).toContainText(newYork);
  await expect(page.getByRole("navigation", { name: "Mentor workspace" })).toContainText(
    "1 request to answer",
  );
  await look("requests-mentor");
  await card.getByRole("button", { name: /^Decline/ }).click();
  await page.getByLabel(/Message for Ben/).fill("Evenings are for my children.");
  await page.getByRole("button", { name: "Decline request" }).click();
  await expect(card).toContainText("You declined this request");

  await page.context().clearCookies();
  await signIn(page, student);
  await expect(page.getByRole("region", { name: "Mentors you can book" })).toBeVisible();
  await bell(page).click();
  const inbox = page.getByRole("region", { name: "Your notifications" });
  await expect(inbox).toContainText("Evenings are for my children.");
  await look("notifications");
  await page.keyboard.press("Escape");
  await expect(bell(page)).toBeFocused();
  await expect(inbox).toBeHidden();
  await bell(page).click();
  await inbox.getByRole("link", { name: /Asha Rao/ }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  await expect(bell(page)).toHaveAccessibleName("Notifications");
});

test("shown times change within a second when another student books or the mentor edits", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const other = await Person.signUp("Cara Diaz", baseURL!);
  const day = dateAhead(2);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await steps.chooseDay(day);
  const ten = steps.time(at(day, "10:00"), "Asia/Kathmandu");
  const evening = steps.time(at(day, "19:00"), "Asia/Kathmandu");
  await expect(ten.last()).toBeVisible();
  await expect(evening).toHaveCount(0);
  // Time for the event stream to open, which the page does not show.
  await page.waitForTimeout(500);

  const booked = await book(other, mentor, { scheduled_date: day, scheduled_time: "10:00" });
  await expect(ten).toHaveCount(0, { timeout: 1_500 });
  await other.send("POST", `/bookings/${booked.id}/cancel`);
  await expect(ten.last()).toBeVisible({ timeout: 1_500 });
  await mentor.person.send("POST", "/availability-slots", {
    specific_date: day,
    start_time: "19:00",
    end_time: "20:00",
  });
  await expect(evening.last()).toBeVisible({ timeout: 1_500 });
  await mentor.person.send("POST", "/blocked-dates", { date: day });
  await expect(steps.dialog.getByText("No available slots for this date")).toBeVisible({ timeout: 1_500 });
});

test("an alert: a full day, a cancellation, a notification, and its link to the available time", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { hours: [["10:00", "11:00"]] });
  const [student, other] = await Promise.all([
    Person.signUp("Ben Carter", baseURL!),
    Person.signUp("Cara Diaz", baseURL!),
  ]);
  const day = dateAhead(3);
  const taken = await book(other, mentor, { scheduled_date: day, scheduled_time: "10:00" });

  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await steps.chooseDay(day);
  await expect(steps.dialog.getByText("No available slots for this date")).toBeVisible();
  await look("full-day");
  await steps.dialog.getByRole("button", { name: "Join the waitlist", exact: true }).click();
  // A visitor signs in first and returns here.
  await steps.dialog.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail").fill(student.email);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "Wait for a time" })).toBeFocused();
  await steps.dialog.getByRole("radio", { name: /Just notify me/ }).check();
  await expect(steps.dialog.getByLabel("From")).toHaveValue(day);

  // The day after has an available time already.
  await steps.dialog.getByLabel("To").fill(dateAhead(4));
  await steps.dialog.getByRole("button", { name: "Notify me", exact: true }).click();
  await expect(
    steps.dialog.getByRole("status").filter({ hasText: "There are already free times" }),
  ).toBeVisible();
  await look("wait-for-times-refused");
  await steps.dialog.getByLabel("To").fill(day);
  await steps.dialog.getByRole("button", { name: "Notify me", exact: true }).click();
  await expect(page.getByText("We’ll notify you", { exact: true })).toBeVisible();
  await steps.dialog.getByRole("button", { name: "Close" }).click();

  await page.goto("/sessions");
  const waiting = page.getByRole("region", { name: "Availability alerts" });
  await expect(waiting).toContainText("Asha Rao");
  await look("alerts");
  await other.send("POST", `/bookings/${taken.id}/cancel`);
  await expect(bell(page)).toHaveAccessibleName("Notifications, 1 unread");
  await expect(waiting).toBeHidden();
  await bell(page).click();
  await page.getByRole("link", { name: /Asha Rao has a free time/ }).click();
  await expect(steps.dialog.getByRole("heading", { name: "Pick a time" })).toBeVisible();
});
