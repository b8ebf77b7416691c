import { ChevronLeft, ChevronRight } from "lucide-react";
import type { LocalDate } from "#scheduling/units.ts";
import { calendar } from "#words/calendar.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDate, formatMonth } from "@/lib/time.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { calendarSearch } from "./calendarAddress.ts";
import { type CalendarView, stepDate } from "./calendarLayout.ts";

type CalendarToolbarProps = {
  view: CalendarView;
  date: LocalDate;
  dates: readonly LocalDate[];
  today: LocalDate;
};

export function CalendarToolbar({ view, date, dates, today }: CalendarToolbarProps) {
  const arrow = buttonVariants({ variant: "secondary", size: "icon" });
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <h2 className="mr-auto text-heading" aria-live="polite">
        {titleOf(view, dates)}
      </h2>
      <div className="flex gap-2">
        <Link
          to={calendarSearch(view, stepDate(view, date, -1))}
          aria-label={calendar.previous[view]}
          className={arrow}
        >
          <ChevronLeft aria-hidden className="size-5" />
        </Link>
        <Link to={calendarSearch(view, today)} className={buttonVariants({ variant: "secondary" })}>
          {calendar.today}
        </Link>
        <Link
          to={calendarSearch(view, stepDate(view, date, 1))}
          aria-label={calendar.next[view]}
          className={arrow}
        >
          <ChevronRight aria-hidden className="size-5" />
        </Link>
      </div>
    </div>
  );
}

/** @param dates at least one */
function titleOf(view: CalendarView, dates: readonly LocalDate[]): string {
  const [first, last] = [dates[0]!, dates.at(-1)!];
  if (view === "month") return formatMonth(first);
  if (view === "day") return formatDate(first, "full");
  return `${formatDate(first, "short")} – ${formatDate(last, "short")} ${last.slice(0, 4)}`;
}
