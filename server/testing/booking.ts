import { type Booking, booking, type CreateBooking, type RescheduleBooking } from "#contract/bookings.ts";
import { type Slot, slotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import { epochMs, type LocalDate } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { Answer } from "./answer.ts";
import type { Call, Mentor, Person } from "./testApp.ts";
import type { TestDatabase } from "./testDatabase.ts";

export type OfferedSlot = Slot & { date: LocalDate };

export interface SlotQuestion {
  from?: string;
  to?: string;
  duration?: number;
  timezone?: string;
  service_id?: string;
  include?: "all" | "available";
}

/** Returns the date some days from now, in the mentor's zone. */
export function dateIn(mentor: Mentor, days: number, now = Date.now()): LocalDate {
  return addDays(wallClockOf(mentor.profile.timezone, epochMs(now)).date, days);
}

/** Asks for one day unless told: far enough ahead that the usual terms return everything, at any time of day. */
export async function askSlots(call: Call, mentor: Mentor, question: SlotQuestion = {}): Promise<Answer> {
  const { from = dateIn(mentor, 3), duration = 60, ...rest } = question;
  const query = new URLSearchParams({ from, to: question.to ?? from, duration: String(duration), ...rest });
  return call("GET", `/mentors/${mentor.id}/slots?${query}`);
}

/** Returns all slots as one list, each with its viewer-local date. */
export async function readSlots(call: Call, mentor: Mentor, question?: SlotQuestion): Promise<OfferedSlot[]> {
  const { days } = (await askSlots(call, mentor, question)).expect(200).read(slotAnswer);
  return days.flatMap(({ date, slots }) => slots.map((slot) => ({ date, ...slot })));
}

/** Returns the body of a request to book the mentor's first service at a start. */
export function bookingOf(
  mentor: Mentor,
  start: string | number,
  wishes: Partial<CreateBooking> & { serviceIndex?: number } = {},
): CreateBooking {
  const { serviceIndex = 0, ...overrides } = wishes;
  const service = mentor.services[serviceIndex];
  if (!service) throw new Error("The mentor has no such service.");
  const duration = overrides.duration ?? 60;
  const length = service.durations.find(({ minutes }) => minutes === duration);
  const local = wallClockOf(
    overrides.timezone ?? mentor.profile.timezone,
    epochMs(new Date(start).getTime()),
  );
  return {
    expert_id: mentor.id,
    session_type: service.session_type,
    scheduled_date: local.date,
    scheduled_time: local.time,
    duration,
    total_amount: length?.price ?? 0,
    ...overrides,
  };
}

export async function book(
  student: Person,
  mentor: Mentor,
  start: string | number,
  wishes?: Parameters<typeof bookingOf>[2],
): Promise<Booking> {
  const answer = await student.call("POST", "/bookings", bookingOf(mentor, start, wishes));
  return answer.expect(201).read(booking);
}

/** Books the first free start of the mentor's next days. */
export async function bookAny(student: Person, mentor: Mentor): Promise<Booking> {
  const [slot] = await readSlots(student.call, mentor, {
    from: dateIn(mentor, 3),
    to: dateIn(mentor, 9),
  });
  if (!slot) throw new Error("The mentor has no free start.");
  return book(student, mentor, slot.starts_at);
}

/** Moves a booking and its time in the ledger without applying any rule: the only way into the past. */
export function moveBooking(db: TestDatabase, id: string, days: number): Promise<void> {
  return shift(db, id, "$2::interval", `${days} days`);
}

/** As `moveBooking`, so that the session ended this many hours ago, to within a second. */
export function letEnd(db: Pick<TestDatabase, "owner">, id: string, hoursAgo: number): Promise<void> {
  return shift(db, id, "now() - $2::interval - b.ends_at", `${hoursAgo} hours`);
}

/** A request or a hold ends a second ago, and nothing has noticed yet. */
export async function letRunOut({ owner }: Pick<TestDatabase, "owner">, id: string): Promise<void> {
  await owner.query("set session_replication_role = replica");
  await owner.query("update bookings set expires_at = now() - interval '1 second' where id = $1", [id]);
  // A scheduled group session has its time until it is cancelled.
  await owner.query(
    `update occupancies set expires_at = now() - interval '1 second'
     where id = (select occupancy_id from bookings where id = $1) and expires_at is not null`,
    [id],
  );
  await owner.query("reset session_replication_role");
}

/** As `letRunOut`, and the clean-up has noticed. */
export async function letLapse(
  db: Pick<TestDatabase, "owner">,
  { id, expert_id }: Pick<Booking, "id" | "expert_id">,
): Promise<void> {
  await letRunOut(db, id);
  await db.owner.query("select private.sweep_mentor($1, 10)", [expert_id]);
}

async function shift(
  { owner }: Pick<TestDatabase, "owner">,
  id: string,
  by: string,
  value: string,
): Promise<void> {
  const values = [id, value];
  await owner.query("set session_replication_role = replica");
  const { rows } = await owner.query<{ by: string }>(
    `select (${by})::text as by from bookings b where b.id = $1`,
    values,
  );
  const move = [id, rows[0]?.by];
  await owner.query(
    `update occupancies o set starts_at = o.starts_at + $2::interval, ends_at = o.ends_at + $2::interval,
       during = tstzrange(lower(during) + $2::interval, upper(during) + $2::interval)
     from bookings b where b.id = $1 and o.id = b.occupancy_id`,
    move,
  );
  await owner.query(
    `update bookings set starts_at = starts_at + $2::interval, ends_at = ends_at + $2::interval,
       scheduled_date = (scheduled_date + $2::interval)::date where id = $1`,
    move,
  );
  await owner.query("reset session_replication_role");
  // One rule still applies: caches of these times must notice the change.
  await owner.query(
    "update schedule_revisions r set revision = r.revision + 1 from bookings b where b.id = $1 and r.expert_id = b.expert_id",
    [id],
  );
}

/** Returns the body of a request to move a booking to a start, in the mentor's wall clock unless a zone is given. */
export function moveTo(mentor: Mentor, start: string | number, timezone?: string): RescheduleBooking {
  const local = wallClockOf(timezone ?? mentor.profile.timezone, epochMs(new Date(start).getTime()));
  return { scheduled_date: local.date, scheduled_time: local.time, ...(timezone ? { timezone } : {}) };
}
