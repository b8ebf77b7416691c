import { at, BookingSteps } from "./bookingSteps.ts";
import { completeHeldSessions, letSessionEnd } from "./past.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("a mentor approves first bookings: returning students are confirmed instantly, and the pages say so", {
  tag: "@long",
}, async ({ page, browser, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const [newcomer, returning] = await Promise.all([
    Person.signUp("Bikram Thapa", baseURL!),
    Person.signUp("Chitra Sen", baseURL!),
  ]);
  const date = dateAhead(3);
  const { id } = await book(returning, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  await letSessionEnd(id, 30);
  await completeHeldSessions(mentor.profile.id);

  const desk = await (await browser.newContext({ baseURL: baseURL! })).newPage();
  await signIn(desk, mentor.person, "/mentor/hours");
  await desk.getByRole("checkbox", { name: "Approve first bookings" }).check();
  await desk.getByRole("button", { name: "Save scheduling rules" }).click();
  await expect(desk.getByText("Scheduling rules saved")).toBeVisible();

  await signIn(page, newcomer, `/mentors/${mentor.profile.username}`);
  await expect(page.getByText("First session: Asha replies within 48 h").first()).toBeVisible();
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await expect(steps.dialog).toContainText(
    "Your first session with Asha is a request: Asha replies within 48 h",
  );
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "11:00"));
  await look("booking-first");
  await steps.dialog.getByRole("button", { name: "Book session" }).click();
  await expect(page.getByText("Request sent", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Your request is in" })).toBeVisible();

  const theirs = await (await browser.newContext({ baseURL: baseURL! })).newPage();
  await signIn(theirs, returning, "/sessions");
  await theirs.getByRole("button", { name: "Book again with Asha Rao" }).click();
  const dialog = theirs.getByRole("dialog", { name: "Book Asha again" });
  await expect(dialog).toContainText("Confirmed instantly.");
  await dialog.getByRole("region", { name: "Next available times" }).getByRole("button").first().click();
  await dialog.getByRole("button", { name: "Book for ₹2,000" }).click();
  await expect(theirs.getByRole("heading", { name: "You’re booked" })).toBeVisible();
});
