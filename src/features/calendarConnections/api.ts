/** Calls of the API about one's own calendar connections. Each throws ApiProblem when it is refused. */
import type {
  CalendarConnection,
  CalendarConnectionList,
  CalendarTest,
  CreateCalendarConnection,
  OwnBusyTimes,
  UpdateCalendarConnection,
  UpdateConnectedCalendar,
} from "#contract/calendarConnections.ts";
import type { CalendarPermission, CalendarVendor } from "#rules/calendarSignIn.ts";
import { api } from "@/lib/api.ts";

const path = "/api/v1/me/calendar-connections";
const one = (id: string) => `${path}/${encodeURIComponent(id)}`;
/** The server waits this long for a calendar server, ms. */
const timeout = 75_000;

export function readConnections(signal: AbortSignal): Promise<CalendarConnectionList> {
  return api.get(path, { signal });
}

export function testConnection(wish: CreateCalendarConnection): Promise<CalendarTest> {
  return api.post(`${path}/test`, wish, { timeout });
}

export function createConnection(wish: CreateCalendarConnection): Promise<CalendarConnection> {
  return api.post(path, wish, { timeout });
}

export function updateConnection(id: string, change: UpdateCalendarConnection): Promise<CalendarConnection> {
  return api.patch(one(id), change, { timeout });
}

export function syncConnection(id: string): Promise<CalendarConnection> {
  return api.post(`${one(id)}/sync`, {});
}

export function endConnection(id: string): Promise<null> {
  return api.delete(one(id));
}

export function updateCalendar(id: string, change: UpdateConnectedCalendar): Promise<CalendarConnection> {
  return api.patch(`/api/v1/me/connected-calendars/${encodeURIComponent(id)}`, change);
}

export function readBusyTimes(
  span: { start: string; end: string },
  signal: AbortSignal,
): Promise<OwnBusyTimes> {
  return api.get("/api/v1/me/busy-times", { query: span, signal });
}

/** Where a sign-in at a vendor begins, which is a page and no request. @param id the connection that is signed in to again */
export function signInPath(
  vendor: CalendarVendor,
  { id, permission }: { id?: string; permission?: CalendarPermission } = {},
): string {
  const query = new URLSearchParams({
    ...(id !== undefined && { connection_id: id }),
    ...(permission !== undefined && { permission }),
  });
  return `${path}/${vendor}/start?${query}`;
}
