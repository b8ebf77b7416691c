import type { Booking } from "#contract/bookings.ts";
import { bookedWith, cancelConsequence, cancelDialogs, notified, stepsDone } from "#words/sessions.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { SeriesCancelDialog } from "@/features/bookings/series/SeriesCancelDialog.tsx";
import { useCancelSession } from "@/features/bookings/useCancelSession.ts";
import { CancelRefund } from "@/features/payments/CancelRefund.tsx";
import { firstName } from "@/lib/names.ts";
import { toast } from "@/lib/toast.ts";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { withElements } from "@/ui/withElements.tsx";

type StudentCancelDialogProps = {
  booking: Booking;
  /** Of a signed link, for a visitor without a login. */
  token?: string | undefined;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** The student cancels a session or withdraws a request; of a series also the later ones. */
export function StudentCancelDialog(props: StudentCancelDialogProps) {
  const { series_id: seriesId } = props.booking;
  // A signed link is that of one session.
  if (seriesId !== null && !props.token)
    return <SeriesCancelDialog {...props} seriesId={seriesId} as="student" />;
  return <OneCancelDialog {...props} />;
}

function OneCancelDialog(props: StudentCancelDialogProps) {
  const { booking, token, timeZone, onClose, focusAfter } = props;
  const mentor = firstName(booking.mentor.full_name);
  const action = booking.status === "pending" ? "withdraw" : "cancel";
  const { title, keep, confirm } = cancelDialogs[action];

  const access = { bookingId: booking.id, ...(token && { token }) };
  const cancelSession = useCancelSession(access, booking.expert_id);

  const cancel = async (reason: string) => {
    await cancelSession(reason);
    toast.success(stepsDone[action](mentor), { description: notified(mentor) });
  };

  return (
    <ReasonDialog
      title={title}
      recipient={mentor}
      keepLabel={keep}
      confirmLabel={confirm}
      onClose={onClose}
      onConfirm={cancel}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {withElements(bookedWith, {
          service: booking.service_title,
          other: <bdi>{booking.mentor.full_name}</bdi>,
        })}
      </p>
      <SessionTimes
        booking={booking}
        timeZone={timeZone}
        other={{ timeZone: booking.mentor_timezone, name: mentor }}
      />
      <CancelRefund booking={booking} access={access} />
      <p className="mt-3 text-ink-soft">{cancelConsequence}</p>
    </ReasonDialog>
  );
}
