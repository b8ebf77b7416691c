import { Plus, Repeat, X } from "lucide-react";
import { useRef } from "react";
import { numberLimits } from "#rules/limits.ts";
import { basket } from "#words/baskets.ts";
import { repeat } from "#words/series.ts";
import type { SeveralTimesProps } from "@/features/book/timeAsides.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { overlapOf, readSlots, type TogetherSession, writeSlots } from "./basketSlots.ts";

/** At the foot of the times: repeats the chosen one, or puts it on a list of times that are booked at once. */
export default function SeveralTimes(props: SeveralTimesProps) {
  const { mentor, choice, startsAt, timeZone, also, onAlso, onRepeat } = props;
  const part = useRef<HTMLDivElement>(null);
  const slots = readSlots(also, mentor, serverNow().getTime());
  const nameOf = (slot: TogetherSession) => formatDayAndTime(slot.startsAt, timeZone);
  const chosen = startsAt === null ? null : { choice, startsAt };
  const overlap = chosen && overlapOf(slots, chosen);
  const isFull = slots.length + 1 >= numberLimits.basketSlots.max;

  const change = (next: readonly TogetherSession[], said: string) => {
    announce(said);
    // The pressed button goes away.
    part.current?.focus();
    onAlso(writeSlots(next));
  };
  return (
    <div ref={part} tabIndex={-1} className="mt-1 outline-none">
      {slots.length > 0 && (
        <ul aria-label={basket.title} className="-mx-1 flex gap-1.5 overflow-x-auto px-1 py-1">
          {slots.map((slot) => (
            <li
              key={slot.startsAt}
              className="flex shrink-0 items-center rounded-full bg-primary-soft pl-3 text-sm font-semibold text-primary-text"
            >
              {nameOf(slot)}
              <Button
                variant="link"
                size="inline"
                aria-label={basket.remove(nameOf(slot))}
                onClick={() =>
                  change(
                    slots.filter((other) => other !== slot),
                    basket.removed(nameOf(slot)),
                  )
                }
                className="min-h-9 min-w-9 rounded-full pointer-coarse:min-w-11"
              >
                <X aria-hidden className="size-4" />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {chosen && (
        <p className="flex flex-wrap items-center gap-x-4 text-sm text-ink-soft">
          {slots.length === 0 && (
            <Button variant="link" size="inline" onClick={onRepeat} className="-ml-1">
              <Repeat aria-hidden className="size-4" />
              {repeat.open}
            </Button>
          )}
          {overlap ? (
            basket.overlaps(nameOf(overlap))
          ) : isFull ? (
            basket.full(numberLimits.basketSlots.max)
          ) : (
            <Button
              variant="link"
              size="inline"
              onClick={() => change([...slots, chosen], basket.added(nameOf(chosen)))}
              className="-ml-1"
            >
              <Plus aria-hidden className="size-4" />
              {basket.add}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}
