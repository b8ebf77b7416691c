import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookingPage } from "#contract/bookings.ts";
import { bookAny, letRunOut, moveBooking } from "../testing/booking.ts";
import { runTask } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const one = async <Row>(text: string, ...values: unknown[]): Promise<Row> => {
  const { rows } = await test.db.owner.query(text, values);
  return rows[0] as Row;
};
const statusOf = async (id: string) =>
  (await one<{ status: string }>("select status from bookings where id = $1", id)).status;

describe("every minute", () => {
  it("cancels an expired request and frees its time, without a new booking", async () => {
    const { id } = await bookAny(student, mentor);
    await letRunOut(test.db, id);
    expect(await statusOf(id)).toBe("pending");
    await runTask(test.db, "free_lapsed_time");
    expect(await statusOf(id)).toBe("cancelled");
    expect(
      await one("select kind, actor from booking_events where booking_id = $1 order by id desc", id),
    ).toEqual({
      kind: "expired",
      actor: "system",
    });
    expect(await one("select from occupancies where expert_id = $1", mentor.id)).toBeUndefined();
  });

  it("a hold that ran out is removed, one that did not stays", async () => {
    const hold = `insert into occupancies (expert_id, starts_at, ends_at, during, state, expires_at)
      select $1, t, t + interval '1 hour', tstzrange(t, t + interval '1 hour'), 'hold', now() + $3::interval
      from (select now() + $2::interval as t) at`;
    await test.db.owner.query(hold, [mentor.id, "40 days", "-1 second"]);
    await test.db.owner.query(hold, [mentor.id, "41 days", "1 hour"]);
    await runTask(test.db, "free_lapsed_time");
    expect(await one("select count(*)::int as left from occupancies where state = 'hold'")).toEqual({
      left: 1,
    });
    await test.db.owner.query("delete from occupancies where state = 'hold'");
  });

  it("what has not run out stays: the twin", async () => {
    const { id } = await bookAny(student, mentor);
    await runTask(test.db, "free_lapsed_time");
    expect(await statusOf(id)).toBe("pending");
  });

  it("waits for the lock on the mentor's row: mentor first, then booking", async () => {
    const { id } = await bookAny(student, mentor);
    await letRunOut(test.db, id);
    let swept = false;
    let sweeping: Promise<void> | undefined;
    await test.db.database.asSystem("a test", null, async ({ client }) => {
      await client.query("select private.lock_mentor($1)", [mentor.id]);
      sweeping = runTask(test.db, "free_lapsed_time").then(() => {
        swept = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(swept).toBe(false);
    });
    await sweeping;
    expect(await statusOf(id)).toBe("cancelled");
  });
});

it("daily: a request older than seven days is cancelled, a younger one is not", async () => {
  const old = await bookAny(student, mentor);
  const young = await bookAny(student, mentor);
  await test.db.owner.query(
    "update bookings set created_at = now() - interval '7 days 1 minute' where id = $1",
    [old.id],
  );
  await test.db.owner.query("update bookings set created_at = now() - interval '6 days' where id = $1", [
    young.id,
  ]);
  await runTask(test.db, "cancel_abandoned_bookings");
  expect([await statusOf(old.id), await statusOf(young.id)]).toEqual(["cancelled", "pending"]);
});

it("daily: idempotency keys are forgotten after a day", async () => {
  await test.db.owner.query(
    `insert into private.idempotency_keys (user_id, key, request_hash, created_at)
     values ($1, 'old', 'x', now() - interval '25 hours'), ($1, 'new', 'x', now() - interval '23 hours')`,
    [student.id],
  );
  await runTask(test.db, "delete_idempotency_keys");
  const { rows } = await test.db.owner.query("select key from private.idempotency_keys");
  expect(rows).toEqual([{ key: "new" }]);
});

it("weekly: days off that are over on the mentor's calendar are removed", async () => {
  const [east, west] = await Promise.all([
    test.makeMentor({ timezone: "Pacific/Kiritimati" }),
    test.makeMentor({ timezone: "Etc/GMT+12" }),
  ]);
  // The dateline: what is yesterday in Kiritimati (UTC+14) is not over yet at UTC-12.
  const yesterday = `(now() at time zone 'Pacific/Kiritimati')::date - 1`;
  for (const { id } of [east, west]) {
    await test.db.owner.query(
      `insert into blocked_dates (expert_id, date) values ($1, ${yesterday}), ($1, ${yesterday} + 20), ($1, ${yesterday} - 9)`,
      [id],
    );
  }
  await runTask(test.db, "remove_past_blocked_dates");
  const { rows } = await test.db.owner.query(
    `select expert_id, count(*)::int as left from blocked_dates group by 1`,
  );
  expect(Object.fromEntries(rows.map(({ expert_id, left }) => [expert_id, left]))).toEqual({
    [east.id]: 1,
    [west.id]: 2,
  });
});

it("monthly: completed sessions older than six months leave the lists, and can still be requested", async () => {
  const own = await test.makeMentor();
  const [old, recent] = [await bookAny(student, own), await bookAny(student, own)];
  for (const { id } of [old, recent]) {
    await own.call("POST", `/bookings/${id}/confirm`);
    await moveBooking(test.db, id, id === old.id ? -200 : -100);
    (await own.call("POST", `/bookings/${id}/complete`)).expect(200);
  }
  const ids = async (query: string) =>
    (await own.call("GET", `/bookings?as=mentor${query}`)).read(bookingPage).data.map(({ id }) => id);
  expect(await ids("")).toEqual([recent.id, old.id]);
  await runTask(test.db, "archive_old_bookings");
  expect(await ids("")).toEqual([recent.id]);
  expect(await ids("&archived=true")).toEqual([recent.id, old.id]);
  (await own.call("GET", `/bookings/${old.id}`)).expect(200);
});

it("hourly: the network of a booking is forgotten once its session has begun, wherever it was moved, or is cancelled", async () => {
  const own = await test.makeMentor();
  const [begun, moved, cancelled, ahead] = [
    await bookAny(student, own),
    await bookAny(student, own),
    await bookAny(student, own),
    await bookAny(student, own),
  ];
  for (const { id, starts_at } of [begun, moved, cancelled, ahead]) {
    await test.db.owner.query("insert into private.booking_origins values ($1, $2, 'x', $3)", [
      id,
      own.id,
      id === begun.id ? new Date(Date.now() - 1000) : starts_at,
    ]);
  }
  await test.db.owner.query(
    "update bookings set starts_at = starts_at - interval '90 days', ends_at = ends_at - interval '90 days' where id = $1",
    [moved.id],
  );
  (await student.call("POST", `/bookings/${cancelled.id}/cancel`)).expect(200);
  const left = async () => {
    const { rows } = await test.db.owner.query("select booking_id as id from private.booking_origins");
    return rows.map(({ id }) => id).sort();
  };
  expect(await left()).toEqual([begun.id, moved.id, ahead.id].sort());
  await runTask(test.db, "delete_booking_origins");
  expect(await left()).toEqual([ahead.id]);
});
