import type { CalendarDay } from "#contract/calendar.ts";
import type { OwnBusyTimes } from "#contract/calendarConnections.ts";
import { ownBusy } from "#words/calendarConnections.ts";
import { cn } from "@/lib/classNames.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { placeOf } from "./calendarLayout.ts";

type BusyProps = { day: CalendarDay; busy: OwnBusyTimes["data"] };
type BusyTime = OwnBusyTimes["data"][number];

const ofDay = ({ day, busy }: BusyProps) =>
  busy.flatMap((time) => {
    const place = placeOf(day, time);
    return place ? [{ time, place }] : [];
  });
const keyOf = ({ calendar_id, starts_at, ends_at, title }: BusyTime) =>
  [calendar_id, starts_at, ends_at, title].join(" ");
const nameOf = ({ title, calendar }: BusyTime) =>
  title ? ownBusy.titled(title, calendar) : ownBusy.inCalendar(calendar);

/** When the mentor is busy in connected calendars: quiet, below the sessions. */
export function BusyLayer(props: BusyProps) {
  return ofDay(props).map(({ time, place }) => (
    <div
      key={keyOf(time)}
      data-busy
      className="absolute inset-x-0 overflow-clip border-l-4 border-line-strong bg-sunken/80 pl-1 text-xs leading-tight text-ink-soft"
      style={{ top: `${place.top * 100}%`, height: `${place.height * 100}%` }}
    >
      {time.title ?? time.calendar}
    </div>
  ));
}

/** The same as text: for screen readers, and for a week on a phone. */
export function BusyList({ listsWhenNarrow, ...props }: BusyProps & { listsWhenNarrow: boolean }) {
  const times = ofDay(props);
  if (times.length === 0) return null;
  return (
    <ul
      aria-label={ownBusy.layer}
      className={cn("text-sm text-ink-soft", listsWhenNarrow ? "max-sm:pb-2 sm:sr-only" : "sr-only")}
    >
      {times.map(({ time }) => (
        <li key={keyOf(time)}>
          {ownBusy.line(
            nameOf(time),
            time.is_all_day
              ? ownBusy.allDay
              : formatTimeRange(time.starts_at, time.ends_at, props.day.timezone),
          )}
        </li>
      ))}
    </ul>
  );
}
