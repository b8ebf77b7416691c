/** Every question the app asks of the API: its key and its call in one place, for `useQuery` and for prefetching. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Me, Session } from "#contract/accounts.ts";
import type { Booking } from "#contract/bookings.ts";
import type { Mentor, MentorPage } from "#contract/mentors.ts";
import type { SlotAnswer } from "#contract/slots.ts";
import { getAvailableDays, type SlotQuestion } from "@/services/bookingService.ts";
import { api } from "./api.ts";
import { takeVisitorsDrafts } from "./drafts.ts";
import { tabPerson } from "./tabPerson.ts";

export type MentorFilter = { q?: string; expertise?: string };

/**
 * Keys nest from the general to the particular, so that `invalidateQueries({ queryKey: queryKeys.bookings })` reaches
 * every list and every single booking.
 */
export const queryKeys = {
  me: ["me"],
  mentors: ["mentors"],
  mentor: (idOrUsername: string) => ["mentor", idOrUsername],
  slots: (mentorId: string) => ["slots", mentorId],
  bookings: ["bookings"],
  booking: (id: string) => ["bookings", "one", id],
  bookingList: (as: "student" | "mentor", filter: Record<string, string | undefined> = {}) => [
    "bookings",
    as,
    filter,
  ],
} as const;

const HALF_MINUTE_MS = 30_000;

/** An answer also to a visitor, and so no error in the browser's console. */
async function readMe(signal: AbortSignal): Promise<Me | null> {
  const { me } = await api.get<Session>("/api/v1/session", { signal, forAnybody: true });
  return me;
}

/** Whom this tab shows (tabPerson.ts); null when signed out, which is an answer and no error. */
export const meQuery = queryOptions({
  queryKey: queryKeys.me,
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }): Promise<Me | null> => {
    const me = await readMe(signal);
    if (me && tabPerson.id() === undefined) takeVisitorsDrafts(me.id);
    return tabPerson.meet(me);
  },
});

export const mentorsQuery = (filter: MentorFilter) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.mentors, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<MentorPage>("/api/v1/mentors", { query: { ...filter, cursor: pageParam, limit: 12 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const mentorQuery = (idOrUsername: string) =>
  queryOptions({
    queryKey: queryKeys.mentor(idOrUsername),
    queryFn: ({ signal }) =>
      api.get<Mentor>(`/api/v1/mentors/${encodeURIComponent(idOrUsername)}`, { signal }),
  });

/**
 * The free times of a range of viewer-local dates, at most 62 of them. Short-lived: others book too.
 * @param askFor the mentor's username, of which the API takes the id as well: see src/app/firstLoad/mentorData.ts
 */
export const slotsQuery = (question: SlotQuestion, { askFor = question.mentorId } = {}) =>
  queryOptions({
    queryKey: [...queryKeys.slots(question.mentorId), question],
    staleTime: HALF_MINUTE_MS,
    queryFn: async ({ signal }): Promise<SlotAnswer> => {
      const result = await getAvailableDays({ ...question, mentorId: askFor }, signal);
      if (!result.success) throw result.problem;
      return result.data;
    },
  });

export const bookingQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.booking(id),
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) => api.get<Booking>(`/api/v1/bookings/${encodeURIComponent(id)}`, { signal }),
  });
