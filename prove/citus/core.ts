import { randomUUID } from "node:crypto";
import type pg from "pg";
import { judgedAttributes } from "../../server/bookings/bookJudged.ts";
import { recordLiteral } from "../../server/platform/database/recordLiteral.ts";
import { as, type Cluster } from "./cluster.ts";

export interface Seen {
  /** How often each outcome was seen. */
  outcomes: Record<string, number>;
  faults: string[];
}

interface Place {
  mentor: string;
  service: string;
}

/** A minute after the beginning of a day far ahead, in India. */
const instantOf = (minute: number) => new Date(Date.UTC(2040, 5, 5, 0, minute - 330));
const clockOf = (minute: number) => new Date(Date.UTC(2040, 5, 5, 0, minute)).toISOString();

const readRevision = async (client: pg.ClientBase, mentor: string): Promise<string> =>
  (await client.query("select revision::text from public.schedule_revisions where expert_id = $1", [mentor]))
    .rows[0].revision;

/** The app's call: one statement, which Citus sends to the mentor's machine. */
async function bookAt(
  client: pg.ClientBase,
  { mentor, service }: Place,
  {
    student,
    minute,
    revision,
    key,
    id = randomUUID(),
  }: { student: string; minute: number; revision: string; key?: string; id?: string },
): Promise<"booked" | "known" | "changed" | "taken"> {
  const [startsAt, endsAt] = [instantOf(minute), instantOf(minute + 60)];
  const row: Partial<Record<(typeof judgedAttributes)[number], string | number | boolean | Date>> = {
    expert_id: mentor,
    judged_revision: revision,
    id,
    user_id: student,
    service_id: service,
    session_type: "oneOnOneSession",
    scheduled_date: clockOf(minute).slice(0, 10),
    scheduled_time: clockOf(minute).slice(11, 16),
    duration: 60,
    starts_at: startsAt,
    ends_at: endsAt,
    status: "confirmed",
    total_minor: 50_000,
    currency: "INR",
    add_recording: false,
    user_name: "Student",
    user_email: "student@example.com",
    student_timezone: "Asia/Kolkata",
    mentor_timezone: "Asia/Kolkata",
    cancel_cutoff: 0,
    reschedule_cutoff: 0,
    occupancy_id: randomUUID(),
    busy_from: startsAt,
    busy_until: endsAt,
    capacity: 1,
    refund_full_cutoff: 0,
    refund_partial_cutoff: 0,
    refund_partial_percent: 0,
    fee_basis_points: 0,
    shows_name: false,
    ...(key && { idempotency_key: key, request_hash: "hash", response: JSON.stringify({ id }) }),
  };
  try {
    const { rows } = await client.query<{ is_known: boolean }>(
      "select is_known from private.book_sessions_of($1, $2::private.judged_booking[])",
      [mentor, [recordLiteral(judgedAttributes.map((name) => row[name] ?? null))]],
    );
    const [answer] = rows;
    if (!answer) return "changed";
    return answer.is_known ? "known" : "booked";
  } catch (error) {
    return whenTaken(error);
  }
}

function whenTaken(error: unknown): "taken" {
  if (error instanceof Error && "code" in error && error.code === "23P01") return "taken";
  throw error;
}

function count(outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(outcomes, (outcome) => outcome)].map(([name, all]) => [name, all.length]),
  );
}

/** Whether the rows are those of so many bookings, without any overlap. */
async function faultsOf({ owner }: Cluster, { mentor }: Place, expected: number): Promise<string[]> {
  const { rows } = await owner.query<{
    bookings: number;
    occupancies: number;
    events: number;
    overlaps: number;
  }>(
    `select (select count(*)::int from public.bookings where expert_id = $1 and status <> 'cancelled') as bookings,
       (select count(*)::int from public.occupancies where expert_id = $1) as occupancies,
       (select count(*)::int from public.booking_events where expert_id = $1 and kind = 'created') as events,
       (select count(*)::int from public.occupancies a join public.occupancies b
          on b.expert_id = a.expert_id and a.id < b.id and a.during && b.during where a.expert_id = $1) as overlaps`,
    [mentor],
  );
  const { bookings = -1, occupancies = -1, events = -1, overlaps = -1 } = rows[0] ?? {};
  return [
    ...(bookings === expected && occupancies === expected
      ? []
      : [`${bookings} bookings, ${occupancies} times, not ${expected}`]),
    ...(events >= expected ? [] : [`${events} events`]),
    ...(overlaps === 0 ? [] : [`${overlaps} overlaps`]),
  ];
}

export async function sameSlot(cluster: Cluster): Promise<Seen> {
  const place = await cluster.makeMentor();
  const outcomes = await cluster.all(cluster.students, async (client, student) =>
    bookAt(client, place, { student, minute: 600, revision: "2" }),
  );
  return judge(cluster, place, outcomes, 1);
}

export async function overlapping(cluster: Cluster): Promise<Seen> {
  const place = await cluster.makeMentor();
  const outcomes = await cluster.all(
    cluster.students.map((student, at) => ({ student, at })),
    (client, { student, at }) => untilKnown(client, place, { student, minute: 570 + 30 * (at % 3) }),
  );
  // All others overlap the first in part; two that do not overlap each other may both be booked.
  const booked = outcomes.filter((outcome) => outcome === "booked").length;
  return judge(cluster, place, outcomes, booked, booked >= 1 && booked <= 2);
}

/** As the app: at another revision, it reads and judges again. */
export async function untilKnown(
  client: pg.ClientBase,
  place: Place,
  wish: { student: string; minute: number; key?: string; id?: string },
) {
  for (;;) {
    const answer = await bookAt(client, place, {
      ...wish,
      revision: await readRevision(client, place.mentor),
    });
    if (answer !== "changed") return answer;
  }
}

async function judge(
  cluster: Cluster,
  place: Place,
  outcomes: readonly string[],
  expected: number,
  holds = outcomes.filter((outcome) => outcome === "booked").length === expected,
): Promise<Seen> {
  const faults = await faultsOf(cluster, place, expected);
  return { outcomes: count(outcomes), faults: holds ? faults : ["another number was booked", ...faults] };
}

/** What the triggers of a plain insert do on the machine of the row. */
export async function plainInserts(cluster: Cluster): Promise<Seen> {
  const { mentor, service } = await cluster.makeMentor();
  const outcomes = await cluster.all(cluster.students.slice(0, 40), (client, student) =>
    as(client, "authenticated", student, async () => {
      await client.query(
        `insert into public.bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration)
         values ($1, $2, $3, 'oneOnOneSession', '2040-06-05', '10:00', 60)`,
        [student, mentor, service],
      );
      return "booked";
    }).catch(whenTaken),
  );
  return judge(cluster, { mentor, service }, outcomes, 1);
}

export async function oneKey(cluster: Cluster): Promise<Seen> {
  const place = await cluster.makeMentor();
  const [student = ""] = cluster.students;
  const key = randomUUID();
  const outcomes = await cluster.all(Array.from({ length: 30 }), (client) =>
    untilKnown(client, place, { student, minute: 600, key }),
  );
  const faults = await faultsOf(cluster, place, 1);
  const { rows } = await cluster.owner.query(
    "select count(*)::int as n from private.idempotency_keys where key = $1",
    [key],
  );
  const tally = count(outcomes);
  return {
    outcomes: tally,
    faults:
      rows[0].n === 1 && tally.booked === 1 && tally.known === 29 ? faults : ["not one response", ...faults],
  };
}

/** Two bookings to one time, then one is cancelled and its time booked by others. */
export async function movedAndCancelled(cluster: Cluster): Promise<Seen> {
  const place = await cluster.makeMentor();
  const { mentor } = place;
  const [first = "", second = ""] = cluster.students;
  await cluster.all(
    [
      { student: first, minute: 540 },
      { student: second, minute: 660 },
    ],
    (client, wish) => untilKnown(client, place, wish),
  );
  const { rows: made } = await cluster.owner.query<{ id: string; user_id: string; revision: number }>(
    "select id, user_id, revision from public.bookings where expert_id = $1",
    [mentor],
  );
  const moves = await cluster.all([...made, ...made], async (client, { id, user_id, revision }) => {
    try {
      const { rows } = await client.query(
        "select * from private.move_judged_booking($1, $2, $3, $4, $5, $6, '2040-06-05', '14:00', 'Asia/Kolkata', null, null, null, null)",
        [user_id, mentor, await readRevision(client, mentor), id, revision, instantOf(840)],
      );
      return rows.length > 0 ? "moved" : "changed";
    } catch (error) {
      return whenTaken(error);
    }
  });
  const { rows: moved } = await cluster.owner.query<{ id: string; user_id: string; revision: number }>(
    "select id, user_id, revision from public.bookings where expert_id = $1 and starts_at = $2",
    [mentor, instantOf(840)],
  );
  const cancels = await cluster.all(
    [...moved, ...moved, ...moved],
    async (client, { id, user_id, revision }) => {
      const { rows } = await client.query(
        "select * from private.change_judged_status($1, $2, $3, $4, 'cancelled', null)",
        [user_id, mentor, id, revision],
      );
      return rows.length > 0 ? "cancelled" : "changed";
    },
  );
  const again = await cluster.all(cluster.students.slice(0, 10), (client, student) =>
    untilKnown(client, place, { student, minute: 840 }),
  );
  const outcomes = count([...moves, ...cancels, ...again]);
  const faults = await faultsOf(cluster, place, 2);
  const isRight = outcomes.moved === 1 && outcomes.cancelled === 1 && outcomes.booked === 1;
  return { outcomes, faults: isRight ? faults : ["not one moved, one cancelled and one booked", ...faults] };
}

/** Four dates each; every other student's begin a week later, so that they meet in three. */
export async function series(cluster: Cluster): Promise<Seen> {
  const { mentor, service } = await cluster.makeMentor();
  const outcomes = await cluster.all(
    cluster.students.slice(0, 12).map((student, at) => ({ student, at })),
    (client, { student, at }) =>
      as(client, "matepeak_app", student, async () => {
        await client.query("select private.lock_schedule($1)", [mentor]);
        const id = randomUUID();
        await client.query(
          `insert into public.series (id, expert_id, user_id, service_id, duration, pattern, payment)
         values ($1, $2, $3, $4, 60, 'weekly', 'at_once')`,
          [id, mentor, student, service],
        );
        const starts = [0, 1, 2, 3].map(
          (week) => new Date(instantOf(600).getTime() + (week + (at % 2)) * 7 * 86_400_000),
        );
        for (const [place, start] of starts.entries()) {
          await client.query(
            `insert into public.bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
             starts_at, status, series_id, series_place)
           values ($1, $2, $3, 'oneOnOneSession', $4, '10:00', 60, $5, 'confirmed', $6, $7)`,
            [student, mentor, service, start.toISOString().slice(0, 10), start, id, place + 1],
          );
        }
        return "booked";
      }).catch(whenTaken),
  );
  const seen = await judge(
    cluster,
    { mentor, service },
    outcomes,
    4,
    outcomes.filter((one) => one === "booked").length === 1,
  );
  return seen;
}

/** Five uses, asked for by more people at times of their own. */
export async function coupons(cluster: Cluster): Promise<Seen> {
  const { mentor, service } = await cluster.makeMentor();
  const coupon = randomUUID();
  await cluster.owner.query(
    "insert into public.coupons (id, expert_id, code, basis_points, max_uses) values ($1, $2, 'HALF', 5000, 5)",
    [coupon, mentor],
  );
  const outcomes = await cluster.all(
    cluster.students.slice(0, 12).map((student, at) => ({ student, at })),
    (client, { student, at }) =>
      as(client, "matepeak_app", student, async () => {
        const start = new Date(instantOf(600).getTime() + at * 86_400_000);
        await client.query(
          `insert into public.bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
           starts_at, status, coupon_id)
         values ($1, $2, $3, 'oneOnOneSession', $4, '10:00', 60, $5, 'confirmed', $6)`,
          [student, mentor, service, start.toISOString().slice(0, 10), start, coupon],
        );
        return "booked";
      }).catch((error: unknown) => {
        // Citus leaves out the name of the constraint.
        if (error instanceof Error && error.message === "the coupon cannot be used") return "used up";
        throw error;
      }),
  );
  const seen = await judge(cluster, { mentor, service }, outcomes, 5);
  const { rows } = await cluster.owner.query(
    "select count(*)::int as n from public.coupon_uses where expert_id = $1",
    [mentor],
  );
  return rows[0].n === 5 ? seen : { ...seen, faults: [`${rows[0].n} uses`, ...seen.faults] };
}
