import { queryOptions } from "@tanstack/react-query";
import type { Calendar } from "#contract/calendar.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import type { CalendarView } from "./calendarLayout.ts";

/**
 * A mentor's days from one date to another on the mentor's clock. Below the key of all bookings: what makes those anew
 * makes the calendar anew too. While a page is turned the one before stays; another view has another shape and begins empty.
 */
export const calendarQuery = (mentorId: string, view: CalendarView, dates: { from: string; to: string }) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "calendar", mentorId, view, dates],
    staleTime: 30_000,
    queryFn: ({ signal }) => api.get<Calendar>("/api/v1/mentors/me/calendar", { query: dates, signal }),
    placeholderData: (previous: Calendar | undefined, previousQuery) =>
      previousQuery?.queryKey.at(-2) === view ? previous : undefined,
  });
