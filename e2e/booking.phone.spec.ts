import { at, BookingSteps } from "./bookingSteps.ts";
import { dateAhead, makeMentor, Person } from "./people.ts";
import { expect, sidewaysScroll, signIn, test } from "./test.ts";

for (const width of [320, 360]) {
  test(`the booking on a phone ${width} pixels wide`, { tag: width === 320 ? ["@long"] : [] }, async ({
    page,
    baseURL,
    look,
  }) => {
    await page.setViewportSize({ width, height: 640 });
    const mentor = await makeMentor("Venkatanarasimharajuvaripeta Rao", baseURL!);
    const student = await Person.signUp("Bikram Thapa", baseURL!);
    const steps = new BookingSteps(page);
    const date = dateAhead(2);
    await signIn(page, student);
    await page.goto("/");
    await expect(page.getByRole("main").getByRole("listitem").first()).toBeVisible();
    await look(`phone-${width}-home`);
    await steps.open(mentor);
    await look(`phone-${width}-1-service`);
    await steps.chooseLength(/^30 min/);
    await steps.chooseDay(date);
    await look(`phone-${width}-2-time`);
    await expect(steps.dialog.getByRole("button", { name: "Continue" })).toBeInViewport();
    await steps.chooseTime(at(date, "11:00"));
    await look(`phone-${width}-3-details`);
    await expect(steps.submit).toBeInViewport();
    await steps.confirm();
    await expect(page).toHaveURL(/\/booking-success\?id=/);
    await expect(page.getByRole("heading", { name: "Your request is in" })).toBeVisible();
    await look(`phone-${width}-success`);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  });
}

test("targets are large enough for a thumb", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^30 min/);
  await steps.chooseDay(dateAhead(1));
  const heights = await steps.dialog
    .getByRole("button", { name: /^\d.*[ap]m/ })
    .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
});

test("at 200 % zoom nothing is cut off", async ({ page, baseURL }) => {
  // A desktop of 1280 pixels zoomed to 200 % is a page 640 wide.
  await page.setViewportSize({ width: 640, height: 360 });
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(dateAhead(1));
  await expect(steps.dialog.getByRole("button", { name: "Continue" })).toBeInViewport();
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});
