import type { Calendar, CalendarDay } from "#contract/calendar.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { calendarDay, calendar as words } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { weeksOf } from "@/lib/monthGrid.ts";
import { monthOf } from "@/lib/months.ts";
import { Link } from "@/lib/router/router.tsx";
import { firstWeekday, formatDate, formatTime, formatWeekday } from "@/lib/time.ts";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { stripedBackground } from "@/ui/stripedBackground.ts";
import { calendarSearch } from "./calendarAddress.ts";
import { type CalendarSession, placeSessions } from "./calendarLayout.ts";
import { DayNote } from "./DayColumn.tsx";
import { EmptyGroupLine, touches } from "./EmptyGroups.tsx";
import { SessionLink } from "./SessionLink.tsx";
import { lookOf, peopleOf, seatsOf } from "./sessionLook.ts";

const shownPerDay = 3;

type MonthViewProps = {
  calendar: Calendar;
  sessions: readonly CalendarSession[];
  /** Scheduled ones without a booking. */
  groups: readonly GroupSession[];
  today: LocalDate;
};

export function MonthView({ calendar, sessions, groups, today }: MonthViewProps) {
  const days = new Map(calendar.days.map((day) => [day.date, day]));
  const weeks = weeksOf(monthOf(calendar.days[0]?.date ?? today), firstWeekday());
  return (
    <div className="overflow-hidden rounded-card border border-line bg-paper">
      <div aria-hidden className="grid grid-cols-7 border-b border-line text-center text-sm font-bold">
        {Array.from({ length: 7 }, (_, index) => (index + firstWeekday()) % 7).map((weekday) => (
          <span key={weekday} className="truncate py-2">
            {formatWeekday(weekday, "short")}
          </span>
        ))}
      </div>
      <ol aria-label={words.days} className="grid grid-cols-7">
        {weeks.flat().map((date, index) => {
          const day = date ? days.get(date) : undefined;
          return day ? (
            <DayCell
              key={day.date}
              day={day}
              sessions={sessions}
              groups={groups}
              usualZone={calendar.timezone}
              isToday={day.date === today}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: an empty place is its position.
            <li key={index} aria-hidden className="border-t border-line bg-sunken/60" />
          );
        })}
      </ol>
    </div>
  );
}

type DayCellProps = {
  day: CalendarDay;
  sessions: readonly CalendarSession[];
  groups: readonly GroupSession[];
  usualZone: string;
  isToday: boolean;
};

function DayCell({ day, sessions, groups, usualZone, isToday }: DayCellProps) {
  const placed = [
    ...placeSessions(day, sessions).map(({ session }) => ({ startsAt: session.starts_at, session })),
    ...groups.filter((group) => touches(day, group)).map((group) => ({ startsAt: group.starts_at, group })),
  ].sort((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt));
  const more = placed.length - shownPerDay;
  const toDay = calendarSearch("day", day.date);
  return (
    <li
      className={cn(
        "min-h-16 min-w-0 border-t border-line p-0.5 not-[:nth-child(7n+1)]:border-l sm:min-h-32 sm:p-1",
        day.is_off ? stripedBackground : day.open.length === 0 && "bg-sunken",
      )}
    >
      <Link
        to={toDay}
        aria-current={isToday ? "date" : undefined}
        className="tap flex flex-col items-center gap-0.5 rounded-lg px-1 py-1 font-semibold hover:bg-sunken sm:min-h-8 sm:flex-row sm:justify-between sm:py-0 pointer-coarse:min-h-11"
      >
        <span className="sr-only">{calendarDay.withSessions(formatDate(day.date), placed.length)}</span>
        <span aria-hidden className={cn(isToday && "rounded-full bg-primary px-2 text-on-primary")}>
          {Number(day.date.slice(8))}
        </span>
        {placed.length > 0 && (
          <span
            aria-hidden
            className="rounded-full bg-primary-soft px-1.5 text-xs text-primary-text sm:hidden"
          >
            {placed.length}
          </span>
        )}
      </Link>
      <div className="max-sm:hidden">
        <DayNote day={day} usualZone={usualZone} />
      </div>
      <ul className="space-y-0.5 max-sm:hidden">
        {placed.slice(0, shownPerDay).map((entry) =>
          "session" in entry ? (
            <li key={entry.session.key}>
              <MonthSession session={entry.session} timeZone={day.timezone} />
            </li>
          ) : (
            <li key={entry.group.id}>
              <EmptyGroupLine group={entry.group} timeZone={day.timezone} className={lineClass} />
            </li>
          ),
        )}
        {more > 0 && (
          <li>
            <Link to={toDay} className="flex min-h-6 items-center px-1.5 text-xs font-semibold underline">
              <ShortLabel
                short={calendarDay.more(more)}
                full={calendarDay.moreOn(more, formatDate(day.date))}
              />
            </Link>
          </li>
        )}
      </ul>
    </li>
  );
}

const lineClass =
  "flex w-full min-h-6 items-center gap-1 overflow-hidden rounded-md border border-l-4 px-1.5 text-xs pointer-coarse:min-h-11";

function MonthSession({ session, timeZone }: { session: CalendarSession; timeZone: string }) {
  const { className, text } = lookOf(session);
  return (
    <SessionLink session={session} timeZone={timeZone} className={cn(lineClass, className)}>
      <span className="shrink-0 tabular-nums">{formatTime(session.starts_at, timeZone)}</span>
      <span className="truncate font-semibold">{peopleOf(session)}</span>
      <span className="sr-only">, {[seatsOf(session), text].filter(Boolean).join(", ")}</span>
    </SessionLink>
  );
}
