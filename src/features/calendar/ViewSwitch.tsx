import { CalendarDays, CalendarRange, List, Square } from "lucide-react";
import { Link } from "react-router";
import { cn } from "@/lib/classNames.ts";
import { calendarSearch, rememberView, type SessionsView } from "./calendarAddress.ts";

const views = [
  { view: "list", label: "List", Icon: List },
  { view: "day", label: "Day", Icon: Square },
  { view: "week", label: "Week", Icon: CalendarRange },
  { view: "month", label: "Month", Icon: CalendarDays },
] as const satisfies { view: SessionsView; label: string; Icon: typeof List }[];

/** How a mentor looks at the sessions: each way has an address, and the last one is remembered. */
export function ViewSwitch({ view, date }: { view: SessionsView; date: string }) {
  return (
    <nav aria-label="View" className="w-full sm:w-auto">
      <ul className="flex gap-1 rounded-control bg-sunken p-1">
        {views.map(({ view: each, label, Icon }) => (
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
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
