import type { Page } from "@playwright/test";
import { makeMentor } from "./people.ts";
import { expect, test } from "./test.ts";

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

test("nothing jumps while a page loads", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await watch(page);
  for (const path of ["/", `/mentors/${mentor.profile.username}`, "/sign-in", "/nothing-here"]) {
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
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
