import { queryOptions } from "@tanstack/react-query";
import type { Programme, ProgrammeRoster } from "#contract/programmes.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

/** One programme, as everyone sees it. @param mentor username */
export const programmeQuery = (mentor: string, id: string) =>
  queryOptions({
    queryKey: ["programme", mentor, id],
    queryFn: ({ signal }) =>
      api.get<Programme>(
        `/api/v1/mentors/${encodeURIComponent(mentor)}/programmes/${encodeURIComponent(id)}`,
        { signal },
      ),
  });

/** The programmes of a mentor that can be booked. Changes with the free times, and is invalidated with them. */
export const offeredProgrammesQuery = (mentorId: string) =>
  queryOptions({
    queryKey: [...queryKeys.slots(mentorId), "programmes"],
    queryFn: ({ signal }) =>
      readList<Programme>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/programmes`, signal),
  });

/** The mentor's own programmes. Below the bookings: what changes these changes seats. */
export const ownProgrammesQuery = (userId: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "programmes", userId],
    queryFn: ({ signal }) => readList<Programme>("/api/v1/mentors/me/programmes", signal),
  });

export const programmeRosterQuery = (userId: string, id: string) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "programme-roster", userId, id],
    queryFn: ({ signal }) =>
      api.get<ProgrammeRoster>(`/api/v1/mentors/me/programmes/${encodeURIComponent(id)}/roster`, { signal }),
  });
