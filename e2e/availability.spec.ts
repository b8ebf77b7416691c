import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, test } from "./test.ts";

// The guide's test case 2.
test("the page of a mentor without availability shows that there are no times", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("No Hours", baseURL!, { hours: [] });
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(dateAhead(1));
  await expect(steps.dialog.getByText("No available slots for this date")).toBeVisible();
  await look("booking-2-no-availability");
});

// The guide's test case 3.
test("a blocked date has no times, and the next available days are offered", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const blocked = dateAhead(3);
  await mentor.person.send("POST", "/blocked-dates", { date: blocked, reason: "A wedding" });
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(blocked);
  await steps.turnTo(blocked);
  await expect(steps.day(blocked)).toHaveAccessibleName(/no times available/);
  await expect(steps.dialog.getByText("No available slots for this date")).toBeVisible();
  await expect(steps.dialog).not.toContainText("wedding");
  await look("booking-2-blocked");
  await steps.dialog
    .getByRole("button", { name: /times$/ })
    .and(steps.dialog.locator("li button"))
    .last()
    .click();
  await expect(steps.dialog.getByText("No available slots for this date")).toBeHidden();
});

// The guide's test case 4.
test("a booked hour removes the half hours that overlap it", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(2);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "14:00" });
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await expect(steps.time(at(date, "13:00"), "Asia/Kathmandu")).toBeVisible();
  for (const taken of ["13:30", "14:00", "14:30"]) {
    await expect(steps.time(at(date, taken), "Asia/Kathmandu")).toHaveCount(0);
  }
  await expect(steps.time(at(date, "15:00"), "Asia/Kathmandu")).toBeVisible();

  const refused = await student.api.post("/api/v1/bookings", {
    data: {
      expert_id: mentor.person.id,
      session_type: "oneOnOneSession",
      scheduled_date: date,
      scheduled_time: "14:30",
      duration: 60,
      total_amount: 2000,
    },
  });
  expect(refused.status()).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "slot_taken" });
});

// The guide's test case 5.
test("a longer session fits fewer gaps", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(2);
  await book(student, mentor, {
    scheduled_date: date,
    scheduled_time: "12:00",
    duration: 30,
    total_amount: 1200,
  });
  await book(student, mentor, {
    scheduled_date: date,
    scheduled_time: "14:00",
    duration: 90,
    total_amount: 2800,
  });
  const counts = await Promise.all(
    [30, 60, 90].map(async (minutes) => (await freeTimes(mentor, date, minutes)).length),
  );
  expect(counts).toEqual([12, 9, 6]);

  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^30 min/);
  await steps.turnTo(date);
  await expect(steps.day(date)).toHaveAccessibleName(/12 times available/);
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await steps.chooseLength(/^90 min/);
  await steps.turnTo(date);
  await expect(steps.day(date)).toHaveAccessibleName(/6 times available/);
});

test("another zone shows the same instants at other times and on other days", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const date = dateAhead(3);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.dialog.getByLabel("Times shown in").selectOption("America/Los_Angeles");
  // 09:00 in Kolkata is the previous evening in Los Angeles.
  const start = at(date, "09:00");
  await steps.chooseDay(dateAhead(2));
  await expect(steps.time(start, "America/Los_Angeles")).toContainText("9:00 am");
  await steps.chooseTime(start, "America/Los_Angeles");
  await expect(steps.dialog).toContainText("your time (Los Angeles");
  await expect(steps.dialog).toContainText("9:00 am for Asha (Kolkata");
});

test("when availability cannot be loaded, the page shows it and offers to try again", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const steps = new BookingSteps(page);
  let broken = true;
  await page.route("**/slots?**", (route) => (broken ? route.abort() : route.continue()));
  await steps.open(mentor);
  await steps.dialog.getByRole("radio", { name: /^60 min/ }).check();
  await steps.dialog.getByRole("button", { name: "Continue" }).click();
  await expect(steps.dialog.getByText("Failed to fetch availability").first()).toBeVisible();
  await look("booking-2-failed");
  broken = false;
  await steps.dialog.getByRole("button", { name: /again/ }).click();
  await steps.chooseDay(dateAhead(1));
  await expect(steps.time(at(dateAhead(1), "09:00"), "Asia/Kathmandu")).toBeVisible();
});
