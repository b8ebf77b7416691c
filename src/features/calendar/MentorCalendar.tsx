import { useQuery } from "@tanstack/react-query";
import type { KeyboardEvent } from "react";
import type { LocalDate } from "#scheduling/units.ts";
import { calendar } from "#words/calendar.ts";
import { ownBusyQuery } from "@/features/calendarConnections/queries.ts";
import { ownGroupsQuery } from "@/features/groupSessions/queries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { navigate } from "@/lib/router/location.ts";
import { firstWeekday } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { CalendarLegend } from "./CalendarLegend.tsx";
import { CalendarToolbar } from "./CalendarToolbar.tsx";
import { calendarSearch, rememberView, type SessionsView } from "./calendarAddress.ts";
import { type CalendarView, datesOf, sessionsOf, stepDate } from "./calendarLayout.ts";
import { emptyGroupsOf } from "./EmptyGroups.tsx";
import { MonthView } from "./MonthView.tsx";
import { calendarQuery } from "./queries.ts";
import { TimeGrid } from "./TimeGrid.tsx";
import { WeekStrip } from "./WeekStrip.tsx";

type MentorCalendarProps = { mentorId: string; view: CalendarView; date: LocalDate; today: LocalDate };

const viewOfKey: Readonly<Record<string, SessionsView>> = { l: "list", d: "day", w: "week", m: "month" };

/** A mentor's day, week or month. */
export default function MentorCalendar({ mentorId, view, date, today }: MentorCalendarProps) {
  const now = useNow();
  const dates = datesOf(view, date, firstWeekday());
  const { data, isPending, isPlaceholderData, error, refetch } = useQuery(
    calendarQuery(mentorId, view, { from: dates[0] ?? date, to: dates.at(-1) ?? date }),
  );

  const busy = useQuery(ownBusyQuery(mentorId, view === "month" ? undefined : data?.days)).data?.data ?? [];
  const groups = useQuery(ownGroupsQuery(mentorId)).data ?? [];
  useZones(...new Set(data?.days.map(({ timezone }) => timezone)));

  // Only while the focus is in the calendar: single keys must not act elsewhere.
  const onKey = ({ key, altKey, ctrlKey, metaKey, target, currentTarget }: KeyboardEvent) => {
    // Key events of a dialog opened from here bubble through React's tree, not the document's.
    if (!(target instanceof Node && currentTarget.contains(target))) return;
    if (altKey || ctrlKey || metaKey) return;
    const other = viewOfKey[key.toLowerCase()];
    if (other) rememberView(other);
    if (other) navigate(calendarSearch(other, other === "list" ? undefined : date));
    else if (key.toLowerCase() === "t") navigate(calendarSearch(view, today));
    else if (key === "PageUp") navigate(calendarSearch(view, stepDate(view, date, -1)));
    else if (key === "PageDown") navigate(calendarSearch(view, stepDate(view, date, 1)));
  };

  if (error && !data) {
    return <ProblemState title={calendar.failed} error={error} onRetry={refetch} />;
  }
  const sessions = sessionsOf(data?.sessions ?? []);
  const empty = emptyGroupsOf(groups, sessions);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts for what the links in it do.
    <div onKeyDown={onKey}>
      <CalendarToolbar view={view} date={date} dates={dates} today={today} />
      {view === "day" && <WeekStrip date={date} today={today} />}
      {isPending || !data ? (
        <div role="status">
          <span className="sr-only">{calendar.loading}</span>
          <Skeleton className="h-112 w-full rounded-card" />
        </div>
      ) : (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? "opacity-60" : undefined}>
          {view === "month" ? (
            <MonthView calendar={data} sessions={sessions} groups={empty} today={today} />
          ) : (
            <TimeGrid
              calendar={data}
              sessions={sessions}
              busy={busy}
              groups={empty}
              today={today}
              now={now}
            />
          )}
        </div>
      )}
      <CalendarLegend view={view} />
      <details className="mt-3 text-sm text-ink-soft max-sm:hidden">
        <summary className="w-fit cursor-pointer font-semibold">{calendar.shortcuts}</summary>
        <p className="mt-1">{calendar.keys}</p>
      </details>
    </div>
  );
}
