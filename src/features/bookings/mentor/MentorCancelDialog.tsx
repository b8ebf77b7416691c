import { bookedWith, cancelConsequence, cancelDialogs } from "#words/sessions.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { firstName } from "@/lib/names.ts";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { SessionStep } from "./useSessionSteps.ts";

type MentorCancelDialogProps = {
  step: SessionStep;
  timeZone: string;
  onClose: () => void;
  onConfirm: (reason: string) => Promise<void>;
  focusAfter: () => void;
};

/** The mentor cancels a session or declines a request. */
export function MentorCancelDialog(props: MentorCancelDialogProps) {
  const { step, timeZone, onClose, onConfirm, focusAfter } = props;
  const { booking, action } = step;
  const student = firstName(booking.user_name);
  const { title, keep, confirm } = cancelDialogs[action === "decline" ? "decline" : "cancel"];
  return (
    <ReasonDialog
      title={title}
      recipient={student}
      keepLabel={keep}
      confirmLabel={confirm}
      onClose={onClose}
      onConfirm={onConfirm}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {withElements(bookedWith, { service: booking.service_title, other: <bdi>{booking.user_name}</bdi> })}
      </p>
      <SessionTimes
        booking={booking}
        timeZone={timeZone}
        other={{ timeZone: booking.student_timezone, name: student }}
      />
      <p className="mt-3 text-ink-soft">{cancelConsequence}</p>
    </ReasonDialog>
  );
}
