import { at, BookingSteps } from "./bookingSteps.ts";
import { dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("a day that is tapped shows its times; with the keyboard open there is room to type", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, await Person.signUp("Bikram Thapa", baseURL!));
  const steps = new BookingSteps(page);
  const date = dateAhead(2);
  await steps.open(mentor);
  await steps.chooseLength(/^30 min/);
  await steps.chooseDay(date);
  const first = steps.time(at(date, "09:00"), "Asia/Kathmandu").last();
  await expect.soft(first).toBeInViewport({ ratio: 1 });
  await expect.soft(steps.time(at(date, "10:00"), "Asia/Kathmandu").last()).toBeInViewport({ ratio: 1 });
  await expect(steps.dialog.getByRole("list", { name: "Steps" })).toBeInViewport({ ratio: 1 });
  await expect(steps.dialog.getByRole("button", { name: "Continue" })).toBeInViewport({ ratio: 1 });
  await steps.chooseTime(at(date, "11:00"));

  // The footer shows the total and the time in one line; the session is in the summary.
  const footer = steps.dialog.getByRole("contentinfo").or(steps.dialog.locator("footer"));
  expect.soft((await footer.boundingBox())?.height).toBeLessThanOrEqual(120);

  // `interactive-widget=resizes-content`: the keyboard makes the page itself this short.
  await page.setViewportSize({ width: 360, height: 400 });
  const text = steps.dialog.getByLabel(/What is this session for/);
  await text.focus();
  await text.scrollIntoViewIfNeeded();
  expect.soft((await footer.boundingBox())?.height).toBeLessThanOrEqual(64);
  const body = await steps.dialog.locator(".overflow-y-auto").boundingBox();
  expect.soft(body?.height).toBeGreaterThanOrEqual(240);
  await expect.soft(text).toBeInViewport({ ratio: 1 });
  await expect(steps.submit).toBeInViewport({ ratio: 1 });
});
