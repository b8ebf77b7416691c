import { BellPlus } from "lucide-react";
import type { EmptyDayReason } from "#contract/slots.ts";
import { emptyDays } from "#words/slots.ts";
import { formatDate } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
import { Button } from "@/ui/Button.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import type { FreeSlot } from "./bookingStep.ts";
import { byDate } from "./freeTimes.ts";
import { TimesHeading } from "./TimesHeading.tsx";

const OFFERED_DAYS = 4;

type NoTimesThatDayProps = {
  headingId: string;
  date: string;
  /** Why; undefined while nobody knows. */
  reason: EmptyDayReason | undefined;
  mentorName: string;
  /** Free times after this day; undefined while nobody knows. */
  after: readonly FreeSlot[] | undefined;
  takeFocus: boolean;
  onDateChange: (date: string) => void;
  onWait?: ((date: string) => void) | undefined;
  onBack: () => void;
};

/** Says that nothing is free and offers the next days on which something is. */
export function NoTimesThatDay({
  headingId,
  date,
  reason,
  mentorName,
  after,
  takeFocus,
  onDateChange,
  onWait,
  onBack,
}: NoTimesThatDayProps) {
  const days = [...byDate(after ?? [])].slice(0, OFFERED_DAYS);
  return (
    <>
      <TimesHeading id={headingId} date={date} takeFocus={takeFocus} onBack={onBack} />
      <div role="status" className="mb-3">
        <p>No available slots for this date</p>
        {reason && <p className="text-ink-soft">{emptyDays[reason](mentorName)}</p>}
      </div>
      {onWait && (
        <Button variant="soft" size="sm" className="mb-5" onClick={() => onWait(date)}>
          <BellPlus aria-hidden className="size-4" /> Tell me when it opens
        </Button>
      )}
      {after === undefined && <Loading>Looking for the next free days…</Loading>}
      {after?.length === 0 && <p className="text-ink-soft">Later days are full as well.</p>}
      {days.length > 0 && (
        <>
          <p className="mb-2 text-sm text-ink-soft">Next days with free times:</p>
          <ul className="grid gap-2">
            {days.map(([day, slots]) => (
              <li key={day}>
                <Button variant="secondary" onClick={() => onDateChange(day)} className="w-full">
                  <span className="mr-auto text-left">{formatDate(day)}</span>
                  <span className="text-sm font-normal text-ink-soft">
                    {countWords(slots.length, "time")}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
