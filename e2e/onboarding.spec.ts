import { makeMentor, Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

const progress = "nav:has(h2)";

test("from signing up to a public page that can be booked", async ({ page, baseURL, look }) => {
  const taken = await makeMentor("Tara Iyer", baseURL!);
  const stamp = `${process.pid}-${Date.now().toString(36)}`;
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Tara Iyer");
  await page.getByLabel("E-mail").fill(`tara.${stamp}@example.com`);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("I want to mentor").check();
  await look("sign-up-to-mentor");
  await page.getByRole("button", { name: "Create account" }).click();

  await expect(page).toHaveURL(/\/mentor\/start\/page$/);
  const steps = page.locator(progress).filter({ hasText: "of 6 done" });
  await expect(steps).toContainText("0 of 6 done");
  await expect(page.getByLabel("Full name")).toHaveValue("Tara Iyer");
  await page.getByLabel("Username").fill("ab");
  await page.getByRole("button", { name: "Create my mentor page" }).click();
  await expect(page.getByLabel("Username")).toBeFocused();

  // A taken username: shown while typing, with others that are free.
  await page.getByLabel("Username").fill(taken.profile.username);
  await expect(page.getByText(/ is taken\./)).toBeVisible();
  await look("setup-username-taken");
  const suggestion = `${taken.profile.username}-2`;
  await page.getByRole("button", { name: suggestion, exact: true }).click();
  await expect(page.getByText(/^Available: /)).toBeVisible();
  await page.getByRole("button", { name: "Create my mentor page" }).click();

  await expect(page.getByRole("heading", { name: "What you help with" })).toBeFocused();
  await expect(steps).toContainText("1 of 6 done");
  await page.getByLabel("Headline").fill("Data science interviews");
  await page.getByLabel("Time zone").selectOption("Asia/Kolkata");
  await page.getByRole("button", { name: "Save and continue" }).click();

  await expect(page.getByRole("heading", { name: "Your first service" })).toBeFocused();
  await page.getByLabel("Title").fill("Mock interview");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByText("Enter a price, or 0 for free.")).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("Mock interview");
  await page.getByLabel("Price in INR").fill("1,500");
  await expect(page.getByLabel("I approve each request")).toBeChecked();
  await page.getByLabel("Confirm automatically").check();
  await look("setup-service-approval");
  await page.getByRole("button", { name: "Save and continue" }).click();

  await expect(page.getByRole("heading", { name: "Weekly hours" })).toBeFocused();
  await page.getByLabel("Saturday").check();
  await look("setup-hours");
  await page.getByRole("button", { name: "Save and continue" }).click();

  await expect(page.getByRole("heading", { name: "Where you meet" })).toBeFocused();
  await expect(steps).toContainText("4 of 6 done");
  await page.getByRole("button", { name: "Skip for now" }).click();

  await expect(page.getByRole("heading", { name: "Publish your page" })).toBeFocused();
  await expect(page.getByRole("heading", { name: "What students see first" })).toBeVisible();
  await page.getByRole("button", { name: "Publish my page" }).click();
  await expect(page.getByRole("heading", { name: "Your page is public" })).toBeVisible();
  await expect(page.getByLabel("Link to your page")).toHaveValue(`${baseURL}/mentors/${suggestion}`);
  await expect(steps).toContainText("5 of 6 done");
  await look("setup-public");

  await page.getByRole("link", { name: "Go to workspace" }).click();
  const strip = page.getByRole("region", { name: "Set up your page" });
  await expect(strip).toContainText("5 of 6 done");
  await strip.getByRole("link", { name: "Next: Where you meet" }).click();
  await page.getByLabel("Meeting link").fill("meet.example.com/tara");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(steps).toContainText("6 of 6 done");
  await page.getByRole("link", { name: "See your page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tara Iyer" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Mock interview" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Confirmed instantly");
  await page.goto("/mentor");
  await expect(page.getByRole("navigation", { name: "Mentor workspace" })).toBeVisible();
  await expect(strip).toBeHidden();
});

test("a page without hours shows this to its mentor, in the workspace and on the page itself", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Kiran Das", baseURL!, { hours: [] });
  await signIn(page, mentor.person, `/mentors/${mentor.profile.username}`);
  await expect(page.getByText("Students can’t book you yet")).toBeVisible();
  await look("own-page-without-hours");
  await page.goto("/mentor/services");
  const strip = page.getByRole("region", { name: "Set up your page" });
  await expect(strip).toContainText("Students can’t book you yet");
  await expect(strip.getByRole("button", { name: "Dismiss" })).toBeHidden();
  await look("setup-strip");
  await strip.getByRole("link", { name: "Next: Weekly hours" }).click();
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByRole("heading", { name: "Where you meet" })).toBeFocused();

  // Only advice is left: the strip may go, and stays away.
  await page.goto("/mentor/services");
  await expect(strip).toContainText("Students can book you");
  await strip.getByRole("button", { name: "Dismiss" }).click();
  await expect(strip).toBeHidden();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Services" })).toBeVisible();
  await expect(strip).toBeHidden();
});

test("people who only book see nothing about mentoring", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const next = `/mentors/${mentor.profile.username}?book=time`;
  await page.goto(`/sign-up?next=${encodeURIComponent(next)}`);
  await expect(page.getByLabel("Name")).toBeVisible();
  await expect(page.getByLabel("I want to mentor")).toBeHidden();
  await page.goto("/sign-up?next=/sessions");
  await page.getByLabel("I want to mentor").check();
  await expect(page).toHaveURL(/next=%2Fmentor%2Fstart/);
  await page.getByLabel("I want to mentor").uncheck();
  await expect(page).toHaveURL(/next=%2Fsessions/);
});

test("the form that was being filled in is not left by mistake", async ({ page, baseURL }) => {
  const person = await Person.signUp("Lata Rao", baseURL!);
  await person.send("POST", "/mentors", {
    username: `lata-${Date.now().toString(36)}`,
    full_name: "Lata Rao",
    timezone: "Asia/Kolkata",
    listed: false,
  });
  await signIn(page, person, "/mentor/start/about");
  await page.getByLabel("Headline").fill("Half a thought");
  await page.getByRole("link", { name: /Weekly hours/ }).click();
  await page.getByRole("button", { name: "Stay here" }).click();
  await expect(page.getByLabel("Headline")).toHaveValue("Half a thought");
});
