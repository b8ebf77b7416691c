import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import { daily } from "../../server/testing/testApp.ts";
import { codesOf, type Round } from "../rounds.ts";
import type { Stage } from "../stage.ts";

/** The app's clock, as far as it is off the database's, ms. */
export interface Clock {
  off: number;
}

const hour = 3_600_000;
/** Forwards and back, by little and by much, and over a day's end. */
const jumps = [hour, -hour, 26 * hour, -26 * hour, 90 * 24 * hour, -90 * 24 * hour, 60_000, -60_000];

/** Two people book the same times while the clock is wrong; then it is right again, and what is offered can be booked. */
export async function jump({ test, people }: Stage, round: number, clock: Clock): Promise<Round> {
  const mentor = await test.makeMentor({ windows: daily("00:00", "24:00") });
  const faults: string[] = [];
  const offered = () => {
    const now = Date.now() + clock.off;
    return readSlots(test.visitor, mentor, { from: dateIn(mentor, 0, now), to: dateIn(mentor, 6, now) });
  };
  const wanted = (slots: Awaited<ReturnType<typeof offered>>) =>
    [slots[0], slots[Math.floor(slots.length / 2)], slots.at(-1)].flatMap((slot) => slot ?? []);
  const ask = (who: number, starts_at: string) =>
    people[who]!.call("POST", "/bookings", bookingOf(mentor, starts_at));

  await offered();
  clock.off = jumps[round % jumps.length]!;
  const during = await Promise.all(
    wanted(await offered()).map(async ({ starts_at }) => {
      const both = await Promise.all([ask(0, starts_at), ask(1, starts_at)]);
      if (both.filter(({ status }) => status === 201).length > 1) faults.push("one time was sold twice");
      return both;
    }),
  );
  clock.off = 0;
  const after = [];
  for (const { starts_at } of wanted(await offered())) {
    const answer = await ask(2, starts_at);
    if (answer.status !== 201) faults.push(`with the clock right again, an offered time is ${answer.status}`);
    after.push(answer);
  }
  if (after.length === 0) faults.push("nothing is offered");
  const past = await test.db.owner.query("select from bookings where starts_at < created_at");
  if (past.rowCount !== 0) faults.push("a booking that begins before it was made");
  if ((await ledgerFaults(test.db.owner)).length > 0) faults.push("the ledger is not the bookings");
  const overlaps = await test.db.owner.query(
    `select from occupancies a join occupancies b using (expert_id)
     where a.id < b.id and a.during && b.during and expert_id = $1`,
    [mentor.id],
  );
  if (overlaps.rowCount !== 0) faults.push("two times overlap");
  return { codes: codesOf([...during.flat(), ...after]), faults };
}
