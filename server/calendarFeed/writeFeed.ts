import { countLimits } from "#rules/limits.ts";
import { windowMs } from "#rules/windows.ts";
import { addMs, type EpochMs, epochMs } from "#scheduling/units.ts";
import { brand } from "#words/layout.ts";
import { calendarSessionOf } from "../bookings/calendarSession.ts";
import { groupEvent, readOwnGroupEntries } from "../bookings/groupEntry.ts";
import { listSessionsAfter } from "../bookings/queries.ts";
import { contentLine, textLine } from "../calendarEntries/contentLines.ts";
import { calendarOf, type EntryEvent, event, sessionEvent } from "../calendarEntries/sessionEntry.ts";
import { zoneWriter } from "../calendarEntries/zoneComponent.ts";
import type { UserTx } from "../platform/database/database.ts";

/** How often programs may ask (RFC 7986, 5.7); some know only the older property. */
const refreshEvery = "PT1H";

/** Returns the sessions of a person's feed, of both sides, in chronological order. A mentor's group session is one of them. */
export async function readFeed(
  tx: UserTx,
  userId: string,
  { now, publicUrl }: { now: EpochMs; publicUrl: string },
): Promise<EntryEvent[]> {
  const after = addMs(now, -windowMs("calendarFeed"));
  const entries: EntryEvent[] = [];
  for (const reader of ["student", "mentor"] as const) {
    const bookings = await listSessionsAfter(tx, { as: reader, userId, after });
    entries.push(...bookings.map((booking) => sessionEvent(calendarSessionOf(booking), reader, publicUrl)));
  }
  const groups = await readOwnGroupEntries(tx.client, userId, await listOwnGroupsAfter(tx, userId, after));
  for (const group of groups.values()) entries.push(groupEvent(group, publicUrl));
  return entries.toSorted((one, other) => one.startsAt - other.startsAt);
}

async function listOwnGroupsAfter({ client }: UserTx, userId: string, after: EpochMs): Promise<string[]> {
  const { rows } = await client.query<{ ids: string[] }>("select own_groups_after($1, $2, $3) as ids", [
    userId,
    new Date(after),
    countLimits.feedSessions,
  ]);
  return rows[0]?.ids ?? [];
}

/** Returns a feed as an iCalendar file. What was cancelled is not in it: a subscription shows what the file has. */
export function writeFeed(entries: readonly EntryEvent[]): string {
  const byZone = Map.groupBy(entries, ({ timezone }) => timezone);
  const written = [...byZone].map(([timeZone, inZone]) => {
    const first = Math.min(...inZone.map(({ startsAt }) => startsAt));
    const last = Math.max(...inZone.map(({ endsAt }) => endsAt));
    const zone = zoneWriter(timeZone, epochMs(first), epochMs(last));
    return { zone: zone.lines, events: inZone.flatMap((entry) => event(entry, zone)) };
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
