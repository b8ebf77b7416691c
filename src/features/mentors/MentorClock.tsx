import { Clock } from "lucide-react";
import { mentorFacts } from "#words/mentors.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { formatTime, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { withElements } from "@/ui/withElements.tsx";

/** The current time in the mentor's zone. */
export function MentorClock({ timeZone, className }: { timeZone: string; className?: string }) {
  const now = useNow();
  useZones(timeZone);
  return (
    <p className={cn("flex items-start gap-2 text-sm text-ink-soft", className)}>
      <Clock aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0">
        {withElements((parts) => mentorFacts.localTime({ zone: zoneLabel(timeZone, now), ...parts }), {
          time: (
            <span className="font-semibold text-ink tabular-nums">
              {formatTime(now.toISOString(), timeZone)}
            </span>
          ),
        })}
      </span>
    </p>
  );
}
