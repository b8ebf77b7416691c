import { Clock3 } from "lucide-react";
import { useId } from "react";
import type { Booking } from "#contract/bookings.ts";
import { addMoney, moneyOf } from "#rules/money.ts";
import { parseInstant } from "#scheduling/units.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { hold, payPage } from "#words/payments.ts";
import { sessionLists } from "#words/sessions.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { HoldCountdown } from "@/features/payments/HoldCountdown.tsx";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { paidTogether } from "./paidTogether.ts";
import { WithMentor } from "./WithMentor.tsx";

type UnpaidSessionsProps = { id: string; bookings: readonly Booking[]; timeZone: string };

/** What is held until it is paid for. */
export function UnpaidSessions({ id, bookings, timeZone }: UnpaidSessionsProps) {
  const payments = paidTogether(bookings);
  if (payments.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} title={sessionLists.toPay} count={payments.length} />
      <ul data-sessions className="mt-3 space-y-4">
        {payments.map((together) => (
          <li key={together[0]!.id} tabIndex={-1} className="rounded-card">
            <UnpaidSession together={together} timeZone={timeZone} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A time that is held until it is paid for, or several: the one thing to do with it. */
function UnpaidSession({ together, timeZone }: { together: readonly Booking[]; timeZone: string }) {
  const titleId = useId();
  const booking = together[0]!;
  const paid = booking.basket_id === null ? [booking] : together;
  const amount = formatMoney(
    paid.map(({ total_amount, currency }) => moneyOf(total_amount, currency)).reduce(addMoney),
  );
  return (
    <Card className="overflow-hidden border-primary">
      <article aria-labelledby={titleId} className="grid sm:grid-cols-[1fr_auto]">
        <div className="min-w-0 space-y-2 p-4 sm:p-5">
          <h3 id={titleId} className="text-heading">
            {booking.service_title}
          </h3>
          <p className="text-ink-soft">
            <WithMentor mentor={booking.mentor} />
          </p>
          <SessionTimes
            booking={booking}
            timeZone={timeZone}
            other={{ timeZone: booking.mentor_timezone, name: firstName(booking.mentor.full_name) }}
          />
          {together.length > 1 && <p>{ownSeries.together(together.length - 1)}</p>}
        </div>
        <div className="flex flex-wrap items-center justify-between gap-4 bg-primary-soft p-4 sm:w-60 sm:flex-col sm:items-stretch sm:justify-center sm:p-5">
          <p className="flex items-center gap-3">
            <Clock3 aria-hidden className="size-6 shrink-0 text-primary-text" />
            <span className="leading-tight">
              <span className="block text-sm font-semibold text-ink-soft">{hold.label}</span>
              <HoldCountdown
                until={parseInstant(booking.expires_at ?? booking.starts_at)}
                className="block text-heading tabular-nums"
              />
            </span>
          </p>
          <Link to={paths.pay(booking.id)} className={buttonVariants()}>
            {payPage.pay(amount)}
          </Link>
        </div>
      </article>
    </Card>
  );
}
