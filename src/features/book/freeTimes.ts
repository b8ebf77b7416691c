import type { EmptyDayReason, SlotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import { type LocalDate, parseInstant } from "#scheduling/units.ts";
import { addMonths, type DateRange } from "@/lib/months.ts";
import { todayIn, wallClock } from "@/lib/time.ts";
import type { SlotSearch } from "@/services/bookingService.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";

/** The viewer-local dates that can be booked, `windowDays` ahead. */
export function bookableDates(windowDays: number, timeZone: string): DateRange {
  const today = todayIn(timeZone);
  // In the viewer's zone the last hours of the window may fall on the next date.
  return { from: today, to: addDays(today, windowDays + 1) };
}

export function slotSearch(
  mentorId: string,
  { service, minutes }: Choice,
  timezone: string,
  range: DateRange,
): SlotSearch {
  return { mentorId, ...range, duration: minutes, timezone, serviceId: service.id };
}

/** A month from its first bookable date to its end, even if the window ends earlier; null when no date can be booked. */
export function bookablePart(month: LocalDate, bookable: DateRange): DateRange | null {
  const to = addDays(addMonths(month, 1), -1);
  const from = month > bookable.from ? month : bookable.from;
  return from <= to && from <= bookable.to ? { from, to } : null;
}

/** The available times of a response, earliest first. */
export function freeSlotsOf(answer: SlotAnswer | undefined): FreeSlot[] {
  const days = answer?.days ?? [];
  return days.flatMap(({ date, slots }) =>
    slots.filter((slot) => slot.available).map((slot) => ({ ...parsed(slot), date })),
  );
}

/** A free start as a refusal lists it, under its date and time in a zone. */
export function freeSlotIn<S extends { starts_at: string }>(timeZone: string, slot: S) {
  return { ...parsed(slot), ...wallClock(slot.starts_at, timeZone) };
}

function parsed<S extends { starts_at: string }>({ starts_at, ...slot }: S) {
  return { ...slot, startsAt: parseInstant(starts_at) };
}

/** Why days have no available time, as far as the responses include it. Later responses win. */
export function reasonsOf(
  answers: readonly (SlotAnswer | undefined)[],
): ReadonlyMap<LocalDate, EmptyDayReason> {
  const days = answers.flatMap((answer) => answer?.days ?? []);
  return new Map(days.flatMap(({ date, reason }) => (reason ? [[date, reason] as const] : [])));
}

export function byDate(slots: readonly FreeSlot[]): ReadonlyMap<LocalDate, FreeSlot[]> {
  return Map.groupBy(slots, (slot) => slot.date);
}

/** Slots of several responses without duplicates, earliest first. */
export function merge(lists: readonly FreeSlot[][]): FreeSlot[] {
  const unique = new Map(lists.flat().map((slot) => [slot.startsAt, slot]));
  return [...unique.values()].sort((one, other) => one.startsAt - other.startsAt);
}

export type PartOfDay = "morning" | "afternoon" | "evening";

/** Morning until noon, afternoon until 17:00, by the viewer's clock. */
export function byPartOfDay(slots: readonly FreeSlot[]): { part: PartOfDay; slots: FreeSlot[] }[] {
  const groups = Map.groupBy(slots, ({ time }) =>
    time < "12:00" ? "morning" : time < "17:00" ? "afternoon" : "evening",
  );
  const parts: readonly PartOfDay[] = ["morning", "afternoon", "evening"];
  return parts.flatMap((part) => {
    const members = groups.get(part);
    return members ? [{ part, slots: members }] : [];
  });
}
