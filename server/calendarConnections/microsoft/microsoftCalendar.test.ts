import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { epochMs } from "#scheduling/units.ts";
import { graphTime } from "../../testing/microsoftCalendarServer.ts";
import type { BusyChanges, CalendarProblem, KnownCalendar, Login } from "../provider.ts";
import { openGraph } from "./graph.ts";
import { openMicrosoftCalendar } from "./microsoftCalendar.ts";
import { openCalendars } from "./testing/openCalendars.ts";

const signal = new AbortController().signal;
const reach = {
  from: epochMs(Date.UTC(2030, 0, 1)),
  until: epochMs(Date.UTC(2030, 1, 1)),
  personZone: "Asia/Kolkata",
};

const { server, provider, signIn, saved, addCalendar } = await openCalendars();
afterAll(() => server.close());
let login: Login;
beforeEach(() => {
  saved.splice(0);
  login = signIn();
});

/** A calendar, and what is known of it after each read. */
function openCalendar() {
  const id = addCalendar();
  let known: KnownCalendar = { remoteId: id, timezone: null, state: null, etags: new Map() };
  return {
    id,
    add: (subject: string, day: number, more: object = {}) =>
      server.add(id, { subject, start: graphTime(day, 10), end: graphTime(day, 11), ...more }),
    addSeries: (subject: string, days: number[], more: object = {}) =>
      server.addSeries(
        id,
        { subject, ...more },
        days.map((day) => ({ start: graphTime(day, 12), end: graphTime(day, 13) })),
      ),
    whole: () => {
      known = { ...known, state: null };
    },
    read: async () => {
      server.calls.splice(0);
      const changes = await provider.readBusy(login, known, reach, signal);
      known = { ...known, state: changes.state, etags: etagsAfter(known.etags, changes) };
      return changes;
    },
    /** What is known: title and day of all busy times, after a read. */
    busy: new Map<string, string[]>(),
  };
}
type Calendar = ReturnType<typeof openCalendar>;

/** All busy times after a read, as the database keeps them. */
async function readAfter(calendar: Calendar): Promise<string[]> {
  const { isFull, objects, removed } = await calendar.read();
  if (isFull) calendar.busy.clear();
  for (const ref of removed) calendar.busy.delete(ref);
  for (const { ref, busy } of objects) {
    calendar.busy.set(
      ref,
      busy.map(({ title, startsAt }) => `${title} ${new Date(startsAt).toISOString().slice(8, 13)}`),
    );
  }
  return [...calendar.busy.values()].flat().sort();
}

interface Change {
  act: string;
  which: number;
  day: number;
  showAs: string;
}

/** One change by the calendar's owner; none if there is nothing to change. */
function apply(calendar: Calendar, { act, which, day, showAs }: Change): void {
  const time = { start: graphTime(day, 9), end: graphTime(day, 10) };
  const all = [...server.events.values()].filter((event) => event.calendar === calendar.id);
  const event = all[which % Math.max(all.length, 1)];
  const occurrence = event?.occurrences?.[which % Math.max(event.occurrences.length, 1)];
  if (act === "add") calendar.add(`e${which}`, day, { showAs });
  else if (act === "series") calendar.addSeries(`s${which}`, [day, day + 1, day + 7], { showAs });
  else if (act === "forget") server.forgetDeltas();
  else if (!event) return;
  else if (act === "move") server.edit(occurrence?.id ?? event.id, time);
  else if (act === "show") server.edit(which % 2 === 0 && occurrence ? occurrence.id : event.id, { showAs });
  else if (act === "drop") server.remove(event.id);
  else if (act === "dropOne" && occurrence) server.removeOccurrence(occurrence.id);
  else if (act === "turn") {
    // An event becomes a series, or a series an event.
    event.occurrences = event.occurrences ? null : [{ id: `${event.id}${which}`, ...time }];
    server.edit(event.id, {});
  }
}

const problem = (work: Promise<unknown>): Promise<CalendarProblem> =>
  work.then(
    () => Promise.reject(new Error("It was done.")),
    (error: CalendarProblem) => error,
  );

it("says whose account it is, and lists its calendars, but not those that other people share", async () => {
  expect(await provider.accountOf?.(login, signal)).toBe(server.account);
  const listed = await provider.listCalendars(login, signal);
  expect(listed.filter(({ remoteId }) => /=[a-z]/.test(remoteId))).toEqual([
    {
      remoteId: "AAMkAG=default",
      name: "Calendar",
      color: null,
      timezone: null,
      isWritable: true,
      countsAsBusy: true,
      isMain: true,
    },
    {
      remoteId: "AAMkAG=team",
      name: "Team",
      color: "#0078d4",
      timezone: null,
      isWritable: true,
      countsAsBusy: true,
      isMain: false,
    },
    {
      remoteId: "AAMkAG=holidays",
      name: "India holidays",
      color: "#ffb900",
      timezone: null,
      isWritable: false,
      countsAsBusy: false,
      isMain: false,
    },
  ]);
});

it("with a login that may only read lists, reads and is told of changes, and writes nothing", async () => {
  const [calendar, reader] = [openCalendar(), signIn(server.scopes.read)];
  const ref = calendar.add("a", 2);
  expect(await provider.listCalendars(reader, signal)).not.toEqual([]);
  expect(await provider.entries!.read(reader, { remoteId: "" }, { ref, etag: null }, signal)).not.toBeNull();
  expect(
    await problem(provider.entries!.remove(reader, { remoteId: "" }, { ref, etag: null }, signal)),
  ).toMatchObject({
    code: "forbidden",
    detail: "403 ErrorAccessDenied: Access is denied. Check credentials and try again.",
  });
  expect(server.events.has(ref)).toBe(true);
});

describe("reading", () => {
  it("is of all, then of what has changed, and costs one request if nothing has", async () => {
    const calendar = openCalendar();
    const [a, b] = [calendar.add("a", 2), calendar.add("b", 3)];
    expect(await readAfter(calendar)).toEqual(["a 02T10", "b 03T10"]);
    expect(await calendar.read()).toMatchObject({ isFull: false, objects: [], removed: [] });
    expect(server.calls).toHaveLength(1);
    server.edit(a, { start: graphTime(4, 8), end: graphTime(4, 9) });
    server.remove(b);
    calendar.add("c", 5);
    expect(await readAfter(calendar)).toEqual(["a 04T08", "c 05T10"]);
    calendar.whole();
    expect(await calendar.read()).toMatchObject({ isFull: true });
  });

  it("takes pages as they come, and wants UTC and the whole range of each", async () => {
    const calendar = openCalendar();
    for (let count = 0; count < 450; count++) calendar.add("a", 2 + (count % 20));
    expect(await readAfter(calendar)).toHaveLength(450);
    expect(server.calls).toHaveLength(3);
    for (const { headers, query } of server.calls) {
      expect(headers.prefer).toContain('outlook.timezone="UTC"');
      expect(headers.prefer).toContain("odata.maxpagesize=200");
      expect(query.get("startDateTime") ?? query.get("$skiptoken")).toBeTruthy();
    }
  });

  it("a series is busy when and as it is, from a report of nothing but times", async () => {
    const calendar = openCalendar();
    const busy = calendar.addSeries("weekly", [2, 9, 16, 40]);
    const free = calendar.addSeries("gym", [3, 10], { showAs: "free" });
    expect(await readAfter(calendar)).toEqual(["weekly 02T12", "weekly 09T12", "weekly 16T12"]);
    const occurrence = (series: string, index: number) =>
      server.events.get(series)?.occurrences?.[index]?.id ?? "";
    // One is moved, one deleted, of which Graph says nothing.
    server.edit(occurrence(busy, 1), { subject: "moved", start: graphTime(11, 7), end: graphTime(11, 8) });
    server.removeOccurrence(occurrence(busy, 2));
    expect(await readAfter(calendar)).toEqual(["moved 11T07", "weekly 02T12"]);
    server.edit(free, { showAs: "busy" });
    server.edit(busy, { showAs: "free" });
    server.edit(occurrence(busy, 1), { showAs: "busy" });
    expect(await readAfter(calendar)).toEqual(["gym 03T12", "gym 10T12", "moved 11T07"]);
    calendar.whole();
    expect(await readAfter(calendar)).toEqual(["gym 03T12", "gym 10T12", "moved 11T07"]);
    server.remove(free);
    server.remove(busy);
    expect(await readAfter(calendar)).toEqual([]);
  });

  it("a series that the report leaves out is asked for; one that is gone by then is busy", async () => {
    const calendar = openCalendar();
    const [here, gone] = [calendar.addSeries("here", [2, 9]), calendar.addSeries("gone", [3])];
    const masters = [here, gone].map((id) => server.events.get(id));
    const stubs = masters.flatMap((series) =>
      (series?.occurrences ?? []).map(({ id, start, end }) => ({
        id,
        start,
        end,
        type: "occurrence",
        seriesMasterId: series?.id,
        showAs: null,
        subject: null,
      })),
    );
    server.remove(gone);
    server.answerOnce(200, { value: stubs, "@odata.deltaLink": `${server.endpoints.api}/x` }, /delta/);
    const { objects } = await calendar.read();
    expect(objects.map(({ uid, busy }) => [uid, busy.length, busy[0]?.title])).toEqual([
      [masters[0]?.iCalUId, 1, "here"],
      [masters[0]?.iCalUId, 1, "here"],
      [null, 1, null],
    ]);
  });

  it("an event that becomes a series, and a series that becomes an event, leave nothing behind", async () => {
    const calendar = openCalendar();
    const id = calendar.add("a", 2);
    await readAfter(calendar);
    const event = server.events.get(id);
    if (!event) throw new Error("There is an event.");
    event.occurrences = [2, 9].map((day) => ({
      id: `${id}${day}`,
      start: graphTime(day, 10),
      end: graphTime(day, 11),
    }));
    server.edit(id, {});
    expect(await readAfter(calendar)).toEqual(["a 02T10", "a 09T10"]);
    event.occurrences = null;
    server.edit(id, {});
    expect(await readAfter(calendar)).toEqual(["a 02T10"]);
  });

  it("what moves out of the range, or is made outside of it, is not busy", async () => {
    const calendar = openCalendar();
    const id = calendar.add("a", 2);
    await readAfter(calendar);
    server.edit(id, { start: graphTime(60), end: graphTime(60, 1) });
    calendar.add("b", 70);
    expect(await readAfter(calendar)).toEqual([]);
    expect((await calendar.read()).isFull).toBe(false);
  });

  it("a delta link that Graph does not know any more: all is read", async () => {
    const calendar = openCalendar();
    const id = calendar.add("a", 2);
    await readAfter(calendar);
    server.remove(id);
    calendar.add("b", 3);
    server.forgetDeltas();
    expect(await readAfter(calendar)).toEqual(["b 03T10"]);
    expect(server.calls.map(({ query }) => query.has("startDateTime"))).toEqual([false, true]);
    expect(await calendar.read()).toMatchObject({ isFull: false, objects: [] });
  });

  it("many series that have changed at once: all is read", async () => {
    const calendar = openCalendar();
    await readAfter(calendar);
    for (let count = 0; count < 41; count++) calendar.addSeries("s", [2]);
    const changes = await calendar.read();
    expect(changes).toMatchObject({ isFull: true });
    expect(changes.objects).toHaveLength(41);
  });

  it("free, tentative and cancelled; our own are told apart where they are stored", async () => {
    const calendar = openCalendar();
    calendar.add("free", 2, { showAs: "free" });
    calendar.add("tentative", 3, { showAs: "tentative" });
    calendar.add("cancelled", 4, { isCancelled: true });
    calendar.add("ours", 5, { transactionId: "booking@matepeak 2" });
    calendar.add("day", 6, { isAllDay: true, start: graphTime(6), end: graphTime(7) });
    // Of the person's day in India.
    expect(await readAfter(calendar)).toEqual(["day 05T18", "ours 05T10", "tentative 03T10"]);
  });

  it("one event that cannot be read does not stop the others", async () => {
    const calendar = openCalendar();
    calendar.add("a", 2);
    calendar.add("broken", 3, { start: { dateTime: "someday", timeZone: "UTC" } });
    const { unreadable } = await calendar.read();
    expect(unreadable).toHaveLength(1);
    server.answerOnce(
      200,
      { value: [{ subject: "no id" }], "@odata.deltaLink": `${server.endpoints.api}/x` },
      /delta/,
    );
    expect((await calendar.read()).unreadable).toEqual(["(no id)"]);
  });

  it("after any changes in any order, what deltas tell is what a read from the beginning tells", async () => {
    const day = fc.integer({ min: -2, max: 40 });
    const change = fc.record({
      act: fc.constantFrom("add", "series", "move", "show", "drop", "dropOne", "turn", "forget", "read"),
      which: fc.nat(20),
      day,
      showAs: fc.constantFrom("busy", "free", "oof", "workingElsewhere"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 25 }), async (changes) => {
        const calendar = openCalendar();
        for (const one of changes) {
          if (one.act === "read") await readAfter(calendar);
          else apply(calendar, one);
        }
        const byDelta = await readAfter(calendar);
        calendar.whole();
        expect(byDelta).toEqual(await readAfter(calendar));
      }),
      { numRuns: Number(process.env.DELTA_ORDERS ?? 40) },
    );
  });

  it("a calendar that was deleted is not found, also by its delta link", async () => {
    const calendar = openCalendar();
    await calendar.read();
    server.calendars.splice(
      server.calendars.findIndex(({ id }) => id === calendar.id),
      1,
    );
    expect(await problem(calendar.read())).toMatchObject({ code: "not_found" });
    calendar.whole();
    expect(await problem(calendar.read())).toMatchObject({ code: "not_found" });
  });

  it("a link to another host does not get the token", async () => {
    const calendar = openCalendar();
    server.answerOnce(200, { value: [], "@odata.nextLink": "https://elsewhere.example/v1.0/x" }, /delta/);
    expect(await problem(calendar.read())).toMatchObject({ code: "unreadable" });
    expect(server.calls).toHaveLength(1);
  });

  it("pages without an end are too much", async () => {
    const calendar = openCalendar();
    const endless = openMicrosoftCalendar(
      openGraph(
        async (url) => ({
          status: 200,
          headers: new Headers(),
          url,
          text: JSON.stringify({ value: [], "@odata.nextLink": url }),
        }),
        { withToken: (_login, work) => work("token") },
        "https://graph.example/v1.0",
      ),
    );
    const known = { remoteId: calendar.id, timezone: null, state: null, etags: new Map() };
    expect(await problem(endless.readBusy(login, known, reach, signal))).toMatchObject({ code: "too_large" });
  });
});

describe("tokens", () => {
  const refreshToken = () => (login.secret.kind === "tokens" ? login.secret.refreshToken : "");

  it("are renewed when they end, before their time too, and stored before they are used", async () => {
    const before = refreshToken();
    server.endAccess();
    const calls = server.calls.length;
    await provider.listCalendars(login, signal);
    expect(server.calls.slice(calls).map(({ path }) => path.at(-1))).toEqual([
      "calendars",
      "token",
      "calendars",
    ]);
    expect(saved).toEqual([login.secret]);
    expect(refreshToken()).not.toBe(before);
    if (login.secret.kind === "tokens") login.secret = { ...login.secret, accessEndsAt: epochMs(Date.now()) };
    login.save = async () => {
      throw new Error("not stored");
    };
    await expect(provider.listCalendars(login, signal)).rejects.toThrow("not stored");
  });

  it.each([
    ["invalid_grant", "AADSTS65001: The user or administrator has not consented to use the application."],
    ["interaction_required", "AADSTS50076: You must use multi-factor authentication."],
  ])("%s: its owner signs in again", async (error, message) => {
    server.refuseTokens(error, message);
    expect(await problem(provider.listCalendars(login, signal))).toMatchObject({
      code: "login_refused",
      detail: expect.stringContaining(message),
    });
    server.acceptTokens();
  });

  it("a client secret that has ended is the operator's matter", async () => {
    server.refuseTokens("invalid_client", "AADSTS7000222: The provided client secret keys are expired.");
    expect(await problem(provider.listCalendars(login, signal))).toMatchObject({ code: "failing" });
    server.acceptTokens();
  });

  it("a token that is refused although it is new ends the login", async () => {
    server.answerOnce(401, { error: { code: "InvalidAuthenticationToken", message: "no" } }, /calendars/);
    server.answerOnce(401, { error: { code: "InvalidAuthenticationToken", message: "no" } }, /calendars/);
    expect(await problem(provider.listCalendars(login, signal))).toMatchObject({ code: "login_refused" });
  });
});

function etagsAfter(etags: KnownCalendar["etags"], { isFull, objects, removed }: BusyChanges) {
  const next = new Map(isFull ? [] : etags);
  for (const ref of removed) next.delete(ref);
  for (const { ref, etag } of objects) next.set(ref, etag);
  return next;
}
