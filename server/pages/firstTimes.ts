import { z } from "zod";
import type { MentorPageTimes } from "#contract/mentorPage.ts";
import type { Mentor } from "#contract/mentors.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { findMentor } from "../mentors/queries.ts";
import type { Database } from "../platform/database/database.ts";
import { firstFreeSlots } from "../slots/firstFreeSlots.ts";
import type { SlotCache } from "../slots/slotCache.ts";
import { zonesOf } from "../timeZones/routes.ts";

/** As many as the page offers at first (src/features/book/NextFreeTimes.tsx). */
const offered = 10;

/** The address of the booking's second step, as src/features/book/bookingStep.ts reads it. */
const timeStep = z.object({
  book: z.literal("time"),
  service: z.uuid(),
  minutes: z.coerce.number().int().positive(),
  at: z.string().optional(),
  aside: z.undefined().optional(),
});

interface FirstTimesOptions {
  database: Pick<Database, "publicDb">;
  slots: Pick<SlotCache, "read">;
  now: () => EpochMs;
}

/** Returns what reads the first free times for the document of a mentor's page; null where the address asks for none. */
export function openFirstTimes({ database, slots, now }: FirstTimesOptions) {
  return async (username: string, query: unknown): Promise<MentorPageTimes | null> => {
    const asked = timeStep.safeParse(query);
    if (!asked.success) return null;
    const mentor = await findMentor(database.publicDb, username);
    const length = mentor && findLength(mentor, asked.data);
    if (!mentor || !length) return null;
    const { serviceId, minutes } = length;
    const wanted = { mentorId: mentor.id, service_id: serviceId, duration: minutes, count: offered };
    const found = await firstFreeSlots(slots, { ...wanted, windowDays: mentor.booking_window_days }, now());
    if (!found) return null;
    const { at } = asked.data;
    const chosen = at === undefined ? null : Date.parse(at);
    // The page may have to say that the chosen time is gone, above the times.
    if (chosen !== null && !found.some(({ starts_at }) => Date.parse(starts_at) === chosen)) return null;
    const names = new Set([mentor.timezone, ...found.flatMap(({ mentor_timezone: zone }) => zone ?? [])]);
    return {
      mentor,
      serviceId,
      minutes,
      slots: found,
      chosen,
      zones: zonesOf([...names], now()),
    };
  };
}

function findLength(mentor: Mentor, { service: id, minutes }: { service: string; minutes: number }) {
  const service = mentor.services.find((each) => each.id === id && each.enabled);
  const length = service?.durations.find((each) => each.minutes === minutes);
  return service && length && { serviceId: service.id, minutes: length.minutes };
}
