import type { Page } from "@playwright/test";
import { BookingSteps } from "./bookingSteps.ts";
import { book, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, test } from "./test.ts";

/** The booking's second step, as a link opens it. */
const addressOf = ({ profile, service }: TestMentor) =>
  `/mentors/${profile.username}?${new URLSearchParams({ book: "time", service: service.id, minutes: "60" })}`;

/** Holds back the app's code until the returned function is called. */
async function holdBackApp(page: Page): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/assets\/.*\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

const firstView = (page: Page) => page.locator("#first-view");
const links = (page: Page) => firstView(page).locator("a[data-starts-at]");
const buttons = (page: Page) => page.getByRole("dialog").locator("button[data-starts-at]");

/** Where each of some times is, and what it says. */
const placesOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const { startsAt } = (element as HTMLElement).dataset;
      return { startsAt, x, y, width, height, text: (element as HTMLElement).innerText };
    }),
  );

async function appShown(page: Page): Promise<void> {
  await expect(buttons(page).first()).toBeVisible();
  await expect(firstView(page)).toHaveCount(0);
}

for (const [name, viewport] of [
  ["a phone", { width: 360, height: 740 }],
  ["a desktop", { width: 1280, height: 800 }],
] as const) {
  test(`on ${name} the document shows the first times, and nothing moves when the app takes over`, async ({
    page,
    baseURL,
    look,
  }) => {
    await page.setViewportSize(viewport);
    const mentor = await makeMentor("Asha Rao", baseURL!);
    const release = await holdBackApp(page);
    await page.goto(addressOf(mentor), { waitUntil: "commit" });
    await expect(links(page)).toHaveCount(4);
    await expect(page.getByLabel("Times shown in")).toHaveText("Kathmandu (GMT+5:45)");
    await expect(links(page).first()).toContainText("for Asha");
    await look(`booking-first-times-${viewport.width}`);
    const before = await placesOf(page, "#first-view [data-starts-at]");
    // The twin: a time that is a pixel lower is seen.
    const last = links(page).last();
    await last.evaluate((element) => element.style.setProperty("translate", "0 1px"));
    expect(await placesOf(page, "#first-view [data-starts-at]")).not.toEqual(before);
    await last.evaluate((element) => element.style.removeProperty("translate"));
    release();
    await appShown(page);
    const after = await placesOf(page, "[role=dialog] [data-starts-at]");
    expect(after.slice(0, 4)).toEqual(before);
  });
}

test("a time tapped before the app has loaded is chosen when it has, and has the focus", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const release = await holdBackApp(page);
  await page.goto(addressOf(mentor), { waitUntil: "commit" });
  const second = links(page).nth(1);
  const startsAt = await second.getAttribute("data-starts-at");
  await links(page).first().focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(second).toHaveAttribute("aria-current", "true");
  await expect(links(page).first()).not.toHaveAttribute("aria-current");
  expect(new URL(page.url()).searchParams.get("at")).toBe(new Date(Number(startsAt)).toISOString());
  release();
  await appShown(page);
  const chosen = page.getByRole("dialog").getByRole("button", { pressed: true }).first();
  await expect(chosen).toHaveAttribute("data-starts-at", startsAt!);
  await expect(chosen).toBeFocused();
  const { dialog } = new BookingSteps(page);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("heading", { name: "Almost there" })).toBeVisible();
});

test("a time tapped while the app waits for its times is chosen too", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/slots\?/, async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto(addressOf(mentor));
  await expect(page.locator("[role=dialog]")).toBeVisible();
  await links(page).nth(2).click();
  answer();
  await appShown(page);
  await expect(page.getByRole("dialog").getByRole("button", { pressed: true }).first()).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Continue" })).toBeEnabled();
});

for (const [viewer, mentors, chosen] of [
  ["America/Los_Angeles", "Pacific/Kiritimati", null],
  ["Australia/Lord_Howe", "America/St_Johns", null],
  ["Asia/Kathmandu", "Asia/Kolkata", "Europe/London"],
] as const) {
  test(`a viewer in ${chosen ?? viewer} sees a mentor's times in ${mentors} as the app shows them`, async ({
    browser,
    baseURL,
  }) => {
    const mentor = await makeMentor("Asha Rao", baseURL!, { timezone: mentors });
    const context = await browser.newContext({ timezoneId: viewer, locale: "en-GB", baseURL: baseURL! });
    if (chosen)
      await context.addInitScript((zone) => localStorage.setItem("matepeak.timezone", zone), chosen);
    const page = await context.newPage();
    const release = await holdBackApp(page);
    await page.goto(addressOf(mentor), { waitUntil: "commit" });
    await expect(links(page)).toHaveCount(4);
    const before = await placesOf(page, "#first-view [data-starts-at]");
    const zone = await page.locator("#first-view option").innerText();
    release();
    await appShown(page);
    expect((await placesOf(page, "[role=dialog] [data-starts-at]")).slice(0, 4)).toEqual(before);
    const shown = await page
      .getByLabel("Times shown in")
      .evaluate((select) => (select as HTMLSelectElement).selectedOptions[0]?.text);
    expect(zone).toBe(shown);
    await context.close();
  });
}

test("the document of a mentor without free times, or on a pause, says so", async ({ page, baseURL }) => {
  await holdBackApp(page);
  const busy = await makeMentor("Asha Rao", baseURL!, { hours: [] });
  const paused = await makeMentor("Rohan Mehta", baseURL!, { settings: { accepting_bookings: false } });
  for (const mentor of [busy, paused]) {
    await page.goto(addressOf(mentor), { waitUntil: "commit" });
    await expect(firstView(page).getByText("No times available right now.")).toBeVisible();
    await expect(links(page)).toHaveCount(0);
  }
});

test("a document lacks a time that was taken before it was sent", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const document = async () => (await page.request.get(addressOf(mentor))).text();
  const [, first = ""] = /data-starts-at="(\d+)"/.exec(await document()) ?? [];
  const start = Temporal.Instant.fromEpochMilliseconds(Number(first)).toZonedDateTimeISO("Asia/Kolkata");
  const student = await Person.signUp("Meera Shah", baseURL!);
  await book(student, mentor, {
    scheduled_date: start.toPlainDate().toString(),
    scheduled_time: start.toPlainTime().toString({ smallestUnit: "minute" }),
  });
  const after = await document();
  expect(after).toContain("data-starts-at");
  expect(after).not.toContain(`data-starts-at="${first}"`);
});

test("without JavaScript the times are links on the mentor's clock", async ({ browser, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL! });
  const page = await context.newPage();
  await page.goto(addressOf(mentor));
  await expect(page.getByLabel("Times shown in")).toHaveText("Kolkata (GMT+5:30)");
  await expect(links(page)).toHaveCount(4);
  await expect(links(page).first()).toHaveAttribute("href", /[?&]at=/);
  await expect(links(page).first().locator("[data-part=mentor-time]")).toBeHidden();
  await expect(page.getByText("MatePeak needs JavaScript to book a time.")).toBeVisible();
  await context.close();
});

test("the browser runs the document's own scripts, and none that the server did not write", async ({
  browser,
  baseURL,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const context = await browser.newContext({ timezoneId: "Asia/Kathmandu", baseURL: baseURL! });
  const page = await context.newPage();
  await holdBackApp(page);
  const zone = page.getByLabel("Times shown in");
  await page.goto(addressOf(mentor), { waitUntil: "commit" });
  await expect(zone).toHaveText("Kathmandu (GMT+5:45)");
  // The twin: one more character, and the hash of the header refuses the script.
  await page.route(/\/mentors\//, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll("<script>", "<script>;") });
  });
  await page.goto(addressOf(mentor), { waitUntil: "commit" });
  await expect(links(page)).toHaveCount(4);
  await expect(zone).toHaveText("Kolkata (GMT+5:30)");
  await context.close();
});
