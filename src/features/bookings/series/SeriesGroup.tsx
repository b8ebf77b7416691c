import { useQuery } from "@tanstack/react-query";
import { ChevronDown, Repeat } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { bookedWith } from "#words/sessions.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { Link } from "@/lib/router/router.tsx";
import { seriesPath } from "@/lib/seriesPath.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { seriesQuery } from "./queries.ts";
import { progressText, rhythmOf } from "./seriesFacts.ts";

type SeriesGroupProps = {
  seriesId: string;
  /** Those of its sessions that are in this list. */
  bookings: readonly Booking[];
  as: BookingRole;
  timeZone: string;
  children: (booking: Booking) => ReactNode;
};

/** The sessions of a series in a list: its rhythm and how far it has come, and the sessions when they are asked for. */
export function SeriesGroup({ seriesId, bookings, as, timeZone, children }: SeriesGroupProps) {
  const [isOpen, setIsOpen] = useState(false);
  const titleId = useId();
  const listId = useId();
  const { data: series } = useQuery(seriesQuery(seriesId));
  const now = useNow();
  const { mentor, user_name, service_title } = bookings[0]!;
  const isOver = bookings.every(
    ({ status, ends_at }) => status === "cancelled" || Date.parse(ends_at) <= now.getTime(),
  );
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3 p-4 sm:p-5">
        <DateBadge instant={bookings[0]!.starts_at} timeZone={timeZone} faded={isOver} />
        <div className="min-w-0 flex-1 basis-52">
          <h3 id={titleId} className="text-heading">
            {withElements(bookedWith, {
              service: service_title,
              other: <bdi>{as === "student" ? mentor.full_name : user_name}</bdi>,
            })}
          </h3>
          {/* Room for the line before it is loaded. */}
          <p className="mt-1 min-h-6 text-ink-soft">
            <Repeat aria-hidden className="mr-1.5 inline size-4" />
            {series && (
              <>
                {rhythmOf(series, timeZone)} · {progressText(series.sessions, now.getTime())}
              </>
            )}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            variant="secondary"
            size="sm"
            aria-expanded={isOpen}
            aria-controls={listId}
            aria-describedby={titleId}
            onClick={() => setIsOpen(!isOpen)}
          >
            <ChevronDown aria-hidden className={cn("size-4 transition-transform", isOpen && "rotate-180")} />
            {isOpen ? ownSeries.hide : ownSeries.show(bookings.length)}
          </Button>
          <Link
            to={seriesPath(seriesId)}
            aria-describedby={titleId}
            className={buttonVariants({ variant: "ghost", size: "sm" })}
          >
            {ownSeries.all}
          </Link>
        </div>
      </div>
      <ul id={listId} hidden={!isOpen} className="space-y-3 border-t border-line bg-paper p-3 sm:p-4">
        {isOpen && bookings.map((booking) => <li key={booking.id}>{children(booking)}</li>)}
      </ul>
    </Card>
  );
}
