import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { epochMs } from "#scheduling/units.ts";
import { openPublicFetch } from "../platform/http/publicFetch.ts";
import { openCalDav } from "./caldav.ts";
import type { BusyChanges, CalendarProblem, KnownCalendar, Login } from "./provider.ts";
import { type CalDavServer, startCalDavServer } from "./testing/calDavServers.ts";
import { plainEvent, readPlainEvents } from "./testing/plainEvents.ts";

const signal = new AbortController().signal;
const reach = {
  from: epochMs(Date.UTC(2030, 0, 1)),
  until: epochMs(Date.UTC(2031, 0, 1)),
  personZone: "Asia/Kolkata",
};

describe.each(["radicale", "xandikos"] as const)("%s", (name) => {
  let server: CalDavServer;
  /** Every request that was made: method and path. */
  const asked: string[] = [];
  let login: Login;
  let provider: ReturnType<typeof openCalDav>;
  beforeAll(async () => {
    server = await startCalDavServer(name);
    const fetch = openPublicFetch({ privateHosts: [server.host] });
    provider = openCalDav((address, request) => {
      asked.push(`${request?.method} ${new URL(address).pathname}`);
      return fetch(address, request);
    }, readPlainEvents);
    login = {
      connectionId: "one",
      serverUrl: server.url,
      username: server.username,
      secret: { kind: "password", password: server.password },
      save: async () => {},
    };
  });
  afterAll(() => server.stop());

  /** A calendar, and what is known of it after each read. */
  async function openCalendar(path: string) {
    const address = await server.makeCalendar(path);
    let known: KnownCalendar = { remoteId: address, timezone: null, state: null, etags: new Map() };
    return {
      address,
      setState: (state: KnownCalendar["state"]) => {
        known = { ...known, state };
      },
      read: async () => {
        asked.splice(0);
        const changes = await provider.readBusy(login, known, reach, signal);
        known = { ...known, state: changes.state, etags: etagsAfter(known.etags, changes) };
        return changes;
      },
    };
  }

  it("lists calendars from the address of the server, of a person's home, and of the calendar itself", async () => {
    const address = await server.makeCalendar("Work");
    for (const serverUrl of [server.url, new URL("..", address).href, address]) {
      const calendars = await provider.listCalendars({ ...login, serverUrl }, signal);
      expect(calendars).toContainEqual({
        remoteId: address,
        name: "Work",
        color: null,
        timezone: null,
        isWritable: true,
        countsAsBusy: true,
      });
    }
  });

  it("reads all, then only what has changed", async () => {
    const calendar = await openCalendar("changes");
    await server.put(calendar.address, "a.ics", plainEvent("a", 2));
    await server.put(calendar.address, "b.ics", plainEvent("b", 3));
    const first = await calendar.read();
    expect(first).toMatchObject({ isFull: true, unreadable: [] });
    expect(days(first)).toEqual({ a: [2], b: [3] });
    expect(first.objects[0]?.etag).toEqual(expect.any(String));

    expect(await calendar.read()).toMatchObject({ isFull: false, objects: [], removed: [] });
    await server.put(calendar.address, "a.ics", plainEvent("a", 4));
    await server.put(calendar.address, "c.ics", plainEvent("c", 5));
    await server.remove(`${calendar.address}b.ics`);
    const changes = await calendar.read();
    expect(days(changes)).toEqual({ a: [4], c: [5] });
    expect(changes).toMatchObject({
      isFull: false,
      removed: [new URL(`${calendar.address}b.ics`).pathname],
    });
    expect(await calendar.read()).toMatchObject({ isFull: false, objects: [], removed: [] });
  });

  it("an unchanged calendar costs one request", async () => {
    const calendar = await openCalendar("quiet");
    await server.put(calendar.address, "a.ics", plainEvent("a", 2));
    await calendar.read();
    await calendar.read();
    expect(asked).toHaveLength(1);
  });

  it("a sync token that the server does not know: all etags are compared", async () => {
    const calendar = await openCalendar("forgotten");
    await server.put(calendar.address, "a.ics", plainEvent("a", 2));
    await server.put(calendar.address, "b.ics", plainEvent("b", 3));
    await calendar.read();
    await server.put(calendar.address, "a.ics", plainEvent("a", 9));
    await server.remove(`${calendar.address}b.ics`);
    calendar.setState({ syncToken: "http://example.com/ns/sync/unknown" });
    const changes = await calendar.read();
    expect(changes.isFull).toBe(false);
    expect(days(changes)).toEqual({ a: [9] });
    expect(changes.removed).toEqual([new URL(`${calendar.address}b.ics`).pathname]);
    // The new token is good.
    expect(await calendar.read()).toMatchObject({ objects: [], removed: [] });
    expect(asked).toHaveLength(1);
  });

  it("without sync tokens the ctag tells whether to look at the etags", async () => {
    const calendar = await openCalendar("ctags");
    await server.put(calendar.address, "a.ics", plainEvent("a", 2));
    const { state } = await calendar.read();
    const ctag = state?.ctag ?? "";
    expect(ctag).not.toBe("");
    calendar.setState({ ctag });
    expect(await calendar.read()).toMatchObject({ isFull: false, objects: [] });
    expect(asked).toHaveLength(1);
    await server.put(calendar.address, "c.ics", plainEvent("c", 5));
    calendar.setState({ ctag });
    expect(days(await calendar.read())).toEqual({ c: [5] });
  });

  it("the daily read is of everything", async () => {
    const calendar = await openCalendar("daily");
    await server.put(calendar.address, "a.ics", plainEvent("a", 2));
    await calendar.read();
    calendar.setState(null);
    const again = await calendar.read();
    expect(again.isFull).toBe(true);
    expect(days(again)).toEqual({ a: [2] });
  });

  it("a calendar that is renamed keeps its id; one that was deleted is not found", async () => {
    const calendar = await openCalendar("renamed");
    await server.setName(calendar.address, "New name");
    const list = await provider.listCalendars(login, signal);
    expect(list.find(({ remoteId }) => remoteId === calendar.address)?.name).toBe("New name");
    await calendar.read();
    await server.remove(calendar.address);
    // Xandikos goes on to answer from its memory; only the list tells.
    expect(await problem(calendar.read())).toBe(name === "radicale" ? "not_found" : "none");
    const after = await provider.listCalendars(login, signal);
    expect(after.map(({ remoteId }) => remoteId)).not.toContain(calendar.address);
  });

  it("a wrong password is refused where there are passwords", async () => {
    const wrong = { ...login, secret: { kind: "password" as const, password: "wrong" } };
    const found = await problem(provider.listCalendars(wrong, signal));
    expect(found).toBe(name === "radicale" ? "login_refused" : "none");
  });
});

function etagsAfter(etags: KnownCalendar["etags"], { isFull, objects, removed }: BusyChanges) {
  const next = new Map(isFull ? [] : etags);
  for (const ref of removed) next.delete(ref);
  for (const { ref, etag } of objects) next.set(ref, etag);
  return next;
}

const days = ({ objects }: BusyChanges) =>
  Object.fromEntries(
    objects.map(({ uid, busy }) => [uid, busy.map(({ startsAt }) => new Date(startsAt).getUTCDate())]),
  );

const problem = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: CalendarProblem) => error.code,
  );
