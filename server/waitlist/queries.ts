import { sql } from "kysely";
import {
  type MentorQueue,
  mentorQueue,
  type WaitlistEntry,
  type WaitlistOffer,
  waitlistEntry,
  waitlistOffer,
} from "#contract/waitlist.ts";
import { countLimits } from "#rules/limits.ts";
import { quietUntil } from "#rules/quietHours.ts";
import { offerNight } from "#rules/waitlist.ts";
import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";

/** How long an entry that has ended stays in its owner's list. */
const endedDays = 7;

/**
 * Whether an offer can only be accepted for good, by the mentor's terms of now: these are copied to the booking, and may have
 * changed since the offer. Of a waitlist_offers o and its services s.
 */
export const isFinalSql = `(o.is_final or o.state = 'open'
  and o.starts_at - make_interval(mins => s.cancel_cutoff) <= now())`;

/** The place in the queue of those who could be offered the same time; null for an entry that isn't waiting. */
const position = sql<number | null>`case when e.state = 'waiting' then (
  select count(*)::integer from waitlist_entries ahead
  where ahead.expert_id = e.expert_id and ahead.state = 'waiting' and ahead.place <= e.place
    and ahead.service_id = e.service_id and ahead.duration = e.duration
    and ahead.starts_from < e.starts_until and ahead.starts_until > e.starts_from) end`;

function selectEntries(tx: SystemTx["last"]) {
  return tx.db
    .selectFrom("waitlist_entries as e")
    .innerJoin("expert_profiles as p", "p.id", "e.expert_id")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "e.service_id").onRef("s.expert_id", "=", "e.expert_id"),
    )
    .select([
      "e.id",
      "e.expert_id",
      "e.service_id",
      "s.title as service_title",
      "s.session_type",
      "e.duration",
      "e.kind",
      "e.starts_from",
      "e.group_session_id",
      "e.from_date",
      "e.to_date",
      "e.timezone",
      "e.state",
      "e.joined_at",
      "p.username",
      "p.full_name",
      "p.headline",
      position.as("position"),
      sql<object | null>`(
        select json_build_object('id', o.id, 'state', o.state, 'starts_at', o.starts_at, 'ends_at', o.ends_at,
          'offered_at', o.offered_at, 'expires_at', o.expires_at, 'is_final', ${sql.raw(isFinalSql)}, 'booking_id', o.booking_id)
        from waitlist_offers o where o.entry_id = e.id and o.expert_id = e.expert_id
        order by o.offered_at desc, o.id desc limit 1)`.as("offer"),
    ]);
}

type EntryRow = Awaited<ReturnType<ReturnType<typeof selectEntries>["executeTakeFirstOrThrow"]>>;

/** Returns a person's places in queues, the newest first, and for a week those that have ended. */
export async function listWaitlist(
  tx: SystemTx["last"],
  userId: string,
  now: EpochMs,
): Promise<WaitlistEntry[]> {
  const rows = await selectEntries(tx)
    .where("e.user_id", "=", userId)
    .where((where) =>
      where.or([
        where("e.state", "in", ["waiting", "offered"]),
        where("e.starts_until", ">", sql<Date>`now() - make_interval(days => ${endedDays})`),
      ]),
    )
    .orderBy("e.place", "desc")
    .limit(countLimits.waitlistListed)
    .execute();
  return rows.map((row) => presentEntry(row, now));
}

/** Reads a person's place in a queue. */
export async function readEntry(tx: SystemTx["last"], id: string, now: EpochMs): Promise<WaitlistEntry> {
  return presentEntry(await selectEntries(tx).where("e.id", "=", id).executeTakeFirstOrThrow(), now);
}

function presentEntry(row: EntryRow, now: EpochMs): WaitlistEntry {
  const { starts_from, from_date, to_date, username, full_name, headline, offer, ...entry } = row;
  return waitlistEntry.parse({
    ...entry,
    starts_at: row.kind === "days" ? null : starts_from.toISOString(),
    from: from_date,
    to: to_date,
    joined_at: row.joined_at.toISOString(),
    offer: offer && presentOffer(offer, row.timezone, now),
    mentor: { id: row.expert_id, username, full_name, headline },
  });
}

function presentOffer(offer: object, timezone: string, now: EpochMs): WaitlistOffer {
  const shown = waitlistOffer.omit({ paused_until: true }).parse(offer);
  const iso = (instant: string) => new Date(instant).toISOString();
  const expires_at = iso(shown.expires_at);
  const awakeAt = shown.state === "open" ? quietUntil(now, { ...offerNight, timezone }) : undefined;
  return {
    ...shown,
    starts_at: iso(shown.starts_at),
    ends_at: iso(shown.ends_at),
    offered_at: iso(shown.offered_at),
    expires_at,
    paused_until: awakeAt && awakeAt < Date.parse(expires_at) ? new Date(awakeAt).toISOString() : null,
  };
}

/** Returns a mentor's queues: by what is waited for, those who joined first first. */
export async function listQueues(tx: SystemTx["last"], mentorId: string): Promise<MentorQueue[]> {
  const { rows } = await tx.client.query<object>(
    `select e.service_id, s.title as service_title, e.duration, e.kind, e.group_session_id, e.from_date as "from",
       e.to_date as "to", case when e.kind <> 'days' then e.starts_from end as starts_at,
       case when e.kind = 'days' then e.timezone end as timezone,
       json_agg(json_build_object(
         'user_id', e.user_id, 'name', coalesce(u.full_name, ''), 'joined_at', e.joined_at,
         'position', e.position, 'offered_at', o.offered_at, 'offer_starts_at', o.starts_at,
         'offer_expires_at', o.expires_at) order by e.place) as people
     from (
       select w.*, case when w.state = 'waiting' then row_number() over (
         partition by w.service_id, w.duration, w.kind, w.group_session_id, w.starts_from, w.starts_until, w.state
         order by w.place)::integer end as position
       from waitlist_entries w where w.expert_id = $1 and w.state in ('waiting', 'offered')
     ) e
       join services s on s.id = e.service_id and s.expert_id = e.expert_id
       left join waitlist_offers o on o.entry_id = e.id and o.expert_id = e.expert_id and o.state = 'open'
       left join private.waiting_people($1) u on u.entry_id = e.id
     group by e.service_id, s.title, e.duration, e.kind, e.group_session_id, e.from_date, e.to_date, e.starts_from,
       e.starts_until, case when e.kind = 'days' then e.timezone end
     order by e.starts_from, min(e.place)`,
    [mentorId],
  );
  return rows.map(presentQueue);
}

function presentQueue(row: object): MentorQueue {
  // Instants that the database wrote as JSON have its own form.
  const { starts_at } = row as { starts_at: Date | null };
  const queue = mentorQueue.parse({ ...row, starts_at: starts_at?.toISOString() ?? null });
  const iso = (instant: string | null) => instant && new Date(instant).toISOString();
  return {
    ...queue,
    people: queue.people.map((person) => ({
      ...person,
      joined_at: new Date(person.joined_at).toISOString(),
      offered_at: iso(person.offered_at),
      offer_starts_at: iso(person.offer_starts_at),
      offer_expires_at: iso(person.offer_expires_at),
    })),
  };
}
