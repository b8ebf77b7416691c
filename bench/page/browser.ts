// One visit in real Chromium: a fresh context, so that nothing is cached, and what it loaded.
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/findChromium.mjs";
import { slowPhone } from "./budgets.ts";

export interface Visit {
  /** ms from navigation to what was waited for. */
  ready: number;
  /** ms from navigation to `thenUntil`; as `ready` when left out. */
  ended: number;
  /** Bytes of JavaScript, compressed. */
  scriptBytes: number;
  /** Cumulative layout shift a second after `ready`. */
  layoutShift: number;
}

/** How the browser is held back. */
interface Slowness {
  network: boolean;
  cpu: boolean;
}

export interface VisitOptions {
  slow: Slowness;
  /** A selector of which the first match must be visible; the page's load event when left out. */
  until?: string;
  /** The same, for a second moment. */
  thenUntil?: string;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("There is no Chromium here; `npm run test:e2e` installs one.");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

export async function visit(
  browser: Browser,
  url: string,
  { slow, until, thenUntil }: VisitOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 412, height: 823 },
    timezoneId: "Asia/Kolkata",
    locale: "en-IN",
  });
  try {
    const page = await context.newPage();
    const scripts = collectScripts(page);
    await page.addInitScript(watchLayout);
    await slowDown(page, slow);
    const startedAt = performance.now();
    await page.goto(url, { waitUntil: until ? "commit" : "networkidle", timeout: 60_000 });
    if (until) await page.locator(until).first().waitFor({ state: "visible", timeout: 60_000 });
    const ready = performance.now() - startedAt;
    if (thenUntil) await page.locator(thenUntil).first().waitFor({ state: "visible", timeout: 60_000 });
    const ended = performance.now() - startedAt;
    await page.waitForTimeout(1000);
    const layoutShift = await page.evaluate(() => Number(Reflect.get(window, "layoutShift")));
    return { ready, ended, scriptBytes: await scripts(), layoutShift };
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own scripts. */
function watchLayout(): void {
  Reflect.set(window, "layoutShift", 0);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (Reflect.get(entry, "hadRecentInput")) continue;
      const sum = Number(Reflect.get(window, "layoutShift")) + Number(Reflect.get(entry, "value"));
      Reflect.set(window, "layoutShift", sum);
    }
  }).observe({ type: "layout-shift", buffered: true });
}

function collectScripts(page: Page): () => Promise<number> {
  const bodies: Promise<number>[] = [];
  page.on("response", (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return;
    bodies.push(response.body().then((body) => gzipSync(body).length));
  });
  return async () => (await Promise.all(bodies)).reduce((sum, bytes) => sum + bytes, 0);
}

async function slowDown(page: Page, { network, cpu }: Slowness): Promise<void> {
  const session = await page.context().newCDPSession(page);
  if (network) {
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: slowPhone.roundTripMs,
      downloadThroughput: slowPhone.down / 8,
      uploadThroughput: slowPhone.up / 8,
    });
  }
  if (cpu) await session.send("Emulation.setCPUThrottlingRate", { rate: slowPhone.cpu });
}
