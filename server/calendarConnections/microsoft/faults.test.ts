import { afterAll, describe, expect, it } from "vitest";
import { addMs, epochMs, HOUR_MS } from "#scheduling/units.ts";
import { graphTime } from "../../testing/microsoftCalendarServer.ts";
import type { CalendarProblem, EntryWriter, KnownCalendar } from "../provider.ts";
import { openCalendars } from "./testing/openCalendars.ts";

const { server, provider, signIn } = await openCalendars();
afterAll(() => server.close());
const signal = new AbortController().signal;
const login = signIn();
const calendar = "AAMkAG=default";
const ref = server.add(calendar, { start: graphTime(2), end: graphTime(2, 1) });
const reach = {
  from: epochMs(Date.UTC(2030, 0, 1)),
  until: epochMs(Date.UTC(2030, 1, 1)),
  personZone: "UTC",
};
const readBusy = (state: KnownCalendar["state"]) =>
  provider.readBusy(login, { remoteId: calendar, timezone: null, state, etags: new Map() }, reach, signal);
const { state } = await readBusy(null);
const entry = {
  uid: "a@matepeak",
  title: "Session",
  description: "",
  location: null,
  startsAt: epochMs(Date.UTC(2030, 0, 2)),
  endsAt: addMs(epochMs(Date.UTC(2030, 0, 2)), HOUR_MS),
  timezone: "UTC",
  isTentative: false,
  page: "https://matepeak.example/sessions/1",
  changedAt: epochMs(Date.UTC(2026, 0, 1)),
  sequence: 1,
};
function writer(): EntryWriter {
  if (!provider.entries) throw new Error("Calendars of Microsoft can be written.");
  return provider.entries;
}
const target = { remoteId: calendar };
const known = { ref, etag: null };

const problem = (work: Promise<unknown>): Promise<CalendarProblem> =>
  work.then(
    () => Promise.reject(new Error("It was done.")),
    (error: CalendarProblem) => error,
  );

/** Each with the answers that are none of its failures. */
const works: [what: string, work: () => Promise<unknown>, others: (number | string)[]][] = [
  ["the list of calendars", () => provider.listCalendars(login, signal), []],
  ["a calendar", () => readBusy(null), [410]],
  ["a calendar since a link", () => readBusy(state), [404, 410]],
  ["a new entry", () => writer().put(login, target, entry, null, signal), []],
  ["an entry that is changed", () => writer().put(login, target, entry, known, signal), [404, 410]],
  [
    "an entry that is removed",
    () => writer().remove(login, target, known, signal),
    [404, 410, "other_shape"],
  ],
  ["an entry that is read", () => writer().read(login, target, known, signal), [404, 410]],
];
const statuses = [
  [403, "forbidden"],
  [404, "not_found"],
  [409, "changed_elsewhere"],
  [410, "not_found"],
  [412, "changed_elsewhere"],
  [413, "too_large"],
  [429, "limited"],
  [500, "failing"],
  [503, "failing"],
  [504, "too_slow"],
] as const;
const faults = [
  ["nonsense", "unreadable"],
  ["other_shape", "unreadable"],
  ["stall", "too_slow"],
  ["close_before", "unreachable"],
  ["redirect", "unreadable"],
] as const;

describe.each(works)("%s that is answered by", (_what, work, others) => {
  it.each(statuses.filter(([status]) => !others.includes(status)))("%i", async (status, code) => {
    const error = { code: "ErrorSomething", message: "Not\n now", innerError: { date: "x" } };
    server.answerOnce(status, { error }, /^/, { "retry-after": "120" });
    expect(await problem(work())).toMatchObject({
      code,
      detail: `${status} ErrorSomething: Not now`,
      retryAfterMs: 120_000,
    });
  });

  it.each(faults.filter(([fault]) => !others.includes(fault)))("%s", async (fault, code) => {
    server.misbehave(fault);
    expect(await problem(work())).toMatchObject({ code });
  });
});

it("an answer that does not end is too slow", async () => {
  server.misbehave("stall_in_body");
  expect(await problem(readBusy(null))).toMatchObject({ code: "too_slow" });
});

it("Exchange's own words decide where they say more than the status", async () => {
  for (const [status, name, code] of [
    [400, "ErrorIrresolvableConflict", "changed_elsewhere"],
    [503, "ApplicationThrottled", "limited"],
  ] as const) {
    server.answerOnce(status, { error: { code: name, message: "x" } });
    expect(await problem(writer().put(login, target, entry, known, signal))).toMatchObject({ code });
  }
});

it("a read from the beginning that is refused like an old link is a failure of theirs", async () => {
  server.answerOnce(410, { error: { code: "syncStateNotFound", message: "x" } });
  expect(await problem(readBusy(null))).toMatchObject({ code: "failing" });
});

it("tokens are not in what is shown", async () => {
  const secret = login.secret.kind === "tokens" ? login.secret.accessToken : "";
  server.answerOnce(403, { error: { code: "Denied", message: `Bearer ${secret}` } });
  expect((await problem(provider.listCalendars(login, signal))).detail).toBe("403 Denied: Bearer [secret]");
});

it.each([
  ["stall", "too_slow"],
  ["nonsense", "unreadable"],
  ["fail_before", "failing"],
  ["too_many_before", "limited"],
  ["close_before", "unreachable"],
] as const)("a token server that has a %s", async (fault, code) => {
  const ended = signIn();
  if (ended.secret.kind === "tokens") ended.secret = { ...ended.secret, accessEndsAt: epochMs(0) };
  server.misbehave(fault, /token/);
  expect(await problem(provider.listCalendars(ended, signal))).toMatchObject({ code });
});
