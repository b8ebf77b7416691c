import type { Me } from "#contract/accounts.ts";
import type { BookingPage } from "#contract/bookings.ts";
import type { TimeRequestPage } from "#contract/timeRequests.ts";
import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";
import { bringOtherRules, pretendZone } from "./zoneRules.ts";

test("the zone of My sessions is chosen there, and the device's is one click away", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  const shown = (timeZone: string, city: string) => {
    const time = at(date, "10:00").toLocaleTimeString("en-IN", {
      timeZone,
      hour: "numeric",
      minute: "2-digit",
    });
    return new RegExp(`${time.split(/\s/)[0]} –.*Your time \\(${city}`);
  };

  await signIn(page, student, "/sessions");
  const main = page.getByRole("main");
  await expect(main).toContainText(shown("Asia/Kathmandu", "Kathmandu"));
  await expect(page.getByText(/Your device is set to/)).toHaveCount(0);
  await page.getByLabel("Times shown in").selectOption("Europe/London");
  await expect(main).toContainText(shown("Europe/London", "London"));
  await page.reload();
  await expect(page.getByText("Your device is set to Kathmandu time.")).toBeVisible();
  await look("sessions-another-zone");
  await page.getByRole("button", { name: "Use Kathmandu time" }).click();
  await expect(main).toContainText(shown("Asia/Kathmandu", "Kathmandu"));
  await expect(page.getByText(/Your device is set to/)).toHaveCount(0);
});

test("a device that does not say where it is, with languages that are none, books in UTC", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  await pretendZone(page, "Etc/Unknown");
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "languages", { get: () => ["en-", "en_US", "*"] });
  });
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, student, `/mentors/${mentor.profile.username}`);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await expect(steps.dialog.getByLabel("Times shown in")).toHaveValue("UTC");
  const date = dateAhead(2);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "10:00"), "UTC");
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
});

/** 10:00 in Kolkata, as the clock of a reader shows it: '10:15 am'. */
const tenInKolkata = (date: string, timeZone: string) =>
  at(date, "10:00").toLocaleTimeString("en-IN", { timeZone, hour: "numeric", minute: "2-digit" });

test("an old phone, whose clock of its zone is an hour off, shows, books and moves at the server's times", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  await bringOtherRules(page, "Asia/Kathmandu", "+06:45");
  await bringOtherRules(page, "Asia/Kolkata", "+04:30");
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, student, `/mentors/${mentor.profile.username}`);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  const date = dateAhead(2);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "10:00"), "Asia/Kathmandu");
  const shown = tenInKolkata(date, "Asia/Kathmandu");
  const forAsha = `${tenInKolkata(date, "Asia/Kolkata")} for Asha (Kolkata, GMT+5:30)`;
  await expect(steps.dialog).toContainText(`${shown} your time (Kathmandu, GMT+5:45)`);
  await expect(steps.dialog).toContainText(forAsha);
  // A reload starts with the zone in the address.
  await page.reload();
  await expect(steps.dialog).toContainText(`${shown} your time (Kathmandu, GMT+5:45)`);
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await expect(page.getByRole("main")).toContainText(shown);
  const { data } = await student.send<BookingPage>("GET", "/bookings");
  expect(data.map(({ scheduled_date, scheduled_time }) => `${scheduled_date} ${scheduled_time}`)).toEqual([
    `${date} 10:00`,
  ]);

  // The rules come later than the booking: what is on the page by then is written again.
  const isShown = Promise.withResolvers<void>();
  await page.route("**/api/v1/time-zones?*", async (route) => {
    await isShown.promise;
    await route.continue();
  });
  await page.reload();
  await expect(page.getByRole("main")).toContainText("for Asha (Kolkata, GMT+4:30)");
  isShown.resolve();
  await expect(page.getByRole("main")).toContainText(shown);
  await expect(page.getByRole("main")).toContainText(forAsha);
  await page.getByRole("link", { name: "Reschedule or cancel" }).click();
  await expect(page.getByRole("main")).toContainText("Your time (Kathmandu, GMT+5:45)");
  await expect(page.getByRole("main")).toContainText(shown.split(/\s/)[0]!);
  await page.getByRole("button", { name: "Reschedule" }).click();
  await steps.chooseDay(date);
  await steps.time(at(date, "13:00"), "Asia/Kathmandu").click();
  await steps.dialog.getByRole("button", { name: "Continue" }).click();
  await steps.dialog.getByRole("button", { name: "Reschedule session" }).click();
  await expect(page.getByText("Session rescheduled")).toBeVisible();
  expect((await student.send<BookingPage>("GET", "/bookings")).data[0]?.scheduled_time).toBe("13:00");
});

test("what is typed on an old phone's clock is meant by the server's", { tag: "@long" }, async ({
  page,
  baseURL,
}) => {
  await bringOtherRules(page, "Asia/Kathmandu", "+06:45");
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const query = new URLSearchParams({
    book: "time",
    aside: "ask",
    service: mentor.service.id,
    minutes: "60",
  });
  await signIn(page, student, `/mentors/${mentor.profile.username}?${query}`);
  const dialog = page.getByRole("dialog");
  const date = dateAhead(3);
  await dialog.getByLabel("Date").fill(date);
  await dialog.getByLabel("Time", { exact: true }).fill("20:15");
  await dialog.getByRole("button", { name: "Send request" }).click();
  await expect(dialog.getByRole("heading", { name: "Request sent to Asha" })).toBeVisible();
  const { data } = await student.send<TimeRequestPage>("GET", "/time-requests");
  expect(data[0]?.proposals.map(({ starts_at }) => starts_at)).toEqual([
    at(date, "20:15", "Asia/Kathmandu").toISOString(),
  ]);
});

test("a zone that is unknown to the server is replaced by UTC, with a note and a choice of another", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  await bringOtherRules(page, "Mars/Base", null);
  await pretendZone(page, "Mars/Base");
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, student, `/mentors/${mentor.profile.username}`);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await expect(steps.dialog.getByLabel("Times shown in")).toHaveValue("UTC");
  await expect(steps.dialog).toContainText("We don’t recognise your device’s time zone, Mars/Base.");
  await look("booking-unknown-zone");
  await steps.dialog.getByLabel("Times shown in").selectOption("Asia/Kathmandu");
  await expect(steps.dialog.getByText("We don’t recognise")).toHaveCount(0);
  const date = dateAhead(2);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "10:00"), "Asia/Kathmandu");
  await steps.confirm();
  await expect(page).toHaveURL(/\/booking-success\?id=/);
});

test("a choice kept from before that the server does not know gives way to the device's zone", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  await page.addInitScript(() => localStorage.setItem("matepeak.timezone", "+05:30"));
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, student, "/sessions");
  await expect(page.getByLabel("Times shown in")).toHaveValue("Asia/Kathmandu");
  await expect(page.getByText("We don’t recognise the time zone you chose, +05:30.")).toBeVisible();
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  const date = dateAhead(2);
  await steps.chooseDay(date);
  await expect(steps.time(at(date, "10:00"), "Asia/Kathmandu")).toBeVisible();
});

test("a mentor's page is made on a device whose zone the server does not know", { tag: "@long" }, async ({
  page,
  baseURL,
}) => {
  await bringOtherRules(page, "Mars/Base", null);
  await pretendZone(page, "Mars/Base");
  const person = await Person.signUp("Asha Rao", baseURL!);
  await signIn(page, person, "/mentor/start");
  await page.getByRole("button", { name: "Create my mentor page" }).click();
  await expect(page.getByLabel("Time zone")).toHaveValue("UTC");
  await page.getByLabel("Time zone").selectOption("Asia/Kolkata");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect.poll(async () => (await person.send<Me>("GET", "/me")).mentor?.timezone).toBe("Asia/Kolkata");
});

test("a session in another zone than the device's shows this, with a way back", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const { id } = await book(student, mentor, { scheduled_date: dateAhead(3), scheduled_time: "10:00" });
  await page.addInitScript(() => {
    if (!sessionStorage.getItem("began")) localStorage.setItem("matepeak.timezone", "Europe/London");
    sessionStorage.setItem("began", "yes");
  });
  await signIn(page, student, `/sessions/${id}`);
  for (const address of [`/sessions/${id}`, `/booking-success?id=${id}`]) {
    await page.goto(address);
    await expect(page.getByRole("main")).toContainText(/your time \(London/i);
    await expect(page.getByText("Your device is set to Kathmandu time.")).toBeVisible();
    await look(`another-zone-${address.split(/[/?]/)[1]}`);
  }
  await page.getByRole("button", { name: "Use Kathmandu time" }).click();
  await expect(page.getByRole("main")).toContainText(/your time \(Kathmandu/i);
  await expect(page.getByText(/Your device is set to/)).toHaveCount(0);
});
