import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { book, ledgerFaults, taken } from "./actor.ts";
import { type Crowd, gatherCrowd, type Move } from "./storm.ts";
import {
  bookingRequest,
  forgetBookings,
  groupSeats,
  insertInto,
  mentor,
  plantWorld,
  someDay,
} from "./world.ts";

const guests = Array.from(
  { length: 50 },
  (_, index) => `00000000-0000-4000-8000-1${String(index).padStart(11, "0")}`,
);

let db: TestDatabase;
let crowd: Crowd;
async function open() {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await db.owner.query(
    "insert into auth.users (id, name, email, email_verified) select id::uuid, 'guest', id, true from unnest($1::text[]) id",
    [guests],
  );
  const name = new URL(db.ownerUrl).pathname.slice(1);
  await db.owner.query(`alter role matepeak_app in database ${name} set deadlock_timeout = '20ms'`);
  crowd = await gatherCrowd(db, 80);
}
async function close() {
  await crowd.leave();
  await db.drop();
}
const clear = () => forgetBookings(db.owner);

const ask = (id: string, changes = {}): Move => ({
  id,
  statement: insertInto("public.bookings", bookingRequest({ user_id: id, ...changes })),
});
const sameHour = () => guests.map((id) => ask(id));
/** Each of these times overlaps each other one. */
const shifted = () =>
  guests.map((id, index) => ask(id, { scheduled_time: ["09:30", "10:00", "10:15"][index % 3] }));

/** Each books two sessions in one statement, every other person in the opposite order. */
const pairs = () =>
  guests.map((id, index): Move => {
    const times = index % 2 ? ["10:00", "12:00"] : ["12:00", "10:00"];
    return {
      id,
      statement: {
        text: `insert into public.bookings (user_id, expert_id, session_type, scheduled_date, scheduled_time, duration)
               select $1, $2, 'oneOnOneSession', $3, time, 60
               from unnest($4::text[]) with ordinality asked (time, place) order by place`,
        values: [id, mentor, someDay, times],
      },
    };
  });

async function countBookings(): Promise<number> {
  const { rows } = await db.owner.query<{ n: number }>(
    "select count(*)::int as n from public.bookings where status <> 'cancelled'",
  );
  return rows[0]!.n;
}

describe("fifty students at one slot, straight at the table", () => {
  beforeAll(open);
  afterEach(clear);
  afterAll(close);

  it.each([
    ["the same hour", sameHour],
    ["hours that overlap in part", shifted],
  ])("%s: one gets it, all others get the conflict", async (_name, moves) => {
    expect(await crowd.storm(moves())).toEqual({ "1 row": 1, [taken]: 49 });
    expect(await countBookings()).toBe(1);
    expect(await ledgerFaults(db.owner)).toEqual([]);
  });

  it("several hours at the same time: one booking each", async () => {
    const moves = guests.map((id, index) => ask(id, { scheduled_time: `${10 + (index % 5)}:00` }));
    expect(await crowd.storm(moves)).toEqual({ "1 row": 5, [taken]: 45 });
  });

  it("an hour that an expired request still holds: one gets it", async () => {
    const { id } = await book(db.owner);
    await db.owner.query(
      "update public.bookings set expires_at = now() - interval '1 second' where id = $1",
      [id],
    );
    expect(await crowd.storm(sameHour())).toEqual({ "1 row": 1, [taken]: 49 });
    expect(await countBookings()).toBe(1);
  });

  it("two sessions in one statement, in either order: one gets both, no deadlock", async () => {
    expect(await crowd.storm(pairs())).toEqual({ "2 rows": 1, [taken]: 49 });
  });

  it("a group session: exactly its seats", async () => {
    const moves = guests.map((id) => ask(id, { session_type: "groupSession" }));
    expect(await crowd.storm(moves)).toEqual({ "1 row": groupSeats, [taken]: 50 - groupSeats });
    expect(await ledgerFaults(db.owner)).toEqual([]);
  });

  it("two mentors in one statement, some of them students of each other: no deadlock", async () => {
    const { rows } = await db.owner.query<{ id: string }>(
      `insert into public.expert_profiles (id, username, full_name, timezone)
       select id::uuid, 'guest-' || place, 'Guest', 'Asia/Kolkata'
       from unnest($1::text[]) with ordinality guests (id, place) where place <= 2 returning id`,
      [guests],
    );
    await db.owner.query(
      `with offered as (insert into public.services (expert_id, session_type, title)
         select id, 'oneOnOneSession', 'One to one' from unnest($1::uuid[]) id returning id, expert_id)
       insert into public.service_durations (service_id, expert_id, minutes, price_minor)
       select id, expert_id, 60, 10000 from offered`,
      [rows.map(({ id }) => id)],
    );
    const moves = guests.map((id, index) =>
      ask(id, { expert_id: guests[index === 0 ? 1 : index === 1 ? 0 : index % 2] }),
    );
    expect(await crowd.storm(moves)).toEqual({ "1 row": 2, [taken]: 48 });
  });

  it("while others cancel and the mentor approves: no deadlock, and the ledger stays correct", async () => {
    for (let round = 0; round < 3; round++) {
      const { rows } = await db.owner.query<{ id: string; user_id: string }>(
        "select id, user_id from public.bookings where status in ('pending', 'confirmed')",
      );
      const moves: Move[] = guests.slice(0, 30).map((id, index) =>
        ask(id, {
          scheduled_time: `${10 + (index % 4)}:${index % 2 ? "30" : "00"}`,
          session_type: index % 3 ? "groupSession" : "oneOnOneSession",
        }),
      );
      for (const { id, user_id } of rows) {
        const cancel = {
          text: "select public.change_booking_status(private.mentor_of_booking($1), $1, 'cancelled')",
          values: [id],
        };
        moves.push({ id: user_id, statement: cancel });
      }
      for (let index = 0; index < 5; index++) {
        const confirm = "update public.bookings set status = 'confirmed' where status = 'pending'";
        moves.push({ id: mentor, statement: { text: confirm } });
      }
      await db.owner.query(
        `update public.bookings set expires_at = now()
         where id in (select id from public.bookings where status = 'pending' limit 2)`,
      );
      const outcomes = await crowd.storm(moves);
      expect(outcomes).not.toHaveProperty("40P01");
      expect(outcomes["1 row"]).toBeGreaterThan(0);
      await book(db.owner, { scheduled_time: "20:00", user_id: guests[round] });
      await db.owner.query("select private.expire_requests($1)", [mentor]);
      expect(await ledgerFaults(db.owner)).toEqual([]);
    }
  });
});

describe("twins: the same storm without its guards", () => {
  beforeAll(async () => {
    await open();
    await rewriteFunction(db, "private.prepare_booking", "perform private.lock_mentor(new.expert_id);", "");
  });
  afterEach(clear);
  afterAll(close);

  it("the constraint without the lock: still one booking", async () => {
    const { "1 row": booked, ...others } = await crowd.storm(shifted());
    expect(booked).toBe(1);
    // The two ways of being refused; how many go which way is chance.
    expect(Object.keys(others).filter((outcome) => outcome !== taken && outcome !== "40P01")).toEqual([]);
    expect(await countBookings()).toBe(1);
  });

  it("the constraint without the lock, two sessions in either order: deadlocks", async () => {
    // Everyone holds the first before anyone requests the second, also on a busy machine.
    await db.owner.query(`
      create function private.dawdle() returns trigger language plpgsql as
        $$ begin perform pg_sleep(0.2); return new; end $$;
      create trigger dawdle before insert on public.occupancies for each row execute function private.dawdle()`);
    const outcomes = await crowd.storm(pairs());
    await db.owner.query("drop trigger dawdle on public.occupancies");
    expect(outcomes["40P01"]).toBeGreaterThan(0);
    expect([0, 2]).toContain(await countBookings());
  });

  it("check, then insert: booked more than once", async () => {
    await db.owner.query("alter table public.occupancies drop constraint occupancies_no_overlap");
    await rewriteFunction(
      db,
      "private.take_seat",
      "  insert into public.occupancies",
      `  if exists (select from public.occupancies o where o.expert_id = mentor
                 and tstzrange(o.starts_at, o.ends_at) && tstzrange(session_start, session_end)) then
         raise exclusion_violation using constraint = 'occupancies_no_overlap';
       end if;
       perform pg_sleep(0.2);
       insert into public.occupancies`,
    );
    for (const moves of [sameHour(), shifted()]) {
      const outcomes = await crowd.storm(moves);
      expect(outcomes["1 row"]).toBeGreaterThan(1);
      await clear();
    }
  });
});
