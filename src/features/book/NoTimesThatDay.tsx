import { ListPlus } from "lucide-react";
import type { EmptyDayReason } from "#contract/slots.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { emptyDay } from "#words/book.ts";
import { emptyDays } from "#words/slots.ts";
import { formatDate } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import type { FreeSlot } from "./bookingStep.ts";
import { byDate } from "./freeTimes.ts";
import { TimesHeading } from "./TimesHeading.tsx";

const OFFERED_DAYS = 4;

type NoTimesThatDayProps = {
  headingId: string;
  date: LocalDate;
  /** undefined until known. */
  reason: EmptyDayReason | undefined;
  mentorName: string;
  /** Available times after this day; undefined until known. */
  after: readonly FreeSlot[] | undefined;
  takeFocus: boolean;
  onDateChange: (date: LocalDate) => void;
  onWait?: ((date: LocalDate) => void) | undefined;
  onBack: () => void;
};

/** A day without available times: why, and the next days that have some. */
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
        <p>{emptyDay.none}</p>
        {reason && <p className="text-ink-soft">{emptyDays[reason](mentorName)}</p>}
      </div>
      {onWait && (
        <Button variant="soft" size="sm" className="mb-5" onClick={() => onWait(date)}>
          <ListPlus aria-hidden className="size-4" /> {emptyDay.wait}
        </Button>
      )}
      {after === undefined && <Loading>{emptyDay.looking}</Loading>}
      {after?.length === 0 && <p className="text-ink-soft">{emptyDay.noneLater}</p>}
      {days.length > 0 && (
        <>
          <p className="mb-2 text-sm text-ink-soft">{emptyDay.nextDays}</p>
          <ul className="grid gap-2">
            {days.map(([day, slots]) => (
              <li key={day}>
                <Button variant="secondary" onClick={() => onDateChange(day)} className="w-full">
                  <span className="mr-auto text-left">{formatDate(day)}</span>
                  <span className="text-sm font-normal text-ink-soft">{emptyDay.times(slots.length)}</span>
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
