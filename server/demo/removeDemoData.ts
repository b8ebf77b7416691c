import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { isRetryable, maxAttempts } from "../platform/database/database.ts";
import { isDemoId } from "./people.ts";
import { demoLock } from "./seedDemoData.ts";

/** Rows that demo people share with other people. They cannot exist without the demo person. */
export interface Shared {
  /** Bookings of other people with demo mentors. */
  withDemoMentors: number;
  /** Bookings of demo people with other mentors. */
  withOtherMentors: number;
  /** Time requests between a demo person and another person, in either direction. */
  requests: number;
}

export type Removal =
  | { is: "absent" }
  /** Nothing was removed. */
  | { is: "refused"; shared: Shared }
  | { is: "removed"; rows: readonly RemovedRows[]; shared: Shared };

interface RemovedRows {
  what: string;
  rows: number;
}

/**
 * Removes the demo people and all their data from a migrated database, in one transaction, while the app may be serving;
 * the demo is never seeded there again. `owner` is a connection of the schema's owner. What demo people share with others
 * is removed only if `withBookingsOfOthers`.
 */
export async function removeDemoData(
  owner: Client,
  { withBookingsOfOthers = false }: { withBookingsOfOthers?: boolean } = {},
): Promise<Removal> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptRemoval(owner, withBookingsOfOthers);
    } catch (error) {
      // On a lost connection this fails, but the server has rolled back already.
      await owner.query("rollback").catch(() => undefined);
      // Other transactions lock a mentor and then a person; this transaction needs all of both.
      if (attempt >= maxAttempts || !isRetryable(error)) throw error;
      await sleep(100 * attempt);
    }
  }
}

async function attemptRemoval(owner: Client, withBookingsOfOthers: boolean): Promise<Removal> {
  await owner.query("begin");
  await owner.query("select pg_advisory_xact_lock($1)", [demoLock]);
  const people = await lockDemo(owner);
  const shared = await readShared(owner);
  const hasShared = shared.withDemoMentors + shared.withOtherMentors + shared.requests > 0;
  if (people === 0 || (hasShared && !withBookingsOfOthers)) {
    await owner.query("rollback");
    return people === 0 ? { is: "absent" } : { is: "refused", shared };
  }
  await owner.query(notifyOthers);
  const rows: RemovedRows[] = [];
  for (const { what, sql } of removals) {
    const { rowCount } = await owner.query(sql);
    if (what !== undefined && rowCount) rows.push({ what, rows: rowCount });
  }
  await owner.query("insert into private.demo_removals default values");
  await owner.query("commit");
  return { is: "removed", rows: rows.reverse(), shared };
}

/** Prevents new rows about demo people from now on. Returns the number of demo people. */
async function lockDemo(owner: Client): Promise<number> {
  await owner.query(`
    create temp table demo_people (id uuid primary key) on commit drop;
    create temp table demo_bookings (id uuid primary key, user_id uuid, expert_id uuid, occupancy_id uuid) on commit drop;
    create temp table demo_requests (id uuid primary key, user_id uuid, expert_id uuid) on commit drop`);
  // As every booking does: its mentor first, then the people.
  await owner.query(`
    select private.lock_mentor(id) from (
      select id from public.expert_profiles where ${isDemoId("id")} order by id) mentor`);
  // "for update" also blocks the foreign keys of new rows.
  const { rowCount } = await owner.query(
    `insert into demo_people select id from auth.users where ${isDemoId("id")} order by id for update`,
  );
  await owner.query(`
    select from public.expert_profiles where id in (select id from demo_people) order by id for update;
    select private.lock_mentor(expert_id) from (
      select expert_id from public.bookings where user_id in (select id from demo_people)
      union select id from demo_people order by 1) mentor;
    insert into demo_bookings select id, user_id, expert_id, occupancy_id from public.bookings
      where user_id in (select id from demo_people) or expert_id in (select id from demo_people);
    insert into demo_requests select id, user_id, expert_id from public.time_requests
      where user_id in (select id from demo_people) or expert_id in (select id from demo_people)`);
  return rowCount ?? 0;
}

async function readShared(owner: Client): Promise<Shared> {
  const { rows } = await owner.query<Shared>(`
    select
      (select count(*) from demo_bookings where user_id not in (select id from demo_people)) as "withDemoMentors",
      (select count(*) from demo_bookings where expert_id not in (select id from demo_people)) as "withOtherMentors",
      (select count(*) from demo_requests where user_id not in (select id from demo_people)
         or expert_id not in (select id from demo_people)) as requests`);
  const [shared] = rows;
  if (!shared) throw new Error("The shared rows were not counted.");
  return shared;
}

/** Notifies the open pages of other people at commit, so that they reload. */
const notifyOthers = `
  select private.notify_person(person, about)
  from (
    select user_id from demo_bookings union select expert_id from demo_bookings
    union select user_id from demo_requests union select expert_id from demo_requests
  ) parties (person), unnest(array['bookings', 'requests', 'notifications']) about
  where person not in (select id from demo_people)`;

const ofDemoMentors = "expert_id in (select id from demo_people)";
const ofDemoPeople = "user_id in (select id from demo_people)";
const ofDemoMoney = `(p.${ofDemoMentors} or p.${ofDemoPeople})`;
const ofDemoPayments = `payment_id in (select p.id from public.payments p where ${ofDemoMoney})`;
const ofDemoBookings = "booking_id in (select id from demo_bookings)";

/** In an order that foreign keys allow; rows that cascade are not listed. */
const removals: readonly { what?: string; sql: string }[] = [
  // First, so that no job checks alerts for the time that is freed below.
  { what: "alerts", sql: `delete from public.availability_alerts where ${ofDemoMentors} or ${ofDemoPeople}` },
  {
    // Its trigger frees what other mentors hold for demo people.
    sql: `update public.waitlist_offers set state = 'withdrawn'
      where state = 'open' and booking_id is null and ${ofDemoPeople} and not ${ofDemoMentors}`,
  },
  { sql: `delete from public.waitlist_offers where ${ofDemoMentors} or ${ofDemoPeople}` },
  { what: "waitlist", sql: `delete from public.waitlist_entries where ${ofDemoMentors} or ${ofDemoPeople}` },
  {
    // The library's own function removes jobs by key only, and messages have none. A job that is running ends by itself.
    sql: `delete from graphile_worker._private_jobs
      where coalesce(payload ->> 'mentor_id', payload ->> 'user_id') in (select id::text from demo_people)`,
  },
  {
    what: "notifications",
    // An alert that has fired refers only to the service.
    sql: `delete from public.notifications where ${ofDemoPeople} or ${ofDemoBookings}
      or request_id in (select id from demo_requests)
      or payload ->> 'service_id' in (select id::text from public.services where ${ofDemoMentors})`,
  },
  {
    what: "mails",
    sql: `delete from private.deliveries d where ${ofDemoPeople}
      or d.address in (select u.email from auth.users u join demo_people p on p.id = u.id)
      or d.content #>> '{booking,id}' in (select id::text from demo_bookings)
      or exists (select from demo_people p where position(p.id::text in d.content::text) > 0)`,
  },
  {
    sql: `delete from private.local_mail m
      where m.address in (select u.email from auth.users u join demo_people p on p.id = u.id)`,
  },
  {
    sql: `delete from private.unreachable_addresses x
      where x.address in (select lower(u.email) from auth.users u join demo_people p on p.id = u.id)`,
  },
  {
    // Stored responses to other people contain the demo mentors with whom they booked.
    sql: `delete from private.idempotency_keys where ${ofDemoPeople}
      or exists (select from demo_people p where position(p.id::text in body::text) > 0)`,
  },
  { sql: "delete from public.time_proposals where request_id in (select id from demo_requests)" },
  {
    what: "requests for another time",
    sql: "delete from public.time_requests where id in (select id from demo_requests)",
  },
  { what: "reviews", sql: `delete from public.reviews where ${ofDemoBookings}` },
  { sql: `delete from private.review_events where ${ofDemoBookings}` },
  { what: "no-show claims", sql: `delete from public.no_show_claims where ${ofDemoBookings}` },
  { what: "entries of bookings' history", sql: `delete from public.booking_events where ${ofDemoBookings}` },
  {
    what: "documents",
    sql: `delete from public.documents where ${ofDemoMentors} or ${ofDemoPeople}`,
  },
  {
    // Numbers of the sandbox that the platform has given to demo mentors alone.
    sql: `delete from private.document_series s where s.issuer_id in (select id from demo_people)
      or (s.series = 'TF' and not exists (select from public.documents d where d.series = s.series))`,
  },
  {
    // The sandbox does not know whose payments its orders are for.
    sql: `delete from private.sandbox_orders o using public.payments p
      where o.reference = p.id::text and (p.${ofDemoMentors} or p.${ofDemoPeople})`,
  },
  {
    // Webhooks name the order alone.
    sql: `delete from private.payment_events e using private.payment_orders o, public.payments p
      where e.provider = o.provider and e.order_id = o.order_id and o.payment_id = p.id and o.expert_id = p.expert_id
        and (p.${ofDemoMentors} or p.${ofDemoPeople})`,
  },
  { sql: `delete from public.money_events where ${ofDemoPayments}` },
  {
    sql: `delete from public.payout_reversals v using public.payouts p
      where v.payout_id = p.id and v.expert_id = p.expert_id and (p.${ofDemoMentors} or p.${ofDemoPayments})`,
  },
  { what: "payouts", sql: `delete from public.payouts where ${ofDemoMentors} or ${ofDemoPayments}` },
  {
    sql: `delete from private.payout_runs r where r.created_by in (select id from demo_people)
      and not exists (select from public.payouts p where p.run_id = r.id)`,
  },
  { sql: `delete from private.payout_accounts where ${ofDemoMentors}` },
  { what: "refunds", sql: `delete from public.refunds where ${ofDemoPayments}` },
  { sql: `delete from private.payment_orders where ${ofDemoPayments}` },
  // The books of other mentors stay, also what demo people paid: they name accounts and no person.
  { sql: `delete from private.ledger_accounts where ${ofDemoMentors}` },
  { what: "lines of the ledger", sql: `delete from private.ledger_transfers where ${ofDemoMentors}` },
  {
    // Payments and attempts refer to each other.
    sql: `update public.payments p set accepted_attempt_id = null where ${ofDemoMoney} and accepted_attempt_id is not null`,
  },
  { sql: `delete from public.payment_attempts where ${ofDemoPayments}` },
  { what: "payments", sql: `delete from public.payments p where ${ofDemoMoney}` },
  { sql: `delete from public.credit_uses where ${ofDemoMentors} or ${ofDemoBookings}` },
  { sql: `delete from public.attendances where ${ofDemoMentors} or ${ofDemoBookings}` },
  { sql: `delete from public.coupon_uses where ${ofDemoMentors} or ${ofDemoPeople}` },
  { what: "bookings", sql: "delete from public.bookings where id in (select id from demo_bookings)" },
  // After their bookings and payments.
  { sql: `delete from public.baskets where ${ofDemoMentors} or ${ofDemoPeople}` },
  { sql: `delete from public.series where ${ofDemoMentors} or ${ofDemoPeople}` },
  {
    what: "bought packages",
    sql: `delete from public.package_purchases where ${ofDemoMentors} or ${ofDemoPeople}`,
  },
  { sql: `delete from public.group_sessions where ${ofDemoMentors}` },
  { sql: `delete from public.occupancies where ${ofDemoMentors}` },
  { sql: `delete from public.programmes where ${ofDemoMentors}` },
  {
    // Other people may sit in the same group session.
    sql: `select private.release_seat(expert_id, occupancy_id) from demo_bookings
      where occupancy_id is not null and not ${ofDemoMentors}`,
  },
  {
    sql: `delete from private.made_meetings m where m.occupancy_id in (select occupancy_id from demo_bookings)
      and not exists (select from public.occupancies o where o.id = m.occupancy_id and o.expert_id = m.expert_id)`,
  },
  {
    what: "favourites",
    sql: `delete from public.favourite_mentors where ${ofDemoMentors} or ${ofDemoPeople}`,
  },
  {
    what: "private notes",
    sql: `delete from public.student_notes where ${ofDemoMentors} or student_id in (select id from demo_people)`,
  },
  { what: "services", sql: `delete from public.services where ${ofDemoMentors}` },
  { what: "windows of hours", sql: `delete from public.availability_slots where ${ofDemoMentors}` },
  { what: "days off", sql: `delete from public.blocked_dates where ${ofDemoMentors}` },
  {
    what: "mentors' pages",
    sql: "delete from public.expert_profiles where id in (select id from demo_people)",
  },
  { what: "signed-in devices", sql: `delete from auth.sessions where ${ofDemoPeople}` },
  {
    sql: `delete from auth.verifications v using auth.users u where u.id in (select id from demo_people)
      and (position(u.id::text in v.value) > 0 or position(u.email in v.identifier) > 0)`,
  },
  { what: "people", sql: "delete from auth.users where id in (select id from demo_people)" },
];
