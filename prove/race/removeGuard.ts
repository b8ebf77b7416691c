import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import type { TestApp } from "../../server/testing/testApp.ts";

const meet = `
  create sequence private.arrivals;
  create function private.meet() returns void language plpgsql security definer as $$
  declare
    patience constant timestamptz := clock_timestamp() + interval '10 seconds';
    arrived bigint := nextval('private.arrivals');
  begin
    while arrived < 2 and clock_timestamp() < patience loop
      perform pg_sleep(0.01);
      select last_value into arrived from private.arrivals;
    end loop;
  end $$;
  grant execute on function private.meet() to public;`;

/** Removes the guards that must hold in the race, in a clone that is dropped afterwards. */
export const removeGuard = {
  constraint: ({ db }: TestApp) =>
    db.owner.query("alter table occupancies drop constraint occupancies_no_overlap"),
  lock: async ({ db }: TestApp) => {
    await db.owner.query(
      `create or replace function private.lock_mentor(mentor uuid) returns boolean language sql security definer
       set search_path = pg_catalog, pg_temp
       as $$ select exists (select from public.schedule_revisions where expert_id = mentor) $$`,
    );
    await db.owner.query(meet);
    // Every booking goes the way of the lock.
    await rewriteFunction(db, "private.book_sessions", "and r.revision = b.judged_revision", "and false");
    // In place of the lock the first waits for the second, so that both have checked before either books.
    await rewriteFunction(
      db,
      "private.prepare_booking",
      "perform private.lock_mentor(new.expert_id);",
      "perform private.meet();",
    );
  },
};
