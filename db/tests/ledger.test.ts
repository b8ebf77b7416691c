import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { windowHours } from "#rules/windows.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { attempt, book, changeStatus, ledgerFaults, letExpire, signedIn, taken, tryToBook } from "./actor.ts";
import { forgetBookings, mentor, otherMentor, otherStudent, plantWorld, someDay, student } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterEach(async () => {
  expect(await ledgerFaults(db.owner)).toEqual([]);
  await forgetBookings(db.owner);
  await db.owner.query("update public.expert_profiles set buffer_before = 0, buffer_after = 0");
});
afterAll(() => db.drop());

const tryAt = (scheduled_time: string, changes = {}) =>
  tryToBook(db.owner, { user_id: otherStudent, scheduled_time, ...changes });

describe("taken time", () => {
  it.each([
    ["the same hour", "10:00", 60],
    ["half an hour later", "10:30", 60],
    ["half an hour earlier", "09:30", 60],
    ["inside", "10:15", 30],
    ["the last minute", "10:59", 30],
  ])("is refused: %s", async (_name, time, duration) => {
    await book(db.owner);
    expect(await tryAt(time, { duration })).toBe(taken);
  });

  it.each([
    ["right after", { scheduled_time: "11:00" }],
    ["right before", { scheduled_time: "09:00" }],
    ["on another day", { scheduled_date: "2040-06-05" }],
    ["with another mentor", { expert_id: otherMentor }],
  ])("leaves other time free: %s", async (_name, changes) => {
    await book(db.owner);
    expect(await tryToBook(db.owner, { user_id: otherStudent, ...changes })).toBe("1 row");
  });

  it("crosses midnight", async () => {
    await book(db.owner, { scheduled_time: "23:30" });
    expect(await tryAt("00:00", { scheduled_date: "2040-06-05" })).toBe(taken);
    expect(await tryAt("00:30", { scheduled_date: "2040-06-05" })).toBe("1 row");
  });

  it("conflicts also with the mentor's own booking", async () => {
    await book(db.owner);
    expect(await tryToBook(db.owner)).toBe(taken);
  });

  it("includes the mentor's buffers around both sessions", async () => {
    await db.owner.query(
      "update public.expert_profiles set buffer_before = 10, buffer_after = 15 where id = $1",
      [mentor],
    );
    await book(db.owner);
    expect(await tryAt("11:24")).toBe(taken);
    expect(await tryAt("08:36")).toBe(taken);
    expect(await tryAt("11:25")).toBe("1 row");
    expect(await tryAt("08:35")).toBe("1 row");
  });

  it("keeps the buffers it was taken with", async () => {
    await book(db.owner);
    await db.owner.query("update public.expert_profiles set buffer_after = 60 where id = $1", [mentor]);
    expect(await tryAt("11:00")).toBe("1 row");
  });

  it("is taken by a request as much as by a confirmed session", async () => {
    const request = await book(db.owner);
    expect(request.status).toBe("pending");
    expect(await tryAt("10:00")).toBe(taken);
    expect(await changeStatus(db.owner, signedIn(mentor), request.id, "confirmed")).toBe("1 row");
    expect(await tryAt("10:00")).toBe(taken);
  });

  it("is taken by a hold", async () => {
    await hold("now() + interval '12 minutes'");
    expect(await tryAt("10:30")).toBe(taken);
  });

  it("cannot be taken by writing to the ledger's table either, even as its owner", async () => {
    await book(db.owner);
    await expect(hold("now() + interval '12 minutes'")).rejects.toMatchObject({
      code: "23P01",
      constraint: "occupancies_no_overlap",
    });
  });
});

describe("time that becomes free", () => {
  it("is bookable after a cancellation", async () => {
    const { id } = await book(db.owner);
    expect(await changeStatus(db.owner, signedIn(student), id, "cancelled")).toBe("1 row");
    expect(await countOccupancies()).toBe(0);
    expect(await tryAt("10:00")).toBe("1 row");
  });

  it("is bookable after the mentor declined by a plain update", async () => {
    const { id } = await book(db.owner);
    const decline = { text: "update public.bookings set status = 'cancelled' where id = $1", values: [id] };
    expect(await attempt(db.owner, signedIn(mentor), decline, { keep: true })).toBe("1 row");
    expect(await tryAt("10:00")).toBe("1 row");
  });

  it("is cleared of a request that ran out inside the next booking", async () => {
    const { id } = await book(db.owner);
    await letExpire(db.owner, id);
    expect(await tryAt("10:30")).toBe("1 row");
    const { rows } = await db.owner.query("select status, occupancy_id from public.bookings where id = $1", [
      id,
    ]);
    expect(rows).toEqual([{ status: "cancelled", occupancy_id: null }]);
  });

  it("is cleared of a hold that ran out inside the next booking", async () => {
    await hold("now() - interval '1 second'");
    expect(await tryAt("10:30")).toBe("1 row");
    expect(await countOccupancies()).toBe(1);
  });

  it("stays taken when the booking that would clear it fails", async () => {
    const { id } = await book(db.owner);
    await letExpire(db.owner, id);
    expect(await tryAt("10:00", { session_type: "chatAdvice" })).toBe("23514 bookings_service_offered");
    const { rows } = await db.owner.query("select status from public.bookings where id = $1", [id]);
    expect(rows).toEqual([{ status: "pending" }]);
  });

  it("stays taken by a completed session", async () => {
    const { id } = await book(db.owner, { status: "confirmed" }, "matepeak_app");
    await db.owner.query("set session_replication_role = replica");
    await db.owner.query("update public.bookings set status = 'completed' where id = $1", [id]);
    await db.owner.query("reset session_replication_role");
    expect(await tryAt("10:00")).toBe(taken);
  });
});

it("requests live for two days, but never beyond their start", async () => {
  const { expires_at, starts_at } = await book(db.owner);
  expect(Math.abs(expires_at!.getTime() - Date.now() - windowHours.requestAnswer * 3_600_000)).toBeLessThan(
    60_000,
  );
  expect(starts_at.toISOString()).toBe(`${someDay}T04:30:00.000Z`);

  const soon = await db.owner.query<{ date: string; time: string }>(
    `select to_char(t, 'YYYY-MM-DD') as date, to_char(t, 'HH24:MI') as time
     from (select (now() at time zone 'Asia/Kolkata') + interval '2 hours' as t) soon`,
  );
  const { date: scheduled_date, time: scheduled_time } = soon.rows[0]!;
  const hurried = await book(db.owner, { scheduled_date, scheduled_time });
  expect(hurried.expires_at).toEqual(hurried.starts_at);
});

function hold(expires_at: string) {
  return db.owner.query(
    `insert into public.occupancies (expert_id, state, starts_at, ends_at, during, expires_at)
     select $1, 'hold', starts_at, starts_at + interval '1 hour', tstzrange(starts_at, starts_at + interval '1 hour'),
       ${expires_at}
     from (select timestamptz '${someDay} 10:00 Asia/Kolkata' as starts_at) asked`,
    [mentor],
  );
}

async function countOccupancies(): Promise<number> {
  const { rows } = await db.owner.query<{ n: number }>("select count(*)::int as n from public.occupancies");
  return rows[0]!.n;
}
