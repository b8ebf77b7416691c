import { Mail, Phone, Send } from "lucide-react";
import { useId } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { mentorCard, suggestTimes } from "#words/mentorSessions.ts";
import { requestWindow, sessionLinks, topic } from "#words/sessions.ts";
import { AddToCalendar } from "@/features/bookings/addToCalendar/AddToCalendar.tsx";
import { NoShowPrompt } from "@/features/bookings/noShow/NoShowPrompt.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { SessionTags } from "@/features/bookings/SessionTags.tsx";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { JoinSession } from "@/features/meetings/JoinSession.tsx";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { timeUntil } from "@/lib/sessionTime.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { SessionActions } from "./SessionActions.tsx";

type MentorSessionCardProps = {
  booking: Booking;
  /** The mentor's own zone. */
  timeZone: string;
  now: Date;
  isOver?: boolean;
  pending: StatusAction | null;
  onStep: (action: StatusAction) => void;
  onPropose: () => void;
};

/** A session as its mentor sees it: the student, the topic and the steps. */
export function MentorSessionCard({
  booking,
  timeZone,
  now,
  isOver = false,
  pending,
  onStep,
  onPropose,
}: MentorSessionCardProps) {
  const titleId = useId();
  const student = firstName(booking.user_name);
  const { message, expires_at: expiresAt } = booking;
  return (
    <Card className="p-4 sm:p-5">
      <article aria-labelledby={titleId} className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-4">
        <DateBadge instant={booking.starts_at} timeZone={timeZone} faded={isOver} />
        <div className="grid min-w-0 gap-x-8 gap-y-4 lg:grid-cols-2">
          <div className="min-w-0 space-y-3">
            <SessionStatus booking={booking} as="mentor" now={now} />
            <div>
              <h3 id={titleId} className="text-heading">
                <bdi>{booking.user_name}</bdi>
              </h3>
              <p className="text-ink-soft">{booking.service_title}</p>
            </div>
            <SessionTimes
              booking={booking}
              timeZone={timeZone}
              other={{ timeZone: booking.student_timezone, name: student }}
            />
          </div>
          <div className="min-w-0 space-y-3 max-sm:-ml-18">
            {message && (
              <blockquote className="rounded-control bg-sunken px-4 py-3">
                <p className="text-sm font-semibold text-ink-soft">{topic(student)}</p>
                <p className="whitespace-pre-line">{message}</p>
              </blockquote>
            )}
            <SessionTags booking={booking} />
            <Contact booking={booking} />
          </div>
        </div>
        <div className="col-span-full space-y-3 sm:col-start-2">
          {!isOver && expiresAt && (
            <p className="text-sm text-ink-soft">
              {withElements(requestWindow.mentor, {
                until: (
                  <strong className="font-semibold text-ink">{formatDayAndTime(expiresAt, timeZone)}</strong>
                ),
                left: timeUntil(expiresAt, now),
              })}
            </p>
          )}
          <NoShowPrompt booking={booking} as="mentor" timeZone={timeZone} now={now} />
          <JoinSession booking={booking} as="mentor" timeZone={timeZone} size="sm" />
          <div className="flex flex-wrap gap-2 empty:hidden">
            <SessionActions booking={booking} now={now} pending={pending} onStep={onStep}>
              {booking.status === "pending" && !isOver && (
                <Button variant="secondary" size="sm" disabled={pending !== null} onClick={onPropose}>
                  <Send aria-hidden className="size-4" />
                  <ShortLabel short={suggestTimes.label} full={suggestTimes.full(booking.user_name)} />
                </Button>
              )}
              <Link
                to={paths.session(booking.id)}
                className={buttonVariants({ variant: "ghost", size: "sm" })}
              >
                <ShortLabel
                  short={sessionLinks.details.label}
                  full={sessionLinks.details.full(booking.user_name)}
                />
              </Link>
              {booking.status === "confirmed" && !isOver && (
                <AddToCalendar booking={booking} as="mentor" size="sm" variant="ghost">
                  <ShortLabel
                    short={sessionLinks.calendar.label}
                    full={sessionLinks.calendar.full(booking.user_name)}
                  />
                </AddToCalendar>
              )}
            </SessionActions>
          </div>
        </div>
      </article>
    </Card>
  );
}

const link =
  "inline-flex min-h-9 max-w-full min-w-0 items-center gap-1.5 font-medium underline decoration-line-strong underline-offset-4 hover:decoration-accent pointer-coarse:min-h-11";

function Contact({ booking }: { booking: Booking }) {
  return (
    <p className="flex flex-wrap gap-x-5 text-sm">
      <a href={`mailto:${booking.user_email}`} className={link}>
        <Mail aria-hidden className="size-4 shrink-0 text-ink-soft" />
        <span className="sr-only">{mentorCard.email} </span>
        <span className="truncate">{booking.user_email}</span>
      </a>
      {booking.user_phone && (
        <a href={`tel:${booking.user_phone.replaceAll(/[^\d+]/g, "")}`} className={link}>
          <Phone aria-hidden className="size-4 shrink-0 text-ink-soft" />
          <span className="sr-only">{mentorCard.phone} </span>
          {booking.user_phone}
        </a>
      )}
    </p>
  );
}
