import { dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("from an empty page to one that can be booked, in the workspace's own editors", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const person = await Person.signUp("Meera Nair", baseURL!);
  const username = `meera-${Date.now().toString(36)}`;
  const profile = { username, full_name: "Meera Nair", headline: "Product lead <b>not bold</b>" };
  await person.send("POST", "/mentors", { ...profile, timezone: "Asia/Kolkata" });
  await signIn(page, person, "/mentor/hours");
  await expect(page.getByRole("heading", { level: 1, name: "Hours" })).toBeVisible();
  await page.getByRole("button", { name: "Add hours on Monday" }).click();
  await page.getByLabel("Monday, hours 1: from").fill("09:00");
  await page.getByLabel("Monday, hours 1: to").fill("17:00");
  await page.getByRole("button", { name: "Copy to weekdays from Monday" }).click();
  await expect(page.getByText("Unsaved changes", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(page.getByText("Weekly hours saved")).toBeVisible();
  await look("workspace-hours");

  await page.getByRole("link", { name: "Services" }).click();
  await expect(page.getByText("No services yet")).toBeVisible();
  await look("workspace-services-empty");
  await page.getByRole("main").getByRole("link", { name: /Add/ }).first().click();
  await page.getByLabel("Title").fill("CV review");
  await page.getByLabel(/Minutes of length 1/).fill("45");
  await page.getByLabel(/Price in INR of length 1/).fill("-5");
  await page
    .getByRole("button", { name: /^(Add|Save|Create)/ })
    .last()
    .click();
  await expect(page.getByLabel(/Price in INR of length 1/)).toHaveAttribute("aria-invalid", "true");
  await look("workspace-service-errors");
  await page.getByLabel(/Price in INR of length 1/).fill("900.50");
  await page
    .getByRole("button", { name: /^(Add|Save|Create)/ })
    .last()
    .click();
  await expect(page.getByText("“CV review” is on your page.")).toBeVisible();
  await look("workspace-services");

  await page.goto(`/mentors/${username}`);
  await expect(page.getByRole("heading", { level: 1, name: "Meera Nair" })).toBeVisible();
  await expect(page.getByText("Product lead <b>not bold</b>")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("CV review");
  await expect(page.getByRole("main")).toContainText("₹900.50");
});

test("hours: over midnight, extra hours, a day off, booking rules", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, mentor.person, "/mentor/hours");
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveValue("09:00");
  await page.getByLabel("Monday, hours 1: from").fill("22:00");
  await page.getByLabel("Monday, hours 1: to").fill("02:00");
  await expect(page.getByText(/next day|Tuesday/).first()).toBeVisible();
  await page.getByRole("button", { name: "Save weekly hours" }).click();
  await expect(page.getByText("Weekly hours saved")).toBeVisible();

  const free = dateAhead(5);
  const dayOff = page.getByRole("form", { name: "Add a day off" });
  await dayOff.getByLabel("Day off", { exact: true }).fill(free);
  await dayOff.getByLabel(/Reason/).fill("A wedding");
  await dayOff.getByRole("button", { name: "Add day off" }).click();
  await expect.poll(() => freeTimes(mentor, free)).toEqual([]);

  const extra = page.getByRole("form", { name: "Add date-specific hours" });
  const date = dateAhead(6);
  await extra.getByLabel("Date", { exact: true }).fill(date);
  await extra.getByLabel("From", { exact: true }).fill("06:00");
  await extra.getByLabel("To", { exact: true }).fill("07:00");
  await extra.getByRole("button", { name: /Add/ }).click();
  await expect.poll(() => freeTimes(mentor, date)).toContain("06:00");

  await page.getByLabel("Max sessions per day").fill("many");
  await page.getByRole("button", { name: "Save scheduling rules" }).click();
  await expect(page.getByLabel("Max sessions per day")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Max sessions per day").fill("1");
  await page.getByRole("button", { name: "Save scheduling rules" }).click();
  await expect(page.getByText("Scheduling rules saved")).toBeVisible();
});

test("leaving with unsaved hours needs confirmation", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, mentor.person, "/mentor/hours");
  await page.getByLabel("Monday, hours 1: from").fill("10:00");
  await page.getByRole("link", { name: "Profile" }).click();
  await page.getByRole("button", { name: "Stay here" }).click();
  await expect(page.getByLabel("Monday, hours 1: from")).toHaveValue("10:00");
  await page.getByRole("link", { name: "Profile" }).click();
  await page.getByRole("button", { name: "Leave without saving" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Profile" })).toBeVisible();
});

test("a taken username shows at its field, and what was typed stays", async ({ page, baseURL, look }) => {
  const [one, other] = await Promise.all([
    makeMentor("Asha Rao", baseURL!),
    makeMentor("Ravi Rao", baseURL!),
  ]);
  await signIn(page, other.person, "/mentor/profile");
  await page.getByLabel(/Username/).fill(one.profile.username);
  await page.getByLabel(/Headline/).fill("Typed with care");
  await page.getByRole("button", { name: "Save page" }).click();
  await expect(page.getByText("This username is already taken.")).toBeVisible();
  await expect(page.getByLabel(/Headline/)).toHaveValue("Typed with care");
  await look("workspace-profile");
});
