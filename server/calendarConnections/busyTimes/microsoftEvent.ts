import { z } from "zod";
import { isSessionUid } from "../../calendarEntries/sessionEntry.ts";
import { type BusyQuery, type BusyReading, readTitle } from "./busyInterval.ts";
import { busyTimeOf, faultOf, freeTime } from "./eventAnswer.ts";

const microsoftTime = z.object({ dateTime: z.string(), timeZone: z.string().nullish() });

/** Of `calendarView`; https://learn.microsoft.com/graph/api/resources/event */
const microsoftEvent = z.object({
  id: z.string().optional(),
  iCalUId: z.string().nullish(),
  transactionId: z.string().nullish(),
  subject: z.string().nullish(),
  isCancelled: z.boolean().nullish(),
  isAllDay: z.boolean().nullish(),
  showAs: z.string().nullish(),
  responseStatus: z.object({ response: z.string().nullish() }).nullish(),
  start: microsoftTime,
  end: microsoftTime,
});

/** Graph gives the sessions that we write UIDs of its own; ours begins what it calls the transaction (microsoft/entries.ts). */
export function uidOfMicrosoft({
  transactionId,
  iCalUId,
}: {
  transactionId?: string | null | undefined;
  iCalUId?: string | null | undefined;
}): string | null {
  const [written = ""] = (transactionId ?? "").split(" ");
  return isSessionUid(written) ? written : (iCalUId ?? null);
}

/** `workingElsewhere` says where its owner works, which takes no time. `tentative`, `oof` and `unknown` are busy. */
const freeWhenShownAs = ["free", "workingElsewhere"];

/**
 * The busy time of an event as Microsoft Graph sends it. One of whole days begins at midnight of whichever zone the answer is
 * in, and so is read as its dates.
 */
export function busyTimeOfMicrosoft(event: unknown, query: BusyQuery): BusyReading {
  const ids = z.object({ id: z.string(), "@removed": z.unknown() }).partial().safeParse(event).data;
  // A delta reports what is gone by its id alone.
  if (ids?.["@removed"] !== undefined) return freeTime();
  const read = microsoftEvent.safeParse(event);
  if (!read.success) return faultOf(ids?.id ?? null, "unreadable", z.prettifyError(read.error));
  const { data } = read;
  const isFree = freeWhenShownAs.includes(data.showAs ?? "") || data.responseStatus?.response === "declined";
  if (data.isCancelled || isFree) return freeTime();
  const timeOf = ({ dateTime, timeZone = null }: z.infer<typeof microsoftTime>) => ({
    text: dateTime,
    zone: timeZone,
  });
  return busyTimeOf(
    {
      uid: uidOfMicrosoft(data) ?? data.id ?? null,
      title: readTitle(data.subject),
      isAllDay: data.isAllDay === true,
      start: timeOf(data.start),
      end: timeOf(data.end),
    },
    query,
  );
}
