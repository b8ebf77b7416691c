import { Check, Send, X } from "lucide-react";
import { useId } from "react";
import type { TimeProposal, TimeRequest } from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { parseInstant } from "#scheduling/units.ts";
import { sessionLinks } from "#words/sessions.ts";
import { timeRequestStatuses, timeRequestSteps, timeRequests as words } from "#words/timeRequests.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { timeUntil } from "@/lib/sessionTime.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { currentProposals, isOpen } from "./timeRequestState.ts";

type RequestSide = { as: BookingRole; timeZone: string; now: Date };

type RequestCardProps = RequestSide & {
  request: TimeRequest;
  /** The proposal that is being accepted. */
  accepting: string | null;
  onAccept: (proposal: TimeProposal) => void;
  onSuggest: () => void;
  /** Declines as the mentor, withdraws as the student. */
  onClose: () => void;
};

/** A request for another time, as seen by either side. */
export function RequestCard(props: RequestCardProps) {
  const { request, as, timeZone, now, accepting, onAccept } = props;
  const titleId = useId();
  const otherFullName = as === "mentor" ? request.user_name : request.mentor.full_name;
  const other = firstName(otherFullName);
  const open = isOpen(request, now);
  const mine = open && request.awaiting === as;
  return (
    <Card className="p-4 sm:p-5">
      <article aria-labelledby={titleId} className="space-y-3">
        <Badge tone={mine ? "accent" : request.status === "accepted" ? "good" : "neutral"}>
          {timeRequestStatuses[request.status](as, other, request.awaiting === as)}
        </Badge>
        <div>
          <h3 id={titleId} className="text-heading">
            {as === "mentor" ? otherFullName : request.service_title}
          </h3>
          <p className="text-ink-soft">
            {as === "mentor"
              ? words.service(request.service_title, request.duration)
              : words.mentor(otherFullName, request.duration)}
          </p>
        </div>
        {request.message && (
          <blockquote className="rounded-control bg-sunken px-4 py-3 whitespace-pre-line">
            {request.message}
          </blockquote>
        )}
        {request.reason && <p className="text-ink-soft">“{request.reason}”</p>}
        <ul className="space-y-2" aria-label={mine ? words.timesOf(other) : words.times}>
          {currentProposals(request).map((proposal) => (
            <li
              key={proposal.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-control border border-line px-4 py-2.5"
            >
              <BothTimes
                startsAt={parseInstant(proposal.starts_at)}
                timeZone={timeZone}
                mentorTimeZone={as === "mentor" ? request.student_timezone : request.mentor_timezone}
                mentorName={other}
              />
              {mine && (
                <Button
                  size="sm"
                  pending={accepting === proposal.id}
                  disabled={accepting !== null}
                  aria-label={timeRequestSteps.accept.full(formatDayAndTime(proposal.starts_at, timeZone))}
                  onClick={() => onAccept(proposal)}
                >
                  <Check aria-hidden className="size-4" />
                  {timeRequestSteps.accept.label}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <RequestFooter {...props} other={other} isOpen={open} isMine={mine} />
      </article>
    </Card>
  );
}

type RequestFooterProps = RequestCardProps & { other: string; isOpen: boolean; isMine: boolean };

function RequestFooter(props: RequestFooterProps) {
  const { request, as, timeZone, now, other, accepting, onSuggest, onClose } = props;
  if (!props.isOpen) {
    return request.booking_id ? (
      <Link
        to={paths.session(request.booking_id)}
        aria-label={sessionLinks.details.full(other)}
        className={buttonVariants({ variant: "secondary", size: "sm" })}
      >
        {sessionLinks.details.label}
      </Link>
    ) : null;
  }
  const { expires_at } = request;
  const close = timeRequestSteps[as === "mentor" ? "decline" : "withdraw"];
  return (
    <>
      <p className="text-sm text-ink-soft">
        {withElements((parts) => words.expiry({ at: formatDayAndTime(expires_at, timeZone), ...parts }), {
          expires: (
            <span className="font-semibold text-ink">{words.expires(timeUntil(expires_at, now))}</span>
          ),
        })}
      </p>
      <div className="flex flex-wrap gap-2">
        {props.isMine && (
          <Button
            variant="secondary"
            size="sm"
            disabled={accepting !== null}
            aria-label={timeRequestSteps.suggest.full(other)}
            onClick={onSuggest}
          >
            <Send aria-hidden className="size-4" />
            {timeRequestSteps.suggest.label}
          </Button>
        )}
        <Button
          variant="ghost"
          size="sm"
          disabled={accepting !== null}
          aria-label={close.full(other)}
          onClick={onClose}
        >
          <X aria-hidden className="size-4" />
          {close.label}
        </Button>
      </div>
    </>
  );
}
