import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, test as base, expect, type Page } from "@playwright/test";
import type axe from "axe-core";
import { type Person, password } from "./people.ts";

/** Pictures are for people; no test reads them. */
const wantsPictures = process.env.PICTURES === "on";
/** Long journeys, and those for pictures, check everything in every width. */
const isThorough = wantsPictures || process.env.JOURNEYS === "long";
/** The package's own source is twice as long to send and to parse. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** ms by which `npm run prove -- dates` moves the clock of app, database and tests; the pages' own clock follows here. */
const clockShift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
/** Off in that proof, which repeats the journeys many times. */
const looks = process.env.LOOK !== "off";

interface Fixtures {
  /** Checks the current page: axe in both colour schemes (once for all widths), no sideways scroll, text in its own elements. Takes a picture of each with PICTURES=on. */
  look: (name: string) => Promise<void>;
}

export const test = base.extend<Fixtures, { browser: Browser }>({
  browser: [
    async ({ browser }, use) => {
      const newContext = browser.newContext.bind(browser);
      browser.newContext = async (options) => {
        const context = await newContext(options);
        if (clockShift !== 0) await context.addInitScript(shiftClock, clockShift);
        if (!wantsPictures) await context.addInitScript(dropBlur);
        return context;
      };
      await use(browser);
    },
    { scope: "worker" },
  ],
  // An error in a page's console, or an uncaught one, fails its test.
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      // Chromium reports every 4xx response; the tests check which of them are right.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await use(page);
    expect(complaints).toEqual([]);
  },
  look: async ({ page }, use, info) => {
    /** What was looked at, with the width of the window at that time. */
    const seen = new Map<string, number>();
    await use(async (name) => {
      if (!looks) return;
      // A page that is still loading has no heading yet; a page that never gets one fails here.
      await page.locator("h1").first().waitFor({ state: "attached" });
      const { shown, width } = await page.evaluate(describePage);
      // The same page in another width has other lines, and the same colours.
      const hasKnownColours = !isThorough && seen.has(shown) && seen.get(shown) !== width;
      seen.set(shown, width);
      for (const colorScheme of hasKnownColours ? (["light"] as const) : (["light", "dark"] as const)) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        // The same document in other colours: only what depends on colours is checked again.
        const rules = hasKnownColours ? allButColours : colorScheme === "light" ? {} : onlyColours;
        expect(await violationsOn(page, rules)).toEqual([]);
        if (wantsPictures) {
          const path = `artefacts/pages/${name}-${info.project.name}-${colorScheme}.png`;
          await page.screenshot({ path, fullPage: true });
        }
      }
      await page.emulateMedia({ colorScheme: "light" });
      const { texts, sideways } = await page.evaluate(endLook);
      expect(texts).toEqual([]);
      expect(sideways).toBeLessThanOrEqual(0);
    });
  },
});

type Rules = Pick<axe.RunOptions, "rules" | "runOnly">;
/** Comparing colours is two thirds of a look. */
const onlyColours: Rules = { runOnly: { type: "rule", values: ["color-contrast"] } };
const allButColours: Rules = { rules: { "color-contrast": { enabled: false } } };

/** Runs in the page: names what it shows by its address, its headings and its dialog's. */
function describePage(): { shown: string; width: number } {
  const headings = [...document.querySelectorAll("h1, h2, h3")].map(({ textContent }) => textContent);
  return { shown: [location.pathname, ...headings].join("\n"), width: window.innerWidth };
}

/** Returns the violations that axe finds on a page as it is now, by the rules given. Loads axe once per document. */
async function violationsOn(page: Page, rules: Rules): Promise<string[]> {
  const found = await page.evaluate(runAxe, rules);
  if (found) return found;
  await page.evaluate(axeSource);
  await page.evaluate(rememberColours);
  const violations = await page.evaluate(runAxe, rules);
  if (!violations) throw new Error("axe is not in the page that it was loaded into.");
  return violations;
}

interface AxeColour {
  r: number;
  g: number;
  b: number;
  alpha: number;
  parseString(text: string): AxeColour;
}

/** Runs in the page: lets axe parse each colour once. It does so several times for each text, a fifth of its time. */
function rememberColours(): void {
  const { axe } = window as unknown as { axe: { commons: { color: { Color: new () => AxeColour } } } };
  const { Color } = axe.commons.color;
  const { parseString } = Color.prototype as AxeColour;
  const known = new Map<string, AxeColour>();
  Color.prototype.parseString = function (this: AxeColour, text: string) {
    const colour = known.get(text) ?? parseString.call(new Color(), text);
    known.set(text, colour);
    const { r, g, b, alpha } = colour;
    return Object.assign(this, { r, g, b, alpha });
  };
}

/**
 * Runs in the page: holds transitions, waits until the page is drawn and runs axe; null if axe is not loaded. Without
 * transitions a change of the colour scheme shows immediately. Otherwise hundreds of elements fade into it, which a browser
 * without a graphics card draws frame by frame.
 */
async function runAxe(rules: Rules): Promise<string[] | null> {
  const page = window as unknown as { axe?: typeof axe; held?: CSSStyleSheet };
  if (!page.axe) return null;
  if (!page.held) {
    page.held = new CSSStyleSheet();
    page.held.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets.push(page.held);
  }
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const { violations } = await page.axe.run(document, {
    // We have no frames.
    iframes: false,
    resultTypes: ["violations"],
    // Parsing all styles again would serve only an experimental rule, which is off by default.
    preload: { assets: ["media"] },
    ...rules,
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

/**
 * Runs in the page: ends what runAxe began, after what has changed until now is styled without transitions. Returns texts
 * that share their element, which a translation of the page would take away from React, and by how many pixels the page
 * scrolls sideways.
 */
function endLook(): { texts: string[]; sideways: number } {
  const page = window as unknown as { held?: CSSStyleSheet };
  getComputedStyle(document.body).getPropertyValue("color");
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== page.held);
  delete page.held;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const { data, parentElement } = text as Text;
    if (/\S/.test(data) && parentElement && parentElement.childNodes.length > 1) texts.push(data);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  return { texts, sideways: scrollWidth - clientWidth };
}

/**
 * Runs in every page before its own code. A browser without a graphics card spends a third of its time on the blur behind
 * the header and dialogs. What else a backdrop filter does to layout (it positions fixed descendants) is kept.
 */
function dropBlur(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('[class*="backdrop-blur"] { backdrop-filter: none !important; translate: 0 !important }');
  document.adoptedStyleSheets.push(sheet);
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

/** Opens a page as a person who is signed in in this browser. */
export async function signIn(page: Page, person: Person, next = "/"): Promise<void> {
  await page.context().addCookies([...person.cookies]);
  await page.goto(next);
}

/** Signs in through the form. */
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
