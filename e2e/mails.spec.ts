import type { Page } from "@playwright/test";
import axe from "axe-core";
import { renderMail } from "../server/mail/renderMail.ts";
import { sampleMails } from "../server/mail/testing/sampleMails.ts";
import { expect, sidewaysScroll, test } from "./test.ts";

const mails = Object.entries(sampleMails).map(([name, mail]) => [name, renderMail(mail)] as const);

/** Between them they have every block in every colour. */
const checked = [
  "booked-student",
  "cancelled-student",
  "code-sign-in",
  "no-show-claimed",
  "reminder-mentor",
  "rescheduled-student",
];

// Kept each time, not only on request: a mail has no page on which it would be seen.
const views = [
  { width: 600, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
] as const;
for (const { width, colorScheme } of views)
  test(`every mail is readable at ${width} px in ${colorScheme} colours`, { tag: "@long" }, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 400 });
    const faults: string[] = [];
    for (const [name, { html }] of mails) {
      await page.setContent(html);
      await page.screenshot({ path: `artefacts/mail/${name}-${width}-${colorScheme}.png`, fullPage: true });
      if ((await sidewaysScroll(page)) > 0) faults.push(`${name} scrolls sideways`);
      if (!checked.includes(name)) continue;
      // What is darker differs only in its colours.
      const violations = await violationsIn(page, colorScheme === "dark" ? ["color-contrast"] : null);
      faults.push(...violations.map((violation) => `${name}: ${violation}`));
    }
    expect(faults).toEqual([]);
  });

/** @param only all rules if null */
async function violationsIn(page: Page, only: string[] | null): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (values) => {
    const { axe: loaded } = window as unknown as { axe: typeof axe };
    // Landmarks are for pages: programs for mail show a message within their own.
    const landmarks = { region: { enabled: false }, "landmark-one-main": { enabled: false } };
    const { violations } = await loaded.run(
      document,
      values ? { runOnly: { type: "rule", values } } : { rules: landmarks },
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  }, only);
}

test("a mail keeps its order and its words without styles", { tag: "@long" }, async ({ page }) => {
  const { html } = renderMail(sampleMails["rescheduled-student"]!);
  await page.setContent(html);
  await page.evaluate(() => {
    for (const styled of document.querySelectorAll("[style], [class], style")) {
      if (styled.tagName === "STYLE") styled.remove();
      styled.removeAttribute("style");
      styled.removeAttribute("class");
    }
  });
  await page.screenshot({ path: "artefacts/mail/without-styles.png", fullPage: true });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Asha Rao rescheduled your session");
  await expect(page.getByRole("link", { name: "Reschedule" })).toBeVisible();
});

test("long words of people do not widen a mail on a phone", { tag: "@long" }, async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 400 });
  const mail = sampleMails["cancelled-student"]!;
  const long = "Donaudampfschifffahrtsgesellschaft".repeat(12);
  const facts = { ...("facts" in mail && mail.facts), counterpart: long, service_title: long, reason: long };
  await page.setContent(renderMail({ ...mail, facts } as typeof mail).html);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
});
