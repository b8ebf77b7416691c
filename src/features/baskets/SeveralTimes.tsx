import { Plus, Repeat, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { numberLimits } from "#rules/limits.ts";
import { basket, bookTogether } from "#words/baskets.ts";
import { repeat } from "#words/series.ts";
import type { SeveralTimesProps } from "@/features/book/timeAsides.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import {
  isSameKind,
  isSameSlot,
  overlapOf,
  readSlots,
  type TogetherSession,
  whatOf,
  writeSlots,
} from "./basketSlots.ts";
import { togetherPrice } from "./togetherPrice.ts";

/** At the foot of the times: repeats the chosen one, or puts it on a list of times that are booked at once. */
export default function SeveralTimes(props: SeveralTimesProps) {
  const { mentor, choice, startsAt, timeZone, also, onAlso, onRepeat, onOverlap } = props;
  const part = useRef<HTMLDivElement>(null);
  const slots = readSlots(also, mentor, serverNow().getTime());
  const nameOf = (slot: TogetherSession) => {
    const when = formatDayAndTime(slot.startsAt, timeZone);
    return isSameKind(slot, { choice }) ? when : basket.other({ when, what: whatOf(slot) });
  };
  const chosen = startsAt === null ? null : { choice, startsAt };
  // Chosen again, it is the one of the list.
  const isListed = chosen !== null && slots.some((slot) => isSameSlot(slot, chosen));
  const overlap = chosen && !isListed ? overlapOf(slots, chosen) : undefined;
  const overlaps = overlap !== undefined;
  const all = chosen && !overlap && !isListed ? [...slots, chosen] : slots;
  const isFull = slots.length + 1 >= numberLimits.basketSlots.max;

  useEffect(() => {
    onOverlap(overlaps);
    return () => onOverlap(false);
  }, [overlaps, onOverlap]);

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
              <span className="max-w-56 truncate">{nameOf(slot)}</span>
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
      {slots.length > 0 && (
        <p className="text-sm font-semibold">
          {bookTogether.brief(formatMoney(togetherPrice(all, { addRecording: false }).total), all.length)}
        </p>
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
          ) : isListed ? (
            basket.listed
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
