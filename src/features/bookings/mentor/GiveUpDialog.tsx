import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { firstName } from "@/lib/words.ts";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import type { SessionStep } from "./useSessionSteps.ts";

type GiveUpDialogProps = {
  step: SessionStep;
  timeZone: string;
  onClose: () => void;
  onConfirm: (reason: string) => Promise<void>;
  focusAfter: () => void;
};

/** The mentor declines a request or cancels a session, with words for the student. */
export function GiveUpDialog({ step, timeZone, onClose, onConfirm, focusAfter }: GiveUpDialogProps) {
  const { booking, action } = step;
  const student = firstName(booking.user_name);
  const isRequest = action === "decline";
  return (
    <ReasonDialog
      title={isRequest ? "Decline this request?" : "Cancel this session?"}
      recipient={student}
      keepWords={isRequest ? "Keep the request" : "Keep the session"}
      confirmWords={isRequest ? "Decline request" : "Cancel session"}
      onClose={onClose}
      onConfirm={onConfirm}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {booking.service_title} with <bdi>{booking.user_name}</bdi>
      </p>
      <SessionTimes
        booking={booking}
        timeZone={timeZone}
        other={{ timeZone: booking.student_timezone, name: student }}
      />
      <p className="mt-3 text-ink-soft">The time becomes free for others at once. This cannot be undone.</p>
    </ReasonDialog>
  );
}
