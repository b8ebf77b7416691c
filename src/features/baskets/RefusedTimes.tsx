import { type ReactNode, useEffect, useRef } from "react";
import type { RefusedSession } from "#contract/slots.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { dateRefusals, notBooked } from "#words/baskets.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { refusedOf } from "./refusedSessions.ts";

/** What a refusal says about the session at this start. */
export function refusedAt(refusal: ApiProblem | null, startsAt: EpochMs): RefusedSession | undefined {
  return refusedOf(refusal).find(({ starts_at }) => Date.parse(starts_at) === startsAt);
}

/** None of the times was booked, because of these. It comes into sight: the button that was pressed may be far below. */
export function RefusedTimes({ many, children }: { many: number; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  // In braces: some browsers return a promise, which is no function that cleans up.
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div ref={place}>
      <Alert tone="warning" title={notBooked.title(many)}>
        <p>{notBooked.text}</p>
        <ul className="mt-2 space-y-3">{children}</ul>
      </Alert>
    </div>
  );
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
    <li>
      <p className="font-semibold">{formatDayAndTime(starts_at, timeZone)}</p>
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
    </li>
  );
}
