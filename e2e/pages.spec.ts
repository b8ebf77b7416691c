import { book, dateAhead, freeTimes, makeMentor, Person, password } from "./people.ts";
import { expect, signIn, signInByForm, test } from "./test.ts";

test("home: mentors, search, nothing found, and a friendly way out", async ({ page, look }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const cards = page.getByRole("main").getByRole("listitem").getByRole("link");
  await expect(cards.first()).toBeVisible();
  await look("home");
  const search = page.getByRole("searchbox");
  await search.fill("Denise Fairweather");
  const found = page.getByRole("main").getByRole("listitem").filter({ hasText: "Denise Fairweather" });
  await expect(found).toContainText("Free");
  await expect(found).not.toContainText("from");
  await search.fill("zzz no such mentor");
  await expect(page).toHaveURL(/q=zzz/);
  await expect(cards).toHaveCount(0);
  await look("home-nothing-found");
  await page.goBack();
});

test("search finds a mentor by name and leads to the page", async ({ page, baseURL, look }) => {
  const name = `Quetzal ${Date.now().toString(36)}`;
  const mentor = await makeMentor(name, baseURL!);
  await page.goto("/");
  await page.getByRole("searchbox").fill(name.toLowerCase());
  await page.getByRole("link", { name: new RegExp(name) }).click();
  await expect(page).toHaveURL(new RegExp(`/mentors/${mentor.profile.username}`));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Kolkata");
  await expect(page.getByRole("main")).toContainText("₹1,200");
  await look("mentor-profile");
});

test("SQL and HTML in a search are only text", async ({ page }) => {
  await page.goto("/");
  for (const text of ["'; drop table bookings; --", "<img src=x onerror=alert(1)>", "100%_\\"]) {
    await page.getByRole("searchbox").fill(text);
    await expect(page.getByText(/No mentor|match/i).first()).toBeVisible();
  }
});

test("accounts: sign up, sign out, sign in, and errors appear at their fields", async ({ page, look }) => {
  const email = `new.${Date.now()}@example.com`;
  await page.goto("/sign-up");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await look("sign-up-errors");
  await page.getByLabel("Name").fill("New Person");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText(/at least 8 characters/).first()).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/$/);

  await page.getByRole("button", { name: /Account of New/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();

  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("New Person");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("qwerty123");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText(/This password is easy to guess/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill("harbour lamp violet");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText(/We couldn’t create an account/)).toBeVisible();
  await look("sign-up-refused");
  await page.getByRole("link", { name: "sign in with your old password" }).click();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);

  await page.goto("/sign-in");
  await look("sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Wrong e-mail or password.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: /Account of New/ })).toBeVisible();
});

test("a way back after signing in leads to this site only", async ({ page, baseURL }) => {
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signInByForm(page, student, "//evil.example/");
  await expect(page).toHaveURL(new RegExp(`^${baseURL}/`));
});

test("booking-success without an id, with a wrong one, and with another person's", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const [student, stranger] = await Promise.all([
    Person.signUp("Bikram Thapa", baseURL!),
    Person.signUp("Stranger", baseURL!),
  ]);
  const date = dateAhead(2);
  const [time = ""] = await freeTimes(mentor, date);
  const booking = await book(student, mentor, { scheduled_date: date, scheduled_time: time });

  await page.goto(`/booking-success?id=${booking.id}`);
  await expect(page.getByText("Sign in to see this")).toBeVisible();
  await signIn(page, stranger);
  for (const query of ["", "?id=", "?id=not-an-id", `?id=${crypto.randomUUID()}`, `?id=${booking.id}`]) {
    await page.goto(`/booking-success${query}`);
    await expect(page.getByText("We can’t find this booking")).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("Asha");
  }
  await look("booking-success-missing");
});

test("unknown addresses", async ({ page, look }) => {
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await look("not-found");
  await page.goto("/mentors/no-such-mentor");
  await expect(page.getByText("We can’t find this mentor")).toBeVisible();
  await look("mentor-not-found");
});

test("the API reference opens without messages in the browser's console", { tag: "@long" }, async ({
  page,
}) => {
  await page.goto("/api/docs");
  await expect(page.getByText("Get my account").first()).toBeVisible({ timeout: 20_000 });
});
