import type { Page } from "@playwright/test";
import { letSessionEnd } from "./past.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** What Google calls good is below 0.1. */
const allowed = 0.05;

async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.set(window, "shifted", 0);
    new PerformanceObserver((list) => {
      const sum = list.getEntries().reduce((total, entry) => total + Number(Reflect.get(entry, "value")), 0);
      Reflect.set(window, "shifted", Number(Reflect.get(window, "shifted")) + sum);
    }).observe({ type: "layout-shift", buffered: true });
  });
}
const shifted = (page: Page) => page.evaluate(() => Number(Reflect.get(window, "shifted")));

test("nothing jumps while a page loads", { tag: "@long" }, async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await watch(page);
  const { username } = mentor.profile;
  // The demo mentor has reviews, which are a separate chunk.
  for (const path of [
    "/",
    `/mentors/${username}`,
    "/mentors/asha",
    "/mentors/asha?book=service",
    `/mentors/${username}?book=time&service=${mentor.service.id}&minutes=60`,
    "/sign-in",
    "/nothing-here",
  ]) {
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.locator("h1")).toBeVisible();
    expect(await shifted(page), path).toBeLessThan(allowed);
  }
  // The twin: something that does jump is seen.
  await page.evaluate(() => {
    const late = document.createElement("div");
    late.style.height = "300px";
    document.querySelector("main")?.prepend(late);
  });
  await expect.poll(() => shifted(page)).toBeGreaterThan(allowed);
});

test("nothing jumps on the way to the review of a session", { tag: "@long" }, async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Meera Shah", baseURL!);
  const { id } = await book(student, mentor, { scheduled_date: dateAhead(3), scheduled_time: "10:00" });
  await letSessionEnd(id, 30);
  await mentor.person.send("POST", `/bookings/${id}/complete`);
  await signIn(page, student);
  await watch(page);
  // Responses arrive one after the other, as on a slow connection.
  await page.route("**/review*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
  });
  await page.goto(`/sessions/${id}#review`, { waitUntil: "networkidle" });
  await expect(page.getByRole("heading", { name: "Your review" })).toBeInViewport();
  expect(await shifted(page)).toBeLessThan(0.1);
});
