import { useId } from "react";
import type { CalendarDay } from "#contract/calendar.ts";
import type { OwnBusyTimes } from "#contract/calendarConnections.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import { dayOf, dayOfWeek } from "#scheduling/dates.ts";
import { calendarDay } from "#words/calendar.ts";
import { timeZones } from "#words/times.ts";
import { cn } from "@/lib/classNames.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDate, formatTime, formatWeekday, zoneCity } from "@/lib/time.ts";
import { stripedBackground } from "@/ui/stripedBackground.ts";
import { BusyLayer, BusyList } from "./BusyLayer.tsx";
import { calendarSearch } from "./calendarAddress.ts";
import {
  type CalendarSession,
  extraHours,
  hoursOf,
  partOf,
  placeOf,
  placeSessions,
} from "./calendarLayout.ts";
import { EmptyGroups, touches } from "./EmptyGroups.tsx";
import { SessionBlock } from "./SessionBlock.tsx";

type DayColumnProps = {
  day: CalendarDay;
  sessions: readonly CalendarSession[];
  busy: OwnBusyTimes["data"];
  /** Scheduled, and without a booking. */
  groups: readonly GroupSession[];
  usualZone: string;
  isToday: boolean;
  now: Date;
  /** On a narrow window a list instead of a column, as a week does not fit there. */
  listsWhenNarrow: boolean;
};

const percent = (part: number) => `${part * 100}%`;
/** Room for one line, unless the next session begins sooner. */
const lowestBlock = "1.5rem";

/** One day: a column with hours, and a list of its sessions for screen readers and narrow windows. */
export function DayColumn(props: DayColumnProps) {
  const { day, sessions, busy, groups, usualZone, isToday, now, listsWhenNarrow } = props;
  const id = useId();
  const placed = placeSessions(day, sessions);
  const nowPart = partOf(day, now.toISOString());
  const [column, item, drawing] = listsWhenNarrow
    ? [
        "sm:relative sm:h-(--day-height) sm:-top-(--hidden-before)",
        "sm:absolute sm:inset-x-0.5 sm:[container:session/size]",
        "hidden sm:block",
      ]
    : [
        "relative h-(--day-height) -top-(--hidden-before)",
        "absolute inset-x-0.5 [container:session/size]",
        "block",
      ];
  return (
    <section
      aria-labelledby={id}
      className={cn("min-w-0 border-line", listsWhenNarrow ? "max-sm:border-b sm:border-l" : "border-l")}
    >
      <div
        className={cn(
          "z-20 flex flex-col border-line bg-paper",
          listsWhenNarrow
            ? "py-2 sm:sticky sm:top-0 sm:h-18 sm:border-b sm:px-1 sm:py-1 sm:text-center"
            : "sr-only",
        )}
      >
        <h3 id={id}>
          <Link
            to={calendarSearch("day", day.date)}
            aria-current={isToday ? "date" : undefined}
            className={cn(
              "tap inline-flex items-center gap-1.5 rounded-lg px-1.5 font-semibold hover:bg-sunken",
              isToday && "text-primary-text",
            )}
          >
            <span className="sr-only">
              {isToday ? calendarDay.today(formatDate(day.date)) : formatDate(day.date)}
            </span>
            <span aria-hidden className="sm:hidden">
              {formatDate(day.date, "short")}
            </span>
            <span aria-hidden className="max-sm:hidden">
              {formatWeekday(dayOfWeek(dayOf(day.date)), "short")}{" "}
              <span className={cn(isToday && "rounded-full bg-primary px-2 py-0.5 text-on-primary")}>
                {Number(day.date.slice(8))}
              </span>
            </span>
          </Link>
        </h3>
        {listsWhenNarrow && <DayNote day={day} usualZone={usualZone} />}
      </div>
      <div
        className={
          listsWhenNarrow ? "sm:h-(--shown-height) sm:overflow-y-clip" : "h-(--shown-height) overflow-y-clip"
        }
      >
        <div
          data-hours={day.is_off ? "off" : "closed"}
          className={cn(
            column,
            day.is_off ? stripedBackground : "sm:bg-sunken",
            !listsWhenNarrow && !day.is_off && "bg-sunken",
          )}
        >
          <div aria-hidden className={drawing}>
            {day.open.map((stretch) => {
              const place = placeOf(day, stretch);
              return (
                place && (
                  <div
                    key={stretch.starts_at}
                    data-hours="open"
                    className="absolute inset-x-0 bg-surface"
                    style={{ top: percent(place.top), height: percent(place.height) }}
                  />
                )
              );
            })}
            {hoursOf(day).map(({ instant, part }) => (
              <div
                key={instant}
                className="absolute inset-x-0 border-t border-line"
                style={{ top: percent(part) }}
              >
                {listsWhenNarrow && extraHours(day) !== 0 && (
                  <span className="pl-0.5 text-[0.625rem] text-ink-soft">
                    {formatTime(instant, day.timezone)}
                  </span>
                )}
              </div>
            ))}
            <BusyLayer day={day} busy={busy} />
            {nowPart >= 0 && nowPart < 1 && (
              <div
                className="absolute inset-x-0 z-10 border-t-2 border-bad"
                style={{ top: percent(nowPart) }}
              >
                <span className="absolute -top-1.5 -left-1 size-2.5 rounded-full bg-bad" />
              </div>
            )}
          </div>
          <BusyList day={day} busy={busy} listsWhenNarrow={listsWhenNarrow} />
          {placed.length === 0 && !day.is_off && !groups.some((group) => touches(day, group)) && (
            <p className={cn("text-sm text-ink-soft", listsWhenNarrow ? "pb-3 sm:sr-only" : "sr-only")}>
              {calendarDay.noSessions}
            </p>
          )}
          <ul className={cn(listsWhenNarrow && "max-sm:space-y-2 max-sm:pb-3")}>
            {placed.map(({ session, place, room, continues }) => (
              <li
                key={session.key}
                className={cn("z-10", item)}
                style={{
                  top: percent(place.top),
                  height: percent(place.height),
                  minHeight: room === null ? lowestBlock : `min(${lowestBlock}, ${percent(room)})`,
                }}
              >
                <SessionBlock session={session} timeZone={day.timezone} continues={continues} />
              </li>
            ))}
            <EmptyGroups day={day} groups={groups} itemClass={item} />
          </ul>
        </div>
      </div>
    </section>
  );
}

/** What is special about the day: off, another zone, more or fewer hours. */
export function DayNote({
  day,
  usualZone,
  className = "truncate px-1.5 text-xs",
}: {
  day: CalendarDay;
  usualZone: string;
  className?: string;
}) {
  const extra = extraHours(day);
  const notes = [
    day.is_off && calendarDay.off,
    day.timezone !== usualZone && timeZones.inCity(zoneCity(day.timezone)),
    extra !== 0 && calendarDay.clockChange(24 + extra),
  ].filter((note) => note !== false);
  if (notes.length === 0) return null;
  return <p className={cn("text-ink-soft", className)}>{notes.join(" · ")}</p>;
}
