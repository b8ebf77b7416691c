import { type RawBuilder, sql } from "kysely";
import {
  type Booking,
  type BookingEvent,
  type BookingPage,
  bookingEvent,
  bookingStatus,
} from "#contract/bookings.ts";
import type { CalendarBooking } from "#contract/calendar.ts";
import { paymentStatus } from "#contract/payments.ts";
import { instant } from "#contract/primitives.ts";
import { sessionType } from "#contract/services.ts";
import type { BookingRole, BookingStatus } from "#rules/bookingState.ts";
import { countLimits, numberLimits } from "#rules/limits.ts";
import { decimalOfMinor, type Money, moneyOfMinor } from "#rules/money.ts";
import { windowHours } from "#rules/windows.ts";
import { type EpochMs, type LocalDate, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import type { SystemTx, UserTx } from "../platform/database/database.ts";
import { type BookingKey, mentorOfBooking } from "../platform/database/directory.ts";
import { decodeCursor, encodeCursor } from "../platform/http/cursor.ts";
import { latestClaimOf, type NoShowRow, presentNoShow } from "./noShow/queries.ts";
import { placeOf, presentPlace } from "./presentPlace.ts";
import { presentLines } from "./priceLines.ts";

const bookingColumns = [
  "b.id",
  "b.user_id",
  "b.expert_id",
  "b.service_id",
  "b.session_type",
  "b.scheduled_date",
  "b.scheduled_time",
  "b.starts_at",
  "b.ends_at",
  "b.duration",
  "b.status",
  "b.message",
  "b.total_minor",
  "b.currency",
  "b.price_lines",
  "b.add_recording",
  "b.user_name",
  "b.user_email",
  "b.user_phone",
  "b.student_timezone",
  "b.mentor_timezone",
  "b.expires_at",
  "b.cancel_cutoff",
  "b.reschedule_cutoff",
  "b.payment_status",
  "b.status_when_paid",
  "b.refund_full_cutoff",
  "b.refund_partial_cutoff",
  "b.refund_partial_percent",
  "b.meeting_url",
  "b.meeting_note",
  "b.meeting_place",
  "b.series_id",
  "b.series_place",
  "b.basket_id",
  "b.created_at",
  "b.updated_at",
] as const;

function selectBookings(tx: UserTx | SystemTx) {
  return (
    tx.db
      .selectFrom("bookings as b")
      .innerJoin("expert_profiles as p", "p.id", "b.expert_id")
      .innerJoin("services as s", (join) =>
        join.onRef("s.id", "=", "b.service_id").onRef("s.expert_id", "=", "b.expert_id"),
      )
      // The room's policy shows it to students with any agreed session; this join restricts it to each such session.
      .leftJoin("mentor_rooms as r", (join) =>
        join
          .onRef("r.expert_id", "=", "b.expert_id")
          .on("b.status", "not in", ["pending", "cancelled"])
          .on(sql<boolean>`private.has_link(b.meeting_place)`)
          .on("b.ends_at", ">", sql<Date>`now() - ${windowHours.mentorRoom} * interval '1 hour'`),
      )
      .select(bookingColumns)
      .select([
        "s.title as service_title",
        "p.username",
        "p.full_name",
        "p.headline",
        "b.revision",
        "b.group_session_id",
        "p.entry_revision",
        "p.entry_changed_at",
      ])
      .select(["r.meeting_url as room_url", "r.meeting_note as room_note", latestClaimOf("b").as("no_show")])
      .select(
        sql<string | null>`case b.meeting_place ->> 'kind' when 'jitsi'
          then private.host_url(b.expert_id, b.id, b.meeting_url) end`.as("host_url"),
      )
      .select((eb) =>
        eb
          .selectFrom("group_sessions as g")
          .select("g.programme_id")
          .whereRef("g.id", "=", "b.group_session_id")
          .whereRef("g.expert_id", "=", "b.expert_id")
          .as("programme_id"),
      )
      .select(sql<BookingRow["review"]>`private.review_of_booking(b.expert_id, b.id)`.as("review"))
  );
}

/** How often and when the data of a calendar entry last changed: the booking's, or its mentor's. */
interface EntryState {
  revision: number;
  changed_at: Date;
  /** Of a seat: its mentor has an entry of the whole group instead. */
  group_session_id: string | null;
}

/** A booking with what the commands need besides; `revision` counts its changes. */
export type FoundBooking = Booking & { revision: number; entry: EntryState; price: Money };

/** Returns one of the caller's bookings, as student or as mentor; undefined for other people's. */
export async function findBooking(
  tx: UserTx | SystemTx,
  { id, expert_id }: BookingKey,
): Promise<FoundBooking | undefined> {
  const row = await selectBooking(tx, id, expert_id);
  return row && presentFound(row);
}

/** Like `findBooking`, for the first read of a booking, whose mentor is not known yet. */
export async function findBookingById(tx: UserTx | SystemTx, id: string): Promise<FoundBooking | undefined> {
  const row = await selectBooking(tx, id, await mentorOfBooking(tx, id));
  return row && presentFound(row);
}

function selectBooking(tx: UserTx | SystemTx, id: string, mentor: string | RawBuilder<string>) {
  return selectBookings(tx).where("b.id", "=", id).where("b.expert_id", "=", mentor).executeTakeFirst();
}

type FoundRow = NonNullable<Awaited<ReturnType<typeof selectBooking>>>;

function presentFound(row: FoundRow): FoundBooking {
  const changedAt = Math.max(row.updated_at.getTime(), row.entry_changed_at.getTime());
  const entry = {
    revision: row.revision + row.entry_revision,
    changed_at: new Date(changedAt),
    group_session_id: row.group_session_id,
  };
  const price = moneyOfMinor(row.total_minor, row.currency);
  return { ...presentBooking(row), revision: row.revision, entry, price };
}

/** Returns the bookings that were made together, in the order of their places or starts; none for other people. */
export async function listTogether(
  tx: UserTx | SystemTx,
  expertId: string,
  by: "series_id" | "basket_id",
  id: string,
): Promise<FoundBooking[]> {
  const rows = await selectBookings(tx)
    .where("b.expert_id", "=", expertId)
    .where(`b.${by}`, "=", id)
    .orderBy("b.series_place")
    .orderBy("b.starts_at")
    .orderBy("b.id")
    .execute();
  return rows.map(presentFound);
}

/** Returns what the API shows of a booking that was found. */
export function withoutExtras({ revision: _r, entry: _e, price: _p, ...booking }: FoundBooking): Booking {
  return booking;
}

interface BookingSearch {
  as: BookingRole;
  status?: BookingStatus | undefined;
  student_id?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  archived: boolean;
  cursor?: string | undefined;
  limit: number;
}

/** Returns a page of the caller's bookings, latest start first. */
export async function listBookings(tx: UserTx, userId: string, search: BookingSearch): Promise<BookingPage> {
  const after = decodeCursor(search.cursor, instant);
  let query = selectBookings(tx)
    .where(search.as === "mentor" ? "b.expert_id" : "b.user_id", "=", userId)
    .orderBy("b.starts_at", "desc")
    .orderBy("b.id", "desc")
    .limit(search.limit + 1);
  // For a mentor a session begins when it is paid.
  if (search.as === "mentor") query = query.where("b.status_when_paid", "is", null);
  if (search.status) query = query.where("b.status", "=", search.status);
  if (search.student_id) query = query.where("b.user_id", "=", search.student_id);
  if (search.from && search.to) query = touching(query, search.from, search.to);
  if (!search.archived) query = query.where("b.archived_at", "is", null);
  if (after)
    query = query.where(sql<boolean>`(b.starts_at, b.id) < (${after.key}::timestamptz, ${after.id}::uuid)`);

  const rows = await query.execute();
  const page = rows.slice(0, search.limit);
  const last = rows.length > search.limit ? page.at(-1) : undefined;
  return {
    data: page.map(presentBooking),
    next_cursor: last ? encodeCursor(last.starts_at.toISOString(), last.id) : null,
  };
}

/**
 * Returns the caller's sessions and requests on one side that start after an instant and were not cancelled, in chronological
 * order; of too many the latest.
 */
export async function listSessionsAfter(
  tx: UserTx,
  { as, userId, after }: { as: BookingRole; userId: string; after: EpochMs },
): Promise<FoundBooking[]> {
  const own = selectBookings(tx);
  // A mentor's group is one session.
  const bookings =
    as === "mentor"
      ? own.where("b.expert_id", "=", userId).where("b.group_session_id", "is", null)
      : own.where("b.user_id", "=", userId);
  const rows = await bookings
    .where("b.starts_at", ">", new Date(after))
    .where("b.status", "<>", "cancelled")
    .where("b.status_when_paid", "is", null)
    .orderBy("b.starts_at", "desc")
    .orderBy("b.id", "desc")
    .limit(countLimits.feedSessions)
    .execute();
  return rows.map(presentFound).reverse();
}

/** Returns a mentor's sessions that overlap [from, to) and were not cancelled, in chronological order. */
export async function listSessionsBetween(
  tx: UserTx,
  mentorId: string,
  from: string,
  to: string,
): Promise<CalendarBooking[]> {
  const mine = selectBookings(tx)
    .where("b.expert_id", "=", mentorId)
    .where("b.status", "<>", "cancelled")
    .where("b.status_when_paid", "is", null);
  // Bookings that were not cancelled hold their time (bookings_time_is_held), so the join loses none.
  const rows = await touching(mine, from, to)
    .innerJoin("occupancies as o", (join) =>
      join.onRef("o.id", "=", "b.occupancy_id").onRef("o.expert_id", "=", "b.expert_id"),
    )
    .select("o.capacity")
    .orderBy("b.starts_at")
    .orderBy("b.created_at")
    .execute();
  return rows.map((row) => ({ ...presentBooking(row), capacity: row.capacity }));
}

function touching(query: ReturnType<typeof selectBookings>, from: string, to: string) {
  // The first condition follows from the second, but lets PostgreSQL use the index.
  return query
    .where("b.starts_at", ">", new Date(Date.parse(from) - numberLimits.sessionMinutes.max * MINUTE_MS))
    .where("b.ends_at", ">", new Date(from))
    .where("b.starts_at", "<", new Date(to));
}

/** Returns a booking's events, oldest first; none for people other than its parties. */
export async function listEvents(tx: UserTx, booking: BookingKey): Promise<BookingEvent[]> {
  const rows = await tx.db
    .selectFrom("booking_events")
    .select([
      "id",
      "kind",
      "actor",
      "from_status",
      "to_status",
      "from_starts_at",
      "to_starts_at",
      "reason",
      "created_at",
    ])
    .where("booking_id", "=", booking.id)
    .where("expert_id", "=", booking.expert_id)
    .orderBy("id")
    .execute();
  return rows.map((row) => bookingEvent.parse({ ...row, ...instantsOf(row) }));
}

function instantsOf({ from_starts_at, to_starts_at, created_at }: EventInstants) {
  return {
    from_starts_at: from_starts_at?.toISOString() ?? null,
    to_starts_at: to_starts_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}

interface EventInstants {
  from_starts_at: Date | null;
  to_starts_at: Date | null;
  created_at: Date;
}

/** A row of `bookings` with its service's title and its mentor's name. */
export interface BookingRow {
  id: string;
  user_id: string;
  expert_id: string;
  service_id: string;
  session_type: string;
  service_title: string;
  scheduled_date: LocalDate;
  scheduled_time: string;
  starts_at: Date;
  ends_at: Date;
  duration: Minutes;
  status: string;
  message: string | null;
  total_minor: number;
  currency: string;
  /** [{kind, amount_minor}] */
  price_lines: unknown;
  add_recording: boolean;
  user_name: string;
  user_email: string;
  user_phone: string | null;
  student_timezone: string;
  mentor_timezone: string;
  expires_at: Date | null;
  cancel_cutoff: Minutes;
  reschedule_cutoff: Minutes;
  payment_status: string;
  status_when_paid: string | null;
  refund_full_cutoff: Minutes;
  refund_partial_cutoff: Minutes;
  refund_partial_percent: number;
  meeting_url: string | null;
  meeting_note: string | null;
  /** See the column's comment. */
  meeting_place: unknown;
  series_id: string | null;
  series_place: number | null;
  programme_id: string | null;
  basket_id: string | null;
  created_at: Date;
  updated_at: Date;
  username: string;
  full_name: string;
  headline: string;
  room_url: string | null;
  room_note: string | null;
  /** The mentor's own form of the link, for the mentor. */
  host_url?: string | null;
  no_show: NoShowRow | null;
  review: Booking["review"];
}

type Meeting = Pick<Booking, "meeting_url" | "meeting_note" | "meeting_from" | "meeting_place">;
type MeetingRow = Pick<
  BookingRow,
  "meeting_url" | "meeting_note" | "meeting_place" | "room_url" | "room_note" | "host_url"
>;

/** Returns the session's own link, or else the one that was made for it, or the mentor's room, each with its own note. */
export function meetingOf(row: MeetingRow): Meeting {
  const { meeting_url, meeting_note, room_url, room_note } = row;
  const stored = placeOf(row.meeting_place);
  const meeting_place = stored && presentPlace(stored);
  if (meeting_url !== null) {
    const isMade = meeting_url === stored?.url;
    return {
      meeting_url: (isMade && row.host_url) || meeting_url,
      meeting_note,
      meeting_from: isMade ? "made" : "session",
      meeting_place,
    };
  }
  if (room_url !== null)
    return { meeting_url: room_url, meeting_note: room_note, meeting_from: "room", meeting_place };
  return { meeting_url: null, meeting_note: null, meeting_from: null, meeting_place };
}

/** Returns the API's fields and no other columns. */
export function presentBooking(row: BookingRow): Booking {
  return {
    id: row.id,
    user_id: row.user_id,
    expert_id: row.expert_id,
    service_id: row.service_id,
    session_type: sessionType.parse(row.session_type),
    service_title: row.service_title,
    scheduled_date: row.scheduled_date,
    scheduled_time: row.scheduled_time,
    starts_at: row.starts_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
    duration: row.duration,
    status: bookingStatus.parse(row.status),
    message: row.message,
    total_amount: decimalOfMinor(row.total_minor, row.currency),
    currency: row.currency,
    price_lines: presentLines(row.price_lines, row.currency),
    add_recording: row.add_recording,
    user_name: row.user_name,
    user_email: row.user_email,
    user_phone: row.user_phone,
    student_timezone: row.student_timezone,
    mentor_timezone: row.mentor_timezone,
    expires_at: row.expires_at?.toISOString() ?? null,
    cancel_cutoff: row.cancel_cutoff,
    reschedule_cutoff: row.reschedule_cutoff,
    payment_status: paymentStatus.parse(row.payment_status),
    awaits_payment: row.status_when_paid !== null,
    refund_full_cutoff: row.refund_full_cutoff,
    refund_partial_cutoff: row.refund_partial_cutoff,
    refund_partial_percent: row.refund_partial_percent,
    ...meetingOf(row),
    no_show: row.no_show && presentNoShow(row.no_show),
    review: row.review,
    series_id: row.series_id,
    series_place: row.series_place,
    programme_id: row.programme_id,
    basket_id: row.basket_id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    mentor: { id: row.expert_id, username: row.username, full_name: row.full_name, headline: row.headline },
  };
}
