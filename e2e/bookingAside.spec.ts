import { BookingSteps } from "./bookingSteps.ts";
import { dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("the request form has an address: Back returns to the times, and what was typed is kept", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, await Person.signUp("Ben Carter", baseURL!));
  const steps = new BookingSteps(page);
  const message = steps.dialog.getByLabel(/Message for Asha/);
  const times = steps.dialog.getByRole("heading", { name: "Pick a time" });
  const ask = steps.dialog.getByRole("button", { name: "Request another time" });
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await ask.click();
  await message.fill("I work in the daytime.");
  await steps.dialog.getByLabel("Date").fill(dateAhead(5));
  await page.goBack();
  await expect(times).toBeVisible();
  await expect(page).toHaveURL(/book=time/);

  await ask.click();
  await expect(page).toHaveURL(/book=time&.*aside=ask/);
  await expect(message).toHaveValue("I work in the daytime.");
  await page.reload();
  await expect(message).toHaveValue("I work in the daytime.");
  await expect(steps.dialog.getByLabel("Date")).toHaveValue(dateAhead(5));
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await expect(times).toBeVisible();
  // The form is not a separate step: the next Back goes to the service.
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "What would you like to book?" })).toBeVisible();
});

test("a time chosen in the form is selected at the times, from where both Back buttons go to the service", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { hours: [["10:00", "14:00"]] });
  await signIn(page, await Person.signUp("Ben Carter", baseURL!));
  const steps = new BookingSteps(page);
  const day = dateAhead(3);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  const chooseInForm = async () => {
    await steps.dialog.getByRole("button", { name: "join the waitlist" }).click();
    await expect(page).toHaveURL(/book=time&.*aside=wait/);
    await steps.dialog.getByRole("radio", { name: /Just notify me/ }).check();
    await steps.dialog.getByLabel("From").fill(day);
    await steps.dialog.getByLabel("To").fill(day);
    await steps.dialog.getByRole("button", { name: "Notify me", exact: true }).click();
    // 10:00 in Kolkata is 10:15 in Kathmandu.
    await steps.dialog.getByRole("button", { name: /10:15\sam/ }).click();
    await expect(steps.dialog.getByRole("heading", { name: "Pick a time" })).toBeVisible();
    await expect(page).toHaveURL(/book=time&.*at=/);
    await expect(page).not.toHaveURL(/aside/);
    await expect(steps.dialog.getByRole("button", { name: "Continue" })).toBeEnabled();
  };
  await chooseInForm();
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "What would you like to book?" })).toBeVisible();

  await steps.dialog.getByRole("button", { name: "Continue" }).click();
  await chooseInForm();
  await page.goBack();
  await expect(steps.dialog.getByRole("heading", { name: "What would you like to book?" })).toBeVisible();

  // Opened by a link, the dialog has no earlier history entry, and can still be closed.
  const { service, profile } = mentor;
  await page.goto(`/mentors/${profile.username}?book=time&aside=ask&service=${service.id}&minutes=60`);
  await steps.dialog.getByRole("button", { name: "Back" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "Pick a time" })).toBeVisible();
  await chooseInForm();
  await steps.dialog.getByRole("button", { name: "Close" }).click();
  await expect(steps.dialog).toBeHidden();
});

test("the days suggested for an alert have no available times, so the first click creates it", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, await Person.signUp("Ben Carter", baseURL!));
  const [first, last] = [dateAhead(3), dateAhead(4)];
  for (const date of [first, last]) await mentor.person.send("POST", "/blocked-dates", { date });
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await steps.chooseDay(dateAhead(2));
  await steps.dialog.getByRole("button", { name: "join the waitlist" }).click();
  await expect(steps.dialog.getByLabel("From")).toHaveValue(first);
  await expect(steps.dialog.getByLabel("To")).toHaveValue(last);
  await steps.dialog.getByRole("radio", { name: /Just notify me/ }).check();
  await steps.dialog.getByRole("button", { name: "Notify me", exact: true }).click();
  await expect(page.getByText("We’ll notify you", { exact: true })).toBeVisible();
  await expect(steps.dialog.getByRole("heading", { name: "Pick a time" })).toBeVisible();
});
