import { Clock3 } from "lucide-react";
import { useId } from "react";
import type { Booking } from "#contract/bookings.ts";
import { moneyOf } from "#rules/money.ts";
import { parseInstant } from "#scheduling/units.ts";
import { hold, payPage } from "#words/payments.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { HoldCountdown } from "@/features/payments/HoldCountdown.tsx";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { WithMentor } from "./WithMentor.tsx";

/** A time that is held until it is paid for: the one thing to do with it. */
export function UnpaidSession({ booking, timeZone }: { booking: Booking; timeZone: string }) {
  const titleId = useId();
  const amount = formatMoney(moneyOf(booking.total_amount, booking.currency));
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
