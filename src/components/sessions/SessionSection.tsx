import { type ReactNode, type Ref, useId } from "react";
import type { Booking } from "../../../contract/bookings";

type SessionSectionProps = {
  title: string;
  bookings: readonly Booking[];
  /** What stands here when there are none; left out, the whole section goes. */
  empty?: ReactNode;
  hint?: ReactNode;
  headingRef?: Ref<HTMLHeadingElement>;
  children: (booking: Booking) => ReactNode;
  /** Below the list. */
  footer?: ReactNode;
};

/** One list of sessions with a heading that also says how many there are. */
export function SessionSection({
  title,
  bookings,
  empty,
  hint,
  headingRef,
  children,
  footer,
}: SessionSectionProps) {
  const id = useId();
  if (bookings.length === 0 && !empty && !footer) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} ref={headingRef} tabIndex={-1} className="mb-1 flex items-center gap-2.5 text-heading">
        {title}
        {bookings.length > 0 && (
          <span className="rounded-full bg-sunken px-2.5 py-0.5 text-sm font-semibold tracking-normal text-ink-soft tabular-nums">
            {bookings.length}
          </span>
        )}
      </h2>
      {hint && bookings.length > 0 && <p className="text-sm text-ink-soft">{hint}</p>}
      {bookings.length === 0 && empty && (
        <div className="mt-3 rounded-card border border-dashed border-line-strong px-5 py-6 text-ink-soft">
          {empty}
        </div>
      )}
      {bookings.length > 0 && (
        <ul data-sessions className="mt-3 space-y-4">
          {bookings.map((booking) => (
            <li key={booking.id} tabIndex={-1} className="rounded-card">
              {children(booking)}
            </li>
          ))}
        </ul>
      )}
      {footer}
    </section>
  );
}
