import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { epochMs } from "#scheduling/units.ts";
import { openPublicFetch } from "../platform/http/publicFetch.ts";
import { openCalDav } from "./caldav.ts";
import { openFeedProvider } from "./feed.ts";
import type { CalendarProblem, KnownCalendar, Login, SyncState } from "./provider.ts";
import { plainEvent, readPlainEvents } from "./testing/plainEvents.ts";

let answer: RequestListener = () => {};
const asked: { url: string; headers: NodeJS.Dict<string | string[]> }[] = [];
const server = createServer((request, response) => {
  asked.push({ url: request.url ?? "", headers: request.headers });
  answer(request, response);
}).listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

const { port } = server.address() as AddressInfo;
const url = `http://127.0.0.1:${port}/private-token/basic.ics`;
const login: Login = {
  connectionId: "one",
  serverUrl: null,
  username: null,
  secret: { kind: "address", url },
  save: async () => {},
};
const davLogin: Login = {
  ...login,
  serverUrl: url,
  username: "user",
  secret: { kind: "password", password: "correct horse" },
};
const publicFetch = openPublicFetch({ privateHosts: [`127.0.0.1:${port}`] });
/** ms. Short only where no answer comes, so that no other test depends on the speed of the machine. */
let patience = 15_000;
afterEach(() => {
  patience = 15_000;
});
const fetch: typeof publicFetch = (address, request) =>
  publicFetch(address, { ...request, timeoutMs: patience });
const feed = openFeedProvider(fetch, readPlainEvents);
const dav = openCalDav(fetch, readPlainEvents);
const signal = new AbortController().signal;
const reach = {
  from: epochMs(Date.UTC(2030, 0, 1)),
  until: epochMs(Date.UTC(2031, 0, 1)),
  personZone: "Asia/Kolkata",
};
const known = (state: SyncState | null, remoteId = "feed"): KnownCalendar => ({
  remoteId,
  timezone: null,
  state,
  etags: new Map(),
});
const read = (state: SyncState | null = null) => feed.readBusy(login, known(state), reach, signal);
const send =
  (text: string, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": "text/calendar", ...headers }).end(text);
const problem = (work: Promise<unknown>): Promise<CalendarProblem> =>
  work.then(
    () => Promise.reject(new Error("It was done.")),
    (error: CalendarProblem) => error,
  );

describe("a feed", () => {
  it("is one calendar, with the name that it says or that of its host", async () => {
    answer = send(
      "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Lectures\\, spring\r\nX-WR-TIMEZONE:Asia/Kolkata\r\nEND:VCALENDAR\r\n",
    );
    expect(await feed.listCalendars(login, signal)).toEqual([
      {
        remoteId: "feed",
        name: "Lectures, spring",
        color: null,
        timezone: "Asia/Kolkata",
        isWritable: false,
        countsAsBusy: true,
      },
    ]);
    answer = send(`\uFEFF${plainEvent("a", 2)}`);
    expect(await feed.listCalendars(login, signal)).toMatchObject([{ name: "127.0.0.1" }]);
  });

  it("is read again only when it has changed", async () => {
    answer = (request, response) => {
      const isKnown = request.headers["if-none-match"] === '"1"';
      response.writeHead(isKnown ? 304 : 200, { etag: '"1"' }).end(isKnown ? "" : plainEvent("a", 2));
    };
    const first = await read();
    expect(first).toMatchObject({
      isFull: true,
      objects: [{ uid: "a", busy: [{}] }],
      state: { etag: '"1"' },
    });
    expect(await read(first.state)).toMatchObject({ isFull: false, objects: [], state: first.state });
  });

  it("that knows no ETag is asked by date, or compared", async () => {
    const modified = "Tue, 01 Jan 2030 00:00:00 GMT";
    answer = send(plainEvent("a", 2), { "last-modified": modified });
    const first = await read();
    expect(await read(first.state)).toMatchObject({ isFull: false, objects: [] });
    expect(asked.at(-1)?.headers["if-modified-since"]).toBe(modified);
    answer = send(plainEvent("a", 3), { "last-modified": modified });
    expect(await read(first.state)).toMatchObject({ isFull: true, objects: [{ uid: "a" }] });
  });

  it("follows its redirects, and takes webcal for https", async () => {
    answer = (request, response) =>
      request.url === "/new.ics"
        ? send(plainEvent("a", 2))(request, response)
        : response.writeHead(301, { location: "/new.ics" }).end();
    expect(await read()).toMatchObject({ objects: [{ uid: "a" }] });
    const webcal = { ...login, secret: { kind: "address" as const, url: "webcal://127.0.0.1:1/a.ics" } };
    expect(await problem(feed.readBusy(webcal, known(null), reach, signal))).toMatchObject({
      code: "address_private",
    });
  });

  it("of 50,000 events is read", async () => {
    const body = plainEvent("a", 2).split("\r\n").slice(3, 10).join("\r\n");
    const events = Array.from({ length: 50_000 }, (_, index) => body.replace("UID:a", `UID:${index}`));
    answer = send(`BEGIN:VCALENDAR\r\n${events.join("\r\n")}\r\nEND:VCALENDAR\r\n`);
    expect((await feed.readBusy(login, known(null), reach, signal)).objects).toHaveLength(50_000);
  });

  it("of more than 20 MB is too large", async () => {
    answer = send(`BEGIN:VCALENDAR\r\n${"X".repeat(20 * 1024 * 1024)}`);
    expect(await problem(feed.readBusy(login, known(null), reach, signal))).toMatchObject({
      code: "too_large",
    });
  });

  it("that is a web page, or nothing, is no calendar", async () => {
    answer = send("<!DOCTYPE html><html><title>Sign in</title></html>", { "content-type": "text/html" });
    expect(await problem(read())).toMatchObject({ code: "unreadable", detail: "the answer is a web page" });
    answer = send("");
    expect(await problem(read())).toMatchObject({ code: "unreadable", detail: "the answer is no calendar" });
  });
});

describe.each([
  ["a feed", () => read()],
  ["a CalDAV server that is searched", () => dav.listCalendars(davLogin, signal)],
  ["a CalDAV calendar", () => dav.readBusy(davLogin, known(null, url), reach, signal)],
  [
    "a CalDAV calendar since a token",
    () => dav.readBusy(davLogin, known({ syncToken: "t" }, url), reach, signal),
  ],
] as const)("%s that answers", (name, work) => {
  it.each([
    [401, "login_refused"],
    [403, "forbidden"],
    [404, "not_found"],
    [410, "not_found"],
    [409, "changed_elsewhere"],
    [412, "changed_elsewhere"],
    [413, "too_large"],
    [429, "limited"],
    [500, "failing"],
    [502, "failing"],
    [503, "failing"],
    [504, "too_slow"],
  ])("%i", async (status, code) => {
    answer = send("<html><style>b{}</style><b>Not\n now</b></html>", { "retry-after": "120" }, status);
    expect(await problem(work())).toMatchObject({
      code,
      detail: `${status} Not now`,
      retryAfterMs: 120_000,
    });
  });

  it("HTML", async () => {
    answer = send("<html>Welcome</html>", { "content-type": "text/html" });
    expect(await problem(work())).toMatchObject({ code: "unreadable" });
  });

  it("with XML that breaks off", async () => {
    answer = send(
      '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:resp',
      { "content-type": "text/xml" },
      207,
    );
    expect(await problem(work())).toMatchObject({ code: "unreadable" });
  });

  it("nothing", async () => {
    patience = 300;
    answer = () => {};
    expect(await problem(work())).toMatchObject({ code: "too_slow", detail: "no answer within 0.3 s" });
  });

  it("by hanging up", async () => {
    answer = (request) => void request.socket.destroy();
    expect(await problem(work())).toMatchObject({ code: "unreachable" });
  });

  it("with our secrets, which are not repeated", async () => {
    const secrets =
      name === "a feed" ? [url] : ["correct horse", Buffer.from("correct horse").toString("base64")];
    answer = send(`refused: ${secrets.join(" ")}`, {}, 401);
    expect((await problem(work())).detail).toBe(`401 refused: ${secrets.map(() => "[secret]").join(" ")}`);
  });
});

it("Retry-After may be a date, and waits an hour at most", async () => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  answer = send("", { "retry-after": inAMinute }, 429);
  const { retryAfterMs } = await problem(read());
  expect(retryAfterMs).toBeGreaterThan(50_000);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  answer = send("", { "retry-after": "1000000" }, 503);
  expect(await problem(read())).toMatchObject({ retryAfterMs: 3_600_000 });
  answer = send("", { "retry-after": "soon" }, 503);
  expect(await problem(read())).toMatchObject({ retryAfterMs: null });
});
