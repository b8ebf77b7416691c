import { dayOf, dayOfWeek } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { calendar, calendarDay } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { Link } from "@/lib/router/router.tsx";
import { firstWeekday, formatDate, formatWeekday } from "@/lib/time.ts";
import { calendarSearch } from "./calendarAddress.ts";
import { datesOf } from "./calendarLayout.ts";

/** The week around a day, to step to another day of it. */
export function WeekStrip({ date, today }: { date: LocalDate; today: LocalDate }) {
  return (
    <nav aria-label={calendar.week} className="mb-3">
      <ul className="grid grid-cols-7 gap-1">
        {datesOf("week", date, firstWeekday()).map((each) => (
          <li key={each}>
            <Link
              to={calendarSearch("day", each)}
              aria-label={each === today ? calendarDay.today(formatDate(each)) : formatDate(each)}
              aria-current={each === date ? "date" : undefined}
              className={cn(
                "tap flex flex-col items-center rounded-control py-1 text-sm leading-tight font-semibold",
                each === date ? "bg-primary text-on-primary" : "hover:bg-sunken",
                each === today && each !== date && "text-primary-text",
              )}
            >
              <span>{formatWeekday(dayOfWeek(dayOf(each)), "short")}</span>
              <span className="text-base tabular-nums">{Number(each.slice(8))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
