import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Booking, BookingPage } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { numberLimits } from "#rules/limits.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { api } from "@/lib/api.ts";
import { serverClock } from "@/lib/clock/serverClock.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const HALF_MINUTE_MS = 30_000;
const PAGE = 20;
/** Stops a runaway loop: 2,000 sessions ahead are more than anyone has. */
const MAX_PAGES_AHEAD = 20;

export const bookingQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.booking(id),
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => api.get<Booking>(`/api/v1/bookings/${encodeURIComponent(id)}`, { signal }),
  });

/**
 * The user's own bookings, latest start first. The first page always reaches back to the present, so that upcoming sessions
 * and requests are complete; later pages only add past ones.
 */
export const ownBookingsQuery = (as: BookingRole, userId: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.bookingList(as), userId],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ pageParam, signal }) =>
      pageParam === undefined ? readAhead(as, signal) : readPage(as, PAGE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

async function readAhead(as: BookingRole, signal: AbortSignal): Promise<BookingPage> {
  let page = await readPage(as, PAGE, undefined, signal);
  const data: Booking[] = [...page.data];
  for (let pages = 1; pages < MAX_PAGES_AHEAD && page.next_cursor && isUpcoming(data.at(-1)); pages++) {
    page = await readPage(as, 100, page.next_cursor, signal);
    data.push(...page.data);
  }
  return { data, next_cursor: page.next_cursor };
}

function readPage(as: BookingRole, limit: number, cursor: string | undefined, signal: AbortSignal) {
  return api.get<BookingPage>("/api/v1/bookings", { query: { as, limit, cursor }, signal });
}

/** Whether the session may be in progress or still to come. */
function isUpcoming(booking: Booking | undefined): boolean {
  return (
    booking !== undefined &&
    Date.parse(booking.starts_at) > serverClock.now() - numberLimits.sessionMinutes.max * MINUTE_MS
  );
}
