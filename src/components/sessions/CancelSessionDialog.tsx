import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { queryKeys } from "@/lib/queries";
import { firstName } from "@/lib/words";
import { cancelBooking } from "@/services/bookingService";
import type { Booking } from "../../../contract/bookings";
import { ReasonDialog } from "./ReasonDialog";
import { SessionTimes } from "./SessionTimes";

type CancelSessionDialogProps = {
  booking: Booking;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** The student gives up a session or takes a request back. */
export function CancelSessionDialog({ booking, timeZone, onClose, focusAfter }: CancelSessionDialogProps) {
  const queryClient = useQueryClient();
  const mentor = firstName(booking.mentor.full_name);
  const isRequest = booking.status === "pending";

  const cancel = async (reason: string) => {
    const result = await cancelBooking(booking.id, reason);
    if (!result.success) {
      // It may have moved on in the meantime: the list then shows how.
      if (result.problem.status === 409) void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      throw result.problem;
    }
    queryClient.setQueryData(queryKeys.booking(booking.id), result.data);
    await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(booking.expert_id) });
    toast.success(isRequest ? "Your request is withdrawn." : "Your session is cancelled.", {
      description: `${mentor}'s time is free again.`,
    });
  };

  return (
    <ReasonDialog
      title={isRequest ? "Withdraw this request?" : "Cancel this session?"}
      reasonLabel={`A few words for ${mentor}`}
      reasonHint={`${mentor} will read this.`}
      keepWords={isRequest ? "Keep the request" : "Keep the session"}
      confirmWords={isRequest ? "Withdraw request" : "Cancel session"}
      onClose={onClose}
      onConfirm={cancel}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {booking.service_title} with {booking.mentor.full_name}
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
