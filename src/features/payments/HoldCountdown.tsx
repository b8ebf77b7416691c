import { useCallback, useEffect, useRef } from "react";
import type { EpochMs } from "#scheduling/units.ts";
import { hold } from "#words/payments.ts";
import { useClock } from "@/lib/clock/useClock.ts";
import { announce } from "@/ui/Announcer.tsx";
import { useReducedMotion } from "@/ui/useReducedMotion.ts";
import { clockText, spokenBetween, untilNextStep } from "./holdClock.ts";

/** How long a time is still held. Announced at a few moments only; the visible clock never hurries. */
export function HoldCountdown({ until, className }: { until: EpochMs; className?: string }) {
  const step = useReducedMotion() ? "minute" : "second";
  const now = useClock(useCallback((at: number) => untilNextStep(until, at, step), [until, step])).getTime();
  const before = useRef(now);
  useEffect(() => {
    const spoken = spokenBetween(until, before.current, now);
    before.current = now;
    if (spoken !== null) announce(spoken >= 60 ? hold.minutesLeft(spoken / 60) : hold.secondsLeft(spoken));
  }, [until, now]);
  return (
    <span role="timer" aria-label={hold.label} className={className}>
      {until <= now ? hold.ending : clockText(until, now, step)}
    </span>
  );
}
