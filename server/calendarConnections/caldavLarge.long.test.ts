import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calendarLimits } from "#rules/limits.ts";
import { DAY_MS, epochMs } from "#scheduling/units.ts";
import { openPublicFetch } from "../platform/http/publicFetch.ts";
import { openCalDav } from "./caldav.ts";
import { openDavReader, type ReadDav } from "./davReader.ts";
import { readDavAnswer } from "./davReading.ts";
import type { KnownCalendar, Login } from "./provider.ts";
import { startFeedServer } from "./testing/feedServer.ts";
import { readPlainEvents } from "./testing/plainEvents.ts";

/** How long requests may wait for what is read of calendars, ms. */
const longestBlock = 300;
const signal = new AbortController().signal;
const from = epochMs(Date.UTC(2030, 0, 1));
const reach = { from, until: epochMs(from + DAY_MS), personZone: "UTC" };

let server: Awaited<ReturnType<typeof startFeedServer>>;
let login: Login;
beforeAll(async () => {
  server = await startFeedServer();
  const secret = { kind: "password" as const, password: "secret" };
  login = { connectionId: "one", serverUrl: server.url, username: "user", secret, save: async () => {} };
});
afterAll(() => server.close());

const sayList = (rows: string) =>
  server.say(207, multistatus(rows), { "content-type": "application/xml; charset=utf-8" });
const multistatus = (rows: string) =>
  `<d:multistatus xmlns:d="DAV:">${rows}<d:sync-token>next</d:sync-token></d:multistatus>`;
const openWith = (read?: ReadDav) =>
  openCalDav(openPublicFetch({ privateHosts: [server.host] }), readPlainEvents, read);
const known = (etags: KnownCalendar["etags"]): KnownCalendar => ({
  remoteId: server.url,
  timezone: null,
  state: { syncToken: "before" },
  etags,
});
const hereNotThere: ReadDav = async (answer) => {
  const reading = await readDavAnswer(answer);
  return reading === "too_large" ? null : reading;
};

/** For how long at most nothing else was done meanwhile, ms. */
async function longestBlockIn(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const ticking = setInterval(tick, 5);
  await work.catch(() => {});
  tick();
  clearInterval(ticking);
  return longest;
}

describe("an answer that is made to keep a processor busy", () => {
  const part =
    "<d:response><d:href>/a</d:href><d:propstat><d:prop><a/><b/><c/></d:prop></d:propstat></d:response>";
  const hostile = part.repeat(Math.floor(19_900_000 / part.length));

  it("is refused, while the app answers", async () => {
    sayList(hostile);
    const reading = openWith().readBusy(login, known(new Map()), reach, signal);
    const block = await longestBlockIn(reading);
    expect(block).toBeLessThan(longestBlock);
    await expect(reading).rejects.toMatchObject({ code: "too_large" });
  });

  it("would hold up the app if it were read here", async () => {
    sayList(hostile.slice(0, part.length * 50_000));
    const block = await longestBlockIn(
      openWith(hereNotThere).readBusy(login, known(new Map()), reach, signal),
    );
    expect(block).toBeGreaterThan(longestBlock);
  });

  it("is no list of calendars", async () => {
    sayList(hostile);
    await expect(openWith().listCalendars(login, signal)).rejects.toMatchObject({ code: "too_large" });
  });

  it("has no more time than is left of its connection's", async () => {
    sayList(hostile);
    const effort = { leftMs: 300 };
    await expect(
      openWith(openDavReader()).readBusy(login, known(new Map()), { ...reach, effort }, signal),
    ).rejects.toMatchObject({ code: "too_large", detail: "reading it takes too long" });
  });
});

it("a calendar of as many objects as one may have is read, while the app answers", async () => {
  const refs = Array.from(
    { length: calendarLimits.events },
    (_, at) => `/calendars/user/work/event-${at}.ics`,
  );
  const row = (ref: string) =>
    `<d:response><d:href>${ref}</d:href><d:propstat><d:prop><d:getetag>&quot;${ref.length}&quot;</d:getetag>` +
    `</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  sayList(refs.map(row).join(""));
  const etags = new Map(refs.map((ref) => [ref, `"${ref.length}"`]));
  const reading = openWith().readBusy(login, known(etags), reach, signal);
  const block = await longestBlockIn(reading);
  expect(block).toBeLessThan(longestBlock);
  expect(await reading).toMatchObject({ objects: [], removed: [], state: { syncToken: "next" } });
});
