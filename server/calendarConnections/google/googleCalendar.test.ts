import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import { systemClock } from "../../platform/clock.ts";
import { openPublicFetch } from "../../platform/http/publicFetch.ts";
import {
  type GoogleCalendarServer,
  googleCalendarClient,
  googleScopes,
  startGoogleCalendarServer,
} from "../../testing/googleCalendarServer.ts";
import { openOAuth } from "../oauth.ts";
import type {
  BusyChanges,
  CalendarEntry,
  CalendarProblem,
  CalendarProvider,
  EntryWriter,
  KnownCalendar,
  Login,
  TokenSecret,
} from "../provider.ts";
import { openGoogleApi } from "./googleApi.ts";
import { openGoogleCalendar } from "./googleCalendar.ts";
import { googleOAuth } from "./googleOAuth.ts";

const signal = new AbortController().signal;
const reach = {
  from: epochMs(Date.UTC(2030, 0, 1)),
  until: epochMs(Date.UTC(2031, 0, 1)),
  personZone: "Asia/Kolkata",
};
/** An hour, at ten o'clock of a day of January 2030. */
const hourOn = (day: number) => {
  const startsAt = Date.UTC(2030, 0, day, 10);
  return {
    start: { dateTime: new Date(startsAt).toISOString() },
    end: { dateTime: new Date(startsAt + HOUR_MS).toISOString() },
  };
};

let google: GoogleCalendarServer;
let provider: CalendarProvider;
let writer: EntryWriter;
let count = 0;
beforeAll(async () => {
  google = await startGoogleCalendarServer();
  const publicFetch = openPublicFetch({ privateHosts: [google.host] });
  // As it is, but for its patience.
  const { bounds } = google;
  const fetch: typeof publicFetch = (address, request) =>
    publicFetch(address, { ...request, timeoutMs: bounds.timeoutMs });
  const oauth = openOAuth(googleOAuth(googleCalendarClient, google.endpoints), fetch, systemClock);
  provider = openGoogleCalendar(openGoogleApi(fetch, oauth, google.endpoints.api));
  if (!provider.entries) throw new Error("Calendars of Google can be written.");
  writer = provider.entries;
});
afterAll(() => google.close());
afterEach(() => void google.calls.splice(0));

/** A login whose first access token has to be fetched. */
function newLogin(granted?: readonly string[]): Login & { email: string; saved: TokenSecret[] } {
  const email = `asha.${count++}@gmail.example`;
  const saved: TokenSecret[] = [];
  return {
    email,
    saved,
    connectionId: "one",
    serverUrl: null,
    username: email,
    secret: {
      kind: "tokens",
      accessToken: "none",
      accessEndsAt: epochMs(0),
      refreshToken: google.signIn(email, granted),
      loginEndsAt: null,
    },
    save: async (secret) => {
      if (secret.kind === "tokens") saved.push(secret);
    },
  };
}

/** A calendar, and what is known of it after each read. */
function openCalendar(login = newLogin()) {
  let known: KnownCalendar = {
    remoteId: login.email,
    timezone: "Asia/Kolkata",
    state: null,
    etags: new Map(),
  };
  return {
    login,
    calendar: { remoteId: login.email },
    setState: (state: KnownCalendar["state"]) => {
      known = { ...known, state };
    },
    put: (id: string, change: Record<string, unknown>) => google.put(login.email, "primary", id, change),
    events: () => google.events(login.email, "primary"),
    read: async () => {
      const changes = await provider.readBusy(login, known, reach, signal);
      known = { ...known, state: changes.state };
      return changes;
    },
  };
}

const days = ({ objects }: BusyChanges) =>
  Object.fromEntries(
    objects.map(({ ref, busy }) => [ref, busy.map(({ startsAt }) => new Date(startsAt).getUTCDate())]),
  );

const problemOf = (work: Promise<unknown>): Promise<CalendarProblem> =>
  work.then(
    () => Promise.reject(new Error("It was done.")),
    (error: CalendarProblem) => error,
  );

describe("calendars", () => {
  it("are listed over all pages, with what each is for", async () => {
    const login = newLogin();
    const others = [
      { id: "team@group.calendar.google.com", summary: " Team\u0007 ", accessRole: "writer" },
      { id: "en.indian#holiday@group.v.calendar.google.com", summary: "Holidays", accessRole: "reader" },
      { id: "ravi@gmail.example", summary: "Ravi", accessRole: "freeBusyReader", backgroundColor: "red" },
    ];
    for (const other of others) google.addCalendar(login.email, other);
    const usual = { timezone: "Asia/Kolkata", color: "#9fe1e7", isMain: false };
    expect(await provider.listCalendars(login, signal)).toEqual([
      {
        ...usual,
        remoteId: login.email,
        name: login.email,
        isWritable: true,
        countsAsBusy: true,
        isMain: true,
      },
      { ...usual, remoteId: others[0]?.id, name: "Team", isWritable: true, countsAsBusy: true },
      { ...usual, remoteId: others[1]?.id, name: "Holidays", isWritable: false, countsAsBusy: false },
      {
        ...usual,
        color: null,
        remoteId: others[2]?.id,
        name: "Ravi",
        isWritable: false,
        countsAsBusy: false,
      },
    ]);
    expect(await provider.accountOf?.(login, signal)).toBe(login.email);
  });
});

it("a login that may write but not read does not even list", async () => {
  const login = newLogin([googleScopes.events]);
  expect(await problemOf(provider.listCalendars(login, signal))).toMatchObject({ code: "forbidden" });
});

describe("busy times", () => {
  it("are read over all pages, and then only what has changed", async () => {
    const { put, read } = openCalendar();
    for (let day = 2; day < 9; day++) put(`event${day}`, hourOn(day));
    put("other", { ...hourOn(2), start: { date: "2029-12-01" }, end: { date: "2029-12-02" } });
    const first = await read();
    expect(first).toMatchObject({ isFull: true, removed: [], unreadable: [] });
    expect(days(first)).toEqual(
      Object.fromEntries([2, 3, 4, 5, 6, 7, 8].map((day) => [`event${day}`, [day]])),
    );
    expect(await read()).toMatchObject({ isFull: false, objects: [], removed: [] });
    put("event2", hourOn(20));
    put("event3", { status: "cancelled" });
    put("event4", { transparency: "transparent" });
    put("event9", hourOn(9));
    const changes = await read();
    expect(days(changes)).toEqual({ event2: [20], event4: [], event9: [9] });
    expect(changes).toMatchObject({ isFull: false, removed: ["event3"] });
    expect(await read()).toMatchObject({ isFull: false, objects: [], removed: [] });
  });

  it("an unchanged calendar costs one request", async () => {
    const { put, read } = openCalendar();
    put("event", hourOn(2));
    await read();
    google.calls.splice(0);
    await read();
    expect(google.calls).toHaveLength(1);
  });

  it("a sync token that Google has forgotten, or cannot read: everything is read", async () => {
    const { put, read, setState } = openCalendar();
    put("event", hourOn(2));
    await read();
    google.forgetSyncTokens();
    expect(await read()).toMatchObject({ isFull: true, objects: [{ ref: "event" }] });
    setState({ syncToken: "nonsense" });
    expect(await read()).toMatchObject({ isFull: true, objects: [{ ref: "event" }] });
  });

  it("an event that cannot be read is named, and the others are read", async () => {
    const { put, read } = openCalendar();
    put("event1", hourOn(2));
    put("event2", { ...hourOn(3), summary: 7 });
    expect(await read()).toMatchObject({
      objects: [{ ref: "event1" }, { ref: "event2", busy: [] }],
      unreadable: ["event2"],
    });
  });

  it("events of whole days begin on the calendar's clock", async () => {
    const { put, read } = openCalendar();
    put("event", { start: { date: "2030-01-02" }, end: { date: "2030-01-03" } });
    const { objects } = await read();
    expect(objects[0]?.busy).toMatchObject([
      { startsAt: Date.parse("2030-01-02T00:00:00+05:30"), isAllDay: true },
    ]);
  });
});

describe("what goes wrong", () => {
  const events = /GET .*\/events$/;
  const answers: [what: string, code: string, arrange: () => void, detail?: string][] = [
    ["no answer in time", "too_slow", () => google.misbehave("stall", events)],
    ["an answer that breaks off", "too_slow", () => google.misbehave("stall_in_body", events)],
    ["an error of theirs", "failing", () => google.misbehave("fail_before", events), "503 Backend Error"],
    ["HTML", "unreadable", () => google.misbehave("nonsense", events)],
    ["JSON of something else", "unreadable", () => google.misbehave("other_shape", events)],
    ["a connection that ends", "unreachable", () => google.misbehave("close_before", events)],
    ["a redirect", "unreadable", () => google.misbehave("redirect", events)],
    [
      "403, too many",
      "limited",
      () => google.misbehave("too_many_before", events),
      "403 Rate Limit Exceeded",
    ],
    [
      "403, no right",
      "forbidden",
      () => google.answerOnce(403, { error: { message: "No", errors: [{ reason: "forbidden" }] } }, events),
    ],
    [
      "403, no API",
      "failing",
      () =>
        google.answerOnce(
          403,
          { error: { message: "Off", errors: [{ reason: "accessNotConfigured" }] } },
          events,
        ),
    ],
    ["404", "not_found", () => google.answerOnce(404, {}, events)],
    ["410 of the calendar", "not_found", () => google.answerOnce(410, {}, events)],
    ["409", "changed_elsewhere", () => google.answerOnce(409, {}, events)],
    ["412", "changed_elsewhere", () => google.answerOnce(412, {}, events)],
  ];
  it.each(answers)("%s is %s", async (_what, code, arrange, detail) => {
    const { read } = openCalendar();
    arrange();
    const problem = await problemOf(read());
    expect(problem.code).toBe(code);
    if (detail !== undefined) expect(problem.detail).toBe(detail);
  });

  it("429 says when to ask again", async () => {
    const { read } = openCalendar();
    google.answerOnce(429, { error: { message: "Slow down" } }, events, { "retry-after": "120" });
    expect(await problemOf(read())).toMatchObject({ code: "limited", retryAfterMs: 120_000 });
  });

  it("in the middle of the pages nothing is read", async () => {
    const { put, read } = openCalendar();
    for (let day = 2; day < 9; day++) put(`event${day}`, hourOn(day));
    google.answerOnce(500, {}, events);
    expect((await problemOf(read())).code).toBe("failing");
    expect((await read()).objects).toHaveLength(7);
  });

  it("a message never repeats a token", async () => {
    const { login, read } = openCalendar();
    await read();
    const [{ accessToken = "", refreshToken = "" } = {}] = login.saved;
    google.answerOnce(403, { error: { message: `No ${accessToken} ${refreshToken}` } }, events);
    expect((await problemOf(read())).detail).toBe("403 No [secret] [secret]");
  });
});

describe("tokens", () => {
  it("are renewed once for many requests, and stored before they are used", async () => {
    const { login, read } = openCalendar();
    await read();
    await read();
    expect(login.saved).toHaveLength(1);
    expect(google.calls.filter(({ path }) => path[0] === "token")).toHaveLength(1);
    login.save = async () => {
      throw new Error("The database is away.");
    };
    google.endAccess();
    const before = login.secret;
    await expect(read()).rejects.toThrow("The database is away.");
    expect(login.secret).toBe(before);
  });

  it("that are refused are renewed; a login that its owner took back is refused", async () => {
    const { login, read } = openCalendar();
    await read();
    google.endAccess();
    await read();
    expect(login.saved).toHaveLength(2);
    google.forgetLogins();
    expect(await problemOf(read())).toMatchObject({
      code: "login_refused",
      detail: "invalid_grant: Bad Request",
    });
  });

  it("are not given up because Google has a problem", async () => {
    const { read } = openCalendar();
    google.misbehave("fail_before", /token$/);
    expect((await problemOf(read())).code).toBe("failing");
    google.misbehave("nonsense", /token$/);
    expect((await problemOf(read())).code).toBe("unreadable");
    google.misbehave("stall", /token$/);
    expect((await problemOf(read())).code).toBe("too_slow");
    google.answerOnce(401, { error: "invalid_client" }, /token$/);
    expect(await problemOf(read())).toMatchObject({ code: "failing", detail: "invalid_client" });
    await read();
  });
});

describe("entries", () => {
  const startsAt = epochMs(Date.UTC(2030, 0, 2, 10));
  const entryOf = (name: string, changes: Partial<CalendarEntry> = {}): CalendarEntry => ({
    uid: `${name}@matepeak`,
    title: "1:1 session with Ravi",
    description: "Line one\nLine two",
    location: "https://meet.example.com/asha",
    startsAt,
    endsAt: epochMs(startsAt + HOUR_MS),
    timezone: "Asia/Kolkata",
    isTentative: false,
    page: "https://matepeak.example/sessions/1",
    changedAt: epochMs(Date.UTC(2026, 0, 1)),
    sequence: 1,
    ...changes,
  });

  it("a login that may only read lists and reads, and writes nothing", async () => {
    const login = newLogin([googleScopes.read]);
    const { calendar, put, read, events } = openCalendar(login);
    put("event", hourOn(2));
    expect(await provider.listCalendars(login, signal)).toHaveLength(1);
    expect(days(await read())).toEqual({ event: [2] });
    const known = { ref: "event", etag: null };
    const room = {
      uid: "b@matepeak",
      title: "b",
      startsAt: reach.from,
      endsAt: reach.until,
      timezone: "UTC",
    };
    for (const work of [
      () => writer.put(login, calendar, entryOf("b"), null, signal),
      () => writer.put(login, calendar, entryOf("b"), known, signal),
      () => writer.remove(login, calendar, known, signal),
      () => provider.rooms!.make(login, calendar, room, signal),
    ])
      expect(await problemOf(work())).toMatchObject({
        code: "forbidden",
        detail: "403 Request had insufficient authentication scopes.",
      });
    expect(events()).toMatchObject([{ id: "event", start: hourOn(2).start }]);
  });

  it("are created, read, changed and removed; a removed one is removed", async () => {
    const { login, calendar, events } = openCalendar();
    const first = await writer.put(login, calendar, entryOf("a", { isTentative: true }), null, signal);
    expect(first).toMatchObject({ uid: `${first.ref}@google.com` });
    expect(events()).toMatchObject([
      {
        summary: "1:1 session with Ravi",
        status: "tentative",
        location: "https://meet.example.com/asha",
        start: { dateTime: "2030-01-02T10:00:00.000Z", timeZone: "Asia/Kolkata" },
      },
    ]);
    const endsAt = startsAt + HOUR_MS;
    expect(await writer.read(login, calendar, first, signal)).toEqual({ etag: first.etag, startsAt, endsAt });
    const later = entryOf("a", {
      startsAt: epochMs(endsAt),
      endsAt: epochMs(endsAt + HOUR_MS),
      location: null,
    });
    const second = await writer.put(login, calendar, later, first, signal);
    expect(second.ref).toBe(first.ref);
    expect(second.etag).not.toBe(first.etag);
    expect(events()).toMatchObject([
      { status: "confirmed", location: "", start: { dateTime: "2030-01-02T11:00:00.000Z" } },
    ]);
    for (let again = 0; again < 2; again++) await writer.remove(login, calendar, second, signal);
    expect(events()).toEqual([]);
    expect(await writer.read(login, calendar, second, signal)).toBeNull();
  });

  it("that are written twice are one, also if the first write was never known", async () => {
    const { login, calendar, events } = openCalendar();
    google.misbehave("close_after", /POST .*\/events$/);
    expect((await problemOf(writer.put(login, calendar, entryOf("a"), null, signal))).code).toBe(
      "unreachable",
    );
    expect(events()).toHaveLength(1);
    const again = await writer.put(login, calendar, entryOf("a", { title: "Later" }), null, signal);
    expect(events()).toMatchObject([{ id: again.ref, summary: "Later" }]);
  });

  it("that were removed are brought back, for Google keeps their ids", async () => {
    const { login, calendar, events } = openCalendar();
    const first = await writer.put(login, calendar, entryOf("a"), null, signal);
    await writer.remove(login, calendar, first, signal);
    const again = await writer.put(login, calendar, entryOf("a"), null, signal);
    expect(again.ref).toBe(first.ref);
    expect(events()).toMatchObject([{ status: "confirmed" }]);
  });

  it("that have changed or are gone are not written over", async () => {
    const { login, calendar, events, put } = openCalendar();
    const first = await writer.put(login, calendar, entryOf("a"), null, signal);
    put(first.ref, hourOn(9));
    const write = (etag = first.etag) =>
      problemOf(writer.put(login, calendar, entryOf("a"), { ...first, etag }, signal));
    expect((await write()).code).toBe("changed_elsewhere");
    expect(events()).toMatchObject([hourOn(9)]);
    const found = await writer.read(login, calendar, first, signal);
    expect(found?.startsAt).toBe(Date.UTC(2030, 0, 9, 10));
    put(first.ref, { status: "cancelled" });
    expect((await write()).code).toBe("changed_elsewhere");
    expect((await write(null)).code).toBe("changed_elsewhere");
    expect(events()).toEqual([]);
  });

  it("in a calendar that may only be read are forbidden", async () => {
    const login = newLogin();
    google.addCalendar(login.email, { id: "team@group.calendar.google.com", accessRole: "reader" });
    const calendar = { remoteId: "team@group.calendar.google.com" };
    expect((await problemOf(writer.put(login, calendar, entryOf("a"), null, signal))).code).toBe("forbidden");
  });
});

describe("rooms", () => {
  const [startsAt, endsAt] = [epochMs(Date.UTC(2030, 0, 2, 10)), epochMs(Date.UTC(2030, 0, 2, 11))];
  const entry = { uid: "a@matepeak", title: "1:1 session", startsAt, endsAt, timezone: "Asia/Kolkata" };
  const whole: CalendarEntry = {
    ...entry,
    title: "1:1 session with Ravi",
    description: "",
    location: null,
    isTentative: false,
    page: "https://matepeak.example/sessions/1",
    changedAt: startsAt,
    sequence: 1,
  };
  const rooms = () => {
    if (!provider.rooms) throw new Error("Google makes rooms.");
    return provider.rooms;
  };

  it("are of an entry that is there already, which stays as it is, or of a new one that is then written", async () => {
    const { login, calendar, events } = openCalendar();
    const first = await rooms().make(login, calendar, entry, signal);
    expect(first).toMatch(/^https:\/\/meet\.google\.com\//);
    await writer.put(login, calendar, whole, null, signal);
    expect(events()).toMatchObject([{ hangoutLink: first, summary: "1:1 session with Ravi" }]);
    expect(await rooms().make(login, calendar, entry, signal)).toBe(first);
    await rooms().remove(login, calendar, { uid: entry.uid, withEntry: false }, signal);
    expect(await rooms().read(login, calendar, entry.uid, signal)).toBeNull();
    await rooms().make(login, calendar, entry, signal);
    expect(await rooms().read(login, calendar, entry.uid, signal)).toBe(first);
    expect(events()).toMatchObject([{ hangoutLink: first, summary: "1:1 session with Ravi" }]);
    for (let again = 0; again < 2; again++)
      await rooms().remove(login, calendar, { uid: entry.uid, withEntry: true }, signal);
    expect(events()).toEqual([]);
    expect(await rooms().read(login, calendar, entry.uid, signal)).toBeNull();
    // What was removed is brought back with its room.
    expect(await rooms().make(login, calendar, entry, signal)).toBe(first);
    expect(events()).toHaveLength(1);
  });

  it("are made also while their entries are written", async () => {
    const { login, calendar } = openCalendar();
    for (let round = 0; round < 10; round += 1) {
      const uid = `both ${round}@matepeak`;
      const put = () =>
        // The job of entries reads such an entry and writes it again at once.
        writer.put(login, calendar, { ...whole, uid }, null, signal).catch((problem: unknown) => {
          expect(problem).toMatchObject({ code: "changed_elsewhere" });
        });
      const [made] = await Promise.all([rooms().make(login, calendar, { ...entry, uid }, signal), put()]);
      expect(await rooms().read(login, calendar, uid, signal)).toBe(made);
    }
  });

  it("that Google makes a moment later are waited for; an account without rooms is said", async () => {
    const { login, calendar, events } = openCalendar();
    google.takeTimeForRooms(true);
    try {
      const link = await rooms().make(login, calendar, entry, signal);
      expect(events()).toMatchObject([{ hangoutLink: link }]);
    } finally {
      google.takeTimeForRooms(false);
    }
    google.answerOnce(
      200,
      { kind: "calendar#event", id: "one", etag: "1", iCalUID: "one" },
      /POST .*\/events$/,
    );
    const other = { ...entry, uid: "b@matepeak" };
    expect((await problemOf(rooms().make(login, calendar, other, signal))).code).toBe("forbidden");
  });
});
