import { type Programme, type ProgrammeRoster, programme, programmeRoster } from "#contract/programmes.ts";
import { countLimits } from "#rules/limits.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { type EpochMs, formatInstant, parseInstant } from "#scheduling/units.ts";
import type { Queryable, UserTx } from "../platform/database/database.ts";
import { findMentorId, mentorIdSql, readMentorAddress } from "../platform/database/directory.ts";

/** A session of a programme, as it is read. */
interface SessionRow {
  group_session_id: string;
  place: number;
  starts_at: string;
  ends_at: string;
  state: string;
  share_minor: number;
  seats_left: number;
  /** By the clock of the database, as the ledger has it. */
  has_begun: boolean;
}

interface ProgrammeRow {
  id: string;
  expert_id: string;
  service_id: string;
  title: string;
  description: string;
  duration: number;
  mentor_timezone: string;
  state: string;
  cancelled_because: string | null;
  capacity: number;
  min_attendees: number;
  attendees: number;
  decide_at: Date;
  currency: string;
  /** Whether the service with this length is. */
  is_offered: boolean;
  sessions: SessionRow[];
  username: string;
  full_name: string;
  headline: string;
}

const columns = `r.id, r.expert_id, r.service_id, r.title, r.description, r.duration, p.timezone as mentor_timezone, r.state,
  r.cancelled_because, r.capacity, r.min_attendees, r.decide_at, r.currency, p.username, p.full_name, p.headline,
  p.accepting_bookings and exists (
    select from services s join service_durations d on d.service_id = s.id and d.expert_id = s.expert_id
    where s.id = r.service_id and s.expert_id = r.expert_id and s.enabled and s.deleted_at is null and d.minutes = r.duration)
    as is_offered,
  (select coalesce(max(o.seats_taken), 0) from occupancies o where o.programme_id = r.id and o.expert_id = r.expert_id)
    as attendees,
  (select json_agg(json_build_object(
      'group_session_id', g.id, 'place', g.programme_place, 'starts_at', g.starts_at, 'ends_at', g.ends_at, 'state', g.state,
      'share_minor', g.share_minor, 'seats_left', coalesce(o.capacity - o.seats_taken, 0), 'has_begun', g.starts_at <= now())
      order by g.programme_place)
    from group_sessions g left join occupancies o on o.id = g.occupancy_id and o.expert_id = g.expert_id
    where g.programme_id = r.id and g.expert_id = r.expert_id) as sessions`;
const tables = "programmes r join expert_profiles p on p.id = r.expert_id";

export interface FoundProgramme {
  programme: Programme;
  /** The sessions that are not cancelled, in the order of their starts, and what each costs. */
  remaining: { startsAt: EpochMs; shareMinor: number }[];
}

function present(row: ProgrammeRow): FoundProgramme {
  const { is_offered, sessions, username, full_name, headline, ...fields } = row;
  const remaining = sessions
    .filter(({ state }) => state !== "cancelled")
    .sort((a, b) => parseInstant(a.starts_at) - parseInstant(b.starts_at));
  const ahead = remaining.filter(({ has_begun }) => !has_begun);
  const [first] = remaining;
  const isOpen = row.state !== "cancelled" && is_offered && first !== undefined && !first.has_begun;
  const price = remaining.reduce((sum, { share_minor }) => sum + share_minor, 0);
  const found = programme.parse({
    ...fields,
    decide_at: row.decide_at.toISOString(),
    seats_left: ahead.length === 0 ? 0 : Math.max(0, Math.min(...ahead.map(({ seats_left }) => seats_left))),
    book_until: isOpen ? instant(first.starts_at) : null,
    price: decimalOfMinor(price, row.currency),
    sessions: sessions.map(({ share_minor: _share, has_begun: _begun, ...session }) => ({
      ...session,
      starts_at: instant(session.starts_at),
      ends_at: instant(session.ends_at),
    })),
    mentor: { id: row.expert_id, username, full_name, headline },
  });
  return {
    programme: found,
    remaining: remaining.map(({ starts_at, share_minor }) => ({
      startsAt: parseInstant(starts_at),
      shareMinor: share_minor,
    })),
  };
}

/** PostgreSQL writes instants in JSON with an offset. */
const instant = (text: string) => formatInstant(parseInstant(text));

/**
 * The programmes of a mentor that can be booked, the latest made first.
 * @param mentor id or username
 * @throws Refusal `mentor_not_found`
 */
export async function listProgrammes(executor: Queryable, mentor: string): Promise<Programme[]> {
  const { by, value } = readMentorAddress(mentor);
  const { rows } = await executor.query<ProgrammeRow>({
    name: `programmes_by_${by}`,
    text: `select ${columns} from ${tables}
           where r.expert_id = ${mentorIdSql[by]} and r.state <> 'cancelled'
             and exists (select from group_sessions g
               where g.programme_id = r.id and g.expert_id = r.expert_id and g.starts_at > now() and g.state <> 'cancelled')
           order by r.created_at desc limit ${countLimits.programmesListed}`,
    values: [value],
  });
  if (rows.length === 0) await findMentorId(executor, mentor);
  return rows.map((row) => present(row).programme).filter(({ book_until }) => book_until !== null);
}

/** One of them, also after it was cancelled or is over. @param mentor id or username */
export async function findProgramme(
  executor: Queryable,
  mentor: string,
  id: string,
): Promise<FoundProgramme | undefined> {
  const { by, value } = readMentorAddress(mentor);
  const { rows } = await executor.query<ProgrammeRow>({
    name: `programme_by_${by}`,
    text: `select ${columns} from ${tables} where r.expert_id = ${mentorIdSql[by]} and r.id = $2`,
    values: [value, id],
  });
  return rows[0] && present(rows[0]);
}

/** A mentor's programmes, also cancelled ones and those that are over, the latest made first. */
export async function listOwnProgrammes(tx: UserTx, expertId: string): Promise<Programme[]> {
  const { rows } = await tx.client.query<ProgrammeRow>({
    name: "own_programmes",
    text: `select ${columns} from ${tables}
           where r.expert_id = $1 order by r.created_at desc limit ${countLimits.programmesListed}`,
    values: [expertId],
  });
  return rows.map((row) => present(row).programme);
}

interface PersonRow {
  user_id: string;
  user_name: string;
  series_id: string;
  seats: object[];
  paid_minor: number;
}

/** A mentor's programme with the people in it, in the order in which they booked; undefined if there is none. */
export async function readProgrammeRoster(
  tx: UserTx,
  expertId: string,
  id: string,
): Promise<ProgrammeRoster | undefined> {
  const found = await findProgramme(tx.client, expertId, id);
  if (!found) return undefined;
  const { rows } = await tx.client.query<PersonRow>({
    name: "people_of_programme",
    text: `select b.user_id, min(b.user_name) as user_name, b.series_id,
             json_agg(json_build_object('place', g.programme_place, 'booking_id', b.id, 'status', b.status,
               'awaits_payment', b.status_when_paid is not null, 'attendance', a.state) order by g.programme_place) as seats,
             coalesce(sum(b.total_minor) filter (where b.payment_status = 'completed'), 0)::bigint as paid_minor
           from group_sessions g
             join bookings b on b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id
             left join attendances a on a.booking_id = b.id and a.expert_id = b.expert_id
           where g.programme_id = $2 and g.expert_id = $1
           group by b.user_id, b.series_id order by min(b.created_at), b.series_id`,
    values: [expertId, id],
  });
  const revenue = rows.reduce((sum, { paid_minor }) => sum + paid_minor, 0);
  return programmeRoster.parse({
    programme: found.programme,
    revenue: decimalOfMinor(revenue, found.programme.currency),
    people: rows.map(({ paid_minor: _paid, ...person }) => person),
  });
}
