import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { type MonthScreen, plantMonths } from "../http/mentorMonth.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, table } from "../table.ts";
import { openWorld, type World } from "../world.ts";
import { openBrowser, type Visit, visit } from "./browser.ts";
import { budgets, slowPhone } from "./budgets.ts";

const visits = 5;
const nothing = { network: false, cpu: false };
const circumstances = [
  { name: "this machine", slow: nothing },
  { name: "slow 4G", slow: { network: true, cpu: false }, budgets: [budgets.timesMs, budgets.appMs] },
  { name: `slow 4G and a processor ${slowPhone.cpu} times slower`, slow: { network: true, cpu: true } },
];
/** A free time, of the document or the app. */
const freeTime = "[data-starts-at]";
/** A free time of the app: the first view has gone. */
const appTime = "body:not(:has(#first-view)) button[data-starts-at]";

export async function measurePage(): Promise<Section> {
  buildWebApp();
  const world = await openWorld();
  const browser = await openBrowser();
  try {
    const screen = await plantMonths(world, 1);
    const username = await usernameOf(world, screen);
    const origin = `http://127.0.0.1:${world.port}`;
    const { serviceId } = screen.mentors[0]!;
    const booking = `/mentors/${username}?book=time&service=${serviceId}&minutes=60`;
    const times = await measureTimes(browser, origin + booking);
    const routes = await measureRoutes(browser, origin, [
      ["home", "/"],
      ["a mentor", `/mentors/${username}`],
      ["booking: the mentor with the dialog at its times", booking],
      ["sign in", "/sign-in"],
      ["an unknown page", "/nothing-here"],
    ]);
    const text = [describeMachine(world.postgresVersion), times, routes].join("\n\n");
    return { title: "The page", text: `${text}\n\nChromium ${browser.version()}.` };
  } finally {
    await browser.close();
    await world.close();
  }
}

function buildWebApp(): void {
  const setup = fileURLToPath(new URL("../../scripts/setup.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [setup, "build"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The web app could not be built:\n${stderr}`);
}

async function usernameOf(world: World, screen: MonthScreen): Promise<string> {
  const { rows } = await world.owner.query<{ username: string }>(
    "select username from expert_profiles where id = $1",
    [screen.mentors[0]!.id],
  );
  return rows[0]!.username;
}

async function measureTimes(browser: Browser, url: string): Promise<string> {
  // The server's side warm, as in a process that has run for a while.
  await visit(browser, url, { slow: nothing, until: freeTime, thenUntil: appTime });
  const seen = circumstances.map((): Visit[] => []);
  for (let i = 0; i < visits; i++) {
    for (const [index, { slow }] of circumstances.entries()) {
      seen[index]!.push(await visit(browser, url, { slow, until: freeTime, thenUntil: appTime }));
    }
  }
  const rows = circumstances.flatMap(({ name, budgets: [timesMs, appMs] = [] }, index) => {
    const shift = Math.max(...seen[index]!.map((one) => one.layoutShift));
    const row = (what: string, times: number[], budget: number | undefined) => {
      const sorted = times.sort((a, b) => a - b);
      const median = figure(sorted[Math.floor(visits / 2)]!);
      return [
        name,
        what,
        `${figure(sorted[0]!)} ms`,
        `${median} ms`,
        budget === undefined ? "" : `${budget} ms`,
        shift.toFixed(3),
      ];
    };
    return [
      row(
        "a free time is visible, and a tap counts",
        seen[index]!.map(({ ready }) => ready),
        timesMs,
      ),
      row(
        "the app has taken over",
        seen[index]!.map(({ ended }) => ended),
        appMs,
      ),
    ];
  });
  const head = ["", "free times on the screen", "fastest", "median", "budget", "largest layout shift"];
  return `${table(head, rows)}

From the navigation to \`/mentors/{username}?book=time&service&minutes\` in a fresh browser context (nothing cached) to the first
visible free time, which the document has, and to the app's own, ${visits} visits each, a phone's window. Slow 4G: ${slowPhone.down / 1e6} Mbit/s down, ${slowPhone.up / 1e6} Mbit/s up, ${slowPhone.roundTripMs} ms round trip,
${slowPhone.cpu} × CPU throttling (Chromium's own, by CDP). A good layout shift is below ${budgets.layoutShift}.

${shares(seen.map((visits) => Math.min(...visits.map(({ ended }) => ended))))}`;
}

/** Whose part of the time to the app it is: of the fastest visit in each of the circumstances, ms. */
function shares([here, network]: readonly number[]): string {
  return `Of the app's time on this machine all is processor time: server, browser, parsing, React and rendering on two cores without a graphics
card. Slow 4G adds ${figure(network! - here!)} ms of network: three sequential round trips (connection, document with its
hints, code) and the bytes of code and styles at that rate. The budget leaves ${figure(Math.max(0, budgets.appMs - here!))} ms on this machine.`;
}

async function measureRoutes(
  browser: Browser,
  origin: string,
  routes: readonly [name: string, path: string][],
): Promise<string> {
  const rows: string[][] = [];
  for (const [name, path] of routes) {
    const { scriptBytes, layoutShift } = await visit(browser, origin + path, { slow: nothing });
    const isBooking = path.includes("book=");
    rows.push([
      name,
      `${(scriptBytes / 1000).toFixed(1)} kB`,
      isBooking ? `${budgets.scriptKilobytes} kB` : "",
      layoutShift.toFixed(3),
    ]);
  }
  return table(["JavaScript of a route, gzip", "loaded", "budget", "layout shift"], rows);
}
