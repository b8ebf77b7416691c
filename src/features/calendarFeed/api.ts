/** Calls of the API about one's own calendar feed. Each throws ApiProblem when it is refused. */
import type { CalendarFeed, NewCalendarFeed } from "#contract/calendarFeed.ts";
import { api } from "@/lib/api.ts";

const path = "/api/v1/me/calendar-feed";

export function readFeed(signal: AbortSignal): Promise<CalendarFeed> {
  return api.get(path, { signal });
}

/** An earlier address ends. */
export function createFeed(): Promise<NewCalendarFeed> {
  return api.post(path, {});
}

export function endFeed(): Promise<null> {
  return api.delete(path);
}
