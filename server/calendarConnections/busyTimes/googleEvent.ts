import { z } from "zod";
import { type BusyQuery, type BusyReading, readTitle } from "./busyInterval.ts";
import { busyTimeOf, faultOf, freeTime } from "./eventAnswer.ts";

/** Of `events.list` with `singleEvents=true`; https://developers.google.com/workspace/calendar/api/v3/reference/events */
const googleTime = z.object({
  date: z.string().optional(),
  dateTime: z.string().optional(),
  timeZone: z.string().optional(),
});

const googleEvent = z.object({
  id: z.string().optional(),
  iCalUID: z.string().optional(),
  summary: z.string().optional(),
  status: z.string().optional(),
  transparency: z.string().optional(),
  eventType: z.string().optional(),
  start: googleTime.optional(),
  end: googleTime.optional(),
  attendees: z
    .array(z.object({ self: z.boolean().optional(), responseStatus: z.string().optional() }))
    .optional(),
});

/** Where a person works, and whose birthday it is, take no time. `focusTime` and `outOfOffice` do. */
const typesWithoutTime = ["workingLocation", "birthday"];

/** The busy time of an event as Google sends it. A cancelled one, which a sync reports by its id alone, is free. */
export function busyTimeOfGoogle(event: unknown, query: BusyQuery): BusyReading {
  const read = googleEvent.safeParse(event);
  if (!read.success) return faultOf(idOf(event), "unreadable", z.prettifyError(read.error));
  const { data } = read;
  const declined = data.attendees?.some(({ self, responseStatus }) => self && responseStatus === "declined");
  const isFree =
    data.status === "cancelled" ||
    data.transparency === "transparent" ||
    typesWithoutTime.includes(data.eventType ?? "");
  if (declined || isFree) return freeTime();
  const { start = {}, end = {} } = data;
  const isAllDay = start.dateTime === undefined && start.date !== undefined;
  const timeOf = ({ date, dateTime, timeZone }: z.infer<typeof googleTime>) => ({
    text: isAllDay ? date : dateTime,
    zone: timeZone ?? null,
  });
  return busyTimeOf(
    {
      uid: data.iCalUID ?? data.id ?? null,
      title: readTitle(data.summary),
      isAllDay,
      start: timeOf(start),
      end: timeOf(end),
    },
    query,
  );
}

function idOf(event: unknown): string | null {
  const { id = null } = z.object({ id: z.string() }).partial().safeParse(event).data ?? {};
  return id;
}
