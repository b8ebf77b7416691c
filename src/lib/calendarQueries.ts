import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Calendar } from "../../contract/calendar.ts";
import { api } from "./api.ts";
import { queryKeys } from "./queries.ts";

/**
 * A mentor's days from one date to another on the mentor's clock. Below the key of all bookings: what makes those anew
 * makes the calendar anew too.
 */
export const calendarQuery = (mentorId: string, dates: { from: string; to: string }) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "calendar", mentorId, dates],
    staleTime: 30_000,
    queryFn: ({ signal }) => api.get<Calendar>("/api/v1/mentors/me/calendar", { query: dates, signal }),
    placeholderData: keepPreviousData,
  });
