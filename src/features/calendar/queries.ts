import { queryOptions } from "@tanstack/react-query";
import type { Calendar } from "#contract/calendar.ts";
import { api } from "@/lib/api.ts";
import type { DateRange } from "@/lib/months.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import type { CalendarView } from "./calendarLayout.ts";

/**
 * A mentor's days from one date to another, in the mentor's zone. Its key is below that of all bookings, so it is
 * invalidated with them. Until the next page is loaded the previous one is shown; another view starts empty.
 */
export const calendarQuery = (mentorId: string, view: CalendarView, dates: DateRange) =>
  queryOptions({
    queryKey: [...queryKeys.bookings, "calendar", mentorId, view, dates],
    staleTime: 30_000,
    queryFn: ({ signal }) => api.get<Calendar>("/api/v1/mentors/me/calendar", { query: dates, signal }),
    placeholderData: (previous: Calendar | undefined, previousQuery) =>
      previousQuery?.queryKey.at(-2) === view ? previous : undefined,
  });
