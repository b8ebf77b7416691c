import type { Page } from "@playwright/test";
import { book, dateNextWeek, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** Counts the visible sessions, and those that the page announces above or below. */
function sessionsInSight(page: Page): Promise<{ visible: number; announced: number; all: number }> {
  return page.evaluate(() => {
    const box = document.querySelector('section[aria-label="Week"], section[aria-label="Day"]');
    if (!box) throw new Error("No grid on this page.");
    const sessions = [...box.querySelectorAll("li")].filter((one) => one.getBoundingClientRect().height > 0);
    box.scrollIntoView({ block: "center" });
    const frame = box.getBoundingClientRect();
    const visible = sessions.filter((one) => {
      // The line with the name can be read: it is in the frame, and nothing lies over it or cuts it off.
      const { top, left, width } = one.getBoundingClientRect();
      if (top < frame.top - 2 || top + 22 > frame.bottom) return false;
      return one.contains(document.elementFromPoint(left + width - 10, top + 12));
    }).length;
    const words = [...document.querySelectorAll("button")].map(({ textContent }) => textContent ?? "");
    const announced = words
      .map((text) => Number(/^(\d+) more (?:above|below)$/.exec(text)?.[1] ?? 0))
      .reduce((sum, count) => sum + count, 0);
    return { visible, announced, all: sessions.length };
  });
}

/** Free from 11 am at weekends, and in the evening on other days, as many who mentor beside their work. */
async function makeEveningMentor(name: string, baseURL: string): Promise<TestMentor> {
  const mentor = await makeMentor(name, baseURL, { settings: { instant_confirm: true } });
  await mentor.person.send("PUT", "/availability-slots", {
    recurringSlots: [
      { day_of_week: 6, start_time: "11:00", end_time: "13:00" },
      ...[1, 2, 3, 4, 5].map((day_of_week) => ({ day_of_week, start_time: "19:00", end_time: "22:00" })),
    ],
  });
  return mentor;
}

test("a week of evenings shows every session that is booked", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeEveningMentor("Rohan Evening", baseURL!);
  const student = await Person.signUp("Meera Shah", baseURL!);
  for (const [day, time] of [
    [6, "11:00"],
    [1, "19:00"],
    [2, "20:00"],
    [3, "21:00"],
    [4, "19:30"],
  ] as const) {
    await book(student, mentor, { scheduled_date: dateNextWeek(day), scheduled_time: time });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await signIn(page, mentor.person, `/mentor/sessions?view=week&date=${dateNextWeek(3)}`);
  await expect(page.getByRole("link", { name: /Meera Shah/ })).toHaveCount(5);
  const week = await sessionsInSight(page);
  expect(week).toEqual({ visible: 5, announced: 0, all: 5 });
  await look("calendar-evenings");
});

test("what does not fit into the window is announced and one press away", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Ona Allday", baseURL!, {
    settings: { instant_confirm: true },
    hours: [["00:00", "24:00"]],
  });
  const student = await Person.signUp("Omar Khan", baseURL!);
  const day = dateNextWeek(3);
  for (const scheduled_time of ["08:00", "21:00", "23:00"]) {
    await book(student, mentor, { scheduled_date: day, scheduled_time });
  }
  for (const size of [
    { width: 1280, height: 640 },
    { width: 360, height: 640 },
  ]) {
    await page.setViewportSize(size);
    if (size.width === 1280) await signIn(page, mentor.person, `/mentor/sessions?view=day&date=${day}`);
    else await page.goto(`/mentor/sessions?view=day&date=${day}`);
    await expect(page.getByRole("link", { name: /Omar Khan/ })).toHaveCount(3);
    // The grid opens at the first session, not at the first free hour.
    await page
      .getByRole("region", { name: "Day", exact: true })
      .evaluate((grid) => grid.scrollIntoView({ block: "center" }));
    const first = page.getByRole("link", { name: /Omar Khan 8:00/ });
    await expect(first).toBeInViewport({ ratio: 1 });
    await expect.poll(async () => (await sessionsInSight(page)).visible).toBeLessThan(3);
    const opened = await sessionsInSight(page);
    expect(opened.visible + opened.announced).toBe(3);
    await page.getByRole("button", { name: /more below/ }).click();
    await expect(page.getByRole("link", { name: /Omar Khan 9:00/ })).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("button", { name: "1 more above" })).toBeVisible();
    await look(`calendar-more-${size.width}`);
  }
});

test("the legend is right in both colour schemes", { tag: "@long" }, async ({ page, baseURL }) => {
  const mentor = await makeEveningMentor("Lia Legend", baseURL!);
  await signIn(page, mentor.person, `/mentor/sessions?view=week&date=${dateNextWeek(3)}`);
  await expect(page.getByRole("region", { name: "Week" })).toBeVisible();
  await expect(page.getByText(/Light hours/)).toHaveCount(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const colours = await page.evaluate(() => {
      const colour = (selector: string) => {
        const element = document.querySelector(selector);
        return element && getComputedStyle(element).backgroundColor;
      };
      return {
        open: [colour("[data-hours='open']"), colour("[data-legend='open']")],
        closed: [colour("[data-hours='closed']"), colour("[data-legend='closed']")],
      };
    });
    expect(colours.open[0]).not.toBeNull();
    expect(colours.open[0]).toBe(colours.open[1]);
    expect(colours.closed[0]).toBe(colours.closed[1]);
    expect(colours.open[0]).not.toBe(colours.closed[0]);
  }
});
