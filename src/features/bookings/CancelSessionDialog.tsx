import type { Booking } from "#contract/bookings.ts";
import { toast } from "@/lib/toast.ts";
import { firstName } from "@/lib/words.ts";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { SessionTimes } from "./SessionTimes.tsx";
import { useCancelSession } from "./useCancelSession.ts";

type CancelSessionDialogProps = {
  booking: Booking;
  /** Of a signed link, for somebody who is not signed in. */
  token?: string | undefined;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** The student gives up a session or takes a request back. */
export function CancelSessionDialog(props: CancelSessionDialogProps) {
  const { booking, token, timeZone, onClose, focusAfter } = props;
  const mentor = firstName(booking.mentor.full_name);
  const isRequest = booking.status === "pending";

  const cancelSession = useCancelSession(
    { bookingId: booking.id, ...(token && { token }) },
    booking.expert_id,
  );

  const cancel = async (reason: string) => {
    await cancelSession(reason);
    toast.success(isRequest ? "Your request is withdrawn." : "Your session is cancelled.", {
      description: `${mentor}'s time is free again.`,
    });
  };

  return (
    <ReasonDialog
      title={isRequest ? "Withdraw this request?" : "Cancel this session?"}
      recipient={mentor}
      keepWords={isRequest ? "Keep the request" : "Keep the session"}
      confirmWords={isRequest ? "Withdraw request" : "Cancel session"}
      onClose={onClose}
      onConfirm={cancel}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {booking.service_title} with <bdi>{booking.mentor.full_name}</bdi>
      </p>
      <SessionTimes
        booking={booking}
        timeZone={timeZone}
        other={{ timeZone: booking.mentor_timezone, name: mentor }}
      />
      <p className="mt-3 text-ink-soft">The time becomes free for others at once. This cannot be undone.</p>
    </ReasonDialog>
  );
}
