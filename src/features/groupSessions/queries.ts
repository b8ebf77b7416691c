import { queryOptions } from "@tanstack/react-query";
import type { Attendees, GroupSession, OwnGroupSession, Roster } from "#contract/groupSessions.ts";
import type { EntryQuestion, OpenEntryQuestion } from "#contract/sessionEntries.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

const ofMentor = (mentor: string) => `/api/v1/mentors/${encodeURIComponent(mentor)}/group-sessions`;

/** One session, as everyone sees it. @param mentor username */
export const groupSessionQuery = (mentor: string, id: string) =>
  queryOptions({
    queryKey: ["group-session", mentor, id],
    queryFn: ({ signal }) =>
      api.get<GroupSession>(`${ofMentor(mentor)}/${encodeURIComponent(id)}`, { signal }),
  });

/** The sessions of a mentor that can be joined. Changes with the free times, and is invalidated with them. */
export const nextGroupsQuery = (mentorId: string) =>
  queryOptions({
    queryKey: [...queryKeys.slots(mentorId), "group-sessions"],
    queryFn: ({ signal }) => readList<GroupSession>(ofMentor(mentorId), signal),
  });

/** The mentor's own sessions. Below the bookings: what changes these changes seats. */
export const ownGroupsQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "groups", userId],
    queryFn: ({ signal }) => readList<OwnGroupSession>("/api/v1/mentors/me/group-sessions", signal),
  });

export const rosterQuery = (userId: string, id: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "roster", userId, id],
    queryFn: ({ signal }) =>
      api.get<Roster>(`/api/v1/mentors/me/group-sessions/${encodeURIComponent(id)}/roster`, { signal }),
  });

/** What its mentor did to it in their calendar, and has not said yet what it is to mean. Below the bookings, as above. */
export const groupQuestionQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "group-question", id],
    queryFn: async ({ signal }): Promise<EntryQuestion | null> =>
      (
        await api.get<OpenEntryQuestion>(
          `/api/v1/mentors/me/group-sessions/${encodeURIComponent(id)}/entry-question`,
          { signal },
        )
      ).data,
  });

/** The group of a booking, for one of its two people. */
export const attendeesQuery = (bookingId: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "attendees", bookingId],
    queryFn: ({ signal }) =>
      api.get<Attendees>(`/api/v1/bookings/${encodeURIComponent(bookingId)}/attendees`, { signal }),
  });
