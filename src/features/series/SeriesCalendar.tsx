import type { LocalDate } from "#scheduling/units.ts";
import { repeat } from "#words/series.ts";
import { cn } from "@/lib/classNames.ts";
import { weeksOf } from "@/lib/monthGrid.ts";
import { addMonths, monthOf } from "@/lib/months.ts";
import { firstWeekday, formatMonth, formatWeekday, wallClock } from "@/lib/time.ts";
import type { SeriesRow } from "./seriesPicks.ts";

/** Of the tick of a date, which the calendar leads to. */
export function rowId(place: number): string {
  return `series-date-${place}`;
}

type SeriesCalendarProps = { rows: readonly SeriesRow[]; timeZone: string };

/** Where the dates lie in their months. Each leads to its place in the list, which says everything about it. */
export function SeriesCalendar({ rows, timeZone }: SeriesCalendarProps) {
  const days = new Map(
    rows.map((row) => [wallClock(row.startsAt ?? row.session.starts_at, timeZone).date, row] as const),
  );
  const dates = [...days.keys()].sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (!first || !last) return null;
  return (
    <section
      aria-label={repeat.calendar}
      className="space-y-4 md:sticky md:top-0 md:max-h-[60dvh] md:overflow-y-auto"
    >
      {monthsFrom(first, last).map((month) => (
        <Month key={month} month={month} days={days} first={first} last={last} />
      ))}
    </section>
  );
}

type MonthProps = {
  month: LocalDate;
  days: ReadonlyMap<LocalDate, SeriesRow>;
  first: LocalDate;
  last: LocalDate;
};

/** A month without the weeks before the first date and after the last one. */
function Month({ month, days, first, last }: MonthProps) {
  const weekday = firstWeekday();
  const isWithin = (week: readonly (LocalDate | null)[]) => {
    const dates = week.filter((day) => day !== null);
    return dates.some((day) => day >= first) && dates.some((day) => day <= last);
  };
  return (
    <table className="w-full table-fixed border-collapse text-center text-sm tabular-nums">
      <caption className="pb-1 text-left font-semibold">{formatMonth(month)}</caption>
      <thead>
        <tr>
          {Array.from({ length: 7 }, (_, index) => (weekday + index) % 7).map((day) => (
            <th key={day} scope="col" className="h-7 font-normal text-ink-soft">
              <span aria-hidden>{formatWeekday(day, "short").slice(0, 2)}</span>
              <span className="sr-only">{formatWeekday(day, "long")}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month, weekday)
          .filter(isWithin)
          .map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((day, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an empty cell has nothing but its place.
                <td key={column} className="h-8 p-0">
                  {day && <Day date={day} row={days.get(day)} />}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Day({ date, row }: { date: LocalDate; row: SeriesRow | undefined }) {
  const number = Number(date.slice(8));
  if (!row) return <span className="text-ink-soft">{number}</span>;
  const { state } = row;
  const isChosen = row.startsAt !== null;
  return (
    <a
      href={`#${rowId(row.session.place)}`}
      onClick={(event) => {
        // The address belongs to the booking.
        event.preventDefault();
        const tick = document.getElementById(rowId(row.session.place));
        tick?.scrollIntoView({ block: "nearest" });
        tick?.focus();
      }}
      className={cn(
        "mx-auto grid size-8 place-items-center rounded-full border font-bold pointer-coarse:size-9",
        isChosen && "border-primary bg-primary text-on-primary",
        state === "replaced" && "outline-2 outline-offset-1 outline-accent",
        state === "open" && "border-dashed border-line-strong text-ink line-through",
        state === "omitted" && "border-line text-ink-soft line-through",
      )}
    >
      {number}
      <span className="sr-only">
        , {repeat.day[state === "free" || state === "replaced" ? "chosen" : state]}
      </span>
    </a>
  );
}

function monthsFrom(first: LocalDate, last: LocalDate): LocalDate[] {
  const months: LocalDate[] = [];
  for (let month = monthOf(first); month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}
