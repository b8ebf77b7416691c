import { cn } from "@/lib/classNames.ts";
import { stripedBackground } from "@/ui/stripedBackground.ts";
import type { CalendarView } from "./calendarLayout.ts";

const entries = [
  { hours: "open", words: "Open", look: "bg-surface" },
  { hours: "closed", words: "Closed", look: "bg-sunken" },
  { hours: "off", words: "Days off", look: stripedBackground },
  { hours: "request", words: "Request", look: "border-dashed border-line-strong bg-accent-soft" },
] as const;

/** The colours themselves, as words for them would be wrong in one of the colour schemes. */
export function CalendarLegend({ view }: { view: CalendarView }) {
  return (
    <ul
      className={cn(
        "mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft",
        // A week on a phone is a list, without hours.
        view === "week" && "max-sm:hidden",
      )}
    >
      {entries.map(({ hours, words, look }) => (
        <li key={hours} className="flex items-center gap-1.5">
          <span
            aria-hidden
            data-legend={hours}
            className={cn("size-4 rounded border", hours !== "request" && "border-line-strong", look)}
          />
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}
