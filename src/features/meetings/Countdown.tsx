import { useCallback, useEffect, useRef } from "react";
import type { Booking } from "#contract/bookings.ts";
import { momentBetween } from "#rules/joining.ts";
import { type EpochMs, fromDate, parseInstant } from "#scheduling/units.ts";
import { sessionClock, sessionMoments } from "#words/meetings.ts";
import { useClock } from "@/lib/clock/useClock.ts";
import { countdownText, untilNextText } from "@/lib/countdown.ts";
import { announce } from "@/ui/Announcer.tsx";
import { useReducedMotion } from "@/ui/useReducedMotion.ts";

type CountdownProps = {
  booking: Booking;
  /** First name of the person on the other side. */
  otherName: string;
};

/**
 * The time until a session starts, then until it ends. Screen readers do not announce changes of a `timer`; the moment
 * from which the session can be joined and its start are announced.
 */
export function Countdown({ booking, otherName }: CountdownProps) {
  const withSeconds = !useReducedMotion();
  const [start, end] = [parseInstant(booking.starts_at), parseInstant(booking.ends_at)];
  const date = useClock(
    useCallback(
      (at: number) => (at < start ? untilNextText(start, at, withSeconds) : untilNextText(end, at, false)),
      [start, end, withSeconds],
    ),
  );
  const now = fromDate(date);
  useSpokenMoments(start, now, otherName);

  const isInProgress = start <= now && now < end;
  return (
    <p className="leading-tight">
      <span className="block text-sm font-semibold text-ink-soft">
        {isInProgress ? sessionClock.ends : now < start ? sessionClock.starts : sessionClock.ended}
      </span>
      {now < end && (
        <span role="timer" className="block text-title tabular-nums">
          {isInProgress ? countdownText(end, now, false) : countdownText(start, now, withSeconds)}
        </span>
      )}
    </p>
  );
}

function useSpokenMoments(start: EpochMs, now: EpochMs, otherName: string): void {
  const before = useRef(now);
  useEffect(() => {
    const moment = momentBetween(start, before.current, now);
    before.current = now;
    if (moment) announce(sessionMoments[moment](otherName));
  }, [start, now, otherName]);
}
