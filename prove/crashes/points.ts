import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** An arbitrary number: the lock that the proof holds and that the victim, at the point, tries to take. */
const gate = 4711;

export interface Point {
  name: string;
  /** SQL of the trigger that stops the victim there. */
  trigger: (table: string) => string;
}

export const points = {
  inserted: {
    name: "after the insert, before the commit",
    trigger: (table) =>
      `create trigger gate after insert on ${table} for each row execute function private.gate()`,
  },
  committing: {
    name: "while it commits",
    trigger: (table) =>
      `create constraint trigger gate after insert on ${table} deferrable initially deferred
       for each row execute function private.gate()`,
  },
} satisfies Record<string, Point>;

/** Lets the victim run to a point of a transaction that inserts into `table`, kills it there, and opens the way again. */
export async function killAt(
  owner: pg.ClientBase,
  { trigger }: Point,
  table: string,
  {
    run,
    kill,
    patience = 60_000,
    isLost = false,
  }: {
    run: () => Promise<unknown>;
    kill: () => Promise<void>;
    /** How long the victim may take to come to the point, ms. */
    patience?: number;
    /** Whether its transaction is lost with it; otherwise the database goes on with what it has received, the commit included. */
    isLost?: boolean;
  },
): Promise<void> {
  await owner.query(
    // Waits without a lock: a booking's call gives up on locks that take long.
    `create sequence if not exists private.arrivals;
     create or replace function private.gate() returns trigger language plpgsql security definer as $$
       begin
         perform nextval('private.arrivals');
         while not pg_try_advisory_xact_lock(${gate}) loop perform pg_sleep(0.005); end loop;
         return null;
       end $$;
     select setval('private.arrivals', 1, false)`,
  );
  await owner.query(trigger(table));
  await owner.query("select pg_advisory_lock($1)", [gate]);
  const running = run();
  const arrived = "select from private.arrivals where is_called";
  const deadline = performance.now() + patience;
  while ((await owner.query(arrived)).rowCount === 0) {
    if (performance.now() > deadline) throw new Error("The victim never came to the point.");
    await sleep(5);
  }
  await kill();
  if (isLost) while (!(await endWaiting(owner))) await sleep(1);
  await running;
  await owner.query("select pg_advisory_unlock($1)", [gate]);
  // Waits for the transaction that is left without its client.
  await owner.query(`drop trigger gate on ${table}`);
}

/** Ends the connection that waits at the gate. Returns whether it was there. */
async function endWaiting(owner: pg.ClientBase): Promise<boolean> {
  const { rows } = await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and wait_event = 'PgSleep'`,
  );
  return rows.length > 0;
}
