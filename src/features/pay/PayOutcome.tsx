import { CalendarClock, Hourglass, type LucideIcon, Undo2, Wallet } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import { moneyOf } from "#rules/money.ts";
import { links } from "#words/links.ts";
import { lapsed, late, payOver, processing } from "#words/payments.ts";
import { RefundList } from "@/features/payments/RefundList.tsx";
import { formatMoney } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { Spinner } from "@/ui/Spinner.tsx";

type OutcomeProps = { booking: Booking; payment: Payment; timeZone: string };

const LONG_MS = 20_000;

/** It is not known yet how the payment ended. */
export function Processing() {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Outcome
      key={isLong ? "long" : "short"}
      icon={isLong ? <Hourglass aria-hidden className="size-7" /> : <Spinner className="size-7" />}
      title={isLong ? processing.longTitle : processing.title}
    >
      <p>{isLong ? processing.longText : processing.text}</p>
    </Outcome>
  );
}

/** The hold has ended before anything arrived. */
export function Lapsed({ booking }: Pick<OutcomeProps, "booking">) {
  return (
    <Outcome icon={icon(CalendarClock)} title={lapsed.title}>
      <p>{lapsed.text}</p>
      <p className="mt-3">{lapsed.ifPaid}</p>
      <Ways booking={booking} again={lapsed.again} />
    </Outcome>
  );
}

/** It was paid too late: the time belongs to another booking. */
export function Late({ booking, payment, timeZone }: OutcomeProps) {
  const amount = formatMoney(moneyOf(payment.amount, payment.currency));
  return (
    <Outcome icon={icon(Undo2)} title={late.title}>
      <p>{late.text({ amount })}</p>
      <Refunds payment={payment} timeZone={timeZone} />
      <Ways booking={booking} again={late.again} />
    </Outcome>
  );
}

/** The booking was cancelled. */
export function Over({ booking, payment, timeZone }: OutcomeProps) {
  const hasRefunds = payment.refunds.length > 0;
  return (
    <Outcome icon={icon(Wallet)} title={payOver.title}>
      <p>{hasRefunds ? payOver.refunded : payOver.cancelled}</p>
      <Refunds payment={payment} timeZone={timeZone} />
      <p className="mt-8 flex flex-wrap gap-3">
        <Link to={paths.session(booking.id)} className={buttonVariants()}>
          {payOver.session}
        </Link>
      </p>
    </Outcome>
  );
}

function Refunds({ payment, timeZone }: Pick<OutcomeProps, "payment" | "timeZone">) {
  if (payment.refunds.length === 0) return null;
  return (
    <Card className="mt-6 p-5 text-ink">
      <RefundList refunds={payment.refunds} timeZone={timeZone} />
    </Card>
  );
}

function Ways({ booking, again }: { booking: Booking; again: string }) {
  const { service_id: serviceId, duration: minutes, mentor } = booking;
  return (
    <p className="mt-8 flex flex-wrap gap-3">
      <Link to={paths.bookTime(mentor.username, { serviceId, minutes })} className={buttonVariants()}>
        {again}
      </Link>
      <Link to={paths.sessions()} className={buttonVariants({ variant: "secondary" })}>
        {links.sessions}
      </Link>
    </p>
  );
}

/** A page that says how it ended. */
export function Outcome({
  icon: mark,
  title,
  children,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}) {
  return (
    <div className="page max-w-2xl py-10 sm:py-14">
      <span className="grid size-14 place-items-center rounded-[32%] bg-accent-soft text-accent-text">
        {mark}
      </span>
      <PageHeading title={title} className="mt-5" />
      <div className="mt-2 text-lg text-ink-soft">{children}</div>
    </div>
  );
}

function icon(Icon: LucideIcon) {
  return <Icon aria-hidden className="size-7" />;
}
