import type pg from "pg";
import { type Booking, booking, type CreateBooking } from "#contract/bookings.ts";
import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import type { Mentor, Person, TestApp } from "../../server/testing/testApp.ts";
import { callOver } from "../overHttp.ts";

/** A request for a booking, its key and its result; without an id no response came. */
export interface Attempt {
  person: Person;
  key: string;
  body: CreateBooking;
  id?: string;
}

let keys = 0;

/** Wishes that do not get in each other's way, of several people with one new mentor. */
export async function planAttempts(
  test: TestApp,
  people: readonly Person[],
  count: number,
): Promise<{ mentor: Mentor; attempts: Attempt[] }> {
  const mentor = await test.makeMentor();
  const slots = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 1), to: dateIn(mentor, 28) });
  const apart: typeof slots = [];
  for (const slot of slots) {
    const last = apart.at(-1);
    if (!last || Date.parse(slot.starts_at) - Date.parse(last.starts_at) >= 2 * 3_600_000) apart.push(slot);
  }
  const attempts = apart.slice(0, count).map((slot, index) => ({
    person: people[index % people.length]!,
    key: `crash ${++keys}`,
    body: bookingOf(mentor, slot.starts_at),
  }));
  return { mentor, attempts };
}

/** Requests a booking; a broken connection or a 503 leaves the result open. Returns a wrong code. */
export async function ask(attempt: Attempt, address: string): Promise<Booking | string> {
  const { person, key, body } = attempt;
  try {
    const call = callOver(address, person.token);
    const answer = await call("POST", "/bookings", body, { "idempotency-key": key });
    if (answer.status !== 201) return `answered ${answer.status}`;
    return answer.read(booking);
  } catch (error) {
    return `cut: ${String(error)}`;
  }
}

/** All people concurrently, each with one attempt after the other, until the victim has ended. */
export async function askUntilCut(attempts: readonly Attempt[], address: string): Promise<void> {
  const people = new Set(attempts.map(({ person }) => person));
  await Promise.all(
    Array.from(people, async (person) => {
      for (const attempt of attempts.filter((one) => one.person === person)) {
        const answer = await ask(attempt, address);
        if (typeof answer === "string") return;
        attempt.id = answer.id;
      }
    }),
  );
}

export interface Seen {
  acknowledged: number;
  found: number;
  faults: string[];
}

/** After the restart: what was acknowledged is stored, and every repeated key gives one booking, the same one. */
export async function check(
  owner: pg.ClientBase,
  mentor: Mentor,
  attempts: readonly Attempt[],
  address: string,
): Promise<Seen> {
  const faults: string[] = [];
  const known = attempts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const there = await owner.query("select from bookings where id = any($1)", [known]);
  const found = there.rowCount ?? 0;
  if (found !== known.length) faults.push("an acknowledged booking is lost");
  for (const attempt of attempts) {
    const answer = await ask(attempt, address);
    if (typeof answer === "string") faults.push(`asked again: ${answer}`);
    else if (attempt.id !== undefined && answer.id !== attempt.id)
      faults.push("asked again, it is another booking");
  }
  const all = await owner.query("select from bookings where expert_id = $1", [mentor.id]);
  if (all.rowCount !== attempts.length) faults.push(`${all.rowCount} bookings for ${attempts.length} keys`);
  const bare = await owner.query(
    "select from bookings where expert_id = $1 and status <> 'cancelled' and occupancy_id is null",
    [mentor.id],
  );
  if (bare.rowCount !== 0) faults.push("a booking without its time");
  if ((await ledgerFaults(owner)).length > 0) faults.push("the ledger is not the bookings");
  return { acknowledged: known.length, found, faults };
}
