/**
 * What a signed-in person asks about himself. The keys carry the person's id: whoever signs in next on this device must
 * not see an answer that was meant for somebody else.
 */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AvailabilitySlot } from "#contract/availability.ts";
import type { Booking, BookingPage } from "#contract/bookings.ts";
import type { OwnHours } from "#contract/hours.ts";
import type { MentorRoom } from "#contract/meetings.ts";
import type { MentorSummary } from "#contract/mentors.ts";
import type { MentorSetup, UsernameAnswer } from "#contract/onboarding.ts";
import type { Service } from "#contract/services.ts";
import { serverClock } from "@/lib/clock/serverClock.ts";
import { api } from "./api.ts";
import { queryKeys } from "./queries.ts";

export const ownKeys = {
  hours: (userId: string) => ["own", userId, "hours"],
  /** Below `hours`: what makes these anew makes them anew too. */
  allHours: (userId: string) => ["own", userId, "hours", "all"],
  services: (userId: string) => ["own", userId, "services"],
  setup: (userId: string) => ["own", userId, "setup"],
  room: (userId: string) => ["own", userId, "room"],
  favourites: (userId: string) => ["own", userId, "favourites"],
} as const;

const HALF_MINUTE_MS = 30_000;
const PAGE = 20;
/** A runaway guard: nobody has 2,000 sessions ahead. */
const MAX_PAGES_AHEAD = 20;

/**
 * One's bookings, latest start first. The first page always reaches back to the present, so that upcoming sessions and
 * requests are complete from the start; "Show more" then only adds to the past.
 */
export const ownBookingsQuery = (as: "student" | "mentor", userId: string) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.bookingList(as), userId],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ pageParam, signal }) =>
      pageParam === undefined ? readAhead(as, signal) : readPage(as, PAGE, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Weekly and dated windows. */
export const ownHoursQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.hours(userId),
    queryFn: ({ signal }) => list<AvailabilitySlot>("/api/v1/availability-slots", signal),
  });

/** Hours, days off and travels of one revision, and the sessions that lie outside of them. */
export const allHoursQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.allHours(userId),
    queryFn: ({ signal }) => api.get<OwnHours>("/api/v1/mentors/me/hours", { signal }),
  });

export const ownServicesQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.services(userId),
    queryFn: ({ signal }) => list<Service>("/api/v1/mentors/me/services", signal),
  });

/** Whether students can book, and what the page still lacks. */
export const setupQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.setup(userId),
    queryFn: ({ signal }) => api.get<MentorSetup>("/api/v1/mentors/me/setup", { signal }),
  });

/** Whether a username is free at this moment. */
export const usernameQuery = (username: string) =>
  queryOptions({
    queryKey: ["usernames", username],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) =>
      api.get<UsernameAnswer>(`/api/v1/usernames/${encodeURIComponent(username)}`, { signal }),
  });

/** Where a mentor meets his students. */
export const ownRoomQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.room(userId),
    queryFn: ({ signal }) => api.get<MentorRoom>("/api/v1/mentors/me/room", { signal }),
  });

/** The latest choice first; all of them, there are at most 200. */
export const favouritesQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.favourites(userId),
    queryFn: ({ signal }) => list<MentorSummary>("/api/v1/me/favourites", signal),
  });

async function list<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const { data } = await api.get<{ data: T[] }>(path, { signal });
  return data;
}

async function readAhead(as: "student" | "mentor", signal: AbortSignal): Promise<BookingPage> {
  let page = await readPage(as, PAGE, undefined, signal);
  const data: Booking[] = [...page.data];
  for (let pages = 1; pages < MAX_PAGES_AHEAD && page.next_cursor && liesAhead(data.at(-1)); pages++) {
    page = await readPage(as, 100, page.next_cursor, signal);
    data.push(...page.data);
  }
  return { data, next_cursor: page.next_cursor };
}

function readPage(as: "student" | "mentor", limit: number, cursor: string | undefined, signal: AbortSignal) {
  return api.get<BookingPage>("/api/v1/bookings", { query: { as, limit, cursor }, signal });
}

/** Not over yet: a session under way began in the past and still belongs to what is ahead. */
function liesAhead(booking: Booking | undefined): boolean {
  const LONGEST_SESSION_MS = 8 * 3_600_000;
  return booking !== undefined && Date.parse(booking.starts_at) > serverClock.now() - LONGEST_SESSION_MS;
}
