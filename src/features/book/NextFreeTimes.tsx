import { type ReactNode, useId, useState } from "react";
import type { EpochMs } from "#scheduling/units.ts";
import { availableTimes } from "#words/book.ts";
import { useFirstViewEnd } from "@/lib/firstView.ts";
import { Button } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import type { FreeSlot } from "./bookingStep.ts";
import { type Clocks, TimeItems } from "./TimeItems.tsx";
import type { FreeTimes } from "./useFreeTimes.ts";

const OFFERED = 10;
/** One row, or two on a phone, so that the calendar stays in view. */
export const SHOWN_FIRST = 4;

type NextFreeTimesProps = Clocks & {
  freeTimes: FreeTimes;
  selected: EpochMs | null;
  onSelect: (slot: FreeSlot) => void;
};

/** The first available times as a list: the quickest way for most people, and easier than a grid with a screen reader. */
export function NextFreeTimes({ freeTimes, selected, onSelect, ...clocks }: NextFreeTimesProps) {
  const [allShown, setAllShown] = useState(false);
  const id = useId();
  const known = [...freeTimes.days.values()].flat().sort((one, other) => one.startsAt - other.startsAt);
  const slots = known.slice(0, OFFERED);
  const isLoading = freeTimes.status === "loading" || (slots.length === 0 && freeTimes.after === undefined);
  const isComplete = !isLoading && (slots.length >= OFFERED || freeTimes.isNextFetched);
  useFirstViewEnd(isComplete);
  if (slots.length === 0 && !isLoading) {
    return <NoFreeTimes />;
  }
  return (
    <NextTimesFrame
      id={id}
      more={
        slots.length > SHOWN_FIRST &&
        !allShown && (
          <Button variant="link" size="inline" onClick={() => setAllShown(true)} className="mt-1">
            {availableTimes.more(slots.length - SHOWN_FIRST)}
          </Button>
        )
      }
    >
      {isLoading && [1, 2, 3, 4].map((key) => <Skeleton key={key} className="h-13 rounded-control" />)}
      <TimeItems
        {...clocks}
        slots={slots.slice(0, allShown ? OFFERED : SHOWN_FIRST)}
        selected={selected}
        onSelect={onSelect}
        withDay
        fill
      />
    </NextTimesFrame>
  );
}

export function NoFreeTimes() {
  return <p role="status">{availableTimes.none}</p>;
}

type NextTimesFrameProps = { id: string; children: ReactNode; more: ReactNode };

/** @param props.children list items */
export function NextTimesFrame({ id, children, more }: NextTimesFrameProps) {
  return (
    <section aria-labelledby={id}>
      <h4 id={id} className="mb-2 font-bold">
        {availableTimes.next}
      </h4>
      <ul className="grid grid-cols-2 gap-2 sm:grid-cols-4">{children}</ul>
      {more}
    </section>
  );
}
