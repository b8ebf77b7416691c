import { booking } from "#contract/bookings.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import { schedule } from "../../server/testing/groups.ts";
import { daily, type Mentor } from "../../server/testing/testApp.ts";
import { codeOf, type Round, tally } from "../rounds.ts";
import type { Stage } from "../stage.ts";
import { type Attempt, countOverlaps, insertDirectly, type Outcome, readLedger, storm } from "./storm.ts";

const lengths = [30, 60, 90];

async function startsOf(stage: Stage, mentor: Mentor, days: Days, duration: number): Promise<string[]> {
  const slots = await readSlots(stage.test.visitor, mentor, { ...days, duration });
  return slots.map(({ starts_at }) => starts_at);
}

/** Dates in the mentor's zone, inclusive. */
interface Days {
  from: string;
  to: string;
}

const tomorrow = (mentor: Mentor): Days => ({ from: dateIn(mentor, 1), to: dateIn(mentor, 1) });

/** Returns the differences between responses and ledger, which must agree whatever was requested. */
async function checkLedger(
  stage: Stage,
  mentor: Mentor,
  codes: Record<string, number>,
  refusals: readonly string[],
): Promise<string[]> {
  const taken = await readLedger(stage.test, mentor.id);
  const seats = taken.reduce((sum, one) => sum + one.seats, 0);
  const { rowCount: bookings } = await stage.test.db.owner.query(
    "select from bookings where expert_id = $1 and status <> 'cancelled'",
    [mentor.id],
  );
  const { created = 0, ...others } = codes;
  const unknown = Object.keys(others).filter((code) => !refusals.includes(code));
  return [
    ...(countOverlaps(taken) > 0 ? [`${countOverlaps(taken)} times overlap`] : []),
    ...(seats !== created ? [`${created} were told that they booked, the ledger has ${seats}`] : []),
    ...(bookings !== created ? [`${created} were told that they booked, there are ${bookings}`] : []),
    ...unknown.map((code) => `answered ${code}`),
  ];
}

/** Returns the starts that were refused although the slot engine offers them afterwards. */
async function refusedInVain(
  stage: Stage,
  mentor: Mentor,
  days: Days,
  outcomes: readonly Outcome[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const duration of new Set(outcomes.map(({ body }) => body.duration))) {
    const free = new Set(
      (await startsOf(stage, mentor, days, duration)).map((start) => {
        const { scheduled_date, scheduled_time } = bookingOf(mentor, start);
        return `${scheduled_date} ${scheduled_time}`;
      }),
    );
    const refused = outcomes.filter(({ code, body }) => code !== "created" && body.duration === duration);
    const inVain = refused.filter(({ body }) => free.has(`${body.scheduled_date} ${body.scheduled_time}`));
    if (inVain.length > 0) faults.push(`${inVain.length} were refused times that are free`);
  }
  return faults;
}

/** All people request one start of a 1:1 session. */
export async function sameSlot(stage: Stage): Promise<Round> {
  const mentor = await stage.test.makeMentor();
  const [start = ""] = await startsOf(stage, mentor, tomorrow(mentor), 60);
  const body = bookingOf(mentor, start);
  const codes = tally(await storm(stage.people.map((person) => ({ person, body }))));
  const faults = await checkLedger(stage, mentor, codes, ["slot_taken"]);
  if (codes.created !== 1) faults.push(`${codes.created ?? 0} booked one slot`);
  return { codes, faults };
}

const buffers: readonly (readonly [before: number, after: number])[] = [
  [0, 0],
  [10, 20],
  [15, 0],
  [0, 45],
  [5, 5],
];
const intervals = [15, 5, 30];

/** Creates a mentor with other buffers and another interval of starts in each round. */
async function busyMentor(stage: Stage, round: number): Promise<Mentor> {
  const [buffer_before, buffer_after] = buffers[round % buffers.length]!;
  const slot_interval = intervals[round % intervals.length]!;
  const settings = { slot_interval, buffer_before, buffer_after };
  return stage.test.makeMentor({ settings, windows: daily("09:00", "15:00") });
}

/** 30, 60 and 90 minutes at shifted starts. */
async function shiftedAttempts(
  stage: Stage,
  mentor: Mentor,
  days: Days,
  durations: readonly number[] = lengths,
): Promise<Attempt[]> {
  const starts = new Map<number, string[]>();
  for (const duration of durations) starts.set(duration, await startsOf(stage, mentor, days, duration));
  return stage.people.map((person, index) => {
    const duration = durations[index % durations.length]!;
    const list = starts.get(duration) ?? [];
    return { person, body: bookingOf(mentor, list[(index * 7) % list.length] ?? "", { duration }) };
  });
}

export async function overlaps(stage: Stage, round: number): Promise<Round> {
  const mentor = await busyMentor(stage, round);
  const days = tomorrow(mentor);
  const outcomes = await storm(await shiftedAttempts(stage, mentor, days));
  const codes = tally(outcomes);
  const faults = await checkLedger(stage, mentor, codes, ["slot_taken"]);
  return { codes, faults: [...faults, ...(await refusedInVain(stage, mentor, days, outcomes))] };
}

/** A fifth of the people insert directly into the database, at the same moment. */
export async function overlapsWithInserts(stage: Stage, round: number): Promise<Round> {
  const mentor = await busyMentor(stage, round);
  const days = tomorrow(mentor);
  const attempts = await shiftedAttempts(stage, mentor, days);
  const isDirect = (index: number) => index % 5 === 0;
  const [outcomes, inserted] = await Promise.all([
    storm(attempts.filter((_, index) => !isDirect(index))),
    Promise.all(
      attempts
        .filter((_, index) => isDirect(index))
        .map(async (attempt) => ({ code: await insertDirectly(stage.test.db.ownerUrl, attempt) })),
    ),
  ]);
  const codes = tally([...outcomes, ...inserted]);
  const faults = await checkLedger(stage, mentor, codes, ["slot_taken", "occupancies_no_overlap"]);
  return { codes, faults: [...faults, ...(await refusedInVain(stage, mentor, days, outcomes))] };
}

const capacities = [5, 2, 12, 50];

/** All people request one of two starts of a group session: each sells exactly its seats. */
export async function groupSeats(stage: Stage, round: number): Promise<Round> {
  const seats = capacities[round % capacities.length]!;
  const services = [{ session_type: "groupSession" as const, title: "Group", capacity: seats }];
  const mentor = await stage.test.makeMentor({ services, settings: { slot_interval: 60 } });
  const starts = (await startsOf(stage, mentor, tomorrow(mentor), 60)).slice(0, 2);
  const outcomes = await storm(
    stage.people.map((person, index) => ({ person, body: bookingOf(mentor, starts[index % 2] ?? "") })),
  );
  const codes = tally(outcomes);
  const faults = await checkLedger(stage, mentor, codes, ["slot_taken"]);
  const wanted = starts.map((_, which) =>
    Math.min(seats, stage.people.filter((_, index) => index % 2 === which).length),
  );
  const sold = (await readLedger(stage.test, mentor.id)).map((taken) => taken.seats);
  if (sold.join() !== wanted.join()) faults.push(`${seats} seats: sold ${sold.join(" and ")}`);
  return { codes, faults };
}

/** A day that takes only so many sessions, with room for more. */
export async function dayLimit(stage: Stage, round: number): Promise<Round> {
  const limit = [1, 3][round % 2]!;
  const settings = { max_per_day: limit, slot_interval: 15 };
  const mentor = await stage.test.makeMentor({ settings, windows: daily("08:00", "20:00") });
  return withinLimit(stage, mentor, tomorrow(mentor), limit);
}

/** The same for a whole week of the mentor's calendar, Monday to Sunday. */
export async function weekLimit(stage: Stage, round: number): Promise<Round> {
  const limit = [5, 8][round % 2]!;
  const mentor = await stage.test.makeMentor({ settings: { max_per_week: limit } });
  const days = Array.from({ length: 7 }, (_, day) => dateIn(mentor, day + 1));
  const monday = days.findIndex((date) => new Date(`${date}T00:00:00Z`).getUTCDay() === 1);
  const week = { from: dateIn(mentor, monday + 1), to: dateIn(mentor, monday + 7) };
  return withinLimit(stage, mentor, week, limit);
}

async function withinLimit(stage: Stage, mentor: Mentor, days: Days, limit: number): Promise<Round> {
  const outcomes = await storm(await shiftedAttempts(stage, mentor, days, [60]));
  const codes = tally(outcomes);
  const faults = await checkLedger(stage, mentor, codes, ["slot_taken", "slot_unavailable"]);
  if (codes.created !== limit) faults.push(`${codes.created ?? 0} booked where ${limit} may`);
  return { codes, faults: [...faults, ...(await refusedInVain(stage, mentor, days, outcomes))] };
}

/** A scheduled group: some of its people leave while a crowd books and its mentor raises and cuts the number of seats. */
export async function groupStorm(stage: Stage): Promise<Round> {
  const { people, test } = stage;
  const mentor = await test.makeMentor({
    settings: { instant_confirm: true },
    services: [{ session_type: "groupSession", title: "Lecture", capacity: 500, opens_by_booking: false }],
  });
  const session = await schedule(mentor, dateIn(mentor, 3));
  const path = `/mentors/me/group-sessions/${session.id}`;
  const half = Math.floor(people.length / 2);
  const body = bookingOf(mentor, session.starts_at);
  const early = await Promise.all(
    people.slice(0, half).map(async (person) => {
      const { id } = (await person.call("POST", "/bookings", body)).expect(201).read(booking);
      return { person, id };
    }),
  );
  // Fewer seats than people want, raised and cut meanwhile.
  const seats = [half + 5, half + 20, half, people.length];
  (await mentor.call("PATCH", path, { capacity: seats[0] })).expect(200);
  const [booked, left, changed] = await Promise.all([
    storm(people.slice(half).map((person) => ({ person, body }))),
    Promise.all(
      early
        .filter((_, index) => index % 2 === 0)
        .map(({ person, id }) => person.call("POST", `/bookings/${id}/cancel`)),
    ),
    Promise.all(seats.map((capacity) => mentor.call("PATCH", path, { capacity }))),
  ]);
  const { rows } = await test.db.owner.query<{
    capacity: number;
    taken: number;
    booked: number;
    state: string;
  }>(
    `select g.capacity, o.seats_taken as taken, g.state,
       (select count(*)::integer from bookings b where b.occupancy_id = o.id and b.status <> 'cancelled') as booked
     from group_sessions g join occupancies o on o.id = g.occupancy_id and o.capacity = g.capacity where g.id = $1`,
    [session.id],
  );
  const codes = tally([...booked, ...left.map(asOutcome), ...changed.map(asOutcome)]);
  const created = booked.filter(({ code }) => code === "created").length;
  const free = left.filter(({ status }) => status === 200).length;
  const [found] = rows;
  const unknown = Object.keys(codes).filter(
    (code) => !["created", "ok", "slot_taken", "seats_taken"].includes(code),
  );
  const faults = unknown.map((code) => `answered ${code}`);
  if (!found) faults.push("the session is gone");
  else {
    if (found.taken !== found.booked)
      faults.push(`${found.taken} seats are taken by ${found.booked} bookings`);
    if (found.taken > found.capacity) faults.push(`${found.taken} of ${found.capacity} seats are taken`);
    if (found.taken !== half + created - free) faults.push("a seat was lost or won");
    // What was refused for want of seats can be booked now, if there are any.
    const refused = booked.find(({ code }) => code === "slot_taken");
    if (refused && found.taken < found.capacity) {
      const again = await refused.person.call("POST", "/bookings", body);
      if (again.status !== 201) faults.push("a free seat cannot be booked");
    }
  }
  return { codes, faults };
}

function asOutcome(answer: Answer): { code: string } {
  return { code: codeOf(answer) };
}
