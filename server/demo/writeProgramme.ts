import { randomUUIDv7 } from "node:crypto";
import { addDays, dayOf, mondayOf } from "#scheduling/dates.ts";
import { asMinutes, type EpochMs, epochMs } from "#scheduling/units.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import type { Queryable } from "../platform/database/database.ts";
import { personOf } from "./people.ts";
import { actAs } from "./writeComingSessions.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

const timeZone = "Asia/Kolkata";
const minutes = 60;

/** A programme of eight Sunday evenings, outside of the hours, and two people in it: as the app schedules and books it. */
export async function writeProgramme(owner: Queryable, services: ServiceIds, now: EpochMs): Promise<void> {
  const mentor = personOf("rohan").id;
  const service = services.get(serviceName("rohan", "reading"));
  const { date } = wallClockOf(timeZone, now);
  const untilSunday = 6 - (dayOf(date) - mondayOf(dayOf(date)));
  // From the Sunday of next week on, so that it can be joined for a week or longer.
  const starts = Array.from({ length: 8 }, (_, week) =>
    instantOf(timeZone, addDays(date, untilSunday + 7 * (week + 1)), asMinutes(18 * 60)),
  );
  await actAs(owner, "matepeak_app", mentor);
  const { rows } = await owner.query<{ id: string }>(
    "select private.create_programme($1, $2, $3, $4, $5, $6, 10, 3, $7, 240000) as id",
    [
      mentor,
      service,
      "Eight outages in eight weeks",
      "One public incident report each Sunday. In the last week you present one of your own.",
      starts.map((start) => new Date(start)),
      minutes,
      new Date((starts[0] ?? now) - 86_400_000),
    ],
  );
  for (const student of ["daniel", "lucia"])
    await joinProgramme(owner, { student, mentor, service, starts, programme: rows[0]?.id });
  await owner.query("select set_config('role', 'none', true), set_config('request.jwt.claims', '', true)");
}

interface Joining {
  student: string;
  mentor: string;
  service: string | undefined;
  starts: readonly EpochMs[];
  programme: string | undefined;
}

async function joinProgramme(
  owner: Queryable,
  { student, mentor, service, starts, programme }: Joining,
): Promise<void> {
  const { id, full_name, email, timezone } = personOf(student);
  const series = randomUUIDv7();
  await actAs(owner, "matepeak_app", id);
  await owner.query(
    `insert into series (id, expert_id, user_id, service_id, duration, pattern, payment, programme_id)
     values ($1, $2, $3, $4, $5, 'programme', 'at_once', $6)`,
    [series, mentor, id, service, minutes, programme],
  );
  const sessions = starts.map((start, index) => {
    const { date, time } = wallClockOf(timeZone, epochMs(start));
    return { starts_at: new Date(start), date, time, place: index + 1 };
  });
  await owner.query(
    `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
       starts_at, status, user_name, user_email, student_timezone, series_id, series_place)
     select $1, $2, $3, 'groupSession', s.date, s.time, $4, s.starts_at, 'confirmed', $5, $6, $7, $8, s.place
     from jsonb_to_recordset($9) s (starts_at timestamptz, date date, time text, place integer)`,
    [id, mentor, service, minutes, full_name, email, timezone, series, JSON.stringify(sessions)],
  );
}
