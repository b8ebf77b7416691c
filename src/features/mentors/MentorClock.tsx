import { Clock } from "lucide-react";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { formatTime, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";

/** What the mentor's clock shows now, and whose clock it is. */
export function MentorClock({ timeZone, className }: { timeZone: string; className?: string }) {
  const now = useNow();
  useZones(timeZone);
  return (
    <p className={cn("flex items-start gap-2 text-sm text-ink-soft", className)}>
      <Clock aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0">
        <span className="font-semibold text-ink tabular-nums">{formatTime(now.toISOString(), timeZone)}</span>{" "}
        there now · {zoneLabel(timeZone, now)}
      </span>
    </p>
  );
}
