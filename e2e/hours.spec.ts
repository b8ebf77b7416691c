import type { Page } from "@playwright/test";
import { BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, sidewaysScroll, signIn, test } from "./test.ts";

// The page is long: checking all of it in both colour schemes takes a while on a busy machine.
test.describe.configure({ timeout: 180_000 });

/** The next date on this weekday (0 Sunday), at least two days ahead, so that it lies in the preview's week. */
function nextDate(weekday: number): string {
  let date = Temporal.PlainDate.from(dateAhead(2));
  while (date.dayOfWeek % 7 !== weekday) date = date.add({ days: 1 });
  return date.toString();
}

const grid = (page: Page) => page.getByRole("group", { name: "Week grid" });
const preview = (page: Page) => page.getByRole("region", { name: "What students see" });
const timesOn = (page: Page, weekday: RegExp) =>
  preview(page).getByRole("list", { name: weekday }).getByRole("listitem");

/** Returns where a time is on the grid; columns are in the order of the reader's week, which begins on Sunday in India. */
async function spot(page: Page, weekday: number, hour: number) {
  // Clear of the page's header and of the bar that stays at the bottom while something is unsaved.
  await grid(page).evaluate((element) => {
    window.scrollBy({ top: element.getBoundingClientRect().top - 90, behavior: "instant" });
  });
  const box = await grid(page).boundingBox();
  if (!box) throw new Error("There is no grid.");
  return { x: box.x + (box.width * (weekday + 0.5)) / 7, y: box.y + (box.height * hour) / 24 };
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

test("hours are dragged on the week grid, and what students will see is there before they are saved", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { hours: [] });
  await signIn(page, mentor.person, "/mentor/hours");
  await expect(grid(page)).toBeVisible();
  await drag(page, await spot(page, 1, 9), await spot(page, 1, 12));
  const monday = grid(page).getByRole("button", { name: "Monday, 9:00 am to 12:00 pm" });
  await expect(monday).toBeVisible();
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveValue("09:00");
  // The preview shows it; students do not see it yet.
  await preview(page).getByLabel("Length").selectOption("60");
  await expect(timesOn(page, /Times on Monday/)).toHaveCount(5);
  expect(await freeTimes(mentor, nextDate(1))).toEqual([]);

  // Its lower edge down to 2 in the afternoon, then the whole of it to Tuesday.
  await drag(page, await spot(page, 1, 11.95), await spot(page, 1, 14));
  await expect(page.getByLabel("Monday, hours 1: to")).toHaveValue("14:00");
  await drag(page, await spot(page, 1, 10), await spot(page, 2, 11));
  await expect(grid(page).getByRole("button", { name: "Tuesday, 10:00 am to 3:00 pm" })).toBeVisible();
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveCount(0);

  // From Friday evening over midnight.
  await drag(page, await spot(page, 5, 22), await spot(page, 6, 1));
  await expect(
    grid(page).getByRole("button", { name: "Friday, 10:00 pm to 1:00 am on Saturday" }),
  ).toBeVisible();
  await look("hours-dragged");
  await page.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(page.getByText("Weekly hours saved")).toBeVisible();
  expect(await freeTimes(mentor, nextDate(2))).toHaveLength(9);
  expect(await freeTimes(mentor, nextDate(6))).toEqual(["00:00"]);
});

test("the same by keyboard and by typing, copied to all weekdays and to all days", { tag: "@long" }, async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { hours: [] });
  await signIn(page, mentor.person, "/mentor/hours");
  await page.getByRole("button", { name: "Add hours on Monday" }).click();
  await page.getByLabel("Monday, hours 1: from").fill("09:00");
  await page.getByLabel("Monday, hours 1: to").fill("10:00");
  await page.getByRole("button", { name: "Copy to weekdays from Monday" }).click();
  await expect(page.getByLabel("Friday, hours 1: from")).toHaveValue("09:00");
  await expect(page.getByLabel("Saturday, hours 1: from")).toHaveCount(0);
  await page.getByRole("button", { name: "Copy to all days from Monday" }).click();
  await expect(page.getByLabel("Sunday, hours 1: to")).toHaveValue("10:00");

  await grid(page)
    .getByRole("button", { name: /^Sunday/ })
    .focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  const sunday = grid(page).getByRole("button", { name: "Sunday, 9:15 am to 10:30 am" });
  await expect(sunday).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(grid(page).getByRole("button", { name: "Monday, 9:15 am to 10:30 am" })).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(grid(page).getByRole("button", { name: /^Monday/ })).toHaveCount(1);
  await expect(page.getByLabel("Sunday, hours 1: from")).toHaveCount(0);
});

test("a date that replaces its weekly hours, a range of days off, a journey", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { hours: [["09:00", "11:00"]] });
  await signIn(page, mentor.person, "/mentor/hours");
  const dates = page.getByRole("form", { name: "Add date-specific hours" });
  const date = dateAhead(3);
  await dates.getByLabel("Date").fill(date);
  await dates.getByLabel("From").fill("18:00");
  await dates.getByLabel(/^To/).fill("19:00");
  await dates.getByRole("checkbox", { name: /Replace the usual hours/ }).check();
  await expect(preview(page).getByText("includes unsaved changes")).toBeVisible();
  await dates.getByRole("button", { name: "Add these hours" }).click();
  await expect(page.getByRole("list", { name: "Date-specific hours" })).toContainText(
    "Replaces weekly hours",
  );
  expect(await freeTimes(mentor, date)).toEqual(["18:00"]);

  const off = page.getByRole("form", { name: "Add a day off" });
  await off.getByLabel("Day off").fill(dateAhead(5));
  await off.getByLabel(/Last day/).fill(dateAhead(7));
  await off.getByLabel(/Reason/).fill("Diwali");
  await off.getByRole("button", { name: "Add days off" }).click();
  const daysOff = page.getByRole("list", { name: "Days off" });
  await expect(daysOff.getByRole("listitem")).toHaveCount(1);
  await expect(daysOff).toContainText("Diwali");
  await expect(preview(page)).toContainText("Day off");
  expect(await freeTimes(mentor, dateAhead(6))).toEqual([]);
  await daysOff.getByRole("button", { name: /^Remove day off/ }).click();
  await expect(page.getByText("Bookable again")).toBeVisible();
  expect(await freeTimes(mentor, dateAhead(6))).not.toEqual([]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(daysOff).toContainText("Diwali");

  const travel = page.getByRole("form", { name: "Add a trip" });
  await travel.getByLabel("First day there").fill(dateAhead(9));
  await travel.getByLabel("Last day there").fill(dateAhead(12));
  await travel.getByLabel("Local time zone").selectOption("Europe/London");
  await travel.getByRole("button", { name: "Add trip" }).click();
  await expect(page.getByRole("list", { name: "Travel" })).toContainText("Europe/London");
  const { days } = await mentor.person.send<{ days: { slots: { mentor_timezone?: string }[] }[] }>(
    "GET",
    `/mentors/${mentor.person.id}/slots?from=${dateAhead(9)}&to=${dateAhead(9)}&duration=60`,
  );
  expect(days[0]?.slots[0]?.mentor_timezone).toBe("Europe/London");
  await preview(page).getByLabel("Starting from").fill(dateAhead(9));
  await expect(
    preview(page)
      .getByText(/You’re in London/)
      .first(),
  ).toBeVisible();
  await look("hours-dates");
});

test("sessions left outside are named before and after, and stay booked", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = nextDate(3);
  const booked = await book(student, mentor, { scheduled_date: date, scheduled_time: "09:30" });
  await signIn(page, mentor.person, "/mentor/hours");
  await page.getByLabel("Wednesday, hours 1: from").fill("12:00");
  await expect(page.getByText("1 session would be outside your hours")).toBeVisible();
  await expect(page.getByRole("form", { name: "Weekly hours" })).toContainText("Bikram Thapa");
  await look("hours-outside");
  await page.getByRole("button", { name: "Save weekly hours" }).click();
  const outside = page.getByRole("region", { name: "Sessions outside your hours" });
  await expect(outside).toContainText("Bikram Thapa");
  const kept = await student.send<{ status: string; starts_at: string }>("GET", `/bookings/${booked.id}`);
  expect(kept).toMatchObject({ status: "pending", starts_at: booked.starts_at });
});

test("two tabs: the second shows the conflict, keeps what was typed and can load the newer hours", {
  tag: "@long",
}, async ({ page, context, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, mentor.person, "/mentor/hours");
  await page.getByLabel("Monday, hours 1: from").fill("10:00");
  const other = await context.newPage();
  await other.goto("/mentor/hours");
  await other.getByLabel("Tuesday, hours 1: from").fill("11:00");
  await other.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(other.getByText("Weekly hours saved")).toBeVisible();
  // The first tab can continue, because no other has saved since.
  await other.getByLabel("Tuesday, hours 1: to").fill("16:00");
  await other.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(other.getByText("Unsaved changes", { exact: true })).toBeHidden();
  await other.close();

  await page.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(page.getByText("Your hours were changed elsewhere")).toBeVisible();
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveValue("10:00");
  await expect(page.getByLabel("Tuesday, hours 1: from")).toHaveValue("09:00");
  expect(await freeTimes(mentor, nextDate(2))).toContain("11:00");
  await look("hours-stale");
  await page.getByRole("button", { name: "Load the newer hours" }).click();
  await expect(page.getByLabel("Tuesday, hours 1: from")).toHaveValue("11:00");
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveValue("09:00");
  await page.getByLabel("Monday, hours 1: from").fill("10:00");
  await page.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(page.getByText("Weekly hours saved")).toBeVisible();
  expect(await freeTimes(mentor, nextDate(1))).not.toContain("09:00");
});

test("why there are no slots: the mentor sees the session in the way, the student one sentence", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { hours: [["09:00", "10:00"]] });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(2);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "09:00" });
  await signIn(page, mentor.person, "/mentor/hours");
  await preview(page).getByLabel("Starting from").fill(date);
  await expect(preview(page)).toContainText("Fully booked");
  // By its date: the days shown before are still there for a moment.
  const day = Temporal.PlainDate.from(date).toLocaleString("en-IN", { day: "numeric", month: "long" });
  await preview(page)
    .getByRole("button", { name: new RegExp(`^Why\\?.*\\b${day}`) })
    .click();
  const dialog = page.getByRole("dialog", { name: /^Why these times/ });
  await expect(dialog).toContainText("Every time on this day is taken.");
  await expect(dialog.getByRole("listitem").first()).toContainText("Bikram Thapa");
  await look("hours-why");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  // As a visitor: the mentor's own page cannot be booked.
  await page.context().clearCookies();
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await expect(steps.dialog.getByText("No available slots for this date")).toBeVisible();
  await expect(steps.dialog.getByText("All times on this day are taken.")).toBeVisible();
  await look("hours-student-why");
});

test("on a phone 320 pixels wide the days are a list", { tag: "@long" }, async ({ page, baseURL, look }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, mentor.person, "/mentor/hours");
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveValue("09:00");
  await expect(grid(page)).toBeHidden();
  await page.getByLabel("Monday, hours 1: to").fill("02:00");
  await expect(page.getByText("Ends next day")).toBeVisible();
  await look("hours-phone");
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});
