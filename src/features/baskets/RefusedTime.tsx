import type { RefusedSession } from "#contract/slots.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { dateRefusals, notBooked } from "#words/baskets.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";
import { refusedOf } from "./refusedSessions.ts";

/** What a refusal says about the session at this start. */
export function refusedAt(refusal: ApiProblem | null, startsAt: EpochMs): RefusedSession | undefined {
  return refusedOf(refusal).find(({ starts_at }) => Date.parse(starts_at) === startsAt);
}

type RefusedTimeProps = {
  refused: RefusedSession;
  timeZone: string;
  onReplace: (start: string) => void;
  onLeaveOut: () => void;
};

/** Why a time cannot be booked, what is free instead, and how to go on without it. */
export function RefusedTime({ refused, timeZone, onReplace, onLeaveOut }: RefusedTimeProps) {
  const { verdict, substitutes, starts_at } = refused;
  return (
    <div className="mt-1 mb-2 rounded-control bg-accent-soft px-3 py-2 text-sm text-ink">
      <p>{verdict && dateRefusals[verdict]}</p>
      <div className="mt-1.5 flex flex-wrap gap-1.5">
        {substitutes.map((other) => (
          <Button
            key={other.starts_at}
            variant="secondary"
            size="sm"
            onClick={() => onReplace(other.starts_at)}
          >
            {formatDayAndTime(other.starts_at, timeZone)}
          </Button>
        ))}
        <Button
          variant="ghost"
          size="sm"
          aria-label={notBooked.without(formatDayAndTime(starts_at, timeZone))}
          onClick={onLeaveOut}
        >
          {notBooked.leaveOut}
        </Button>
      </div>
    </div>
  );
}
