import { keepPreviousData, type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { EmptyDayReason, SlotAnswer } from "#contract/slots.ts";
import { countLimits } from "#rules/limits.ts";
import { type EpochMs, type LocalDate, MINUTE_MS } from "#scheduling/units.ts";
import { addMonths, type DateRange, monthOf } from "@/lib/months.ts";
import { addDays } from "@/lib/time.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import {
  bookableDates,
  bookablePart,
  byDate,
  freeSlotsOf,
  merge,
  reasonsOf,
  slotSearch,
} from "./freeTimes.ts";
import { slotsQuery } from "./queries.ts";

export type FreeTimes = {
  /** The viewer-local dates that can be booked. */
  bookable: DateRange;
  /** First day of the shown month. */
  month: LocalDate;
  showMonth: (month: LocalDate) => void;
  /** Of the shown month. */
  status: "loading" | "ready" | "failed";
  error: Error | null;
  retry: () => void;
  /** All times known so far, by viewer-local date. */
  days: ReadonlyMap<LocalDate, FreeSlot[]>;
  /** Why known days have no available time. */
  reasons: ReadonlyMap<LocalDate, EmptyDayReason>;
  /** Whether the month after the shown one has been fetched too, or could not be. */
  isNextFetched: boolean;
  /** Available times after a date; undefined until known. */
  after: readonly FreeSlot[] | undefined;
};

/**
 * The available times of a service and length, by month: the shown month in one request, then the next one in advance. If
 * both are empty, also the following 62 days, so that there is something to offer.
 * @param lookAfter date from which `after` counts; today when null
 */
export function useFreeTimes(
  mentor: Mentor,
  choice: Choice,
  timeZone: string,
  lookAfter: LocalDate | null,
): FreeTimes {
  const query = (range: DateRange) => slotsQuery(slotSearch(mentor.id, choice, timeZone, range));
  return useFreeTimesFrom({ windowDays: mentor.booking_window_days, query }, timeZone, lookAfter);
}

/** A query for available times, and how many days ahead they can be. */
export type TimesSource<Key extends QueryKey> = {
  windowDays: number;
  query: (range: DateRange) => UseQueryOptions<SlotAnswer, Error, SlotAnswer, Key>;
  /** An available start to leave out. */
  omit?: EpochMs;
};

/** `useFreeTimes` with any source. */
export function useFreeTimesFrom<Key extends QueryKey>(
  source: TimesSource<Key>,
  timeZone: string,
  lookAfter: LocalDate | null,
): FreeTimes {
  const bookable = bookableDates(source.windowDays, timeZone);
  const today = bookable.from;
  // A link may lead to a time of any month.
  const [month, showMonth] = useState(monthOf(lookAfter && lookAfter > today ? lookAfter : today));

  const query = (range: DateRange | null) => source.query(range ?? bookable);

  const shownPart = bookablePart(month, bookable);
  const nextPart = bookablePart(addMonths(month, 1), bookable);
  const shown = useQuery({ ...query(shownPart), enabled: shownPart !== null, refetchInterval: MINUTE_MS });
  const next = useQuery({ ...query(nextPart), enabled: nextPart !== null && shown.isSuccess });
  // Keeps the list of next times while the viewer looks at later months.
  const first = useQuery({ ...query(bookablePart(monthOf(today), bookable)), enabled: shown.isSuccess });

  const freeOf = (answer: SlotAnswer | undefined) =>
    freeSlotsOf(answer).filter(({ startsAt }) => startsAt !== source.omit);
  const known = merge([freeOf(first.data), freeOf(shown.data), freeOf(next.data)]);
  const knownAfter = known.filter((slot) => lookAfter === null || slot.date > lookAfter);

  const allAsked = shown.isSuccess && (nextPart === null || next.isSuccess);
  const laterFrom = nextPart ? addDays(nextPart.to, 1) : null;
  const mustLookLater = allAsked && knownAfter.length === 0 && laterFrom !== null && laterFrom <= bookable.to;
  const later = useQuery({
    ...query(
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
    isNextFetched: shown.isSuccess && (nextPart === null || next.isFetched),
    after: isAfterKnown ? merge([knownAfter, freeOf(mustLookLater ? later.data : undefined)]) : undefined,
  };
}

function earlier(one: LocalDate, other: LocalDate): LocalDate {
  return one < other ? one : other;
}
