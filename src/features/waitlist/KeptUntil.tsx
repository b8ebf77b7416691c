import { Moon } from "lucide-react";
import { useCallback } from "react";
import type { WaitlistOffer } from "#contract/waitlist.ts";
import { offerNight } from "#rules/waitlist.ts";
import { offer as words } from "#words/waitlist.ts";
import { useClock } from "@/lib/clock/useClock.ts";
import { countdownText, untilNextText } from "@/lib/countdown.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { formatDayAndTime, formatTime } from "@/lib/time.ts";
import { useReducedMotion } from "@/ui/useReducedMotion.ts";
import { spansNight } from "./waitlistState.ts";

/** The end of the countdown on the reader's clock, and how long that is. */
export function KeptUntil({ offer, timeZone }: { offer: WaitlistOffer; timeZone: string }) {
  const until = Date.parse(offer.expires_at);
  const withSeconds = !useReducedMotion();
  const now = useClock(
    useCallback((at: number) => untilNextText(until, at, withSeconds), [until, withSeconds]),
  ).getTime();
  const isPaused = offer.paused_until !== null && Date.parse(offer.paused_until) > now;
  return (
    <div className="leading-snug">
      <p className="font-semibold">{words.until(formatDayAndTime(offer.expires_at, timeZone))}</p>
      {isPaused && offer.paused_until ? (
        <p className="mt-1 flex items-center gap-2 text-sm">
          <Moon aria-hidden className="size-4 shrink-0" />
          {words.paused(formatTime(offer.paused_until, timeZone))}
        </p>
      ) : (
        <p role="timer" className="mt-1 text-sm tabular-nums">
          {until <= now ? words.ended : words.ends(countdownText(until, now, withSeconds))}
        </p>
      )}
      {!isPaused && spansNight(offer) && (
        <p className="mt-1 text-sm">
          {words.pauses(formatClock(offerNight.from), formatClock(offerNight.until))}
        </p>
      )}
    </div>
  );
}
