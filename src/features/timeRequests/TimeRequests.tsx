import { useQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import type { TimeRequest } from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { toast } from "@/lib/toast.ts";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { ProposeDialog } from "./ProposeDialog.tsx";
import { timeRequestsQuery } from "./queries.ts";
import { RequestCard } from "./RequestCard.tsx";
import { isOpen, standingProposals } from "./requestWords.ts";
import { useRequestSteps } from "./useRequestSteps.ts";

type TimeRequestsProps = { as: BookingRole; userId: string; timeZone: string };

/** How many that are over are still shown. */
const SHOWN_CLOSED = 3;

/** The requests for other times that wait for somebody, and how the last ones ended. Nothing when there are none. */
export function TimeRequests({ as, userId, timeZone }: TimeRequestsProps) {
  const { data: requests = [], error, refetch } = useQuery(timeRequestsQuery(as, userId));
  const now = useNow();
  const steps = useRequestSteps();
  const [asked, setAsked] = useState<{ request: TimeRequest; step: "propose" | "close" } | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const focusAfter = () => heading.current?.focus();

  const open = requests.filter((request) => isOpen(request, now)).sort(byFirstTime);
  const closed = requests
    .filter((request) => !isOpen(request, now) && Date.parse(request.updated_at) > now.getTime() - 7 * DAY_MS)
    .slice(0, SHOWN_CLOSED);
  if (error && requests.length === 0) {
    return (
      <ProblemState title="We could not load the requests for other times" error={error} onRetry={refetch} />
    );
  }
  if (open.length + closed.length === 0) return null;
  return (
    <section aria-labelledby={headingId}>
      <h2 id={headingId} ref={heading} tabIndex={-1} className="mb-1 flex items-center gap-2.5 text-heading">
        {as === "mentor" ? "Asked for another time" : headingForStudent([...open, ...closed])}
        {open.length > 0 && (
          <span className="rounded-full bg-sunken px-2.5 py-0.5 text-sm font-semibold tracking-normal text-ink-soft tabular-nums">
            {open.length}
          </span>
        )}
      </h2>
      <ul className="mt-3 space-y-4">
        {[...open, ...closed].map((request) => (
          <li key={request.id}>
            <RequestCard
              request={request}
              as={as}
              timeZone={timeZone}
              now={now}
              accepting={steps.accepting}
              onAccept={async ({ id }) => {
                if (await steps.accept(request, id)) focusAfter();
              }}
              onPropose={() => setAsked({ request, step: "propose" })}
              onClose={() => setAsked({ request, step: "close" })}
            />
          </li>
        ))}
      </ul>
      {asked && (
        <Question
          {...asked}
          as={as}
          timeZone={timeZone}
          steps={steps}
          onClose={() => setAsked(null)}
          focusAfter={focusAfter}
        />
      )}
    </section>
  );
}

/** A mentor may have answered a booking request with other times: the student did not ask for those. */
function headingForStudent(requests: readonly TimeRequest[]): string {
  return requests.every(({ replaces_booking_id }) => replaces_booking_id === null)
    ? "Other times you asked for"
    : "Other times";
}

/** As their first proposed times follow one another. */
function byFirstTime(one: TimeRequest, other: TimeRequest): number {
  const first = (request: TimeRequest) =>
    Math.min(...standingProposals(request).map(({ starts_at }) => Date.parse(starts_at)));
  return first(one) - first(other);
}

type QuestionProps = {
  request: TimeRequest;
  step: "propose" | "close";
  as: BookingRole;
  timeZone: string;
  steps: ReturnType<typeof useRequestSteps>;
  onClose: () => void;
  focusAfter: () => void;
};

function Question({ request, step, as, timeZone, steps, ...dialog }: QuestionProps) {
  const other = firstName(as === "mentor" ? request.user_name : request.mentor.full_name);
  if (step === "propose") {
    const otherTimeZone = as === "mentor" ? request.student_timezone : request.mentor_timezone;
    return (
      <ProposeDialog
        {...dialog}
        clocks={{ timeZone, otherTimeZone, otherName: other }}
        onPropose={async (startsAt) => {
          await steps.propose(request, startsAt);
          toast.success(`${other} is told of your times.`);
        }}
      />
    );
  }
  if (as === "student") {
    return (
      <ConfirmDialog
        {...dialog}
        title="Take this request back?"
        confirmWords="Take it back"
        keepWords="Keep the request"
        onConfirm={() => steps.withdraw(request)}
      >
        <p>{other} will no longer be able to accept one of the times. You can ask again.</p>
      </ConfirmDialog>
    );
  }
  return (
    <ReasonDialog
      {...dialog}
      title="Decline this request?"
      recipient={other}
      keepWords="Keep the request"
      confirmWords="Decline request"
      onConfirm={(reason) => steps.decline(request, reason)}
    >
      <p>
        <bdi>{request.user_name}</bdi> asks for another time for {request.service_title}.
      </p>
    </ReasonDialog>
  );
}
