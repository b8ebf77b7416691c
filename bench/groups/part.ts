import { randomUUID } from "node:crypto";
import type { CreateBooking } from "#contract/bookings.ts";
import { numberLimits } from "#rules/limits.ts";
import { epochMs } from "#scheduling/units.ts";
import { addDays, wallClockOf } from "#scheduling/zonedTime.ts";
import { FreeSlots } from "../booking/freeSlots.ts";
import { type Generator, rawRequest, startGenerator } from "../load/startGenerator.ts";
import {
  type BenchMentor,
  type BenchStudent,
  makeMentors,
  makeStudents,
  sessionMinutes,
  sessionPrice,
} from "../people.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, ratio, table } from "../table.ts";
import { openWorld, type World } from "../world.ts";

const seats = numberLimits.seats.max;
const rounds = 3;
const levels = [1, 16, 64];

/** How fast a group session of as many seats as one can have fills up: each seat is a booking by another student. */
export async function measureGroups(): Promise<Section> {
  const world = await openWorld();
  const generator = startGenerator();
  try {
    // One more than there are seats.
    const students = await makeStudents(world.owner, seats + 1);
    const sessions = levels.length * rounds + 1;
    const mentors = await makeMentors(world.owner, sessions, { days: [], start: "00:00", end: "24:00" });
    await world.owner.query(
      "update services set session_type = 'groupSession', capacity = $1 where expert_id = any ($2)",
      [seats, mentors.map(({ id }) => id)],
    );
    const next = mentors.values();
    // No plan is made for empty tables.
    await fill(world, generator, next.next().value!, students, 16);
    await world.owner.query("vacuum analyze");
    const rows: string[][] = [];
    for (const clients of levels) {
      const [groups, hours] = [[0], [0]];
      for (let round = 0; round < rounds; round++) {
        groups.push(await fill(world, generator, next.next().value!, students, clients));
        hours.push(await bookHours(world, generator, clients));
      }
      const [group, single] = [Math.max(...groups), Math.max(...hours)];
      rows.push([
        `${clients}`,
        figure(group),
        `${(seats / group).toFixed(1)} s`,
        figure(single),
        ratio(group / single),
      ]);
    }
    return {
      title: "Group sessions",
      text: `${describeMachine(world.postgresVersion)}\n\n${table(["clients", "seats a second", "until it is full", "hours a second", "seats / hours"], rows)}\n${legend}`,
    };
  } finally {
    generator.stop();
    await world.close();
  }
}

const legend = `
A scheduled session of ${seats} seats, each booked by another signed-in student with \`POST bookings\` and an Idempotency-Key, durable
(fsync on); the best of ${rounds} sessions each, on a machine that others use too. All of them are changes of one row of the ledger, so they wait for
each other. Afterwards exactly ${seats} seats are taken, and one more is refused. The hours are as many bookings of 1:1 sessions of one
mentor, measured in turns with the seats.`;

/** Returns the rate at which as many hours of a new mentor are booked as there are seats. */
async function bookHours(world: World, generator: Generator, connections: number): Promise<number> {
  const slots = await FreeSlots.prepare(world, 1, seats);
  const { perSecond, statuses } = await generator.generate({
    port: world.port,
    requests: slots.take(seats),
    connections,
    milliseconds: 120_000,
    limit: seats,
  });
  if (Object.keys(statuses).join() !== "201") throw new Error(`Answers: ${JSON.stringify(statuses)}`);
  return perSecond;
}

/** Returns the rate at which a new session fills up. @throws Error if not exactly its seats were booked */
async function fill(
  world: World,
  generator: Generator,
  mentor: BenchMentor,
  students: readonly BenchStudent[],
  connections: number,
): Promise<number> {
  const zone = "Asia/Kolkata";
  const date = addDays(wallClockOf(zone, epochMs(Date.now())).date, 3);
  const start = new Date(`${date}T19:00+05:30`);
  await world.owner.query(
    `insert into occupancies (expert_id, service_id, starts_at, ends_at, during, state, capacity, seats_taken, join_until)
     values ($1, $2, $3, $4, tstzrange($3, $4), 'booked', $5, 0, $3)`,
    [mentor.id, mentor.serviceId, start, new Date(start.getTime() + sessionMinutes * 60_000), seats],
  );
  const body = {
    expert_id: mentor.id,
    session_type: "groupSession",
    scheduled_date: date,
    scheduled_time: "19:00",
    timezone: zone,
    duration: sessionMinutes,
    total_amount: sessionPrice,
    user_name: "Student",
    user_email: "student@example.com",
  } satisfies CreateBooking;
  const requests = students.map(({ token }) =>
    rawRequest("POST", "/api/v1/bookings", {
      headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": randomUUID() },
      body,
    }),
  );
  const send = (some: string[], most: number) =>
    generator.generate({
      port: world.port,
      requests: some,
      connections: most,
      milliseconds: 120_000,
      limit: some.length,
    });
  const { perSecond, statuses } = await send(requests.slice(0, seats), connections);
  const { statuses: late } = await send(requests.slice(seats), 1);
  const { rows } = await world.owner.query<{ taken: number }>(
    "select seats_taken as taken from occupancies where expert_id = $1",
    [mentor.id],
  );
  const seen = JSON.stringify({ statuses, late, taken: rows[0]?.taken });
  if (seen !== JSON.stringify({ statuses: { 201: seats }, late: { 409: 1 }, taken: seats }))
    throw new Error(`Answers: ${seen}`);
  return perSecond;
}
