import { sql } from "kysely";
import {
  type Attendees,
  type GroupSession,
  groupSession,
  type OwnGroupSession,
  ownGroupSession,
  type Roster,
  rosterSeat,
} from "#contract/groupSessions.ts";
import { countLimits } from "#rules/limits.ts";
import { decimalOfMinor } from "#rules/money.ts";
import type { Queryable, UserTx } from "../platform/database/database.ts";
import {
  type BookingKey,
  findMentorId,
  mentorIdSql,
  readMentorAddress,
} from "../platform/database/directory.ts";

interface GroupSessionRow {
  id: string;
  expert_id: string;
  service_id: string;
  service_title: string;
  description: string;
  starts_at: Date;
  ends_at: Date;
  duration: number;
  mentor_timezone: string;
  origin: string;
  state: string;
  cancelled_because: string | null;
  capacity: number;
  seats_taken: number;
  min_attendees: number;
  decide_at: Date;
  join_until: Date;
  price_minor: number | null;
  share_minor: number | null;
  programme: object | null;
  currency: string;
  username: string;
  full_name: string;
  headline: string;
}

const columns = `g.id, g.expert_id, g.service_id, s.title as service_title, s.description, g.starts_at, g.ends_at,
  (extract(epoch from g.ends_at - g.starts_at) / 60)::integer as duration, p.timezone as mentor_timezone, g.origin, g.state,
  g.cancelled_because, g.capacity, coalesce(o.seats_taken, 0) as seats_taken, g.min_attendees, g.decide_at,
  coalesce(o.join_until, g.starts_at) as join_until, d.price_minor, g.share_minor, s.currency,
  case when g.programme_id is not null then (
    select json_build_object('id', r.id, 'title', r.title, 'place', g.programme_place, 'sessions', (
      select count(*) from group_sessions o where o.programme_id = r.id and o.expert_id = r.expert_id))
    from programmes r where r.id = g.programme_id and r.expert_id = g.expert_id) end as programme, p.username, p.full_name, p.headline`;
/** What ended with its last seat is known to calendars only. */
const tables = `group_sessions g
  join expert_profiles p on p.id = g.expert_id and g.cancelled_because is distinct from 'empty'
  join services s on s.id = g.service_id and s.expert_id = g.expert_id
  left join occupancies o on o.id = g.occupancy_id and o.expert_id = g.expert_id
  left join service_durations d on d.service_id = g.service_id and d.expert_id = g.expert_id
    and d.minutes = extract(epoch from g.ends_at - g.starts_at) / 60
    and s.enabled and s.deleted_at is null`;

function present(row: GroupSessionRow): GroupSession {
  return groupSession.parse(fieldsOf(row));
}

function fieldsOf(row: GroupSessionRow): object {
  const { origin, price_minor, share_minor, username, full_name, headline, ...fields } = row;
  return {
    ...fields,
    starts_at: row.starts_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
    decide_at: row.decide_at.toISOString(),
    join_until: row.join_until.toISOString(),
    is_scheduled: origin === "scheduled",
    seats_left: row.state === "cancelled" ? 0 : Math.max(0, row.capacity - row.seats_taken),
    price: price_minor === null ? null : decimalOfMinor(share_minor ?? price_minor, row.currency),
    mentor: { id: row.expert_id, username, full_name, headline },
  };
}

interface OwnRow extends GroupSessionRow {
  revenue_minor: number;
}

/** Of the seats that are taken now: what was cancelled has left them. */
const revenue = `(select coalesce(sum(b.total_minor), 0) from bookings b
  where b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id and b.payment_status = 'completed') as revenue_minor`;

function presentOwn(row: OwnRow): OwnGroupSession {
  return ownGroupSession.parse({
    ...fieldsOf(row),
    revenue: decimalOfMinor(row.revenue_minor, row.currency),
  });
}

/**
 * A mentor's group sessions that can be joined by themselves, the next ones first.
 * @param mentor id or username
 * @throws Refusal `mentor_not_found`
 */
export async function listGroupSessions(executor: Queryable, mentor: string): Promise<GroupSession[]> {
  const { by, value } = readMentorAddress(mentor);
  const { rows } = await executor.query<GroupSessionRow>({
    name: `group_sessions_by_${by}`,
    text: `select ${columns} from ${tables}
           where g.expert_id = ${mentorIdSql[by]} and g.state <> 'cancelled' and g.ends_at > now() and g.programme_id is null
             and coalesce(o.join_until, g.starts_at) > now()
           order by g.starts_at, g.id limit ${countLimits.groupSessionsListed}`,
    values: [value],
  });
  if (rows.length === 0) await findMentorId(executor, mentor);
  return rows.map(present);
}

/** One of them, also after it was cancelled or is over. @param mentor id or username */
export async function findGroupSession(
  executor: Queryable,
  mentor: string,
  id: string,
): Promise<GroupSession | undefined> {
  const { by, value } = readMentorAddress(mentor);
  const { rows } = await executor.query<GroupSessionRow>({
    name: `group_session_by_${by}`,
    text: `select ${columns} from ${tables} where g.expert_id = ${mentorIdSql[by]} and g.id = $2`,
    values: [value, id],
  });
  return rows[0] && present(rows[0]);
}

/** Several of a mentor's sessions by their ids, the next ones first. */
export async function findGroupSessions(
  executor: Queryable,
  expertId: string,
  ids: readonly string[],
): Promise<GroupSession[]> {
  const { rows } = await executor.query<GroupSessionRow>({
    name: "group_sessions_by_ids",
    text: `select ${columns} from ${tables} where g.expert_id = $1 and g.id = any ($2) order by g.starts_at, g.id`,
    values: [expertId, ids],
  });
  return rows.map(present);
}

/** A mentor's sessions, for the mentor: also cancelled ones and those of the last 30 days. */
export async function listOwnGroupSessions(tx: UserTx, expertId: string): Promise<OwnGroupSession[]> {
  const { rows } = await tx.client.query<OwnRow>({
    name: "own_group_sessions",
    text: `select ${columns}, ${revenue} from ${tables}
           where g.expert_id = $1 and g.ends_at > now() - interval '30 days'
           order by g.starts_at, g.id limit ${countLimits.groupSessionsListed}`,
    values: [expertId],
  });
  return rows.map(presentOwn);
}

/** A mentor's session with its seats in the order in which they were booked; undefined if there is none. */
export async function readRoster(tx: UserTx, expertId: string, id: string): Promise<Roster | undefined> {
  const { rows: found } = await tx.client.query<OwnRow>({
    name: "own_group_session",
    text: `select ${columns}, ${revenue} from ${tables} where g.expert_id = $1 and g.id = $2`,
    values: [expertId, id],
  });
  const [session] = found;
  if (!session) return undefined;
  const rows = await tx.db
    .selectFrom("group_sessions as g")
    .innerJoin("bookings as b", (join) =>
      join.onRef("b.occupancy_id", "=", "g.occupancy_id").onRef("b.expert_id", "=", "g.expert_id"),
    )
    .leftJoin("attendances as a", (join) =>
      join.onRef("a.booking_id", "=", "b.id").onRef("a.expert_id", "=", "b.expert_id"),
    )
    .where("g.id", "=", id)
    .where("g.expert_id", "=", expertId)
    .select([
      "b.id as booking_id",
      "b.user_id",
      "b.user_name",
      "b.status",
      "b.payment_status",
      "b.total_minor",
      "b.currency",
      "b.shows_name",
      "a.state as attendance",
    ])
    .select(sql<boolean>`b.status_when_paid is not null`.as("awaits_payment"))
    .orderBy("b.created_at")
    .orderBy("b.id")
    .execute();
  const seats = rows.map(({ total_minor, ...row }) =>
    rosterSeat.parse({ ...row, total_amount: decimalOfMinor(total_minor, row.currency) }),
  );
  return { session: presentOwn(session), seats };
}

/** What an attendee knows of the session and the others; undefined if the booking is no seat of a group session. */
export async function readAttendees(
  tx: UserTx,
  { id, expert_id }: BookingKey,
  publicReads: Queryable,
): Promise<Attendees | undefined> {
  const { rows } = await tx.client.query<{ group_id: string; shows_name: boolean; names: string[] }>({
    name: "attendees",
    text: `select g.id as group_id, b.shows_name,
             private.attendee_names(b.expert_id, b.occupancy_id, b.id) as names
           from bookings b join group_sessions g on g.occupancy_id = b.occupancy_id and g.expert_id = b.expert_id
           where b.id = $1 and b.expert_id = $2`,
    values: [id, expert_id],
  });
  const [row] = rows;
  const session = row && (await findGroupSession(publicReads, expert_id, row.group_id));
  return session && { session, shows_name: row.shows_name, names: row.names };
}
