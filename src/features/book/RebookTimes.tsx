import { useId } from "react";
import type { EpochMs, Minutes } from "#scheduling/units.ts";
import { availableTimes } from "#words/book.ts";
import { rebook } from "#words/rebook.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { zoneLabel } from "@/lib/time.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import type { FreeSlot } from "./bookingStep.ts";
import { otherTimes } from "./rebookTimes.ts";
import { type Clocks, TimeItems } from "./TimeItems.tsx";

const OFFERED = 6;

type RebookTimesProps = Clocks & {
  slots: readonly FreeSlot[];
  suggested: FreeSlot | null;
  selected: EpochMs | null;
  username: string;
  moreTimes: { serviceId: string; minutes: Minutes };
  onSelect: (slot: FreeSlot) => void;
};

/** The suggested time, a few others, and a link to all of them. */
export function RebookTimes(props: RebookTimesProps) {
  const { slots, suggested, selected, username, moreTimes, onSelect, ...clocks } = props;
  const id = useId();
  const isFree = (slot: FreeSlot) => slots.some(({ startsAt }) => startsAt === slot.startsAt);
  const first = suggested && isFree(suggested) ? suggested : null;
  const others = otherTimes(slots, first, OFFERED);
  // A time chosen from a refusal's suggestions stays in the list.
  const isShown = [first, ...others].some((slot) => slot && slot.startsAt === selected);
  const chosen = isShown ? undefined : slots.find(({ startsAt }) => startsAt === selected);
  const items = { ...clocks, selected, onSelect, withDay: true, fill: true };
  return (
    <div className="space-y-4">
      {first && (
        <section aria-labelledby={`${id}-same`}>
          <h4 id={`${id}-same`} className="mb-2 font-bold">
            {rebook.sameTime}
          </h4>
          <ul>
            <TimeItems {...items} slots={[first]} />
          </ul>
        </section>
      )}
      <section aria-labelledby={`${id}-other`}>
        <h4 id={`${id}-other`} className="mb-2 font-bold">
          {first ? rebook.otherTimes : availableTimes.next}
        </h4>
        {others.length > 0 ? (
          <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3">
            <TimeItems {...items} slots={others} />
            {chosen && <TimeItems {...items} slots={[chosen]} />}
          </ul>
        ) : (
          <p className="text-ink-soft">{first ? rebook.noOther : rebook.none}</p>
        )}
      </section>
      <p className="flex flex-wrap items-center justify-between gap-x-4 text-sm text-ink-soft">
        <span>{rebook.yourTime(zoneLabel(clocks.timeZone))}</span>
        <Link
          to={paths.bookTime(username, moreTimes)}
          className={buttonVariants({ variant: "link", size: "inline" })}
        >
          {rebook.moreTimes}
        </Link>
      </p>
    </div>
  );
}
