import type { Mentor } from "#contract/mentors.ts";
import { decimalOf } from "#rules/money.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { order } from "#words/bookDetails.ts";
import { changePolicy } from "#words/bookings.ts";
import { sessionLength } from "#words/durations.ts";
import { priceLines } from "#words/prices.ts";
import { refundPolicy } from "#words/refunds.ts";
import { PriceLines } from "@/features/prices/PriceLines.tsx";
import { firstName } from "@/lib/names.ts";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { Choice } from "./bookingStep.ts";
import type { PriceOffers } from "./usePriceOffers.ts";

type OrderSummaryProps = {
  mentor: Mentor;
  choice: Choice;
  startsAt: EpochMs;
  timeZone: string;
  offers: PriceOffers;
};

/** What is being booked, its price line by line, and what a cancellation gives back. */
export function OrderSummary({ mentor, choice, startsAt, timeZone, offers }: OrderSummaryProps) {
  const { service, minutes } = choice;
  const { lines, total, tiers, code } = offers;
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
      <div className="mt-3 border-t border-line pt-3">
        <PriceLines
          lines={lines}
          total={decimalOf(total)}
          currency={total.currency}
          session={priceLines.session(sessionLength(minutes))}
          showsFee={tiers.length > 0}
          couponCode={code.applied}
        />
      </div>
      <p className="mt-3 text-sm text-ink-soft">{changePolicy(service)}</p>
      {tiers.length > 0 && <p className="mt-1.5 text-sm text-ink-soft">{refundPolicy(tiers)}</p>}
    </section>
  );
}
