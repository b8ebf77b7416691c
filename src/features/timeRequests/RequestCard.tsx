import { Check, Send, X } from "lucide-react";
import { useId } from "react";
import { Link } from "react-router";
import type { TimeProposal, TimeRequest } from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { sessionLength } from "#words/durations.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { timeUntil } from "@/lib/sessionTime.ts";
import { formatShortDay, formatTime } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { isOpen, requestStatusWords, standingProposals } from "./requestWords.ts";

type RequestSide = { as: BookingRole; timeZone: string; now: Date };

type RequestCardProps = RequestSide & {
  request: TimeRequest;
  /** The proposal that is being accepted. */
  accepting: string | null;
  onAccept: (proposal: TimeProposal) => void;
  onPropose: () => void;
  /** The mentor declines, the student takes it back. */
  onClose: () => void;
};

/** A request for another time, for either of its two sides. */
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
          {requestStatusWords(request, as, other)}
        </Badge>
        <div>
          <h3 id={titleId} className="text-heading">
            {as === "mentor" ? otherFullName : request.service_title}
          </h3>
          <p className="text-ink-soft">
            {as === "mentor" ? request.service_title : `with ${otherFullName}`},{" "}
            {sessionLength(request.duration)}
          </p>
        </div>
        {request.message && (
          <blockquote className="rounded-control bg-sunken px-4 py-3 whitespace-pre-line">
            {request.message}
          </blockquote>
        )}
        {request.reason && <p className="text-ink-soft">“{request.reason}”</p>}
        <ul className="space-y-2" aria-label={mine ? `Times that ${other} proposes` : "Proposed times"}>
          {standingProposals(request).map((proposal) => (
            <li
              key={proposal.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-control border border-line px-4 py-2.5"
            >
              <BothTimes
                startsAt={proposal.starts_at}
                timeZone={timeZone}
                mentorTimeZone={as === "mentor" ? request.student_timezone : request.mentor_timezone}
                mentorName={other}
              />
              {mine && (
                <Button
                  size="sm"
                  pending={accepting === proposal.id}
                  disabled={accepting !== null}
                  onClick={() => onAccept(proposal)}
                >
                  <Check aria-hidden className="size-4" />
                  Accept
                  <span className="sr-only">
                    {" "}
                    {formatShortDay(proposal.starts_at, timeZone)}, {formatTime(proposal.starts_at, timeZone)}
                  </span>
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
  const { request, as, timeZone, now, other, accepting, onPropose, onClose } = props;
  if (!props.isOpen) {
    return request.booking_id ? (
      <Link
        to={paths.session(request.booking_id)}
        className={buttonVariants({ variant: "secondary", size: "sm" })}
      >
        Details<span className="sr-only"> of the session with {other}</span>
      </Link>
    ) : null;
  }
  const { expires_at } = request;
  return (
    <>
      <p className="text-sm">
        <span className="font-semibold">Expires {timeUntil(expires_at, now)}</span>
        <span className="text-ink-soft">
          , on {formatShortDay(expires_at, timeZone)}, {formatTime(expires_at, timeZone)}. No time is kept
          until one is accepted.
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        {props.isMine && (
          <Button variant="secondary" size="sm" disabled={accepting !== null} onClick={onPropose}>
            <Send aria-hidden className="size-4" />
            Propose other times<span className="sr-only"> to {other}</span>
          </Button>
        )}
        <Button variant="ghost" size="sm" disabled={accepting !== null} onClick={onClose}>
          <X aria-hidden className="size-4" />
          {as === "mentor" ? "Decline" : "Take it back"}
          <span className="sr-only">
            {as === "mentor" ? `, the request of ${other}` : `, the request to ${other}`}
          </span>
        </Button>
      </div>
    </>
  );
}
