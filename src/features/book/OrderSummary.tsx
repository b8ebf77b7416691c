import type { Mentor } from "#contract/mentors.ts";
import { type Money, subtractMoney } from "#rules/money.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { order } from "#words/bookDetails.ts";
import { changePolicy } from "#words/bookings.ts";
import { formatAmount, formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { Choice } from "./bookingStep.ts";

type OrderSummaryProps = {
  mentor: Mentor;
  choice: Choice;
  startsAt: EpochMs;
  timeZone: string;
  addRecording: boolean;
  total: Money;
};

/** What is being booked, and its price line by line. */
export function OrderSummary({ mentor, choice, startsAt, timeZone, addRecording, total }: OrderSummaryProps) {
  const { service, minutes } = choice;
  const recording = addRecording ? choice.prices.recordingPrice : null;
  return (
    <section
      aria-labelledby="order-summary"
      className="rounded-card border border-line bg-surface p-4 shadow-card sm:p-5"
    >
      <h4 id="order-summary" className="mb-2 font-bold">
        {order.title}
      </h4>
      <p className="font-semibold">
        {withElements((parts) => order.serviceWith({ service: service.title, ...parts }), {
          mentor: <bdi>{mentor.full_name}</bdi>,
        })}
      </p>
      <BothTimes
        startsAt={startsAt}
        timeZone={timeZone}
        mentorTimeZone={mentor.timezone}
        mentorName={firstName(mentor.full_name)}
        className="mt-1"
      />
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-y-1 border-t border-line pt-3">
        <dt>{order.session(minutes)}</dt>
        <dd className="pl-4 text-right tabular-nums">
          {formatAmount(recording ? subtractMoney(total, recording) : total)}
        </dd>
        {recording !== null && (
          <>
            <dt>{order.recording}</dt>
            <dd className="pl-4 text-right tabular-nums">{formatAmount(recording)}</dd>
          </>
        )}
        <dt className="mt-1 border-t border-line pt-2 font-bold">{order.total}</dt>
        <dd className="mt-1 border-t border-line pt-2 pl-4 text-right font-bold tabular-nums">
          {formatMoney(total)}
        </dd>
      </dl>
      <p className="mt-3 text-sm text-ink-soft">{changePolicy(service)}</p>
    </section>
  );
}
