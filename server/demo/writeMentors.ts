import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { addDays } from "#scheduling/dates.ts";
import { asMinutes, type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { DB } from "../../db/types.gen.ts";
import { demoPricesOf } from "./demoPrices.ts";
import type { DemoMentor } from "./demoTypes.ts";
import { demoPeople, joinedAt, personOf } from "./people.ts";
import { settingsOf } from "./placeSessions.ts";

/** The id of a service, by mentor and key. */
export type ServiceIds = ReadonlyMap<string, string>;

export function serviceName(mentor: string, key: string): string {
  return `${mentor}/${key}`;
}

/** Writes profiles, services, hours and days off. The accounts must exist. `now` is epoch ms. */
export async function writeMentors(
  db: Kysely<DB>,
  mentors: readonly DemoMentor[],
  now: EpochMs,
): Promise<ServiceIds> {
  await db
    .insertInto("profiles")
    .values(demoPeople.map(({ id, full_name, timezone }) => ({ id, full_name, timezone })))
    .execute();
  await db
    .insertInto("expert_profiles")
    .values(mentors.map((mentor) => profileRow(mentor, now)))
    .execute();
  await writeHours(db, mentors, now);
  await writeRooms(db, mentors);
  return writeServices(db, mentors, now);
}

function profileRow(mentor: DemoMentor, now: EpochMs) {
  return {
    id: personOf(mentor.handle).id,
    username: mentor.handle,
    full_name: mentor.full_name,
    headline: mentor.headline,
    bio: mentor.bio,
    expertise: [...mentor.expertise],
    languages: [...mentor.languages],
    timezone: mentor.timezone,
    ...settingsOf(mentor),
    verified: mentor.verified,
    created_at: joinedAt(mentor, now),
  };
}

async function writeRooms(db: Kysely<DB>, mentors: readonly DemoMentor[]): Promise<void> {
  const rooms = mentors
    .filter(({ weekly }) => weekly.length > 0)
    .map(({ handle, meetingNote = null }) => ({
      expert_id: personOf(handle).id,
      meeting_url: `https://meet.example.com/${handle}`,
      meeting_note: meetingNote,
    }));
  await db.insertInto("mentor_rooms").values(rooms).execute();
}

async function writeHours(db: Kysely<DB>, mentors: readonly DemoMentor[], now: EpochMs): Promise<void> {
  const windows = mentors.flatMap(({ handle, timezone, weekly, extra = [] }) => {
    const expert_id = personOf(handle).id;
    const today = wallClockOf(timezone, now).date;
    const recurring = weekly.flatMap(({ days, from, until }) =>
      days.map((day) => ({ expert_id, day_of_week: day, start_time: from, end_time: until })),
    );
    const dated = extra.map(({ inDays, from, until }) => ({
      expert_id,
      is_recurring: false,
      specific_date: addDays(today, inDays),
      start_time: from,
      end_time: until,
    }));
    return [...recurring, ...dated];
  });
  await db.insertInto("availability_slots").values(windows).execute();

  const daysOff = mentors.flatMap(({ handle, timezone, daysOff = [] }) =>
    daysOff.map(({ inDays, reason }) => ({
      expert_id: personOf(handle).id,
      date: addDays(wallClockOf(timezone, now).date, inDays),
      reason,
    })),
  );
  await db.insertInto("blocked_dates").values(daysOff).execute();
}

async function writeServices(
  db: Kysely<DB>,
  mentors: readonly DemoMentor[],
  now: EpochMs,
): Promise<ServiceIds> {
  const offers = mentors.flatMap((mentor) =>
    mentor.services.map((service, index) => ({
      id: randomUUID(),
      mentor,
      service,
      prices: demoPricesOf(service),
      // Services are listed in the order of their creation.
      created_at: new Date(joinedAt(mentor, now).getTime() + (index + 1) * MINUTE_MS),
    })),
  );
  await db
    .insertInto("services")
    .values(
      offers.map(({ id, mentor, service, prices, created_at }) => ({
        id,
        expert_id: personOf(mentor.handle).id,
        session_type: service.session_type,
        title: service.title,
        description: service.description,
        capacity: service.capacity ?? 1,
        recording_price_minor: prices.recordingPrice?.minor ?? null,
        instant_confirm: service.instant_confirm ?? null,
        cancel_cutoff: asMinutes(service.cancel_cutoff ?? 0),
        reschedule_cutoff: asMinutes(service.reschedule_cutoff ?? 0),
        created_at,
      })),
    )
    .execute();
  await db
    .insertInto("service_durations")
    .values(
      offers.flatMap(({ id, mentor, prices }) =>
        prices.durations.map(({ minutes, price }) => ({
          service_id: id,
          expert_id: personOf(mentor.handle).id,
          minutes,
          price_minor: price.minor,
        })),
      ),
    )
    .execute();
  return new Map(offers.map(({ id, mentor, service }) => [serviceName(mentor.handle, service.key), id]));
}
