import { notified, stepsDone } from "#words/sessions.ts";
import { MentorCancelDialog } from "@/features/bookings/mentor/MentorCancelDialog.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { StudentCancelDialog } from "@/features/bookings/student/StudentCancelDialog.tsx";
import { useCancelSession } from "@/features/bookings/useCancelSession.ts";
import { toast } from "@/lib/toast.ts";

type CancelDialogProps = { side: SessionSide; onClose: () => void; focusAfter: () => void };

/** Asks before a session is cancelled, for the side that cancels it. */
export function CancelDialog({ side, onClose, focusAfter }: CancelDialogProps) {
  const { booking, access, timeZone, other } = side;
  const cancel = useCancelSession(access, booking.expert_id);
  if (side.role === "student") {
    return (
      <StudentCancelDialog
        booking={booking}
        token={access.token}
        timeZone={timeZone}
        onClose={onClose}
        focusAfter={focusAfter}
      />
    );
  }
  const action = booking.status === "pending" ? "decline" : "cancel";
  return (
    <MentorCancelDialog
      step={{ booking, action }}
      isByLink={access.token !== undefined}
      timeZone={timeZone}
      onClose={onClose}
      onConfirm={async (reason) => {
        await cancel(reason);
        toast.success(stepsDone[action](other.name), { description: notified(other.name) });
      }}
      focusAfter={focusAfter}
    />
  );
}
