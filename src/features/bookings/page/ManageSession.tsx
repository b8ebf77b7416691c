import { useState } from "react";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import { type BookingAction, stepsOpenTo } from "#rules/bookingState.ts";
import { fromDate } from "#scheduling/units.ts";
import { changePolicy } from "#words/bookings.ts";
import { suggestTimes } from "#words/mentorSessions.ts";
import { manageSession } from "#words/sessionPage.ts";
import { RebookButton } from "@/features/book/RebookButton.tsx";
import { AddToCalendar } from "@/features/bookings/addToCalendar/AddToCalendar.tsx";
import { MentorCancelDialog } from "@/features/bookings/mentor/MentorCancelDialog.tsx";
import { useSessionSteps } from "@/features/bookings/mentor/useSessionSteps.ts";
import { StepButtons } from "@/features/bookings/StepButtons.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { SuggestInstead } from "@/features/timeRequests/SuggestInstead.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useSearchParams } from "@/lib/router/router.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { CancelDialog } from "./CancelDialog.tsx";
import { ManageLink } from "./ManageLink.tsx";
import { RescheduleDialog } from "./RescheduleDialog.tsx";
import { offersFor } from "./sessionOffers.ts";

type ManageSessionProps = { side: SessionSide; focusAfter: () => void };

/** The steps of a session, its calendar entry and its link. */
export function ManageSession({ side, focusAfter }: ManageSessionProps) {
  const { booking, role, access } = side;
  const now = useNow();
  const [search] = useSearchParams();
  /** A link in a mail goes straight to a step. */
  const asksFor = search.get("do");
  const [asked, setAsked] = useState<"reschedule" | "cancel" | "propose" | null>(() =>
    asksFor === "reschedule" || asksFor === "cancel" ? openStep(side, asksFor, now) : null,
  );
  const steps = useSessionSteps(focusAfter);
  const offers = offersFor(side);
  const isOver = booking.status === "cancelled" || Date.parse(booking.ends_at) <= now.getTime();
  // A visitor with a signed link may have no account to book with.
  const mayRebook = role === "student" && !access.token && isOver;
  const hasEntry = booking.status !== "cancelled" && !booking.awaits_payment;

  const mayPropose = role === "mentor" && !access.token && booking.status === "pending" && !isOver;

  const start = (action: BookingAction) => {
    if (action === "reschedule") setAsked("reschedule");
    else if (role === "student" || access.token) setAsked("cancel");
    else steps.start({ booking, action });
  };
  // A link to a session that is not paid for yet leads to nothing that can be done.
  const isEmpty = offers.length === 0 && !mayRebook && !hasEntry && access.token !== undefined;
  return (
    <Card hidden={isEmpty} className="space-y-4 p-4 sm:p-5">
      {offers.length > 0 && (
        <div className="space-y-4 border-b border-line pb-4">
          <h2 className="text-heading">
            {role === "mentor" && booking.status === "pending" ? manageSession.reply : manageSession.title}
          </h2>
          {role === "student" && <p className="text-ink-soft">{changePolicy(booking)}</p>}
          <div className="flex flex-wrap gap-2">
            <StepButtons
              booking={booking}
              as={role}
              offers={offers}
              now={now}
              pending={steps.pendingFor(booking)}
              onStep={start}
              size="md"
            />
            {mayPropose && (
              <Button variant="secondary" onClick={() => setAsked("propose")}>
                {suggestTimes.label}
              </Button>
            )}
          </div>
          {role === "mentor" && booking.programme_id !== null && !access.token && (
            <p className="text-sm text-ink-soft">
              {withElements(manageSession.movesForAll, {
                programme: (
                  <Link
                    to={groupPaths.programmeRoster(booking.programme_id)}
                    className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                  >
                    {manageSession.programme}
                  </Link>
                ),
              })}
            </p>
          )}
          {role === "mentor" && access.token && booking.status === "pending" && (
            <p className="text-sm">
              <Link
                to={paths.session(booking.id)}
                className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                {manageSession.signInToApprove}
              </Link>
            </p>
          )}
        </div>
      )}
      {(mayRebook || hasEntry) && (
        <div className="flex flex-wrap gap-2">
          {mayRebook && <RebookButton booking={booking} size="md" />}
          {hasEntry && (
            <AddToCalendar
              booking={booking}
              as={role}
              token={access.token}
              startsOpen={asksFor === "calendar"}
            />
          )}
        </div>
      )}
      {!access.token && <ManageLink side={side} />}
      {asked === "reschedule" && <RescheduleDialog side={side} onClose={() => setAsked(null)} />}
      {asked === "cancel" && (
        <CancelDialog side={side} onClose={() => setAsked(null)} focusAfter={focusAfter} />
      )}
      {asked === "propose" && (
        <SuggestInstead
          booking={booking}
          timeZone={side.timeZone}
          onClose={() => setAsked(null)}
          focusAfter={focusAfter}
        />
      )}
      {steps.asked && (
        <MentorCancelDialog
          step={steps.asked}
          timeZone={side.timeZone}
          onClose={steps.closeQuestion}
          onConfirm={steps.answerQuestion}
          focusAfter={focusAfter}
        />
      )}
    </Card>
  );
}

/** Returns the step if it is still open; otherwise the page itself says why not. */
function openStep<Step extends BookingAction>(
  { booking, role }: SessionSide,
  step: Step,
  now: Date,
): Step | null {
  return stepsOpenTo(role, bookingFactsOf(booking), fromDate(now)).includes(step) ? step : null;
}
