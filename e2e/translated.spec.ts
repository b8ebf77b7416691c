import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person, password } from "./people.ts";
import { expect, signInByForm, test } from "./test.ts";
import { translate } from "./translated.ts";

// A page that throws fails by what it writes to its console, see test.ts.
test.beforeEach(({ page }) => translate(page));

test("in a translated page a student finds a mentor, books, signs up on the way, moves the session and cancels it", {
  tag: "@long",
}, async ({ page, request, baseURL }) => {
  test.slow();
  const mentor = await makeMentor(`Asha ${Date.now().toString(36)}`, baseURL!);
  const [date, other] = [dateAhead(2), dateAhead(3)];
  const steps = new BookingSteps(page);
  await page.goto("/");
  await page.getByRole("searchbox").fill(mentor.profile.full_name);
  await page.getByRole("link", { name: new RegExp(mentor.profile.full_name) }).click();
  await page.getByRole("button", { name: "Book Session" }).click();
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await steps.chooseTime(at(date, "14:00"));
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await steps.chooseDay(other);
  await steps.chooseTime(at(other, "15:00"));
  const message = "What comes next?";
  await steps.dialog.getByLabel("Name").fill("Dawa Lama");
  const email = `dawa.${Date.now()}@example.com`;
  await steps.dialog.getByLabel("E-mail").fill(email);
  await steps.dialog.getByLabel(/What is this session for/).fill(message);
  // What changes is seen to change.
  await expect(steps.dialog).toContainText(`${message.length} of 2000 characters`);
  await steps.dialog.getByRole("checkbox", { name: /Add a recording/ }).check();
  await expect(steps.dialog.getByRole("region", { name: "Order summary" })).toContainText("₹2,300");
  await steps.confirm();

  await steps.dialog.getByLabel("Password", { exact: true }).fill(password);
  await steps.confirm();
  await steps.enterCode(request, email);
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await page.getByRole("link", { name: "Go to my sessions" }).click();
  await page.getByRole("link", { name: /^Details of the session/ }).click();

  await page.getByRole("button", { name: /^Reschedule/ }).click();
  await steps.chooseDay(date);
  await steps.time(at(date, "10:00"), "Asia/Kathmandu").click();
  await steps.dialog.getByRole("button", { name: "Continue" }).click();
  await steps.dialog.getByRole("button", { name: "Reschedule session" }).click();
  await expect(page.getByText("10:15 – 11:15 am")).toBeVisible();
  await page.getByRole("button", { name: /^Withdraw request/ }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Withdraw/ })
    .click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(
    page
      .getByRole("main")
      .getByText(/Cancelled|withdrew/)
      .first(),
  ).toBeVisible();
});

test("in a translated page a mentor signs in, confirms a request and looks at every page of the workspace", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  test.slow();
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "14:00", message: "Help" });
  await book(student, mentor, { scheduled_date: date, scheduled_time: "16:00" });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(mentor.person.email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await signInByForm(page, mentor.person, "/mentor/requests");

  const main = page.getByRole("main");
  await main
    .getByRole("button", { name: /^Approve/ })
    .first()
    .click();
  await expect(main.getByRole("button", { name: /^Approve/ })).toHaveCount(1);
  for (const view of ["Day", "Week", "Month", "List"]) {
    await main.getByRole("link", { name: view, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(view === "List" ? "/mentor" : `view=${view.toLowerCase()}`));
  }
  for (const section of ["Students", "Hours", "Services", "Reviews", "Profile"]) {
    await page
      .getByRole("navigation", { name: "Mentor workspace" })
      .getByRole("link", { name: section })
      .click();
    await expect(page.getByRole("heading", { level: 1, name: section })).toBeVisible();
    if (section === "Hours") await changeHours();
  }
  await page.goto(`/mentors/${mentor.profile.username}`);
  await expect(page.getByRole("heading", { level: 1, name: "Asha Rao" })).toBeVisible();

  async function changeHours() {
    await page.getByLabel("Monday, hours 1: from").fill("22:00");
    await page.getByLabel("Monday, hours 1: to").fill("02:00");
    await page.getByRole("button", { name: "Add hours on Tuesday" }).click();
    await page.getByRole("button", { name: "Remove Tuesday, hours 2" }).click();
    await page.getByRole("button", { name: "Save weekly hours" }).click();
    await expect(page.getByText("Weekly hours saved")).toBeVisible();
  }
});
