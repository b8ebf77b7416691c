import { addMs } from "#scheduling/units.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { bookAny } from "../../server/testing/booking.ts";
import { runTask } from "../../server/testing/jobs.ts";
import type { Round } from "../rounds.ts";
import type { Stage } from "../stage.ts";

const month = 30 * 24 * 3_600_000;

/** The worker's clock is a month ahead, then a month behind: what has not run out stays, what has goes once. */
export async function expire({ test, people }: Stage): Promise<Round> {
  const { owner } = test.db;
  const mentor = await test.makeMentor();
  const [expired, open] = [await bookAny(people[0]!, mentor), await bookAny(people[1]!, mentor)];
  const faults: string[] = [];
  const sweep = async () => {
    for (const off of [month, -month, month]) {
      for (const task of ["free_lapsed_time", "cancel_abandoned_bookings"])
        await runTask(test.db, task, {}, { now: () => addMs(systemClock(), off) });
    }
  };
  const expiries = async () => {
    const { rows } = await owner.query<{ id: string }>(
      "select booking_id as id from booking_events where kind = 'expired' and booking_id = any($1)",
      [[expired.id, open.id]],
    );
    return rows.map(({ id }) => id);
  };
  await sweep();
  if ((await expiries()).length > 0) faults.push("a request expired early");

  await owner.query("set session_replication_role = replica");
  for (const statement of [
    "update bookings set expires_at = now() - interval '1 second' where id = $1 and status = 'pending'",
    `update occupancies set expires_at = now() - interval '1 second'
     where id = (select occupancy_id from bookings where id = $1)`,
  ]) {
    await owner.query(statement, [expired.id]);
  }
  await owner.query("reset session_replication_role");
  await sweep();
  const after = await expiries();
  if (after.join() !== expired.id) faults.push(`${after.length} requests expired`);
  return { codes: { expired: after.length }, faults };
}
