import { afterAll, expect, it } from "vitest";
import { addMs, epochMs, HOUR_MS } from "#scheduling/units.ts";
import { graphTime } from "../../testing/microsoftCalendarServer.ts";
import type { CalendarEntry, CalendarProblem, EntryWriter } from "../provider.ts";
import { openCalendars } from "./testing/openCalendars.ts";

const { server, provider, signIn, addCalendar } = await openCalendars();
afterAll(() => server.close());
const login = signIn();
const signal = new AbortController().signal;
const startsAt = epochMs(Date.UTC(2030, 0, 2, 10));

function entryOf(name: string, changes: Partial<CalendarEntry> = {}): CalendarEntry {
  return {
    uid: `${name}'s@matepeak`,
    title: "1:1 Session with Ravi, Kumar; & Söhne",
    description: "Line one\nLine two",
    location: "https://meet.example.com/asha",
    startsAt,
    endsAt: addMs(startsAt, HOUR_MS),
    timezone: "Asia/Kolkata",
    isTentative: false,
    page: "https://matepeak.example/sessions/1",
    changedAt: epochMs(Date.UTC(2026, 0, 1)),
    sequence: 1,
    ...changes,
  };
}
const later = (name: string) =>
  entryOf(name, { startsAt: addMs(startsAt, HOUR_MS), endsAt: addMs(startsAt, 2 * HOUR_MS), sequence: 2 });

function writer(): EntryWriter {
  if (!provider.entries) throw new Error("Calendars of Microsoft can be written.");
  return provider.entries;
}
const problem = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: CalendarProblem) => error.code,
  );
const put = (calendar: string, entry: CalendarEntry, known: Parameters<EntryWriter["put"]>[3] = null) =>
  writer().put(login, { remoteId: calendar }, entry, known, signal);
const read = (ref: string) => writer().read(login, { remoteId: "" }, { ref, etag: null }, signal);
const list = (calendar: string) =>
  [...server.events.values()]
    .filter((event) => event.calendar === calendar)
    .map(({ start, showAs }) => `${start.dateTime.slice(0, 16)} ${showAs}`);

it("are created, read, changed and removed; a removed one is removed", async () => {
  const calendar = addCalendar();
  const first = await put(calendar, entryOf("a", { isTentative: true }));
  expect(first).toMatchObject({
    etag: expect.any(String),
    uid: server.events.get(first.ref)?.iCalUId,
  });
  expect(server.events.get(first.ref)).toMatchObject({
    subject: "1:1 Session with Ravi, Kumar; & Söhne",
    body: { contentType: "text", content: "Line one\nLine two" },
    location: { displayName: "https://meet.example.com/asha" },
    start: { dateTime: "2030-01-02T10:00:00.0000000", timeZone: "UTC" },
    showAs: "tentative",
  });
  expect(await read(first.ref)).toMatchObject({ etag: first.etag, startsAt });
  const second = await put(calendar, later("a"), first);
  expect(second.ref).toBe(first.ref);
  expect(second.etag).not.toBe(first.etag);
  expect(list(calendar)).toEqual(["2030-01-02T11:00 busy"]);
  for (let again = 0; again < 2; again++)
    await writer().remove(login, { remoteId: calendar }, second, signal);
  expect(list(calendar)).toEqual([]);
  expect(await read(second.ref)).toBeNull();
});

it("that are written twice are one, at once and later, also if the first write was never known", async () => {
  const calendar = addCalendar();
  const both = await Promise.all([put(calendar, entryOf("a")), put(calendar, entryOf("a"))]);
  expect(new Set(both.map(({ ref }) => ref)).size).toBe(1);
  await put(calendar, later("a"));
  expect(list(calendar)).toEqual(["2030-01-02T11:00 busy"]);
  server.misbehave("close_after", /^POST .*events$/);
  expect(await problem(put(calendar, entryOf("b")))).toBe("unreachable");
  await put(calendar, entryOf("b"));
  expect(list(calendar)).toHaveLength(2);
});

it("that another request has just created as it was are changed to what they are", async () => {
  const calendar = addCalendar();
  const entry = entryOf("a");
  const { ref } = await put(calendar, entry);
  server.edit(ref, { start: graphTime(9) });
  // As if the search came before the other request.
  server.answerOnce(200, { value: [] }, /^GET .*events$/);
  expect((await put(calendar, entry)).ref).toBe(ref);
  expect(list(calendar)).toEqual(["2030-01-02T10:00 busy"]);
  server.answerOnce(200, { value: [] }, /^GET .*events$/);
  server.answerOnce(
    409,
    { error: { code: "ErrorDuplicateTransactionId", message: "It is there." } },
    /^POST/,
  );
  expect((await put(calendar, entry)).ref).toBe(ref);
  server.answerOnce(
    409,
    { error: { code: "ErrorDuplicateTransactionId", message: "It is there." } },
    /^POST/,
  );
  expect(await problem(put(calendar, entryOf("b")))).toBe("changed_elsewhere");
});

it("that have changed or are gone are not written over", async () => {
  const calendar = addCalendar();
  const first = await put(calendar, entryOf("a"));
  server.edit(first.ref, { start: graphTime(9, 8), end: graphTime(9, 9) });
  expect(await problem(put(calendar, later("a"), first))).toBe("changed_elsewhere");
  expect(list(calendar)).toEqual(["2030-01-09T08:00 busy"]);
  expect(await read(first.ref)).toMatchObject({ startsAt: Date.UTC(2030, 0, 9, 8) });
  server.remove(first.ref);
  expect(await problem(put(calendar, later("a"), first))).toBe("changed_elsewhere");
  expect(list(calendar)).toEqual([]);
});

it("with long titles and places are cut to what Exchange takes, once", async () => {
  const calendar = addCalendar();
  const entry = entryOf("a", { title: "x".repeat(300), location: "y".repeat(300) });
  const { ref } = await put(calendar, entry);
  expect(server.events.get(ref)).toMatchObject({ subject: "x".repeat(255) });
  expect(server.calls.filter(({ method }) => method === "PATCH").at(-1)?.path).not.toContain(ref);
});

it("are known by the same UID and etag as in the calendar", async () => {
  const calendar = addCalendar();
  const { ref, etag } = await put(calendar, entryOf("a"));
  const known = { remoteId: calendar, timezone: null, state: null, etags: new Map() };
  const reach = {
    from: epochMs(Date.UTC(2030, 0, 1)),
    until: epochMs(Date.UTC(2030, 1, 1)),
    personZone: "UTC",
  };
  expect((await provider.readBusy(login, known, reach, signal)).objects).toMatchObject([
    { ref, etag, uid: "a's@matepeak" },
  ]);
});
