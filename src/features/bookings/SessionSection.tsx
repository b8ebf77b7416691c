import { type ReactNode, type Ref, useId } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { groupBySeries } from "./series/groupBySeries.ts";
import { SeriesGroup } from "./series/SeriesGroup.tsx";

type SessionSectionProps = {
  /** Of the heading, for links to the section. */
  id?: string;
  title: string;
  bookings: readonly Booking[];
  as: BookingRole;
  timeZone: string;
  /** Shown if there are none; without it, the section is hidden then. */
  empty?: ReactNode;
  hint?: ReactNode;
  headingRef?: Ref<HTMLHeadingElement>;
  children: (booking: Booking) => ReactNode;
  /** Below the list. */
  footer?: ReactNode;
};

/** A list of sessions with a heading that shows their number. Those of a series are together. */
export function SessionSection({
  id,
  title,
  bookings,
  as,
  timeZone,
  empty,
  hint,
  headingRef,
  children,
  footer,
}: SessionSectionProps) {
  const ownId = useId();
  const headingId = id ?? ownId;
  if (bookings.length === 0 && !empty && !footer) return null;
  return (
    <section aria-labelledby={headingId}>
      <SectionHeading id={headingId} ref={headingRef} title={title} count={bookings.length} />
      {hint && bookings.length > 0 && <p className="text-sm text-ink-soft">{hint}</p>}
      {bookings.length === 0 && empty && (
        <div className="mt-3 rounded-card border border-dashed border-line-strong px-5 py-6 text-ink-soft">
          {empty}
        </div>
      )}
      {bookings.length > 0 && (
        <ul data-sessions className="mt-3 space-y-4">
          {groupBySeries(bookings).map((item) =>
            item.kind === "series" ? (
              <li key={item.id} tabIndex={-1} className="rounded-card">
                <SeriesGroup seriesId={item.id} bookings={item.bookings} as={as} timeZone={timeZone}>
                  {children}
                </SeriesGroup>
              </li>
            ) : (
              <li key={item.booking.id} tabIndex={-1} className="rounded-card">
                {children(item.booking)}
              </li>
            ),
          )}
        </ul>
      )}
      {footer}
    </section>
  );
}
