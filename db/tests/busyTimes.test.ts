import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { book, dateIn, readSlots } from "../../server/testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../server/testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

interface Connected {
  connection: string;
  calendar: string;
}

/** A connection of a person with a calendar, as the pages and the jobs make them. */
async function connect({ id }: { id: string }): Promise<Connected> {
  const { owner } = test.db;
  const { rows: connections } = await owner.query<{ id: string }>(
    `insert into calendar_connections (user_id, kind, name, server_url, credential)
     values ($1, 'caldav', 'Home', 'https://dav.example.com', decode(repeat('00', 29), 'hex')) returning id`,
    [id],
  );
  const connection = connections[0]?.id ?? "";
  const listed = [
    { remote_id: "one", name: "Work", color: null, timezone: null, is_writable: true, counts_as_busy: true },
  ];
  await owner.query("select private.list_connected_calendars($1, $2)", [connection, JSON.stringify(listed)]);
  const { rows } = await owner.query<{ id: string }>(
    "select id from connected_calendars where connection_id = $1",
    [connection],
  );
  return { connection, calendar: rows[0]?.id ?? "" };
}

async function lease(connection: string): Promise<string | undefined> {
  const { rows } = await test.db.owner.query<{ lease: string }>(
    "select lease from private.lease_connection(2, $1)",
    [connection],
  );
  return rows[0]?.lease;
}

type Busy = readonly [from: string, minutes: number];

async function write(
  { connection, calendar }: Connected,
  held: string,
  objects: Readonly<Record<string, readonly Busy[]>>,
  { isFull = true, removed = [] as string[] } = {},
): Promise<boolean> {
  const refs = Object.keys(objects);
  const events = Object.entries(objects).flatMap(([ref, busy]) =>
    busy.map(([from, minutes]) => ({ ref, from, until: new Date(Date.parse(from) + minutes * 60_000) })),
  );
  const none = refs.map(() => null);
  const { rows } = await test.db.owner.query<{ written: boolean }>(
    `select private.write_connected_calendar($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, now()) as written`,
    [
      connection,
      held,
      calendar,
      refs,
      none,
      none,
      removed,
      isFull,
      events.map(({ ref }) => ref),
      events.map(({ from }) => from),
      events.map(({ until }) => until),
      events.map(() => false),
      events.map(() => null),
    ],
  );
  return rows[0]?.written ?? false;
}

async function revisionOf({ id }: Mentor): Promise<number> {
  const { rows } = await test.db.owner.query<{ revision: string }>(
    "select revision from schedule_revisions where expert_id = $1",
    [id],
  );
  return Number(rows[0]?.revision);
}

const tomorrow = (mentor: Mentor) => ({ from: dateIn(mentor, 1), to: dateIn(mentor, 1) });
async function startsOf(mentor: Mentor): Promise<string[]> {
  return (await readSlots(test.visitor, mentor, tomorrow(mentor))).map(({ starts_at }) => starts_at);
}

describe("time that is busy in a connected calendar", () => {
  it("is not offered and cannot be booked, and is free again when the event is gone", async () => {
    const mentor = await test.makeMentor();
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const before = await startsOf(mentor);
    const busyAt = before[4] ?? "";
    const mine = await connect(mentor);
    const held = (await lease(mine.connection)) ?? "";
    expect(await write(mine, held, { event: [[busyAt, 60]] })).toBe(true);

    const offered = await startsOf(mentor);
    expect(offered).not.toContain(busyAt);
    expect(offered).toContain(before[0]);
    const refused = await book(student, mentor, busyAt).catch((error: Error) => error);
    expect(String(refused)).toContain("slot_taken");

    expect(await write(mine, held, {}, { isFull: false, removed: ["event"] })).toBe(true);
    expect(await startsOf(mentor)).toEqual(before);
    await book(student, mentor, busyAt);
  });

  it("counts as a change of the mentor's times only if it is one", async () => {
    const mentor = await test.makeMentor();
    const at = (await startsOf(mentor))[2] ?? "";
    const mine = await connect(mentor);
    const held = (await lease(mine.connection)) ?? "";
    await write(mine, held, { one: [[at, 60]] });
    const revision = await revisionOf(mentor);
    // The same time by another event, and once more.
    await write(mine, held, { one: [[at, 60]], two: [[at, 30]] });
    expect(await revisionOf(mentor)).toBe(revision);
    // Many events are one change.
    await write(mine, held, { one: [[at, 60]], two: [[at, 90]], three: [[at, 120]] });
    expect(await revisionOf(mentor)).toBe(revision + 1);
  });

  it("is that of the calendars that their owner counts", async () => {
    const mentor = await test.makeMentor();
    const before = await startsOf(mentor);
    const mine = await connect(mentor);
    await write(mine, (await lease(mine.connection)) ?? "", { one: [[before[0] ?? "", 600]] });
    expect((await startsOf(mentor)).length).toBeLessThan(before.length);
    const choose = (
      client: { query: (text: string, values: unknown[]) => Promise<unknown> },
      busy: boolean,
    ) => client.query("select public.choose_connected_calendar($1, $2, null)", [mine.calendar, busy]);
    await test.db.as(mentor.id, (client) => choose(client, false), { keep: true });
    expect(await startsOf(mentor)).toEqual(before);
    // Another person's choice changes nothing.
    const [stranger] = (await test.signUpCrowd(1)) as [Person];
    await test.db.as(stranger.id, (client) => choose(client, true), { keep: true });
    expect(await startsOf(mentor)).toEqual(before);
  });

  it("goes with its connection", async () => {
    const mentor = await test.makeMentor();
    const before = await startsOf(mentor);
    const mine = await connect(mentor);
    await write(mine, (await lease(mine.connection)) ?? "", { one: [[before[0] ?? "", 600]] });
    const disconnect = "select public.disconnect_calendars($1)";
    const [stranger] = (await test.signUpCrowd(1)) as [Person];
    await test.db.as(stranger.id, (client) => client.query(disconnect, [mine.connection]), { keep: true });
    expect((await startsOf(mentor)).length).toBeLessThan(before.length);
    await test.db.as(mentor.id, (client) => client.query(disconnect, [mine.connection]), { keep: true });
    expect(await startsOf(mentor)).toEqual(before);
    const left = "select from connected_events where user_id = $1";
    expect((await test.db.owner.query(left, [mentor.id])).rowCount).toBe(0);
  });
});

describe("a lease", () => {
  it("is for one worker at a time, and lets only that one write", async () => {
    const mentor = await test.makeMentor();
    const mine = await connect(mentor);
    const held = await lease(mine.connection);
    expect(await lease(mine.connection)).toBeUndefined();
    const at = (await startsOf(mentor))[0] ?? "";
    expect(await write(mine, randomUUID(), { one: [[at, 60]] })).toBe(false);
    expect(await write(mine, held ?? "", { one: [[at, 60]] })).toBe(true);
  });

  it("ends with what came of it; an old one writes nothing, and ends nothing", async () => {
    const mentor = await test.makeMentor();
    const mine = await connect(mentor);
    const old = (await lease(mine.connection)) ?? "";
    await test.db.owner.query(
      "update calendar_connections set leased_until = now() - interval '1 s' where id = $1",
      [mine.connection],
    );
    const held = (await lease(mine.connection)) ?? "";
    const end = async (one: string) =>
      (
        await test.db.owner.query<{ ended: boolean }>(
          "select private.end_sync($1, $2, '3 min', 'login_refused', 'Wrong password', false) as ended",
          [mine.connection, one],
        )
      ).rows[0]?.ended;
    expect(await write(mine, old, {})).toBe(false);
    expect(await end(old)).toBe(false);
    expect(await end(held)).toBe(true);
    const { rows } = await test.db.owner.query(
      "select problem, problem_detail, failures, lease from calendar_connections where id = $1",
      [mine.connection],
    );
    expect(rows).toEqual([
      { problem: "login_refused", problem_detail: "Wrong password", failures: 1, lease: null },
    ]);
  });
});

it("a mentor who pauses while a calendar is old offers nothing until it is read", async () => {
  const mentor = await test.makeMentor();
  const before = await startsOf(mentor);
  const mine = await connect(mentor);
  const { owner } = test.db;
  const held = (await lease(mine.connection)) ?? "";
  const stale = "update calendar_connections set if_stale = $2, stale_told_at = now() where id = $1";
  await owner.query(stale, [mine.connection, "continue"]);
  await owner.query("select private.refresh_busy_times($1)", [mentor.id]);
  expect(await startsOf(mentor)).toEqual(before);
  await owner.query(stale, [mine.connection, "pause"]);
  await owner.query("select private.refresh_busy_times($1)", [mentor.id]);
  expect(await startsOf(mentor)).toEqual([]);
  await owner.query("select private.end_sync($1, $2, '3 min', null, null, true)", [mine.connection, held]);
  expect(await startsOf(mentor)).toEqual(before);
});
