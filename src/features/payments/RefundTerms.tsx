import type { Booking } from "#contract/bookings.ts";
import { refundTerms } from "#words/payments.ts";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { formatDayAndTime, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { withElements } from "@/ui/withElements.tsx";
import { refundTermsOf } from "./refundTerms.ts";

type RefundTermsProps = { booking: Booking; timeZone: string; now: Date };

/** What goes back if the student cancels, with the instants at which that changes. */
export function RefundTerms({ booking, timeZone, now }: RefundTermsProps) {
  useZones(timeZone);
  const terms = refundTermsOf(booking, now.getTime());
  const mentor = <bdi>{firstName(booking.mentor.full_name)}</bdi>;
  return (
    <div className="space-y-2">
      {terms.length === 0 ? (
        <p>{refundTerms.none}</p>
      ) : (
        <ul className="space-y-1.5">
          {terms.map(({ kind, amount, until }) => (
            <li key={kind} className="flex gap-2.5">
              <Dot className={kind === "full" ? "bg-good" : "bg-accent"} />
              <span>
                {withElements((parts) => refundTerms[kind]({ amount: formatMoney(amount), ...parts }), {
                  until: (
                    <time dateTime={new Date(until).toISOString()} className="font-semibold tabular-nums">
                      {formatDayAndTime(until, timeZone)}
                    </time>
                  ),
                })}
              </span>
            </li>
          ))}
          <li className="flex gap-2.5">
            <Dot className="bg-line-strong" />
            <span>{refundTerms.after}</span>
          </li>
        </ul>
      )}
      <p className="text-sm text-ink-soft">{withElements(refundTerms.mentorCancels, { mentor })}</p>
      {terms.length > 0 && (
        <p className="text-sm text-ink-soft">{refundTerms.zone(zoneLabel(timeZone, booking.starts_at))}</p>
      )}
    </div>
  );
}

function Dot({ className }: { className: string }) {
  return <span aria-hidden className={`mt-2 size-2 shrink-0 rounded-full ${className}`} />;
}
