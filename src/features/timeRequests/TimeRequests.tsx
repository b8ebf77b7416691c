import { useQuery } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import type { TimeRequest } from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { declineRequest, suggestTimes, withdrawRequest, timeRequests as words } from "#words/timeRequests.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { toast } from "@/lib/toast.ts";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { timeRequestsQuery } from "./queries.ts";
import { RequestCard } from "./RequestCard.tsx";
import { SuggestTimesDialog } from "./SuggestTimesDialog.tsx";
import { currentProposals, isOpen } from "./timeRequestState.ts";
import { useRequestSteps } from "./useRequestSteps.ts";

type TimeRequestsProps = { as: BookingRole; userId: string; timeZone: string };

/** How many closed requests are shown. */
const SHOWN_CLOSED = 3;

/** Open requests for other times and recently closed ones. Renders nothing when there are none. */
export function TimeRequests({ as, userId, timeZone }: TimeRequestsProps) {
  const { data: requests = [], error, refetch } = useQuery(timeRequestsQuery(as, userId));
  const now = useNow();
  const steps = useRequestSteps();
  const [confirming, setConfirming] = useState<{ request: TimeRequest; step: "suggest" | "close" } | null>(
    null,
  );
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const focusAfter = () => heading.current?.focus();

  const open = requests.filter((request) => isOpen(request, now)).sort(byFirstTime);
  const closed = requests
    .filter((request) => !isOpen(request, now) && Date.parse(request.updated_at) > now.getTime() - 7 * DAY_MS)
    .slice(0, SHOWN_CLOSED);
  if (error && requests.length === 0) {
    return <ProblemState title={words.failed} error={error} onRetry={refetch} />;
  }
  if (open.length + closed.length === 0) return null;
  return (
    <section aria-labelledby={headingId}>
      <h2 id={headingId} ref={heading} tabIndex={-1} className="mb-1 flex items-center gap-2.5 text-heading">
        {as === "mentor" ? words.ofMentor : headingForStudent([...open, ...closed])}
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
              onSuggest={() => setConfirming({ request, step: "suggest" })}
              onClose={() => setConfirming({ request, step: "close" })}
            />
          </li>
        ))}
      </ul>
      {confirming && (
        <StepDialog
          {...confirming}
          as={as}
          timeZone={timeZone}
          steps={steps}
          onClose={() => setConfirming(null)}
          focusAfter={focusAfter}
        />
      )}
    </section>
  );
}

/** Tells requests of the student from times with which a mentor answered a booking request. */
function headingForStudent(requests: readonly TimeRequest[]): string {
  return requests.every(({ replaces_booking_id }) => replaces_booking_id === null)
    ? words.ofStudent
    : words.suggested;
}

/** By the first suggested time of each. */
function byFirstTime(one: TimeRequest, other: TimeRequest): number {
  const first = (request: TimeRequest) =>
    Math.min(...currentProposals(request).map(({ starts_at }) => Date.parse(starts_at)));
  return first(one) - first(other);
}

type StepDialogProps = {
  request: TimeRequest;
  step: "suggest" | "close";
  as: BookingRole;
  timeZone: string;
  steps: ReturnType<typeof useRequestSteps>;
  onClose: () => void;
  focusAfter: () => void;
};

function StepDialog({ request, step, as, timeZone, steps, ...dialog }: StepDialogProps) {
  const other = firstName(as === "mentor" ? request.user_name : request.mentor.full_name);
  if (step === "suggest") {
    const otherTimeZone = as === "mentor" ? request.student_timezone : request.mentor_timezone;
    return (
      <SuggestTimesDialog
        {...dialog}
        clocks={{ timeZone, otherTimeZone, otherName: other }}
        onSuggest={async (starts) => {
          await steps.suggest(request, starts);
          toast.success(suggestTimes.sent(other));
        }}
      />
    );
  }
  if (as === "student") {
    return (
      <ConfirmDialog
        {...dialog}
        title={withdrawRequest.title}
        confirmLabel={withdrawRequest.confirm}
        keepLabel={withdrawRequest.keep}
        onConfirm={() => steps.withdraw(request)}
      >
        <p>{withdrawRequest.lead(other)}</p>
      </ConfirmDialog>
    );
  }
  return (
    <ReasonDialog
      {...dialog}
      title={declineRequest.title}
      recipient={other}
      keepLabel={declineRequest.keep}
      confirmLabel={declineRequest.confirm}
      onConfirm={(reason) => steps.decline(request, reason)}
    >
      <p>
        {withElements((parts) => declineRequest.lead({ service: request.service_title, ...parts }), {
          student: <bdi>{request.user_name}</bdi>,
        })}
      </p>
    </ReasonDialog>
  );
}
