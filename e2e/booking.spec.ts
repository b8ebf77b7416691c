import { readFile } from "node:fs/promises";
import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

// The guide's user flow and its test case 1.
test("a student books a session and downloads the calendar entry", async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, student);
  const steps = new BookingSteps(page);
  const tomorrow = dateAhead(1);

  await steps.open(mentor);
  await look("booking-1-service");
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(tomorrow);
  const start = at(tomorrow, "14:00");
  await expect(steps.time(start, "Asia/Kathmandu")).toContainText("2:00 pm for Asha");
  await look("booking-2-time");
  await steps.chooseTime(start);

  await expect(steps.dialog.getByLabel("Name")).toHaveValue("Bikram Thapa");
  await expect(steps.dialog.getByLabel("E-mail")).toHaveValue(student.email);
  await steps.dialog.getByLabel(/What is this session for/).fill("Need help with React");
  await steps.dialog.getByLabel(/Phone/).fill("+977 980 1234567");
  await steps.dialog.getByRole("checkbox", { name: /Add a recording/ }).check();
  await expect(steps.dialog.getByRole("region", { name: "Order summary" })).toContainText("₹2,300");
  await look("booking-3-details");

  // The response is delayed so that "Processing..." is visible.
  await page.route("**/api/v1/bookings", async (route) => {
    await expect(steps.dialog.getByRole("button", { name: "Processing..." })).toBeDisabled();
    await route.continue();
  });
  await steps.confirm();
  await expect(page.getByText("Request sent")).toBeVisible();
  await expect(page).toHaveURL(/\/booking-success\?id=/);

  const main = page.getByRole("main");
  await expect(main).toContainText("1:1 Session");
  await expect(main).toContainText("Asha Rao");
  await expect(main).toContainText("2:15 pm");
  await expect(main).toContainText("2:00 pm for Asha");
  await expect(main).toContainText("60 min");
  await expect(main).toContainText("₹2,300");
  await expect(main).toContainText("Need help with React");
  await expect(main).toContainText("Awaiting Asha’s reply");
  await look("booking-success");

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Add to Calendar" }).click();
  const calendars = page.getByRole("dialog", { name: "Add to Calendar" });
  await expect(calendars.getByRole("link", { name: "Google Calendar" })).toHaveAttribute(
    "href",
    /^https:\/\/calendar\.google\.com\/calendar\/render\?action=TEMPLATE&text=1%3A1%20Session%20with%20Asha%20Rao&/,
  );
  await look("add-to-calendar");
  await calendars.getByRole("link", { name: "Calendar file (.ics)" }).click();
  const file = await readFile(await (await download).path(), "utf8");
  expect(file).toMatch(/\r\nDTSTART;TZID=[\w/]+:/);
  expect(file).toContain("SUMMARY:1:1 Session with Asha Rao");

  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Go to my sessions" }).click();
  await expect(page).toHaveURL(/\/sessions/);
  await expect(page.getByRole("main")).toContainText("Asha Rao");
});

test("a request is called a request from the profile to the last page; an instant booking is not", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  const mentor = await makeMentor("Rohan Mehta", baseURL!);
  const instant = { title: "Quick chat", instant_confirm: true, durations: [{ minutes: 15, price: 0 }] };
  await mentor.person.send("POST", "/mentors/me/services", { session_type: "oneOnOneSession", ...instant });
  await signIn(page, await Person.signUp("Bikram Thapa", baseURL!), `/mentors/${mentor.profile.username}`);
  const steps = new BookingSteps(page);
  const replies = "Rohan replies within 48 h";
  const service = (title: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: title });
  await expect(service("1:1 Session").first()).toContainText(replies);
  await expect(service("Quick chat").first()).toContainText("Confirmed instantly");

  await page.getByRole("button", { name: "Book Session" }).click();
  await expect(steps.dialog.getByRole("group", { name: "1:1 Session" })).toContainText(replies);
  await steps.chooseLength(/^60 min/);
  await expect(steps.dialog.getByText(replies)).toBeVisible();
  await steps.chooseDay(dateAhead(2));
  await steps.chooseTime(at(dateAhead(2), "10:00"));
  await expect(steps.dialog.getByText(replies)).toBeVisible();
  await expect(steps.dialog.getByRole("button", { name: "Confirm booking" })).toHaveCount(0);
  await steps.dialog.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your request is in" })).toBeVisible();
  await expect(page.getByText("Request sent")).toBeVisible();
  await expect(page.getByText("Booking created")).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText(`${replies}. The time is held for you until`);

  await steps.open(mentor);
  await steps.chooseLength(/^15 min/);
  await steps.chooseDay(dateAhead(2));
  await steps.chooseTime(at(dateAhead(2), "12:00"));
  await expect(steps.dialog.getByText(replies)).toHaveCount(0);
  await steps.dialog.getByRole("button", { name: "Confirm booking" }).click();
  await expect(page.getByText("Booking created successfully!")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
});

test("the home page does not promise instant booking", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Book a mentor");
  await expect(page.getByRole("main")).not.toContainText(/the moment you book/);
});

test("a visitor books and creates an account without entering name and e-mail address again", async ({
  page,
  request,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const steps = new BookingSteps(page);
  const date = dateAhead(2);
  const email = `dawa.lama.${Date.now()}@example.com`;
  await steps.open(mentor);
  await steps.chooseLength(/^30 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "10:30"));
  await expect(steps.dialog).toContainText("Next, choose a password or sign in.");
  await steps.dialog.getByLabel("Name").fill("Dawa Lama");
  await steps.dialog.getByLabel("E-mail").fill(email);
  await steps.dialog.getByLabel(/What is this session for/).fill("My first interview");
  await steps.confirm();

  await expect(steps.dialog.getByRole("heading", { name: "Choose a password to finish" })).toBeVisible();
  await expect(steps.dialog).toContainText(email);
  await expect(steps.dialog.getByLabel(/Name|E-mail/)).toHaveCount(0);
  await look("booking-account");
  await steps.dialog.getByLabel("Password", { exact: true }).fill("qwerty123");
  await steps.confirm();
  await expect(steps.dialog.getByText(/This password is easy to guess/)).toBeVisible();

  // Both Back buttons return to the details, with everything still filled in.
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await expect(steps.dialog.getByLabel(/What is this session for/)).toHaveValue("My first interview");
  await steps.confirm();
  await page.goBack();
  await expect(steps.dialog.getByRole("heading", { name: "Almost there" })).toBeVisible();
  await steps.confirm();
  await page.reload();
  await steps.dialog.getByLabel("Password", { exact: true }).fill(password);
  await steps.confirm();
  await steps.enterCode(request, email);
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await expect(page.getByRole("main")).toContainText("10:45 am");
  await expect(page.getByRole("button", { name: /Account of Dawa/ })).toBeVisible();
});

test("a visitor with an account signs in at the same step, after trying to create another", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const steps = new BookingSteps(page);
  const date = dateAhead(2);
  await steps.open(mentor);
  await steps.chooseLength(/^30 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "10:30"));
  await steps.dialog.getByLabel("Name").fill("Bikram");
  await steps.dialog.getByLabel("E-mail").fill(student.email);
  await steps.confirm();
  await steps.dialog.getByLabel("Password", { exact: true }).fill("harbour lamp violet");
  await steps.confirm();
  await expect(steps.dialog.getByText(/If you’ve used MatePeak before/)).toBeVisible();
  await steps.dialog.getByRole("button", { name: "I already have an account" }).click();
  await expect(steps.dialog.getByLabel("E-mail")).toHaveValue(student.email);
  await steps.dialog.getByLabel("Password", { exact: true }).fill(password);
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
});

test("another student takes the time first: a message, new times, and nothing typed is lost", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const [student, rival] = await Promise.all([
    Person.signUp("Bikram Thapa", baseURL!),
    Person.signUp("Rival", baseURL!),
  ]);
  const date = dateAhead(3);
  const start = at(date, "14:00");
  await signIn(page, student);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(start);
  await steps.dialog.getByLabel(/What is this session for/).fill("A long and careful text");
  await book(rival, mentor, { scheduled_date: date, scheduled_time: "14:00" });
  await steps.confirm();

  await expect(page.getByText("Failed to create booking")).toBeVisible();
  await expect(steps.dialog).toContainText(/taken/i);
  await expect(steps.time(start, "Asia/Kathmandu")).toHaveCount(0);
  await look("booking-2-taken");
  await steps.chooseTime(at(date, "15:00"));
  await expect(steps.dialog.getByLabel(/What is this session for/)).toHaveValue("A long and careful text");
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await expect(page.getByRole("main")).toContainText("A long and careful text");
});

test("a price that has changed is shown and has to be confirmed again", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  await signIn(page, student);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  // Until then the page shows the list price, and would take the new one from the quote.
  const quoted = page.waitForResponse(/\/quote$/);
  await steps.chooseTime(at(date, "11:00"));
  await quoted;
  await mentor.person.send("PATCH", `/mentors/me/services/${mentor.service.id}`, {
    durations: [{ minutes: 60, price: 2500 }],
  });
  await steps.confirm();
  await expect(steps.dialog.getByRole("region", { name: "Order summary" })).toContainText("₹2,500");
  await expect(page).not.toHaveURL(/booking-success/);
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await expect(page.getByRole("main")).toContainText("₹2,500");
});

test("an expired sign-in requests the password in place, with the e-mail address filled in", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(4);
  await signIn(page, student);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "11:00"));
  await steps.dialog.getByLabel(/What is this session for/).fill("Still here");
  await page.context().clearCookies();
  await steps.confirm();
  await expect(steps.dialog.getByRole("heading", { name: "Sign in again to finish" })).toBeVisible();
  await expect(steps.dialog).toContainText("You’ve been signed out.");
  await expect(page.getByText(/logged in/)).toHaveCount(0);
  await expect(steps.dialog.getByLabel("E-mail")).toHaveValue(student.email);
  await steps.dialog.getByLabel("Password", { exact: true }).fill(password);
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
});
