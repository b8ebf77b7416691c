import type { CalendarDay } from "#contract/calendar.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import { calendarSession } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatTime } from "@/lib/time.ts";
import { type CalendarSession, placeOf } from "./calendarLayout.ts";

/** Scheduled group sessions without a booking: no block of the calendar shows them. */
export function emptyGroupsOf(
  groups: readonly GroupSession[],
  sessions: readonly CalendarSession[],
): GroupSession[] {
  const keyOf = ({ starts_at }: { starts_at: string }, serviceId: string | null) =>
    `${serviceId} ${Date.parse(starts_at)}`;
  const shown = new Set(sessions.map((session) => keyOf(session, session.bookings[0].service_id)));
  return groups.filter((group) => group.state !== "cancelled" && !shown.has(keyOf(group, group.service_id)));
}

export function touches(day: CalendarDay, group: GroupSession): boolean {
  return placeOf(day, group) !== null;
}

type EmptyGroupsProps = { day: CalendarDay; groups: readonly GroupSession[]; itemClass: string };

/** List items that lead to their rosters. */
export function EmptyGroups({ day, groups, itemClass }: EmptyGroupsProps) {
  return groups.map((group) => {
    const place = placeOf(day, group);
    return (
      place && (
        <li
          key={group.id}
          className={cn("z-10", itemClass)}
          style={{ top: `${place.top * 100}%`, height: `${place.height * 100}%`, minHeight: "1.5rem" }}
        >
          <Link
            to={groupPaths.roster(group.id)}
            className="block h-full overflow-clip rounded-md border border-dashed border-primary bg-surface px-1.5 py-0.5 text-xs leading-tight text-ink hover:bg-primary-soft"
          >
            <span className="block font-semibold">{group.service_title}</span>
            <span className="block tabular-nums">
              {formatTimeRange(group.starts_at, group.ends_at, day.timezone)}
            </span>
            <span className="block [@container_session_(max-height:3rem)]:hidden">
              {calendarSession.seatsTaken(0, group.capacity)}
            </span>
          </Link>
        </li>
      )
    );
  });
}

type EmptyGroupLineProps = { group: GroupSession; timeZone: string; className: string };

/** The same in a line of the month. */
export function EmptyGroupLine({ group, timeZone, className }: EmptyGroupLineProps) {
  return (
    <Link
      to={groupPaths.roster(group.id)}
      className={cn(className, "border-dashed border-primary bg-surface text-ink hover:bg-primary-soft")}
    >
      <span className="shrink-0 tabular-nums">{formatTime(group.starts_at, timeZone)}</span>
      <span className="truncate font-semibold">{group.service_title}</span>
      <span className="sr-only">, {calendarSession.seatsTaken(0, group.capacity)}</span>
    </Link>
  );
}
