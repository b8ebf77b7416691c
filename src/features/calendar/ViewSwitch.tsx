import { CalendarDays, CalendarRange, List, Square } from "lucide-react";
import type { LocalDate } from "#scheduling/units.ts";
import { calendar, views as labels } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { Link } from "@/lib/router/router.tsx";
import { calendarSearch, rememberView, type SessionsView } from "./calendarAddress.ts";

const views = [
  { view: "list", Icon: List },
  { view: "day", Icon: Square },
  { view: "week", Icon: CalendarRange },
  { view: "month", Icon: CalendarDays },
] as const satisfies { view: SessionsView; Icon: typeof List }[];

/** Switches between the list and the calendar views. Each has an address; the last one used is remembered. */
export function ViewSwitch({ view, date }: { view: SessionsView; date: LocalDate }) {
  return (
    <nav aria-label={calendar.views} className="w-full sm:w-auto">
      <ul className="flex gap-1 rounded-control bg-sunken p-1">
        {views.map(({ view: each, Icon }) => (
          <li key={each} className="flex-1">
            <Link
              to={calendarSearch(each, each === "list" ? undefined : date)}
              aria-current={each === view ? "true" : undefined}
              onClick={() => rememberView(each)}
              className={cn(
                "tap flex items-center justify-center gap-1.5 rounded-lg px-3 py-1.5 font-semibold transition-colors",
                each === view ? "bg-surface text-ink shadow-card" : "text-ink-soft hover:text-ink",
              )}
            >
              <Icon aria-hidden className="size-4 max-sm:hidden" />
              {labels[each]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
