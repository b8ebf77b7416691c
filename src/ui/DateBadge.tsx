import { cn } from "@/lib/classNames.ts";
import { dateParts } from "@/lib/sessionTime.ts";

type DateBadgeProps = { instant: string; timeZone: string; faded?: boolean };

/** A date as a page of a tear-off calendar. Decoration: the same date is in the text beside it. */
export function DateBadge({ instant, timeZone, faded = false }: DateBadgeProps) {
  const { weekday, day, month } = dateParts(instant, timeZone);
  return (
    <div
      aria-hidden
      className={cn(
        "w-14 shrink-0 self-start overflow-hidden rounded-control border text-center leading-none select-none sm:w-16",
        faded ? "border-line text-ink-soft" : "border-line-strong text-ink",
      )}
    >
      <p
        className={cn(
          "py-1 text-xs font-bold tracking-wide uppercase",
          faded ? "bg-sunken" : "bg-primary text-on-primary",
        )}
      >
        {month}
      </p>
      <p className="pt-1.5 text-2xl font-extrabold tracking-tight tabular-nums">{day}</p>
      <p className="pt-0.5 pb-1.5 text-xs font-semibold text-ink-soft">{weekday}</p>
    </div>
  );
}
