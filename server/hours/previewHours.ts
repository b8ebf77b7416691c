import type { z } from "zod";
import { errors } from "#contract/errors.ts";
import type { HoursPreview, previewHours as previewHoursInput } from "#contract/ownHours.ts";
import type { Schedule } from "#scheduling/slots.ts";
import { refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { findService, presentSlots, readSchedule } from "../slots/queries.ts";
import { readOutsideSessions } from "./outsideSessions.ts";
import { readOwnSettings } from "./queries.ts";

type DraftHours = z.output<typeof previewHoursInput>;

/**
 * Returns what students would be offered with other hours, and which booked sessions would be outside them. Writes nothing.
 * @throws Refusal `not_a_mentor`, `service_not_found`, `timezone_periods_overlap`, `validation_failed`
 */
export async function previewHours(
  { database, now }: Dependencies,
  caller: Identity,
  draft: DraftHours,
): Promise<HoursPreview> {
  rejectOverlap(draft.timezone_periods ?? []);
  return database.asUser(caller.id, async (tx) => {
    await readOwnSettings(tx, caller.id);
    const read = await readSchedule(tx.client, caller.id, draft, { anySettings: true });
    const service = findService(read.services, draft);
    const change = (saved: Schedule) => applyDraft(saved, draft);
    const session = { duration: draft.duration, service, include: "available", now: now() } as const;
    // What is waited for is offered first; the mentor sees all that would be.
    const { waits: _asked, ...saved } = read.schedule;
    const offered = presentSlots({ ...read, schedule: change(saved) }, draft, session);
    return { ...offered, outside_sessions: await readOutsideSessions(tx, caller.id, now(), change) };
  });
}

function applyDraft(
  saved: Schedule,
  { windows, blocked_dates, timezone_periods, settings }: DraftHours,
): Schedule {
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

/** Applies the table's exclusion constraint to the periods of the draft, which no table holds. */
function rejectOverlap(periods: NonNullable<DraftHours["timezone_periods"]>): void {
  const sorted = periods.toSorted((one, other) => (one.starts_on < other.starts_on ? -1 : 1));
  const clash = sorted.some((period, index) => index > 0 && period.starts_on <= sorted[index - 1]!.ends_on);
  if (!clash) return;
  throw refuseField("timezone_periods", errors.timezone_periods_overlap.title, "timezone_periods_overlap");
}
