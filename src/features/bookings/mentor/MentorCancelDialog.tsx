import { bookedWith, cancelConsequence, cancelDialogs } from "#words/sessions.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { SeriesCancelDialog } from "@/features/bookings/series/SeriesCancelDialog.tsx";
import { firstName } from "@/lib/names.ts";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { SessionStep } from "./useSessionSteps.ts";

type MentorCancelDialogProps = {
  step: SessionStep;
  /** A signed link, which is that of one session. */
  isByLink?: boolean;
  timeZone: string;
  onClose: () => void;
  onConfirm: (reason: string) => Promise<void>;
  focusAfter: () => void;
};

/** The mentor cancels a session or declines a request; of a series also the later ones. */
export function MentorCancelDialog(props: MentorCancelDialogProps) {
  const { booking } = props.step;
  if (booking.series_id !== null && !props.isByLink)
    return <SeriesCancelDialog {...props} booking={booking} seriesId={booking.series_id} as="mentor" />;
  return <OneCancelDialog {...props} />;
}

function OneCancelDialog(props: MentorCancelDialogProps) {
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
