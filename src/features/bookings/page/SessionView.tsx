import { lazy, Suspense, useRef } from "react";
import { actingFor, sessionPage } from "#words/sessionPage.ts";
import { bookedWith, requestWindow, topic } from "#words/sessions.ts";
import { EntryQuestionCard } from "@/features/bookings/entryQuestion/EntryQuestionCard.tsx";
import { NoShowCard } from "@/features/bookings/noShow/NoShowCard.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { SessionTags } from "@/features/bookings/SessionTags.tsx";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { SeriesPlace } from "@/features/bookings/series/SeriesPlace.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { PaymentCard } from "@/features/payments/PaymentCard.tsx";
import { SessionReview } from "@/features/reviews/SessionReview.tsx";
import { PrivateNotes } from "@/features/students/PrivateNotes.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { timeUntil } from "@/lib/sessionTime.ts";
import { formatDayAndTime, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { ManageSession } from "./ManageSession.tsx";
import { SessionHistory } from "./SessionHistory.tsx";
import { SessionMeeting } from "./SessionMeeting.tsx";

const SeatInGroup = lazy(() => import("@/features/groupSessions/SeatInGroup.tsx"));

/** One session as one of its two people sees it: what and when, the steps, and the history. */
export function SessionView({ side }: { side: SessionSide }) {
  const { booking, role, timeZone, other, access } = side;
  const now = useNow();
  const facts = useRef<HTMLDivElement>(null);
  const isOver = booking.status === "cancelled" || booking.status === "completed";
  const messageTitle = role === "mentor" ? topic(other.name) : sessionPage.yourMessage;
  return (
    <div className="page max-w-5xl py-10 sm:py-12">
      {access.token && <ActingFor side={side} />}
      <SessionStatus booking={booking} as={role} now={now} />
      <SessionHeading side={side} />
      <div className="mt-6 grid items-start gap-6 lg:grid-cols-[1fr_22rem] lg:gap-8">
        <div className="min-w-0 space-y-6">
          {role === "mentor" && !access.token && (
            <EntryQuestionCard side={side} focusAfter={() => facts.current?.focus()} />
          )}
          <SessionMeeting side={side} />
          <Card className="p-4 sm:p-5">
            {/* Takes the focus if the pressed button disappears. */}
            <div ref={facts} tabIndex={-1} className="flex items-start gap-4 outline-none">
              <DateBadge instant={booking.starts_at} timeZone={timeZone} faded={isOver} />
              <div className="min-w-0 flex-1 space-y-3">
                <SessionTimes booking={booking} timeZone={timeZone} other={other} />
                {role === "student" && <ViewerZoneNote />}
                {booking.series_id !== null && !access.token && (
                  <SeriesPlace booking={booking} seriesId={booking.series_id} timeZone={timeZone} />
                )}
                <SessionTags booking={booking} />
                {booking.status === "pending" && !booking.awaits_payment && booking.expires_at && (
                  <p className="text-sm text-ink-soft">
                    {withElements(requestWindow[role], {
                      until: (
                        <strong className="font-semibold text-ink">
                          {formatDayAndTime(booking.expires_at, timeZone)}
                        </strong>
                      ),
                      left: timeUntil(booking.expires_at, now),
                    })}
                  </p>
                )}
              </div>
            </div>
            {booking.message && (
              <div className="mt-4 border-t border-line pt-4">
                <h2 className="text-sm text-ink-soft">{messageTitle}</h2>
                <p className="break-words whitespace-pre-line">{booking.message}</p>
              </div>
            )}
            <OtherPerson side={side} />
          </Card>
          {booking.session_type === "groupSession" && booking.status !== "cancelled" && !access.token && (
            <Suspense fallback={null}>
              <SeatInGroup bookingId={booking.id} role={role} timeZone={timeZone} />
            </Suspense>
          )}
          <NoShowCard side={side} focusAfter={() => facts.current?.focus()} />
          <PaymentCard booking={booking} role={role} access={access} timeZone={timeZone} />
          <ManageSession side={side} focusAfter={() => facts.current?.focus()} />
          {booking.status === "completed" && !access.token && <SessionReview booking={booking} role={role} />}
          {role === "mentor" && !access.token && (
            <PrivateNotes
              mentorId={booking.expert_id}
              studentId={booking.user_id}
              studentName={other.name}
              timeZone={timeZone}
            />
          )}
        </div>
        <SessionHistory side={side} />
      </div>
    </div>
  );
}

/** A link is opened by people who look at nothing else here: its heading says when, too. */
function SessionHeading({ side: { booking, timeZone, other, access } }: { side: SessionSide }) {
  useZones(timeZone);
  const name = bookedWith({ service: booking.service_title, other: other.fullName });
  if (!access.token) return <PageHeading title={name} className="mt-3" />;
  const { starts_at } = booking;
  const when = sessionPage.when({
    when: formatDayAndTime(starts_at, timeZone),
    zone: zoneLabel(timeZone, starts_at),
  });
  return (
    <PageHeading title={sessionPage.ofLink({ name, when })} className="mt-3">
      <span className="block">{name}</span>
      <span className="mt-1 block text-lg font-semibold tracking-normal text-ink-soft">{when}</span>
    </PageHeading>
  );
}

/** A signed link acts for its person, who may be someone else than the person signed in. */
function ActingFor({ side: { booking, role } }: { side: SessionSide }) {
  const name = role === "mentor" ? booking.mentor.full_name : booking.user_name;
  return (
    <Alert tone="info" announce={false} title={actingFor.title(name)} className="mb-6">
      <p>{withElements(actingFor.text, { name: <bdi>{firstName(name)}</bdi> })}</p>
    </Alert>
  );
}

const link = "font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2";

function OtherPerson({ side: { booking, role, other } }: { side: SessionSide }) {
  return (
    <p className="mt-4 border-t border-line pt-4 break-words">
      {role === "student" ? (
        <Link to={paths.mentor(booking.mentor.username)} className={link}>
          {withElements(sessionPage.mentorPage, { mentor: <bdi>{other.name}</bdi> })}
        </Link>
      ) : (
        withElements(sessionPage.writeTo, {
          student: <bdi>{other.name}</bdi>,
          email: (
            <a href={`mailto:${booking.user_email}`} className={link}>
              {booking.user_email}
            </a>
          ),
        })
      )}
    </p>
  );
}
