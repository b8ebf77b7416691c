import { Star, X } from "lucide-react";
import { useId } from "react";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import { stepsOpenTo } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { fromDate } from "#scheduling/units.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { requestWindow, sessionLinks, sessionSteps } from "#words/sessions.ts";
import { reviewLinks } from "#words/studentSessions.ts";
import { RebookButton } from "@/features/book/RebookButton.tsx";
import { AddToCalendar } from "@/features/bookings/addToCalendar/AddToCalendar.tsx";
import { NoShowPrompt } from "@/features/bookings/noShow/NoShowPrompt.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { SessionTags } from "@/features/bookings/SessionTags.tsx";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { isDueLater } from "@/features/bookings/sessionGroups.ts";
import { JoinSession } from "@/features/meetings/JoinSession.tsx";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { WithMentor } from "./WithMentor.tsx";

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
  const mayCancel = stepsOpenTo("student", bookingFactsOf(booking), fromDate(now)).includes("cancel");
  return (
    <Card className="p-4 sm:p-5">
      <article aria-labelledby={titleId} className="grid grid-cols-[auto_1fr] gap-4">
        <DateBadge instant={booking.starts_at} timeZone={timeZone} faded={isOver} />
        <div className="grid min-w-0 gap-x-6 gap-y-3 sm:grid-cols-2">
          <div className="min-w-0 space-y-2.5">
            <SessionStatus booking={booking} as="student" now={now} />
            <div>
              <h3 id={titleId} className="text-heading">
                {booking.service_title}
              </h3>
              <p className="text-ink-soft">
                <WithMentor mentor={mentor} />
              </p>
            </div>
          </div>
          <SessionTimes
            booking={booking}
            timeZone={timeZone}
            other={{ timeZone: booking.mentor_timezone, name: firstName(mentor.full_name) }}
          />
        </div>
        <div className="col-span-full space-y-3 sm:col-start-2">
          <SessionTags booking={booking} />
          {isDueLater(booking, now.getTime()) && booking.expires_at && (
            <p className="text-sm text-ink-soft">
              {ownSeries.payBy(formatDayAndTime(booking.expires_at, timeZone))}{" "}
              <Link
                to={paths.pay(booking.id)}
                className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                {ownSeries.pay.label}
              </Link>
            </p>
          )}
          {!isOver && booking.expires_at && !booking.awaits_payment && (
            <p className="text-sm text-ink-soft">
              {withElements(requestWindow.student, {
                until: (
                  <strong className="font-semibold text-ink">
                    {formatDayAndTime(booking.expires_at, timeZone)}
                  </strong>
                ),
              })}
            </p>
          )}
          <NoShowPrompt booking={booking} as="student" timeZone={timeZone} now={now} />
          {!isOver && <JoinSession booking={booking} as="student" timeZone={timeZone} size="sm" />}
          <Actions booking={booking} isOver={isOver} onCancel={mayCancel ? () => onCancel(booking) : null} />
        </div>
      </article>
    </Card>
  );
}

type ActionsProps = {
  booking: Booking;
  isOver: boolean;
  /** null if it can no longer be cancelled. */
  onCancel: (() => void) | null;
};

const action = buttonVariants({ variant: "secondary", size: "sm" });

function Actions({ booking, isOver, onCancel }: ActionsProps) {
  const { mentor } = booking;
  const review = booking.review ? reviewLinks.read : reviewLinks.write;
  return (
    <div className="flex flex-wrap gap-2">
      <Link to={paths.session(booking.id)} className={action}>
        <ShortLabel short={sessionLinks.details.label} full={sessionLinks.details.full(mentor.full_name)} />
      </Link>
      {isOver ? (
        <RebookButton booking={booking} />
      ) : (
        <AddToCalendar booking={booking} as="student" size="sm">
          <ShortLabel
            short={sessionLinks.calendar.label}
            full={sessionLinks.calendar.full(mentor.full_name)}
          />
        </AddToCalendar>
      )}
      {booking.status === "completed" && !holdsUp(booking.no_show) && (
        <Link to={`${paths.session(booking.id)}#review`} className={action}>
          <Star aria-hidden className="size-4" />
          <ShortLabel short={review.label} full={review.full(mentor.full_name)} />
        </Link>
      )}
      {onCancel && (
        <Button variant="ghost" size="sm" onClick={onCancel}>
          <X aria-hidden className="size-4" />
          <ShortLabel short={sessionSteps.cancel.label} full={sessionSteps.cancel.full(mentor.full_name)} />
        </Button>
      )}
    </div>
  );
}
