import { BookingSteps } from "./bookingSteps.ts";
import { dateAhead, freeTimes, makeMentor, Person, password } from "./people.ts";
import { expect, test } from "./test.ts";

test("the whole booking by keyboard alone", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const steps = new BookingSteps(page);
  const { keyboard } = page;

  await page.goto("/sign-in");
  await tabTo(page, page.getByLabel("E-mail"));
  await keyboard.type(student.email);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await keyboard.type(password);
  await keyboard.press("Enter");
  await expect(page).not.toHaveURL(/sign-in/);

  await page.goto(`/mentors/${mentor.profile.username}`);
  await tabTo(page, page.getByRole("button", { name: "Book Session" }));
  await keyboard.press("Enter");
  await tabTo(page, steps.dialog.getByRole("radio").first());
  await keyboard.press("Space");
  await keyboard.press("ArrowDown");
  await expect(steps.dialog.getByRole("radio", { name: /^60 min/ })).toBeChecked();
  await tabTo(page, steps.dialog.getByRole("button", { name: "Continue" }));
  await keyboard.press("Enter");

  const grid = steps.dialog.getByRole("grid");
  await expect(grid).toBeVisible();
  // The calendar opens on the month of the first free day.
  const today = dateAhead(0);
  const firstFree = (await freeTimes(mentor, today)).length > 0 ? today : dateAhead(1);
  const cell = grid.locator("button[tabindex='0']");
  await expect(cell).toHaveAccessibleName(/times? available/);
  await tabTo(page, cell);
  await keyboard.press("PageDown");
  await expect(grid).toHaveAccessibleName(monthName(firstFree, 1));
  await keyboard.press("PageUp");
  await expect(grid).toHaveAccessibleName(monthName(firstFree, 0));
  await keyboard.press("ArrowRight");
  await expect(page.locator(":focus")).toHaveAccessibleName(/\d+ times? available/);
  await keyboard.press("Enter");
  // The focus moves to the times of that day, and a link leads back to the days.
  await expect(page.locator(":focus")).toHaveRole("heading");
  await tabTo(page, steps.dialog.getByRole("button", { name: "Choose a different date" }));
  await keyboard.press("Enter");
  await expect(page.locator(":focus")).toHaveAccessibleName(/selected/);
  await keyboard.press("Enter");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveAccessibleName(/[ap]m/);
  await keyboard.press("Space");
  await tabTo(page, steps.dialog.getByRole("button", { name: "Continue" }));
  await keyboard.press("Enter");

  await tabTo(page, steps.dialog.getByLabel(/What is this session for/));
  await keyboard.type("Typed without a mouse");
  await tabTo(page, steps.submit);
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/\/booking-success\?id=/);
  await expect(page.getByRole("main")).toContainText("Typed without a mouse");
});

test("Escape closes the dialog and gives the focus back", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await page.keyboard.press("Escape");
  await expect(steps.dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Book Session" })).toBeFocused();
});

type PlaywrightPage = Parameters<Parameters<typeof test>[2]>[0]["page"];
type Target = ReturnType<PlaywrightPage["locator"]>;

test("an open dialog is all that keyboard, pointer and screen reader reach, besides messages", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await page.goto(`/mentors/${mentor.profile.username}`);
  const opener = page.getByRole("button", { name: "Book Session" });
  // The twin: without a dialog the page is reached.
  await expect(page.locator("#page[inert]")).toHaveCount(0);
  await opener.click();
  const { dialog } = new BookingSteps(page);
  await expect(dialog.getByRole("radio").first()).toBeVisible();
  await expect(page.locator("#page")).toHaveAttribute("inert", "");
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press("Tab");
    const place = await page.evaluate(
      () =>
        document.activeElement === document.body || document.activeElement?.closest("[role=dialog]") !== null,
    );
    expect(place).toBe(true);
  }
  const inert = await page.locator("[inert] [aria-live], [inert] [data-sonner-toaster]").count();
  expect(inert).toBe(0);
  await page.locator("[data-dialog-scrim]").click({ position: { x: 5, y: 5 } });
  await expect(dialog).toHaveCount(0);
  await expect(page.locator("#page[inert]")).toHaveCount(0);
  await expect(opener).toBeFocused();
});

/** Presses Tab until the element has the focus. */
async function tabTo(page: PlaywrightPage, target: Target): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("This element cannot be reached with the Tab key.");
}

function monthName(date: string, ahead: number): RegExp {
  const month = Temporal.PlainDate.from(date).add({ months: ahead });
  return new RegExp(month.toLocaleString("en-IN", { month: "long", year: "numeric" }));
}
