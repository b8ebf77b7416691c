import type { EmptyDayReason, SlotAnswer } from "#contract/slots.ts";
import { addDays } from "#scheduling/dates.ts";
import { addMonths, type DateRange } from "@/lib/months.ts";
import { todayIn } from "@/lib/time.ts";
import type { SlotQuestion } from "@/services/bookingService.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";

/** The viewer-local dates that can be booked at all, of a mentor who can be booked `windowDays` ahead. */
export function bookableDates(windowDays: number, timeZone: string): DateRange {
  const today = todayIn(timeZone);
  // One day more than the window: in the viewer's zone its last hours may fall on the next date.
  return { from: today, to: addDays(today, windowDays + 1) };
}

export function timesQuestion(
  mentorId: string,
  { service, minutes }: Choice,
  timezone: string,
  range: DateRange,
): SlotQuestion {
  return { mentorId, ...range, duration: minutes, timezone, serviceId: service.id };
}

/** A month from the first day that can be booked to its end, also where fewer can; null when none can. */
export function bookablePart(month: string, bookable: DateRange): DateRange | null {
  const to = addDays(addMonths(month, 1), -1);
  const from = month > bookable.from ? month : bookable.from;
  return from <= to && from <= bookable.to ? { from, to } : null;
}

/** The free times of an answer, earliest first. */
export function freeSlotsOf(answer: SlotAnswer | undefined): FreeSlot[] {
  const days = answer?.days ?? [];
  return days.flatMap(({ date, slots }) =>
    slots.filter((slot) => slot.available).map((slot) => ({ ...slot, date })),
  );
}

/** Why days have no free time, as far as answers say; a later answer has the last word. */
export function reasonsOf(answers: readonly (SlotAnswer | undefined)[]): ReadonlyMap<string, EmptyDayReason> {
  const days = answers.flatMap((answer) => answer?.days ?? []);
  return new Map(days.flatMap(({ date, reason }) => (reason ? [[date, reason] as const] : [])));
}

export function byDate(slots: readonly FreeSlot[]): ReadonlyMap<string, FreeSlot[]> {
  return Map.groupBy(slots, (slot) => slot.date);
}

/** Slots of several answers without doubles, earliest first. */
export function merge(lists: readonly FreeSlot[][]): FreeSlot[] {
  const unique = new Map(lists.flat().map((slot) => [slot.starts_at, slot]));
  return [...unique.values()].sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
}

export type PartOfDay = "Morning" | "Afternoon" | "Evening";

/** Morning until noon, afternoon until 17:00, by the viewer's clock. */
export function byPartOfDay(slots: readonly FreeSlot[]): { part: PartOfDay; slots: FreeSlot[] }[] {
  const groups = Map.groupBy(slots, ({ time }) =>
    time < "12:00" ? "Morning" : time < "17:00" ? "Afternoon" : "Evening",
  );
  const parts: readonly PartOfDay[] = ["Morning", "Afternoon", "Evening"];
  return parts.flatMap((part) => {
    const members = groups.get(part);
    return members ? [{ part, slots: members }] : [];
  });
}

/** Whether two texts say the same instant. */
export function isSame(one: string, other: string | null): boolean {
  return other !== null && Date.parse(one) === Date.parse(other);
}
