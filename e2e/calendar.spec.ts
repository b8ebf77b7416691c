import { book, dateAhead, dateNextWeek, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("a mentor's week, month and day: hours, sessions, live, by keyboard, and on a phone", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Ila Calendar", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Meera Shah", baseURL!);
  const day = dateNextWeek(3);
  await book(student, mentor, { scheduled_date: day, scheduled_time: "10:00" });
  await mentor.person.send("POST", "/blocked-dates", { date: dateNextWeek(4) });

  await signIn(page, mentor.person, `/mentor/sessions?view=week&date=${day}`);
  const sessionLink = page.getByRole("link", { name: /Meera Shah.*10:00/i });
  await expect(sessionLink).toHaveCount(1);
  await expect(page.getByText("Times are in your mentor time zone, Asia/Kolkata")).toBeVisible();

  // A student books while the page is open.
  await book(student, mentor, { scheduled_date: day, scheduled_time: "14:00" });
  await expect(page.getByRole("link", { name: /Meera Shah.*2:00/i })).toBeVisible({ timeout: 5_000 });
  await look("calendar-week");

  // The view and the date are in the address: reload and Back keep them.
  await page.reload();
  await expect(sessionLink).toHaveCount(1);
  await page.getByRole("link", { name: "Month" }).click();
  await expect(page.getByRole("link", { name: /2 sessions/ })).toBeVisible();
  await look("calendar-month");
  await page.goBack();
  await expect(page).toHaveURL(/view=week/);

  // By keyboard: into the calendar, a page on and back, to the day, to its session.
  await page.getByRole("region", { name: "Week" }).focus();
  await page.keyboard.press("PageDown");
  await expect(sessionLink).toHaveCount(0);
  await page.keyboard.press("PageUp");
  await expect(sessionLink).toHaveCount(1);
  await page.keyboard.press("d");
  await expect(page).toHaveURL(new RegExp(`view=day&date=${day}`));
  await sessionLink.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /Meera Shah/ })).toBeVisible();

  // A group is one block that shows its seats and leads to each of its people.
  await mentor.person.send("POST", "/mentors/me/services", {
    session_type: "groupSession",
    title: "Mock interviews",
    durations: [{ minutes: 60, price: 500 }],
    capacity: 4,
  });
  const groupDay = dateNextWeek(5);
  const seat = {
    session_type: "groupSession",
    total_amount: 500,
    scheduled_date: groupDay,
    scheduled_time: "11:00",
  } as const;
  const second = await Person.signUp("Omar Khan", baseURL!);
  await book(student, mentor, seat);
  await book(second, mentor, seat);
  await page.goto(`/mentor/sessions?view=day&date=${groupDay}`);
  const group = page.getByRole("button", { name: /Meera Shah and 1 other.*2 of 4 seats/ });
  await look("calendar-day");
  await group.focus();
  await page.keyboard.press("Enter");
  const people = page.getByRole("dialog", { name: "Mock interviews" });
  await expect(people.getByText("2 of 4 seats taken")).toBeVisible();
  // A letter in the dialog turns no page behind it.
  await page.keyboard.press("m");
  await expect(people.getByRole("link", { name: "Omar Khan" })).toBeVisible();
  await look("calendar-group");
  await page.keyboard.press("Escape");
  await expect(group).toBeFocused();

  // The last view is remembered; a week on a phone is a list.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`/mentor/sessions?view=week&date=${day}`);
  await expect(page.getByText("Day off", { exact: true })).toBeVisible();
  await look("calendar-week-phone");
  await page.goto("/mentor/sessions");
  await expect(page.getByRole("link", { name: "Day", exact: true })).toHaveAttribute("aria-current", "true");
});

test("private notes save automatically, a second tab shows the conflict, and the student never sees them", {
  tag: "@long",
}, async ({ page, baseURL, look, context, browser }) => {
  const mentor = await makeMentor("Jai Notes", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Nila Rao", baseURL!);
  const { id } = await book(student, mentor, { scheduled_date: dateAhead(3), scheduled_time: "10:00" });

  await signIn(page, mentor.person, "/mentor/students");
  await page.getByRole("searchbox", { name: "Find a student" }).fill("nila");
  await page.getByRole("link", { name: "Nila Rao" }).click();
  const notes = page.getByRole("textbox", { name: "Private notes" });
  await notes.fill("Wants to move into design.");
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await look("student");

  // The session's page shows the same notes; another tab saves first.
  const other = await context.newPage();
  await other.goto(`/sessions/${id}`);
  const otherNotes = other.getByRole("textbox", { name: "Private notes" });
  await expect(otherNotes).toHaveValue("Wants to move into design.");
  await notes.fill("Wants to move into design. Portfolio first.");
  await expect(page.getByText("Saving…")).toHaveCount(0);
  await expect
    .poll(async () => (await mentor.person.send<{ revision: number }>("GET", noteOf(student))).revision)
    .toBe(2);
  await otherNotes.fill("Likes charts.");
  await expect(other.getByText("These notes changed in another tab")).toBeVisible();
  // Nothing is lost over a reload, nor by keeping both.
  await other.reload();
  await expect(otherNotes).toHaveValue("Likes charts.");
  // Without a network the choice fails aloud, and can be made again.
  await context.setOffline(true);
  await other.getByRole("button", { name: "Keep both" }).click();
  await expect(other.getByText("Couldn’t load the other version")).toBeVisible();
  await context.setOffline(false);
  await other.getByRole("button", { name: "Keep both" }).click();
  await expect(otherNotes).toHaveValue("Wants to move into design. Portfolio first.\n\nLikes charts.");
  await expect(other.getByText(/Saved at/)).toBeVisible();

  const students = await browser.newContext();
  const theirs = await students.newPage();
  await signIn(theirs, student, `/sessions/${id}`);
  await expect(theirs.getByRole("heading", { level: 1, name: /Jai Notes/ })).toBeVisible();
  await expect(theirs.getByText("Private notes")).toHaveCount(0);
  await students.close();
});

function noteOf(student: Person): string {
  return `/mentors/me/students/${student.id}/note`;
}
