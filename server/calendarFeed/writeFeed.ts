import type { BookingRole } from "#rules/bookingState.ts";
import { windowMs } from "#rules/windows.ts";
import { addMs, type EpochMs, epochMs } from "#scheduling/units.ts";
import { brand } from "#words/layout.ts";
import { calendarSessionOf } from "../bookings/calendarSession.ts";
import { listSessionsAfter } from "../bookings/queries.ts";
import { contentLine, textLine } from "../calendarEntries/contentLines.ts";
import { type CalendarSession, calendarOf, sessionEvent, zoneOf } from "../calendarEntries/sessionEntry.ts";
import { zoneWriter } from "../calendarEntries/zoneComponent.ts";
import type { UserTx } from "../platform/database/database.ts";

/** How often programs may ask (RFC 7986, 5.7); some know only the older property. */
const refreshEvery = "PT1H";

interface FeedEntry {
  session: CalendarSession;
  reader: BookingRole;
}

/** Returns the sessions of a person's feed, of both sides, in chronological order. */
export async function readFeed(tx: UserTx, userId: string, now: EpochMs): Promise<FeedEntry[]> {
  const after = addMs(now, -windowMs("calendarFeed"));
  const entries: FeedEntry[] = [];
  for (const reader of ["student", "mentor"] as const) {
    const bookings = await listSessionsAfter(tx, { as: reader, userId, after });
    entries.push(...bookings.map((booking) => ({ session: calendarSessionOf(booking), reader })));
  }
  return entries.toSorted((one, other) => one.session.startsAt - other.session.startsAt);
}

/** Returns a feed as an iCalendar file. What was cancelled is not in it: a subscription shows what the file has. */
export function writeFeed(entries: readonly FeedEntry[], publicUrl: string): string {
  const byZone = Map.groupBy(entries, ({ session, reader }) => zoneOf(session, reader));
  const written = [...byZone].map(([timeZone, inZone]) => {
    const first = Math.min(...inZone.map(({ session }) => session.startsAt));
    const last = Math.max(...inZone.map(({ session }) => session.endsAt));
    const zone = zoneWriter(timeZone, epochMs(first), epochMs(last));
    return {
      zone: zone.lines,
      events: inZone.flatMap(({ session, reader }) => sessionEvent(session, reader, zone, publicUrl)),
    };
  });
  return calendarOf(
    [
      textLine("NAME", brand),
      textLine("X-WR-CALNAME", brand),
      contentLine("REFRESH-INTERVAL", refreshEvery, { VALUE: "DURATION" }),
      contentLine("X-PUBLISHED-TTL", refreshEvery),
    ],
    [...written.flatMap(({ zone }) => zone), ...written.flatMap(({ events }) => events)],
  );
}
