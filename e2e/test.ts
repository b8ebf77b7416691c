import { type Browser, test as base, expect, type Page } from "@playwright/test";
import axe from "axe-core";
import { type Person, password } from "./people.ts";

/** For the people who look at pages; a test has no eyes for them. */
const wantsPictures = process.env.PICTURES === "on";
/** ms by which `npm run prove -- dates` moves the clock of app, database and tests; the pages' own clock follows here. */
const clockShift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
/** That proof walks the journeys many times over and looks at no page. */
const looks = process.env.LOOK !== "off";

interface Fixtures {
  /** Looks at the page as it is now: axe in both colour schemes, no sideways scroll, text in its own elements; a picture of each if asked for. */
  look: (name: string) => Promise<void>;
}

export const test = base.extend<Fixtures, { browser: Browser }>({
  browser: [
    async ({ browser }, use) => {
      if (clockShift !== 0) {
        const newContext = browser.newContext.bind(browser);
        browser.newContext = async (options) => {
          const context = await newContext(options);
          await context.addInitScript(shiftClock, clockShift);
          return context;
        };
      }
      await use(browser);
    },
    { scope: "worker" },
  ],
  // A page that complains in its console, or asks for something that is not there, fails its test.
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      // Chromium reports every 4xx answer; which of them are right is what the tests are about.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await use(page);
    expect(complaints).toEqual([]);
  },
  look: async ({ page }, use, info) => {
    await use(async (name) => {
      if (!looks) return;
      // A page that is still on its way has no heading yet; one that never gets one fails here.
      await page.locator("h1").first().waitFor({ state: "attached" });
      await page.evaluate(holdTransitions);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.evaluate(drawn);
        if (wantsPictures) {
          const path = `artefacts/pages/${name}-${info.project.name}-${colorScheme}.png`;
          await page.screenshot({ path, fullPage: true });
        }
        // The same document in other colours: only what depends on colours is asked again.
        expect(await violationsOn(page, colorScheme === "dark" ? ["color-contrast"] : null)).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: "light" });
      await page.evaluate(releaseTransitions);
      expect(await page.evaluate(textsWithNeighbours)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    });
  },
});

/** What axe has against a page as it is now, by all of its rules or some. axe is brought into a document once. */
async function violationsOn(page: Page, rules: string[] | null): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      // We have no frames.
      iframes: false,
      resultTypes: ["violations"],
      ...(only && { runOnly: { type: "rule", values: only } }),
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  }, rules);
}

/**
 * Runs in the page: a change of the colour scheme shows at once. Otherwise hundreds of elements fade into it, which a
 * browser without a graphics card draws frame by frame.
 */
function holdTransitions(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important }");
  document.adoptedStyleSheets.push(sheet);
}

/** Runs in the page: what changed until now is drawn without transitions, what comes next with them. */
function releaseTransitions(): void {
  getComputedStyle(document.body).getPropertyValue("color");
  document.adoptedStyleSheets.pop();
}

/** Runs in the page: resolves when the colour scheme has been drawn. */
async function drawn(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

/** Runs in the page: text that shares its element, which a translation of the page would take away from React. */
function textsWithNeighbours(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const { data, parentElement } = text as Text;
    if (/\S/.test(data) && parentElement && parentElement.childNodes.length > 1) found.push(data);
  }
  return found;
}

/** Runs in every page before its own code. Chromium itself keeps the real time: under a shifted one its timers stall. */
function shiftClock(shift: number): void {
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [RealDate.now() + shift] : args, newTarget),
    get: (target, name) => (name === "now" ? () => target.now() + shift : Reflect.get(target, name)),
  });
}

export { expect };

export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Opens a page as somebody who has signed in in this browser before. */
export async function signIn(page: Page, person: Person, next = "/"): Promise<void> {
  await page.context().addCookies([...person.cookies]);
  await page.goto(next);
}

/** Signs in through the form, as a person does. */
export function signInByForm(page: Page, { email }: Person, next = "/"): Promise<void> {
  return signInAs(page, { email, password }, next);
}

export async function signInAs(
  page: Page,
  credentials: { email: string; password: string },
  next = "/",
): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel("E-mail").fill(credentials.email);
  await page.getByLabel("Password", { exact: true }).fill(credentials.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}
