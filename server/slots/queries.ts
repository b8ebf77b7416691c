import type { Booking } from "#contract/bookings.ts";
import type { SessionType } from "#contract/services.ts";
import type { BookedSlot, Slot, SlotAnswer } from "#contract/slots.ts";
import { numberLimits } from "#rules/limits.ts";
import type { PricedService } from "#rules/price.ts";
import { addDays } from "#scheduling/dates.ts";
import { WEEK_REACH_MS, ZONE_SLACK_MS } from "#scheduling/margins.ts";
import { type AskedStarts, neededRange } from "#scheduling/neededRange.ts";
import type { Wait, ZonePeriod } from "#scheduling/schedule.ts";
import { withoutSeat } from "#scheduling/seats.ts";
import {
  type AvailabilityWindow,
  findSlots,
  judgeSlots,
  type Occupancy,
  publicTime,
  type Schedule,
  type SlotQuery,
  seatsLeft,
} from "#scheduling/slots.ts";
import {
  addMs,
  DAY_MS,
  type EpochMs,
  formatInstant,
  type LocalDate,
  MINUTE_MS,
  type Minutes,
  minutesBetween,
  parseInstant,
} from "#scheduling/units.ts";
import { validUntil } from "#scheduling/validity.ts";
import { mentorZoneAt, mentorZoneReader } from "#scheduling/zoneCalendar.ts";
import { startOfDay, wallClockOf, wallClockReader } from "#scheduling/zonedTime.ts";
import { offerRefusals } from "#words/refusals.ts";
import type { Queryable } from "../platform/database/database.ts";
import { mentorIdSql, readMentorAddress } from "../platform/database/directory.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { type PriceRow, pricesOfRow } from "../services/prices.ts";
import { explainEmptyDays } from "./emptyDays.ts";

interface ScheduledMentor {
  id: string;
  username: string;
  full_name: string;
  headline: string;
  instant_confirm: boolean;
  approve_first_timers: boolean;
}

/** Everything that decides which starts of one mentor are offered on some days, read by one statement. */
export interface MentorSchedule {
  mentor: ScheduledMentor;
  schedule: Schedule;
  taken: Occupancy[];
  services: OfferedService[];
  /** Counts the changes of the schedule. */
  revision: number;
  /** ms until the first open request or hold expires; Infinity if there is none. */
  earliestExpiryMs: number;
}

export interface OfferedService extends PricedService {
  id: string;
  session_type: SessionType;
  title: string;
  capacity: number;
  opens_by_booking: boolean;
  /** With how much notice, at least, a booking opens a session of it. */
  opening_notice: Minutes;
  instant_confirm: boolean | null;
  cancel_cutoff: Minutes;
  reschedule_cutoff: Minutes;
  refund_full_cutoff: Minutes;
  refund_partial_cutoff: Minutes;
  refund_partial_percent: number;
}

/** What the starts of a service depend on. */
type ServiceOfSlots = Pick<OfferedService, "id" | "capacity"> &
  Partial<Pick<OfferedService, "opens_by_booking" | "opening_notice">>;

type ServiceRow = Omit<OfferedService, keyof PricedService> & PriceRow;

type WindowTuple = [
  day: number | null,
  date: LocalDate | null,
  start: string,
  end: string,
  replaces: boolean,
];
type OccupancyTuple = [
  startsAt: EpochMs,
  endsAt: EpochMs,
  busyFrom: EpochMs,
  busyUntil: EpochMs,
  serviceId: string | null,
  capacity: number,
  seatsTaken: number,
  lapsesIn: number | null,
  joinUntil: EpochMs | null,
];

interface ScheduleRow
  extends ScheduledMentor,
    Omit<Schedule, "windows" | "blocked_dates" | "zone_periods" | "waits"> {
  windows: WindowTuple[];
  blocked_dates: LocalDate[];
  /** Those not over yet, today's included: the booking window counts from today's date. */
  zone_periods: ZonePeriod[] | null;
  taken: OccupancyTuple[];
  /** What is busy in connected calendars, ascending; cut off at the ends of what was asked for. */
  busy_elsewhere: [from: EpochMs, until: EpochMs][] | null;
  services: ServiceRow[];
  /** What is waited for around the starts in question. */
  waits: WaitTuple[] | null;
  revision: number;
}

type WaitTuple = [
  serviceId: string,
  duration: Minutes,
  from: EpochMs,
  until: EpochMs,
  passed: EpochMs[] | null,
];

/**
 * On both sides of the starts in question. Without a cap longer than two sessions with their buffers, which is how far a wait
 * reaches; under a cap it reaches as far as the week.
 */
const waitReachDays = { usual: 2, limited: WEEK_REACH_MS / DAY_MS + 2 };
const waitReachSql = `(case when $7::boolean or p.max_per_day is not null or p.max_per_week is not null
  then interval '${waitReachDays.limited} days' else interval '${waitReachDays.usual} days' end)`;

/** `occupancyRange` of the engine in SQL: without limits, and unless $7 wants all settings, the buffers' length. */
function takenReach(buffer: "buffer_before" | "buffer_after"): string {
  return `(case when $7::boolean or p.max_per_day is not null or p.max_per_week is not null
            then interval '${WEEK_REACH_MS / MINUTE_MS} minutes' else p.${buffer} * interval '1 minute' end)`;
}

/** Not `extract`: its numeric result costs more than the rest of reading a month. A double holds microseconds exactly. */
function epochMsSql(instant: string): string {
  return `(date_part('epoch', ${instant}) * 1000)::bigint`;
}

/**
 * One statement: one round trip and one snapshot. Expired holds and requests are not taken time: the next booking
 * removes them (private.expire_requests). $1 the mentor's address, $2/$3 mentor-local dates, $4/$5 instants (`neededRange`), $6 the
 * first date of travel.
 */
function scheduleSql(by: keyof typeof mentorIdSql): string {
  // Named by its id, a mentor needs no look-up of the machine that has the rows, if they are on many.
  const mentor = by === "id" ? mentorIdSql.id : "p.id";
  return `
    select p.id, p.username, p.full_name, p.headline, p.instant_confirm, p.approve_first_timers, p.timezone, p.slot_interval,
      p.buffer_before, p.buffer_after, p.minimum_notice, p.booking_window_days, p.max_per_day, p.max_per_week,
      p.accepting_bookings and p.hidden_because is null
        and not exists (select from busy_times b where b.expert_id = ${mentor} and b.pauses_offering) as accepting_bookings,
      (select r.revision from schedule_revisions r where r.expert_id = ${mentor}) as revision,
      coalesce((
        select json_agg(json_build_array(
          a.day_of_week, a.specific_date, a.start_time, a.end_time, a.replaces_weekly))
        from availability_slots a
        where a.expert_id = ${mentor} and (a.is_recurring or a.specific_date between $2::date and $3::date)
      ), '[]') as windows,
      coalesce((
        select json_agg(b.date) from blocked_dates b
        where b.expert_id = ${mentor} and b.date between $2::date and $3::date
      ), '[]') as blocked_dates,
      (
        select json_agg(json_build_object('starts_on', z.starts_on, 'ends_on', z.ends_on, 'timezone', z.timezone))
        from timezone_periods z
        where z.expert_id = ${mentor} and z.ends_on >= least($6::date, current_date - ${ZONE_SLACK_MS / DAY_MS + 1})
      ) as zone_periods,
      coalesce((
        select json_agg(json_build_array(
          ${epochMsSql("o.starts_at")}, ${epochMsSql("o.ends_at")},
          ${epochMsSql("lower(o.during)")}, ${epochMsSql("upper(o.during)")},
          o.service_id, o.capacity, case when o.programme_id is null then o.seats_taken else o.capacity end, ${epochMsSql("(o.expires_at - now())")},
          ${epochMsSql("o.join_until")}) order by o.starts_at)
        from occupancies o
        where o.expert_id = ${mentor} and o.during && tstzrange(
            $4::timestamptz - ${takenReach("buffer_before")}, $5::timestamptz + ${takenReach("buffer_after")})
          and (o.expires_at is null or o.expires_at > now())
      ), '[]') as taken,
      (
        select json_agg(json_build_array(${epochMsSql("lower(e.during)")}, ${epochMsSql("upper(e.during)")}))
        from (
          select b.during * tstzmultirange(tstzrange(
            $4::timestamptz - ${takenReach("buffer_before")}, $5::timestamptz + ${takenReach("buffer_after")})) as during
          from busy_times b where b.expert_id = ${mentor}) b, unnest(b.during) e (during)
      ) as busy_elsewhere,
      (
        select json_agg(json_build_array(
          w.service_id, w.duration, ${epochMsSql("w.starts_from")}, ${epochMsSql("w.starts_until")},
          (select json_agg(${epochMsSql("passed")}) from unnest(w.passed_starts) passed)))
        from (
          select distinct e.service_id, e.duration, e.starts_from, e.starts_until, e.passed_starts
          from waitlist_entries e
          where e.expert_id = ${mentor} and e.state = 'waiting'
            and e.starts_until > $4::timestamptz - ${waitReachSql}
            and e.starts_from < $5::timestamptz + ${waitReachSql}
        ) w
      ) as waits,
      coalesce((
        select json_agg(json_build_object(
          'id', s.id, 'session_type', s.session_type, 'title', s.title, 'capacity', s.capacity,
          'opens_by_booking', s.opens_by_booking,
          'opening_notice', case when s.min_attendees > 1 then s.decide_minutes else 0 end,
          'currency', s.currency, 'recording_price_minor', s.recording_price_minor, 'instant_confirm', s.instant_confirm,
          'cancel_cutoff', s.cancel_cutoff, 'reschedule_cutoff', s.reschedule_cutoff,
          'refund_full_cutoff', s.refund_full_cutoff, 'refund_partial_cutoff', s.refund_partial_cutoff,
          'refund_partial_percent', s.refund_partial_percent,
          'durations', (
            select coalesce(json_agg(
              json_build_object('minutes', d.minutes, 'price_minor', d.price_minor) order by d.minutes), '[]')
            from service_durations d where d.service_id = s.id and d.expert_id = s.expert_id)
          ) order by s.created_at, s.id)
        from services s where s.expert_id = ${mentor} and s.enabled and s.deleted_at is null
      ), '[]') as services
    from expert_profiles p where p.id = ${mentorIdSql[by]}`;
}

export const scheduleStatements = {
  id: { name: "schedule_by_id", text: scheduleSql("id") },
  username: { name: "schedule_by_username", text: scheduleSql("username") },
};

/**
 * Reads a mentor's schedule: everything that decides about the starts in question.
 * @param anySettings also reads what other buffers and limits than the mentor's own would need
 * @throws Refusal `mentor_not_found`
 */
export async function readSchedule(
  executor: Queryable,
  mentor: string,
  asked: AskedStarts,
  { anySettings = false } = {},
): Promise<MentorSchedule> {
  const row = await readScheduleRow(executor, mentor, asked, anySettings);
  // What is free for those who wait is only known with the time around it.
  const isLimited = anySettings || row.max_per_day !== null || row.max_per_week !== null;
  const days = waitReachDays[isLimited ? "limited" : "usual"];
  const wider = row.waits && (await readScheduleRow(executor, mentor, widened(asked, days), anySettings));
  return presentSchedule(wider ?? row);
}

async function readScheduleRow(
  executor: Queryable,
  mentor: string,
  asked: AskedStarts,
  anySettings: boolean,
): Promise<ScheduleRow> {
  const { by, value } = readMentorAddress(mentor);
  const needed = neededRange(asked, numberLimits.sessionMinutes.max);
  const { rows } = await executor.query<ScheduleRow>({
    ...scheduleStatements[by],
    values: [
      value,
      needed.firstDate,
      needed.lastDate,
      new Date(needed.from),
      new Date(needed.lastEnd),
      needed.firstJourney,
      anySettings,
    ],
  });
  const [row] = rows;
  if (!row) throw new Refusal("mentor_not_found");
  return row;
}

function widened(asked: AskedStarts, days: number): AskedStarts {
  if ("to" in asked) return { ...asked, from: addDays(asked.from, -days), to: addDays(asked.to, days) };
  const reach = days * DAY_MS;
  return { from: addMs(asked.from, -reach), until: addMs(asked.until, reach) };
}

function presentSchedule(row: ScheduleRow): MentorSchedule {
  const { id, username, full_name, headline, instant_confirm, approve_first_timers, ...rest } = row;
  const { windows, taken, busy_elsewhere, services, waits, revision, zone_periods, ...settings } = rest;
  return {
    mentor: { id, username, full_name, headline, instant_confirm, approve_first_timers },
    schedule: {
      ...settings,
      ...(zone_periods && { zone_periods }),
      windows: windows.map(toWindow),
      ...(waits && { waits: toWaits(waits, services) }),
    },
    taken: withElsewhere(taken.map(toOccupancy), busy_elsewhere),
    services: services.map(toOffer),
    revision,
    earliestExpiryMs: Math.min(
      ...taken.map(([, , , , , , , lapsesIn]) => lapsesIn ?? Number.POSITIVE_INFINITY),
    ),
  };
}

/** Without those for what the mentor no longer offers. */
function toWaits(waits: WaitTuple[], services: ServiceRow[]): Wait[] {
  return waits.flatMap(([serviceId, duration, from, until, passed]) => {
    const service = services.find(({ id }) => id === serviceId);
    if (!service?.durations.some(({ minutes }) => minutes === duration)) return [];
    const { opens_by_booking: opensByBooking, opening_notice: openingNotice } = service;
    return { serviceId, duration, from, until, passed: passed ?? [], opensByBooking, openingNotice };
  });
}

function toOffer(row: ServiceRow): OfferedService {
  const { durations: _d, currency: _c, recording_price_minor: _r, ...offer } = row;
  return { ...offer, ...pricesOfRow(row) };
}

function toWindow([
  day_of_week,
  specific_date,
  start_time,
  end_time,
  replaces,
]: WindowTuple): AvailabilityWindow {
  const window = { day_of_week, specific_date, start_time, end_time };
  return replaces ? { ...window, replaces_weekly: true } : window;
}

function toOccupancy([
  startsAt,
  endsAt,
  busyFrom,
  busyUntil,
  serviceId,
  capacity,
  seatsTaken,
  ,
  joinUntil,
]: OccupancyTuple): Occupancy {
  const session = { startsAt, endsAt, busyFrom, busyUntil, serviceId, capacity, seatsTaken };
  return joinUntil === null ? session : { ...session, joinUntil };
}

/** Ascending, as the engine's short walk needs it. */
function withElsewhere(sessions: Occupancy[], elsewhere: ScheduleRow["busy_elsewhere"]): Occupancy[] {
  if (!elsewhere) return sessions;
  const busy = elsewhere.map(
    ([from, until]): Occupancy => ({
      startsAt: from,
      endsAt: until,
      busyFrom: from,
      busyUntil: until,
      serviceId: null,
      capacity: 1,
      seatsTaken: 1,
      isElsewhere: true,
    }),
  );
  return [...sessions, ...busy].sort((one, other) => one.busyFrom - other.busyFrom);
}

/** Viewer-local dates, both included; mentor-local without a zone. */
export interface SlotDays {
  from: LocalDate;
  to: LocalDate;
  timezone?: string | undefined;
}

export interface SlotRequest extends SlotDays {
  duration: Minutes;
  service_id?: string | undefined;
  include: "all" | "available";
}

/**
 * Returns the starts that a mentor offers on some days of the viewer, with one database round trip.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`
 */
export async function readSlots(
  executor: Queryable,
  mentor: string,
  request: SlotRequest,
  now: EpochMs,
): Promise<SlotAnswer> {
  return offeredSlots(await readSchedule(executor, mentor, request), request, now);
}

/**
 * Returns the starts that a mentor offers by a schedule that was read for these days.
 * @throws Refusal `service_not_found`, `validation_failed`
 */
export function offeredSlots(read: MentorSchedule, request: SlotRequest, now: EpochMs): SlotAnswer {
  return presentSlots(read, request, { ...request, service: findService(read.services, request), now });
}

/**
 * Returns the starts that a booking can be moved to, with its own length and service. Its own time counts as free. Works
 * even if the mentor no longer offers the service or has paused new bookings.
 */
export async function readSlotsAround(
  executor: Queryable,
  booking: Pick<Booking, "expert_id" | "service_id" | "starts_at" | "duration">,
  days: SlotDays,
  now: EpochMs,
): Promise<SlotAnswer> {
  const read = await readSchedule(executor, booking.expert_id, days);
  const service = read.services.find(({ id }) => id === booking.service_id) ?? {
    id: booking.service_id,
    capacity: 1,
  };
  const session = { duration: booking.duration, service, include: "available", now } as const;
  const query = slotQueryOf(read.schedule, days, session);
  return presentSlots(forMove(read, parseInstant(booking.starts_at), query), days, session);
}

/** The schedule for a service: without hours if there are only the sessions that the mentor schedules. */
export function scheduleFor(schedule: Schedule, service: Partial<ServiceOfSlots> | undefined): Schedule {
  const { opens_by_booking = true, opening_notice } = service ?? {};
  return {
    ...schedule,
    ...(!opens_by_booking && { windows: [] }),
    ...(opening_notice !== undefined && { opening_notice }),
  };
}

/** The schedule for the service with this id; as it is for a service that is no longer offered. */
export function scheduleForId(
  { schedule, services }: Pick<MentorSchedule, "schedule" | "services">,
  serviceId: string | null,
): Schedule {
  return scheduleFor(
    schedule,
    services.find(({ id }) => id === serviceId),
  );
}

/**
 * What the move of a session is judged by: its own time counts as free, and a pause only stops new bookings. What others wait
 * for is what they wait for while the session is where it is.
 */
export function forMove(
  { schedule, taken }: Pick<MentorSchedule, "schedule" | "taken">,
  leaving: EpochMs,
  query: SlotQuery,
): Pick<MentorSchedule, "schedule" | "taken"> {
  const { waits: _asked, ...rest } = schedule;
  return {
    schedule: { ...rest, accepting_bookings: true },
    taken: withoutSeat(publicTime(schedule, taken, query), leaving),
  };
}

export interface SlotSession {
  duration: Minutes;
  service: ServiceOfSlots | undefined;
  include: "all" | "available";
  now: EpochMs;
}

function slotQueryOf(
  schedule: Schedule,
  days: SlotDays,
  { duration, service, now }: Omit<SlotSession, "include">,
): SlotQuery & { timezone: string } {
  const timezone = days.timezone ?? schedule.timezone;
  return {
    timezone,
    from: startOfDay(timezone, days.from),
    until: startOfDay(timezone, addDays(days.to, 1)),
    duration,
    now,
    serviceId: service?.id ?? null,
  };
}

/** Returns the last instant at which `presentSlots` has the same result for an unchanged schedule; at most `longest` ms from now. */
export function slotsValidUntil(
  read: Pick<MentorSchedule, "schedule" | "taken">,
  days: SlotDays,
  session: Omit<SlotSession, "include">,
  longest: number,
): EpochMs {
  const { taken } = read;
  const schedule = scheduleFor(read.schedule, session.service);
  const query = slotQueryOf(schedule, days, session);
  return validUntil(schedule, taken, query, query.timezone, addMs(session.now, longest));
}

/** Returns what a schedule offers on each day, and why the other days are empty. */
export function presentSlots(
  read: Pick<MentorSchedule, "schedule" | "taken">,
  days: SlotDays,
  session: SlotSession,
): SlotAnswer {
  const { duration, service, include } = session;
  const { taken } = read;
  const schedule = scheduleFor(read.schedule, service);
  const query = slotQueryOf(schedule, days, session);
  const { timezone } = query;
  const judged =
    include === "all"
      ? judgeSlots(schedule, taken, query).map(({ startsAt, verdict }) => ({
          startsAt,
          ...(verdict === "free" ? { available: true } : { available: false, verdict }),
        }))
      : findSlots(schedule, taken, query).map((startsAt) => ({ startsAt, available: true }));

  const listed = new Map<LocalDate, Slot[]>();
  for (let date = days.from; date <= days.to; date = addDays(date, 1)) listed.set(date, []);
  const localAt = wallClockReader(timezone);
  const isoAt = instantWriter();
  const mentorZoneOf = mentorZoneReader(schedule);
  for (const { startsAt, ...state } of judged) {
    const local = localAt(startsAt);
    const mentorZone = mentorZoneOf(startsAt);
    listed.get(local.date)?.push({
      time: local.time,
      starts_at: isoAt(startsAt),
      ...state,
      ...(service && service.capacity > 1
        ? { seats_left: seatsLeft(taken, service.id, startsAt, duration) ?? service.capacity }
        : {}),
      ...(mentorZone === schedule.timezone ? {} : { mentor_timezone: mentorZone }),
    });
  }
  const found = Array.from(listed, ([date, slots]) => ({ date, slots }));
  return {
    timezone,
    mentor_timezone: schedule.timezone,
    duration,
    days: explainEmptyDays(found, timezone, schedule, taken, query),
  };
}

/** Writes instants like `toISOString`, several times as fast for many in a row. */
function instantWriter(): (instant: EpochMs) => string {
  const utcAt = wallClockReader("UTC");
  return (instant) => {
    if (instant % MINUTE_MS !== 0) return formatInstant(instant);
    const { date, time } = utcAt(instant);
    return `${date}T${time}:00.000Z`;
  };
}

/** Returns the service that a request means: the one it names, or the mentor's first of that type with that length. */
export function findOffer(
  services: readonly OfferedService[],
  {
    session_type,
    service_id,
    duration,
  }: { session_type: SessionType; service_id?: string | undefined; duration: Minutes },
): { service: OfferedService | undefined; isTypeOffered: boolean } {
  const meant = services.filter(
    (service) =>
      service.session_type === session_type && (service_id === undefined || service.id === service_id),
  );
  const service = meant.find(({ durations }) => durations.some(({ minutes }) => minutes === duration));
  return { service, isTypeOffered: meant.length > 0 };
}

export function findService(
  services: OfferedService[],
  request: { service_id?: string | undefined; duration: Minutes },
): OfferedService | undefined {
  if (!request.service_id) return undefined;
  const service = services.find(({ id }) => id === request.service_id);
  if (!service) throw new Refusal("service_not_found");
  if (!service.durations.some(({ minutes }) => minutes === request.duration)) {
    throw refuseField("duration", offerRefusals.length);
  }
  return service;
}

/** Returns what is taken on one mentor-local date, without the students. */
export async function readBookedSlots(
  executor: Queryable,
  mentor: string,
  date: LocalDate,
): Promise<BookedSlot[]> {
  const { schedule, taken } = await readSchedule(executor, mentor, { from: date, to: date });
  return taken
    .filter(({ isElsewhere }) => !isElsewhere)
    .map((session) => ({
      session,
      local: wallClockOf(mentorZoneAt(schedule, session.startsAt), session.startsAt),
    }))
    .filter(({ local }) => local.date === date)
    .map(({ session, local }) => ({
      scheduled_time: local.time,
      duration: minutesBetween(session.startsAt, session.endsAt),
      starts_at: formatInstant(session.startsAt),
    }));
}
