import { keepPreviousData, type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { EmptyDayReason, SlotAnswer } from "#contract/slots.ts";
import { countLimits } from "#rules/limits.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { addMonths, type DateRange, monthOf } from "@/lib/months.ts";
import { addDays } from "@/lib/time.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import {
  bookableDates,
  bookablePart,
  byDate,
  freeSlotsOf,
  isSame,
  merge,
  reasonsOf,
  timesQuestion,
} from "./freeTimes.ts";
import { slotsQuery } from "./queries.ts";

export type FreeTimes = {
  /** The viewer-local dates that can be booked at all. */
  bookable: DateRange;
  /** First day of the shown month. */
  month: string;
  showMonth: (month: string) => void;
  /** Of the shown month. */
  status: "loading" | "ready" | "failed";
  error: Error | null;
  retry: () => void;
  /** Everything known so far, by viewer-local date. */
  days: ReadonlyMap<string, FreeSlot[]>;
  /** Why days that are known have no free time. */
  reasons: ReadonlyMap<string, EmptyDayReason>;
  /** Free times after a date; undefined while nobody knows. */
  after: readonly FreeSlot[] | undefined;
};

/**
 * What is free for a choice, month by month: the shown month in one call, then the next one ahead of being asked. Where both
 * are empty, the 62 days that follow are asked too, so that there is something to offer.
 * @param lookAfter date from which `after` counts; today when null
 */
export function useFreeTimes(
  mentor: Mentor,
  choice: Choice,
  timeZone: string,
  lookAfter: string | null,
): FreeTimes {
  const ask = (range: DateRange) => slotsQuery(timesQuestion(mentor.id, choice, timeZone, range));
  return useTimesOf({ windowDays: mentor.booking_window_days, ask }, timeZone, lookAfter);
}

/** Where free times come from, and how many days of the mentor's ahead there can be any. */
export type TimesSource<Key extends QueryKey> = {
  windowDays: number;
  ask: (range: DateRange) => UseQueryOptions<SlotAnswer, Error, SlotAnswer, Key>;
  /** A start that is not offered, though it is free. */
  omit?: string;
};

/** `useFreeTimes` for any source of them. */
export function useTimesOf<Key extends QueryKey>(
  source: TimesSource<Key>,
  timeZone: string,
  lookAfter: string | null,
): FreeTimes {
  const bookable = bookableDates(source.windowDays, timeZone);
  const today = bookable.from;
  const [month, showMonth] = useState(monthOf(today));

  const ask = (range: DateRange | null) => source.ask(range ?? bookable);

  const shownPart = bookablePart(month, bookable);
  const nextPart = bookablePart(addMonths(month, 1), bookable);
  const shown = useQuery({ ...ask(shownPart), enabled: shownPart !== null, refetchInterval: MINUTE_MS });
  const next = useQuery({ ...ask(nextPart), enabled: nextPart !== null && shown.isSuccess });
  // The quick choice at the top stays while one leafs through later months.
  const first = useQuery({ ...ask(bookablePart(monthOf(today), bookable)), enabled: shown.isSuccess });

  const freeOf = (answer: SlotAnswer | undefined) =>
    freeSlotsOf(answer).filter(({ starts_at }) => !isSame(starts_at, source.omit ?? null));
  const known = merge([freeOf(first.data), freeOf(shown.data), freeOf(next.data)]);
  const knownAfter = known.filter((slot) => lookAfter === null || slot.date > lookAfter);

  const allAsked = shown.isSuccess && (nextPart === null || next.isSuccess);
  const laterFrom = nextPart ? addDays(nextPart.to, 1) : null;
  const mustLookLater = allAsked && knownAfter.length === 0 && laterFrom !== null && laterFrom <= bookable.to;
  const later = useQuery({
    ...ask(
      laterFrom === null
        ? null
        : { from: laterFrom, to: earlier(addDays(laterFrom, countLimits.slotDays - 1), bookable.to) },
    ),
    enabled: mustLookLater,
    placeholderData: keepPreviousData,
  });
  const isAfterKnown = knownAfter.length > 0 || (allAsked && (!mustLookLater || !later.isPending));

  return {
    bookable,
    month,
    showMonth,
    status: shownPart === null || shown.data ? "ready" : shown.isError ? "failed" : "loading",
    error: shown.error,
    retry: shown.refetch,
    days: byDate(merge([known, freeOf(mustLookLater ? later.data : undefined)])),
    reasons: reasonsOf([first.data, next.data, shown.data]),
    after: isAfterKnown ? merge([knownAfter, freeOf(mustLookLater ? later.data : undefined)]) : undefined,
  };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
