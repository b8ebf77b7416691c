import { legend } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { stripedBackground } from "@/ui/stripedBackground.ts";
import type { CalendarView } from "./calendarLayout.ts";

const entries = [
  { hours: "open", look: "bg-surface" },
  { hours: "closed", look: "bg-sunken" },
  { hours: "off", look: stripedBackground },
  { hours: "request", look: "border-dashed border-line-strong bg-accent-soft" },
] as const;

/** Shows the colours themselves: their names would be wrong in one of the two colour schemes. */
export function CalendarLegend({ view }: { view: CalendarView }) {
  return (
    <ul
      className={cn(
        "mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft",
        // A week on a phone is a list, without hours.
        view === "week" && "max-sm:hidden",
      )}
    >
      {entries.map(({ hours, look }) => (
        <li key={hours} className="flex items-center gap-1.5">
          <span
            aria-hidden
            data-legend={hours}
            className={cn("size-4 rounded border", hours !== "request" && "border-line-strong", look)}
          />
          <span>{legend[hours]}</span>
        </li>
      ))}
    </ul>
  );
}
