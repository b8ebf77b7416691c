import { CancelSessionDialog } from "@/features/bookings/CancelSessionDialog.tsx";
import { GiveUpDialog } from "@/features/bookings/mentor/GiveUpDialog.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { useCancelSession } from "@/features/bookings/useCancelSession.ts";
import { toast } from "@/lib/toast.ts";

type GiveUpProps = { side: SessionSide; onClose: () => void; focusAfter: () => void };

/** Asks before a session is given up, in the words of the side that gives it up. */
export function GiveUp({ side, onClose, focusAfter }: GiveUpProps) {
  const { booking, access, timeZone, other } = side;
  const cancel = useCancelSession(access, booking.expert_id);
  if (side.role === "student") {
    return (
      <CancelSessionDialog
        booking={booking}
        token={access.token}
        timeZone={timeZone}
        onClose={onClose}
        focusAfter={focusAfter}
      />
    );
  }
  return (
    <GiveUpDialog
      step={{ booking, action: booking.status === "pending" ? "decline" : "cancel" }}
      timeZone={timeZone}
      onClose={onClose}
      onConfirm={async (reason) => {
        await cancel(reason);
        toast.success(`${other.name} is told, and the time is free again.`);
      }}
      focusAfter={focusAfter}
    />
  );
}
