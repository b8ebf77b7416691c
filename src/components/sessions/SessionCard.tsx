import { CalendarPlus, RotateCcw, X } from "lucide-react";
import { useId } from "react";
import { Link } from "react-router";
import { Button, buttonVariants } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { cn } from "@/lib/classNames";
import { timeUntil } from "@/lib/sessionTime";
import { formatShortDay, formatTime } from "@/lib/time";
import { firstName } from "@/lib/words";
import { downloads, paths } from "@/paths";
import type { Booking } from "../../../contract/bookings";
import { stepsOpenTo } from "../../../scheduling/bookingState";
import { factsOf } from "./bookingFacts";
import { DayLeaf } from "./DayLeaf";
import { SessionFacts } from "./SessionFacts";
import { SessionStatus } from "./SessionStatus";
import { SessionTimes } from "./SessionTimes";

type SessionCardProps = {
  booking: Booking;
  timeZone: string;
  now: Date;
  isOver?: boolean;
  onCancel: (booking: Booking) => void;
};

/** A session as its student sees it. */
export function SessionCard({ booking, timeZone, now, isOver = false, onCancel }: SessionCardProps) {
  const titleId = useId();
  const mentor = booking.mentor;
  const whom = <span className="sr-only"> session with {mentor.full_name}</span>;
  const mayCancel = stepsOpenTo("student", factsOf(booking), now.getTime()).includes("cancel");
  return (
    <Card className="p-4 sm:p-5">
      <article aria-labelledby={titleId} className="flex gap-4">
        <DayLeaf instant={booking.starts_at} timeZone={timeZone} faded={isOver} />
        <div className="min-w-0 flex-1 space-y-3">
          <SessionStatus booking={booking} as="student" now={now} />
          <div>
            <h3 id={titleId} className="text-heading">
              {booking.service_title}
            </h3>
            <p className="text-ink-soft">
              with{" "}
              <Link
                to={paths.mentor(mentor.username)}
                className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                {mentor.full_name}
              </Link>
            </p>
          </div>
          <SessionTimes
            booking={booking}
            timeZone={timeZone}
            other={{ timeZone: booking.mentor_timezone, name: firstName(mentor.full_name) }}
          />
          <SessionFacts booking={booking} />
          {!isOver && booking.expires_at && (
            <p className="text-sm">
              <span className="font-semibold">Expires {timeUntil(booking.expires_at, now)}</span>
              <span className="text-ink-soft">
                {" "}
                if {firstName(mentor.full_name)} has not answered by{" "}
                {formatShortDay(booking.expires_at, timeZone)}, {formatTime(booking.expires_at, timeZone)}.
                The time is kept for you until then.
              </span>
            </p>
          )}
          <div className="-ml-18 flex flex-wrap gap-2 pt-1 sm:ml-0">
            <Link
              to={paths.bookingSuccess(booking.id)}
              className={buttonVariants({ variant: "secondary", size: "sm" })}
            >
              Details{whom}
            </Link>
            {isOver ? (
              <Link
                to={paths.mentor(mentor.username)}
                className={buttonVariants({ variant: "secondary", size: "sm" })}
              >
                <RotateCcw aria-hidden className="size-4" />
                Book again<span className="sr-only"> with {mentor.full_name}</span>
              </Link>
            ) : (
              <a
                href={downloads.calendar(booking.id)}
                download
                className={buttonVariants({ variant: "secondary", size: "sm" })}
              >
                <CalendarPlus aria-hidden className="size-4" />
                Add to Calendar<span className="sr-only">: session with {mentor.full_name}</span>
              </a>
            )}
            {mayCancel && (
              <Button variant="ghost" size="sm" onClick={() => onCancel(booking)} className={cn("text-bad")}>
                <X aria-hidden className="size-4" />
                Cancel{whom}
              </Button>
            )}
          </div>
        </div>
      </article>
    </Card>
  );
}
