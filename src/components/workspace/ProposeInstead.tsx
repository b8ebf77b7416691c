import { useQueryClient } from "@tanstack/react-query";
import { ProposeDialog } from "@/components/requests/ProposeDialog";
import { ApiProblem } from "@/lib/api";
import { inboxKeys } from "@/lib/inboxQueries";
import { toast } from "@/lib/toast";
import { firstName } from "@/lib/words";
import { proposeInstead } from "@/services/requestService";
import type { Booking } from "../../../contract/bookings";
import { useMentorAccount } from "./useMentorAccount";

type ProposeInsteadProps = {
  booking: Booking;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** The mentor answers a booking request with other times. */
export function ProposeInstead({ booking, timeZone, onClose, focusAfter }: ProposeInsteadProps) {
  const queryClient = useQueryClient();
  const account = useMentorAccount();
  const student = firstName(booking.user_name);
  return (
    <ProposeDialog
      clocks={{ timeZone, otherTimeZone: booking.student_timezone, otherName: student }}
      withWords
      note="The time of the request becomes free at once."
      onClose={onClose}
      focusAfter={focusAfter}
      onPropose={async (startsAt, words) => {
        try {
          await proposeInstead(booking.id, { starts_at: startsAt, ...(words && { message: words }) });
        } catch (thrown) {
          // The request may have moved on in the meantime: the list then shows how.
          if (thrown instanceof ApiProblem && thrown.status === 409)
            void account.sessionsChanged(booking.expert_id);
          throw thrown;
        }
        void queryClient.invalidateQueries({ queryKey: inboxKeys.requests });
        await account.sessionsChanged(booking.expert_id);
        toast.success(`${student} is told of your times.`);
      }}
    />
  );
}
