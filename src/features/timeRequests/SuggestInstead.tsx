import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { formatInstant } from "#scheduling/units.ts";
import { suggestTimes } from "#words/timeRequests.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { firstName } from "@/lib/names.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { suggestInstead } from "./api.ts";
import { SuggestTimesDialog } from "./SuggestTimesDialog.tsx";

type SuggestInsteadProps = {
  booking: Booking;
  timeZone: string;
  onClose: () => void;
  focusAfter: () => void;
};

/** Answers a booking request with other times. */
export function SuggestInstead({ booking, timeZone, onClose, focusAfter }: SuggestInsteadProps) {
  const queryClient = useQueryClient();
  const changes = useMentorChanges();
  const student = firstName(booking.user_name);
  return (
    <SuggestTimesDialog
      clocks={{ timeZone, otherTimeZone: booking.student_timezone, otherName: student }}
      withMessage
      note={suggestTimes.released}
      onClose={onClose}
      focusAfter={focusAfter}
      onSuggest={async (starts, message) => {
        await refreshIfRefused(
          suggestInstead(booking.id, { starts_at: starts.map(formatInstant), ...(message && { message }) }),
          () => changes.sessionsChanged(booking.expert_id),
        );
        void queryClient.invalidateQueries({ queryKey: inboxKeys.requests });
        await changes.sessionsChanged(booking.expert_id);
        toast.success(suggestTimes.sent(student));
      }}
    />
  );
}
