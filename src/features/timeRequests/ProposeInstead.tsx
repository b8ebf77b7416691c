import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { firstName } from "@/lib/names.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { proposeInstead } from "./api.ts";
import { ProposeDialog } from "./ProposeDialog.tsx";

type ProposeInsteadProps = {
  booking: Booking;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** The mentor answers a booking request with other times. */
export function ProposeInstead({ booking, timeZone, onClose, focusAfter }: ProposeInsteadProps) {
  const queryClient = useQueryClient();
  const account = useMentorChanges();
  const student = firstName(booking.user_name);
  return (
    <ProposeDialog
      clocks={{ timeZone, otherTimeZone: booking.student_timezone, otherName: student }}
      withWords
      note="The time of the request becomes free at once."
      onClose={onClose}
      focusAfter={focusAfter}
      onPropose={async (startsAt, words) => {
        await refreshIfRefused(
          proposeInstead(booking.id, { starts_at: startsAt, ...(words && { message: words }) }),
          () => account.sessionsChanged(booking.expert_id),
        );
        void queryClient.invalidateQueries({ queryKey: inboxKeys.requests });
        await account.sessionsChanged(booking.expert_id);
        toast.success(`${student} is told of your times.`);
      }}
    />
  );
}
