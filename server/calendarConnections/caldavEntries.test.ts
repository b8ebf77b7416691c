import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import { openPublicFetch } from "../platform/http/publicFetch.ts";
import { openCalDav } from "./caldav.ts";
import type { CalendarEntry, CalendarProblem, EntryWriter, KnownCalendar, Login } from "./provider.ts";
import { type CalDavServer, startCalDavServer } from "./testing/calDavServers.ts";
import { plainEvent, readPlainEvents } from "./testing/plainEvents.ts";

const signal = new AbortController().signal;
const startsAt = epochMs(Date.UTC(2030, 0, 2, 10));

function entryOf(name: string, changes: Partial<CalendarEntry> = {}): CalendarEntry {
  return {
    uid: `${name}@matepeak`,
    title: "1:1 Session with Ravi, Kumar; & Söhne",
    description: "Line one\nLine two",
    location: "https://meet.example.com/asha",
    startsAt,
    endsAt: epochMs(startsAt + HOUR_MS),
    timezone: "UTC",
    isTentative: false,
    page: "https://matepeak.example/sessions/1",
    changedAt: epochMs(Date.UTC(2026, 0, 1)),
    sequence: 1,
    ...changes,
  };
}

describe.each(["radicale", "xandikos"] as const)("entries in %s", (name) => {
  let server: CalDavServer;
  let login: Login;
  let writer: EntryWriter;
  let provider: ReturnType<typeof openCalDav>;
  beforeAll(async () => {
    server = await startCalDavServer(name);
    provider = openCalDav(openPublicFetch({ privateHosts: [server.host] }), readPlainEvents);
    if (!provider.entries) throw new Error("CalDAV calendars can be written.");
    writer = provider.entries;
    login = {
      connectionId: "one",
      serverUrl: server.url,
      username: server.username,
      secret: { kind: "password", password: server.password },
      save: async () => {},
    };
  });
  afterAll(() => server.stop());

  const makeCalendar = async (path: string) => ({ remoteId: await server.makeCalendar(path) });
  const problem = (work: Promise<unknown>) =>
    work.then(
      () => "none",
      (error: CalendarProblem) => error.code,
    );

  async function list({ remoteId }: { remoteId: string }): Promise<string[]> {
    const known: KnownCalendar = { remoteId, timezone: null, state: null, etags: new Map() };
    const reach = {
      from: epochMs(0),
      until: epochMs(Date.UTC(2040, 0)),
      personZone: "UTC",
    };
    const { objects } = await provider.readBusy(login, known, reach, signal);
    return objects.map(({ uid, busy }) => `${uid} ${busy[0]?.startsAt === startsAt ? "there" : "elsewhere"}`);
  }

  it("are created, read, changed and removed; a removed one is removed", async () => {
    const calendar = await makeCalendar("life");
    const first = await writer.put(login, calendar, entryOf("a"), null, signal);
    expect(first.etag).toEqual(expect.any(String));
    expect(await list(calendar)).toEqual(["a@matepeak there"]);
    expect(await writer.read(login, calendar, first, signal)).toEqual({
      etag: first.etag,
      startsAt,
      endsAt: startsAt + HOUR_MS,
    });
    const later = entryOf("a", { startsAt: epochMs(startsAt + HOUR_MS), sequence: 2 });
    const second = await writer.put(login, calendar, later, first, signal);
    expect(second.ref).toBe(first.ref);
    expect(second.etag).not.toBe(first.etag);
    expect(await list(calendar)).toEqual(["a@matepeak elsewhere"]);
    for (let again = 0; again < 2; again++) await writer.remove(login, calendar, second, signal);
    expect(await list(calendar)).toEqual([]);
    expect(await writer.read(login, calendar, second, signal)).toBeNull();
  });

  it("that are written twice are one, also if the first write was never known", async () => {
    const calendar = await makeCalendar("twice");
    const first = await writer.put(login, calendar, entryOf("a"), null, signal);
    const again = await writer.put(login, calendar, entryOf("a", { sequence: 2 }), null, signal);
    expect(again.ref).toBe(first.ref);
    expect(await list(calendar)).toEqual(["a@matepeak there"]);
  });

  it("join the entry that its owner has imported from a mail, whatever its name", async () => {
    const calendar = await makeCalendar("imported");
    await server.put(calendar.remoteId, "mail.ics", plainEvent("a@matepeak", 9));
    await writer.put(login, calendar, entryOf("a"), null, signal);
    expect(await list(calendar)).toEqual(["a@matepeak there"]);
  });

  it("that have changed or are gone are not written over", async () => {
    const calendar = await makeCalendar("changed");
    const first = await writer.put(login, calendar, entryOf("a"), null, signal);
    const file = first.ref.slice(first.ref.lastIndexOf("/") + 1);
    await server.put(calendar.remoteId, file, plainEvent("a@matepeak", 9));
    const later = entryOf("a", { sequence: 2 });
    expect(await problem(writer.put(login, calendar, later, first, signal))).toBe("changed_elsewhere");
    expect(await list(calendar)).toEqual(["a@matepeak elsewhere"]);
    const found = await writer.read(login, calendar, first, signal);
    expect(found?.startsAt).toBe(Date.UTC(2030, 0, 9, 10));
    await server.remove(`${calendar.remoteId}${file}`);
    expect(await problem(writer.put(login, calendar, later, first, signal))).toBe("changed_elsewhere");
    expect(await list(calendar)).toEqual([]);
  });
});
