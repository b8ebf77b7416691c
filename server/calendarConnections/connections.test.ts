import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CalendarConnection,
  calendarConnection,
  calendarConnectionList,
  calendarTest,
  ownBusyTimes,
} from "#contract/calendarConnections.ts";
import { addMs, asMinutes, DAY_MS } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import { openMetrics } from "../platform/metrics/metrics.ts";
import { readSlots } from "../testing/booking.ts";
import { runTask } from "../testing/jobs.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { type Connecting, openConnecting } from "./connectionKinds.ts";
import { CalendarProblem } from "./provider.ts";
import { pauseAfter, syncNext } from "./sync.ts";
import { type CalDavServer, startCalDavServer } from "./testing/calDavServers.ts";
import { startFeedServer } from "./testing/feedServer.ts";
import { plainEvent } from "./testing/plainEvents.ts";

let test: TestApp;
let radicale: CalDavServer;
let feed: Awaited<ReturnType<typeof startFeedServer>>;
let connecting: Connecting;
let config: Parameters<typeof openConnecting>[0];
beforeAll(async () => {
  [radicale, feed] = await Promise.all([startCalDavServer("radicale"), startFeedServer()]);
  config = {
    authSecret: testSecret,
    publicUrl: testPublicUrl,
    privateCalendarHosts: [radicale.host, feed.host],
  };
  connecting = openConnecting(config);
  test = await openTestApp({ connecting });
});
afterAll(async () => {
  await test.close();
  await Promise.all([radicale.stop(), feed.close()]);
});

const path = "/me/calendar-connections";
const sync = (with_ = connecting) => runTask(test.db, "sync_calendars", {}, { connecting: with_ });
const faults: unknown[] = [];
const syncing = (with_ = connecting) => ({
  database: test.db.database,
  now: systemClock,
  ...with_,
  onFault: (error: unknown) => faults.push(error),
});
const byFeed = () => ({ kind: "feed", url: feed.url, name: "Lectures" });
const byPassword = (password = radicale.password) => ({
  kind: "caldav",
  server_url: radicale.url,
  username: radicale.username,
  password,
});
const connect = async (who: Person, body: object) =>
  (await who.call("POST", path, body)).expect(201).read(calendarConnection);
const own = async (who: Person) => (await who.call("GET", path)).read(calendarConnectionList).data;
const only = async (who: Person): Promise<CalendarConnection> => {
  const [one, ...more] = await own(who);
  if (!one || more.length > 0) throw new Error("Not one connection.");
  return one;
};
const change = (who: Person, { id }: { id: string }, set: string) =>
  test.db.owner.query(`update calendar_connections set ${set} where id = $1 and user_id = $2`, [id, who.id]);
const dueNow = (who: Person, one: { id: string }) => change(who, one, "sync_due_at = now()");
const busyOf = async (who: Person) => {
  const start = new Date().toISOString();
  const end = new Date(addMs(systemClock(), 60 * DAY_MS)).toISOString();
  return (await who.call("GET", `/me/busy-times?start=${start}&end=${end}`)).read(ownBusyTimes).data;
};

const tables = ["calendar_connections", "connected_calendars", "connected_objects", "connected_events"];
const rowsOf = async (table: string, { id }: Person) =>
  (await test.db.owner.query(`select from ${table} where user_id = $1`, [id])).rowCount;

/** A mentor with a feed that has one event at a free time, which has been read. */
async function openBusyMentor(): Promise<{
  mentor: Mentor;
  connection: CalendarConnection;
  start: string;
}> {
  const mentor = await test.makeMentor();
  const start = (await readSlots(test.visitor, mentor))[0]?.starts_at ?? "";
  feed.say(200, plainEvent("a", start));
  const connection = await connect(mentor, byFeed());
  await sync();
  return { mentor, connection, start };
}
const isOffered = async (mentor: Mentor, start: string) =>
  (await readSlots(test.visitor, mentor)).some(({ starts_at }) => starts_at === start);

it("an event in Radicale hides a time within one round; deleted, it is free again; disconnected, all copies are gone", async () => {
  const mentor = await test.makeMentor();
  const start = (await readSlots(test.visitor, mentor))[0]?.starts_at ?? "";
  const calendar = await radicale.makeCalendar("work");
  await radicale.put(calendar, "a.ics", plainEvent("a", start));
  const connection = await connect(mentor, byPassword());
  expect(connection).toMatchObject({ kind: "caldav", name: "127.0.0.1", health: "fine", synced_at: null });
  expect(connection.calendars).toMatchObject([{ name: "work", is_writable: true, counts_as_busy: true }]);
  expect(JSON.stringify(connection)).not.toContain(radicale.password);
  await sync();
  expect(await only(mentor)).toMatchObject({ health: "fine", problem: null, synced_at: expect.any(String) });
  expect(await busyOf(mentor)).toMatchObject([{ starts_at: start, calendar: "work", title: null }]);
  expect(await isOffered(mentor, start)).toBe(false);

  await radicale.remove(`${calendar}a.ics`);
  await dueNow(mentor, connection);
  await sync();
  expect(await isOffered(mentor, start)).toBe(true);

  await radicale.put(calendar, "b.ics", plainEvent("b", start));
  (await mentor.call("POST", `${path}/${connection.id}/sync`)).expect(200);
  expect(await isOffered(mentor, start)).toBe(false);
  (await mentor.call("DELETE", `${path}/${connection.id}`)).expect(204);
  expect(await isOffered(mentor, start)).toBe(true);
  for (const table of tables) expect([table, await rowsOf(table, mentor)]).toEqual([table, 0]);
});

it("a calendar that is gone at its provider stays busy, and is named; the others are read", async () => {
  const [student] = (await test.signUpCrowd(1)) as [Person];
  const gone = await radicale.makeCalendar("gone");
  await radicale.put(gone, "a.ics", plainEvent("a", new Date(addMs(systemClock(), DAY_MS)).toISOString()));
  const connection = await connect(student, byPassword());
  await sync();
  const before = await busyOf(student);
  await radicale.remove(gone);
  await dueNow(student, connection);
  await sync();
  const after = await only(student);
  expect(after).toMatchObject({ health: "fine", problem: null });
  expect(after.calendars.find(({ name }) => name === "gone")?.missing_since).toEqual(expect.any(String));
  expect(await busyOf(student)).toEqual(before);
});

it("a calendar that is renamed at its provider has its new name with the next full read, and stays what it was for", async () => {
  const [student] = (await test.signUpCrowd(1)) as [Person];
  const calendar = await radicale.makeCalendar("old name");
  const connection = await connect(student, byPassword());
  const { id } = connection.calendars.find(({ name }) => name === "old name")!;
  (await student.call("PATCH", `/me/connected-calendars/${id}`, { counts_as_busy: false })).expect(200);
  await sync();
  await radicale.setName(calendar, "new name");
  await test.db.owner.query(
    "update connected_calendars set read_fully_at = now() - interval '25 hours' where id = $1",
    [id],
  );
  await dueNow(student, connection);
  await sync();
  const calendars = (await only(student)).calendars.filter((one) => one.id === id);
  expect(calendars).toMatchObject([{ name: "new name", counts_as_busy: false, missing_since: null }]);
  await radicale.remove(calendar);
});

it("an event that comes through two connections is busy once and listed once, and stays when one of them ends", async () => {
  const { mentor, connection, start } = await openBusyMentor();
  // At the same time there is another event, which is not the same.
  feed.say(200, plainEvent("a", start, "Dentist") + plainEvent("b", start, "Call"));
  const again = await connect(mentor, { ...byFeed(), name: "The same" });
  await sync();
  const [first, second] = [connection, again].map(({ calendars }) => calendars[0]?.id);
  const expectListed = async (calendars: unknown[]) => {
    const listed = (await busyOf(mentor)).map(({ starts_at, calendar_id }) => [starts_at, calendar_id]);
    expect(listed.toSorted()).toEqual(calendars.map((calendar) => [start, calendar]).toSorted());
  };
  await expectListed([first, second]);
  // It is named by the calendar that counts.
  const counts = async (counts_as_busy: boolean) =>
    (await mentor.call("PATCH", `/me/connected-calendars/${first}`, { counts_as_busy })).expect(200);
  await counts(false);
  await expectListed([second, second]);
  await counts(true);
  const during = async () => {
    const { rows } = await test.db.owner.query<{ ranges: number }>(
      "select (select count(*)::integer from unnest(during)) as ranges from busy_times where expert_id = $1",
      [mentor.id],
    );
    return rows[0]?.ranges;
  };
  expect(await during()).toBe(1);
  (await mentor.call("DELETE", `${path}/${connection.id}`)).expect(204);
  expect([await isOffered(mentor, start), await during()]).toEqual([false, 1]);
  (await mentor.call("DELETE", `${path}/${again.id}`)).expect(204);
  expect([await isOffered(mentor, start), await during()]).toEqual([true, 0]);
});

it("a test says what is wrong, and connects nothing", async () => {
  const [student] = (await test.signUpCrowd(1)) as [Person];
  const tried = async (body: object) => (await student.call("POST", `${path}/test`, body)).read(calendarTest);
  expect(await tried(byPassword())).toMatchObject({ works: true, problem: null });
  expect(await tried(byPassword("wrong"))).toMatchObject({ works: false, problem: "login_refused" });
  expect(await tried({ kind: "feed", url: "webcal://127.0.0.1/a.ics" })).toMatchObject({
    problem: "address_private",
  });
  expect(await tried({ kind: "feed", url: "https://user:word@example.com/" })).toMatchObject({
    problem: "not_found",
  });
  expect(await own(student)).toEqual([]);
});

it("a broken password is reported, and a new one mends it", async () => {
  const [student] = (await test.signUpCrowd(1)) as [Person];
  const connection = await connect(student, byPassword());
  await change(student, connection, "sync_due_at = now()");
  const wrong = connecting.logins.seal({ kind: "password", password: "wrong" }, connection.id);
  await test.db.owner.query("update calendar_connections set credential = $1 where id = $2", [
    wrong,
    connection.id,
  ]);
  await sync();
  expect(await only(student)).toMatchObject({
    health: "broken",
    problem: "login_refused",
    broken_since: expect.any(String),
  });
  const patch = (password: string) => student.call("PATCH", `${path}/${connection.id}`, { password });
  (await patch("wrong too")).problem("calendar_login_refused");
  (await patch(radicale.password)).expect(200);
  await sync();
  expect(await only(student)).toMatchObject({ health: "fine", problem: null, broken_since: null });
});

describe("a provider that fails", () => {
  it("is asked again after 1, 2, 4 … 30 minutes, and not before it says", () => {
    const failing = new CalendarProblem("failing");
    const minutes = [0, 1, 2, 3, 4, 5, 6, 500].map((failures) => pauseAfter(failures, failing) / 60_000);
    expect(minutes).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(pauseAfter(0, new CalendarProblem("limited", { retryAfterMs: 3_600_000 }))).toBe(3_600_000);
  });

  it.each([
    ["a day ahead", DAY_MS],
    ["a day behind", -DAY_MS],
  ])("and whose clock is %s is not asked before it says", async (_, skew) => {
    const { mentor, connection } = await openBusyMentor();
    const at = (ms: number) => new Date(Date.now() + skew + ms).toUTCString();
    feed.say(503, "", { date: at(0), "retry-after": at(20 * 60_000) });
    await dueNow(mentor, connection);
    await sync();
    const { rows } = await test.db.owner.query(
      "select extract(epoch from sync_due_at - now()) as seconds from calendar_connections where id = $1",
      [connection.id],
    );
    expect(Number(rows[0]?.seconds)).toBeGreaterThan(19 * 60);
    expect(Number(rows[0]?.seconds)).toBeLessThan(21 * 60);
    // Its dates are given back to it as they are.
    feed.say(200, plainEvent("a", new Date(addMs(systemClock(), DAY_MS)).toISOString()), {
      date: at(0),
      "last-modified": at(-60_000),
    });
    await dueNow(mentor, connection);
    await sync();
    expect(await only(mentor)).toMatchObject({ health: "fine", problem: null });
    expect(await busyOf(mentor)).toHaveLength(1);
  });

  it("leaves the busy times as they were", async () => {
    const { mentor, connection, start } = await openBusyMentor();
    feed.say(429, "Slow down", { "retry-after": "600" });
    await dueNow(mentor, connection);
    await sync();
    expect(await only(mentor)).toMatchObject({
      problem: "limited",
      problem_detail: "429 Slow down",
      health: "late",
    });
    const { rows } = await test.db.owner.query(
      "select extract(epoch from sync_due_at - now()) as seconds, failures from calendar_connections where id = $1",
      [connection.id],
    );
    expect(rows[0]?.failures).toBe(1);
    expect(Number(rows[0]?.seconds)).toBeGreaterThan(590);
    expect(await isOffered(mentor, start)).toBe(false);
  });

  it("for half an hour pauses the offering of a mentor who wants that, until it is read again", async () => {
    const { mentor, connection } = await openBusyMentor();
    (await mentor.call("PATCH", `${path}/${connection.id}`, { if_stale: "pause", name: "Mine" })).expect(200);
    feed.say(500);
    await change(mentor, connection, "sync_due_at = now(), synced_at = now() - interval '29 minutes'");
    await sync();
    expect((await readSlots(test.visitor, mentor)).length).toBeGreaterThan(0);
    await change(mentor, connection, "synced_at = now() - interval '31 minutes'");
    await sync({ ...connecting, staleMinutes: asMinutes(40) });
    expect((await readSlots(test.visitor, mentor)).length).toBeGreaterThan(0);
    await sync();
    expect(await only(mentor)).toMatchObject({ health: "broken", name: "Mine" });
    expect(await readSlots(test.visitor, mentor)).toEqual([]);
    for (const [if_stale, isPaused] of [
      ["continue", false],
      ["pause", true],
    ] as const) {
      (await mentor.call("PATCH", `${path}/${connection.id}`, { if_stale })).expect(200);
      expect((await readSlots(test.visitor, mentor)).length === 0).toBe(isPaused);
    }
    feed.say(200, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    await dueNow(mentor, connection);
    await sync();
    expect((await readSlots(test.visitor, mentor)).length).toBeGreaterThan(0);
  });
});

describe("a fault of ours", () => {
  it("is reported, ends the lease and leaves the busy times as they were; the next read is as always", async () => {
    const { mentor, connection, start } = await openBusyMentor();
    const fault = new TypeError("not a function");
    const faulty = {
      ...connecting,
      providers: {
        feed: { ...connecting.providers.feed!, readBusy: () => Promise.reject(fault) },
      },
    };
    await dueNow(mentor, connection);
    const metrics = openMetrics();
    expect(await syncNext({ ...syncing(faulty), metrics }, connection.id)).toBe("failed");
    expect(faults).toEqual([fault]);
    expect(await only(mentor)).toMatchObject({ problem: "unreadable", problem_detail: null, health: "late" });
    expect(await isOffered(mentor, start)).toBe(false);
    expect(await syncNext({ ...syncing(), metrics }, connection.id)).toBe("done");
    feed.say(429);
    expect(await syncNext({ ...syncing(), metrics }, connection.id)).toBe("failed");
    const counted = (await metrics.registry.metrics()).match(/^matepeak_calendar_reads_total\{.*$/gm);
    expect(counted?.sort()).toEqual(
      ["done", "fault", "limited"].map(
        (outcome) => `matepeak_calendar_reads_total{kind="feed",outcome="${outcome}"} 1`,
      ),
    );
    feed.say(200, plainEvent("a", start));
    expect(await syncNext(syncing(), connection.id)).toBe("done");
    expect(await only(mentor)).toMatchObject({ problem: null, health: "fine" });
    expect(faults).toHaveLength(1);
  });

  it("does not stop the job, which reads the others and succeeds", async () => {
    const { mentor, connection } = await openBusyMentor();
    const other = await openBusyMentor();
    await Promise.all([dueNow(mentor, connection), dueNow(other.mentor, other.connection)]);
    const readBusy = connecting.providers.feed!.readBusy;
    let calls = 0;
    await sync({
      ...connecting,
      providers: {
        feed: {
          ...connecting.providers.feed!,
          readBusy: (...query) =>
            calls++ === 0 ? Promise.reject(new TypeError("once")) : readBusy(...query),
        },
      },
    });
    const problems = (await Promise.all([only(mentor), only(other.mentor)])).map(({ problem }) => problem);
    expect(problems.sort()).toEqual([null, "unreadable"]);
  });
});

it("names and titles that are longer than what is kept are read all the same, and again", async () => {
  const mentor = await test.makeMentor();
  const start = (await readSlots(test.visitor, mentor))[0]?.starts_at ?? "";
  const long = (letter: string) => letter.repeat(3000);
  const twice = plainEvent(long("u"), start, long("t")).replace(
    "BEGIN:VEVENT",
    `X-WR-CALNAME:${long("c")}\r\nBEGIN:VEVENT`,
  );
  feed.say(200, twice, { etag: `"${long("e")}"` });
  const connection = await connect(mentor, byFeed());
  (await mentor.call("PATCH", `${path}/${connection.id}`, { shows_titles: true })).expect(200);
  await sync();
  await test.db.owner.query("update connected_calendars set read_fully_at = null where connection_id = $1", [
    connection.id,
  ]);
  await dueNow(mentor, connection);
  await sync();
  expect(await only(mentor)).toMatchObject({ problem: null, health: "fine" });
  expect(await busyOf(mentor)).toMatchObject([
    { starts_at: start, title: "t".repeat(200), calendar: "c".repeat(200) },
  ]);
});

it("titles appear as soon as their owner wants them, and are deleted as soon as not", async () => {
  const { mentor, connection, start } = await openBusyMentor();
  const show = async (shows_titles: boolean) =>
    (await mentor.call("PATCH", `${path}/${connection.id}`, { shows_titles })).expect(200);
  expect(await busyOf(mentor)).toMatchObject([{ starts_at: start, title: null }]);
  await show(true);
  await sync();
  expect(await busyOf(mentor)).toMatchObject([{ starts_at: start, title: "Dentist" }]);
  await show(false);
  expect(await busyOf(mentor)).toMatchObject([{ starts_at: start, title: null }]);
});

describe("two workers", () => {
  it("do not read one connection at once", async () => {
    const { mentor, connection } = await openBusyMentor();
    await dueNow(mentor, connection);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => syncNext(syncing())));
    expect(outcomes.sort()).toEqual(["done", "not_due", "not_due", "not_due"]);
  });

  it("ask one host for two connections at a time, while others are read; a person need not wait for that", async () => {
    const busy = await Promise.all([openBusyMentor(), openBusyMentor(), openBusyMentor()]);
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const elsewhere = await connect(student, byPassword());
    await sync();
    feed.beSilent();
    for (const { mentor, connection } of busy) await dueNow(mentor, connection);
    await change(student, elsewhere, "sync_due_at = now() + interval '1 second'");
    const slow = [syncNext(syncing()), syncNext(syncing())];
    const leased = () => test.db.owner.query("select id from calendar_connections where lease is not null");
    await expect.poll(async () => (await leased()).rowCount).toBe(2);
    expect(await syncNext(syncing())).toBe("not_due");
    await dueNow(student, elsewhere);
    expect(await syncNext(syncing())).toBe("done");
    const held = (await leased()).rows.map(({ id }) => id);
    const left = busy.find(({ connection }) => !held.includes(connection.id));
    feed.say(200, plainEvent("a", left?.start ?? ""));
    expect(await syncNext(syncing(), left?.connection.id)).toBe("done");
    feed.hangUp();
    expect(await Promise.all(slow)).toEqual(["failed", "failed"]);
  });

  it("that are at it when a person wants a read are waited for, and what is new is read", async () => {
    const { mentor, connection, start } = await openBusyMentor();
    feed.beSilent();
    await dueNow(mentor, connection);
    const slow = syncNext(syncing(), connection.id);
    const isLeased = async () =>
      (await test.db.owner.query("select from calendar_connections where lease is not null")).rowCount;
    await expect.poll(isLeased).toBe(1);
    const asked = mentor.call("POST", `${path}/${connection.id}/sync`);
    feed.answerNow(200, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    (await asked).expect(200);
    expect(await slow).toBe("done");
    expect(await isOffered(mentor, start)).toBe(true);
  });

  it("that are at it when a person disconnects leave nothing behind", async () => {
    const { mentor, connection, start } = await openBusyMentor();
    feed.beSilent();
    await dueNow(mentor, connection);
    const slow = syncNext(syncing(), connection.id);
    const isLeased = async () =>
      (await test.db.owner.query("select from calendar_connections where lease is not null")).rowCount;
    await expect.poll(isLeased).toBe(1);
    (await mentor.call("DELETE", `${path}/${connection.id}`)).expect(204);
    feed.answerNow(200, plainEvent("a", start));
    expect(await slow).toBe("lost");
    expect(await isOffered(mentor, start)).toBe(true);
    for (const table of tables) expect([table, await rowsOf(table, mentor)]).toEqual([table, 0]);
  });

  it("that come late, or after the end, write nothing", async () => {
    const { mentor, connection, start } = await openBusyMentor();
    feed.beSilent();
    await dueNow(mentor, connection);
    const slow = syncNext(syncing(), connection.id);
    // Its lease has run out, and another worker has one.
    await expect
      .poll(
        async () =>
          (
            await test.db.owner.query(
              "select from calendar_connections where id = $1 and lease is not null",
              [connection.id],
            )
          ).rowCount,
      )
      .toBe(1);
    await change(mentor, connection, "lease = gen_random_uuid()");
    feed.say(200, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    feed.hangUp();
    expect(await slow).toBe("lost");
    expect(await isOffered(mentor, start)).toBe(false);
    expect(await only(mentor)).toMatchObject({ problem: null });
  });
});

it("another key seals all logins again; the old one is then no longer needed", async () => {
  const { mentor, connection } = await openBusyMentor();
  const key = { id: "2026a", secret: "x".repeat(43) };
  const rotated = openConnecting({ ...config, secretKeys: [key] });
  await runTask(test.db, "reseal_calendar_logins", {}, { connecting: rotated });
  const withoutOld = openConnecting({
    ...config,
    authSecret: "another secret",
    secretKeys: [key],
  });
  const { rows } = await test.db.owner.query("select credential from calendar_connections where id = $1", [
    connection.id,
  ]);
  expect(withoutOld.logins.open(rows[0]?.credential, connection.id)).toEqual({
    kind: "address",
    url: feed.url,
  });
  // The key that is in use here has never sealed it: a login that cannot be opened is its owner's to enter again.
  await dueNow(mentor, connection);
  await sync();
  expect(await only(mentor)).toMatchObject({ problem: "login_refused" });
});

it("connections and calendars of others do not exist", async () => {
  const { connection } = await openBusyMentor();
  const [other] = (await test.signUpCrowd(1)) as [Person];
  const one = `${path}/${connection.id}`;
  (await other.call("PATCH", one, { name: "Mine" })).problem("calendar_connection_not_found");
  (await other.call("POST", `${one}/sync`)).problem("calendar_connection_not_found");
  (await other.call("DELETE", one)).problem("calendar_connection_not_found");
  const calendar = `/me/connected-calendars/${connection.calendars[0]?.id}`;
  (await other.call("PATCH", calendar, { counts_as_busy: false })).problem("connected_calendar_not_found");
});

it("a calendar that does not count as busy hides no time", async () => {
  const { mentor, connection, start } = await openBusyMentor();
  const calendar = `/me/connected-calendars/${connection.calendars[0]?.id}`;
  (await mentor.call("PATCH", calendar, { counts_as_busy: false })).expect(200);
  expect(await isOffered(mentor, start)).toBe(true);
  (await mentor.call("PATCH", calendar, { counts_as_busy: true })).expect(200);
  expect(await isOffered(mentor, start)).toBe(false);
});
