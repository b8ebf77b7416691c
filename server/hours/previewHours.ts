import type { z } from "zod";
import type { HoursPreview, previewHours as previewHoursInput } from "#contract/hours.ts";
import type { Schedule } from "#scheduling/slots.ts";
import { findOwnProfile } from "../mentors/queries.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Services } from "../platform/http/route.ts";
import { answerSlots, findService, readSchedule } from "../slots/queries.ts";
import { readOutsideSessions } from "./outsideSessions.ts";

type Wish = z.output<typeof previewHoursInput>;

/**
 * What students would be offered with other hours, and which booked sessions would lie outside of them. Writes nothing.
 * @throws Refusal `not_a_mentor`, `service_not_found`, `timezone_periods_overlap`, `validation_failed`
 */
export async function previewHours(
  { database, now }: Services,
  caller: Identity,
  wish: Wish,
): Promise<HoursPreview> {
  refuseOverlap(wish.timezone_periods ?? []);
  return database.asUser(caller.id, async (tx) => {
    if (!(await findOwnProfile(tx, caller.id))) throw new Refusal("not_a_mentor");
    const read = await readSchedule(tx.client, caller.id, wish, { anySettings: true });
    const service = findService(read.services, wish);
    const change = (saved: Schedule) => withWishes(saved, wish);
    const session = { duration: wish.duration, service, include: "available", now: now() } as const;
    const offered = answerSlots({ ...read, schedule: change(read.schedule) }, wish, session);
    return { ...offered, outside_sessions: await readOutsideSessions(tx, caller.id, now(), change) };
  });
}

function withWishes(saved: Schedule, { windows, blocked_dates, timezone_periods, settings }: Wish): Schedule {
  const given = Object.entries(settings ?? {}).filter(([, value]) => value !== undefined);
  return {
    ...saved,
    ...Object.fromEntries(given),
    ...(windows && {
      windows: windows.map((window) => ({
        day_of_week: window.day_of_week ?? null,
        specific_date: window.specific_date ?? null,
        start_time: window.start_time,
        end_time: window.end_time,
        replaces_weekly: window.replaces_weekly ?? false,
      })),
    }),
    ...(blocked_dates && { blocked_dates }),
    ...(timezone_periods && { zone_periods: timezone_periods }),
  };
}

/** The table's exclusion constraint, for periods that no table holds. */
function refuseOverlap(periods: NonNullable<Wish["timezone_periods"]>): void {
  const sorted = periods.toSorted((one, other) => (one.starts_on < other.starts_on ? -1 : 1));
  const clash = sorted.some((period, index) => index > 0 && period.starts_on <= sorted[index - 1]!.ends_on);
  if (!clash) return;
  const message = "You are in another zone on some of these days already.";
  throw refuseField("timezone_periods", message, "timezone_periods_overlap");
}
