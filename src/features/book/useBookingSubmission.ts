import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { useMe } from "@/features/accounts/me.ts";
import { ApiProblem } from "@/lib/api.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { loadSendBooking } from "./lazySteps.ts";
import type { Submission } from "./sendBooking.ts";
import { useAttemptKey } from "./useAttemptKey.ts";
import type { BookingAddress } from "./useBookingAddress.ts";

/** How to leave a booking, for good or to sign in, and how to go back to its times. */
export type BookingPlace = Pick<BookingAddress, "here" | "leave" | "leaveTemporarily" | "goBack">;

/** Sends a booking and reports the result. `refusal` is the problem of the last attempt. */
export function useBookingSubmission(
  mentor: Mentor,
  address: BookingPlace,
  clearDraft: () => void,
  askToSignIn = () => address.leaveTemporarily(paths.signIn(address.here)),
) {
  const [isSubmitting, setIsSubmitting] = useState(false);
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const [refusedAt, setRefusedAt] = useState<EpochMs | null>(null);
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const attemptKey = useAttemptKey();

  const clearRefusal = () => {
    setRefusal(null);
    setRefusedAt(null);
  };

  const submit = async (submission: Submission) => {
    if (me === null) return askToSignIn();
    clearRefusal();
    setIsSubmitting(true);
    const { choice, details } = submission;
    const addRecording = details.addRecording && choice.service.recording_price !== null;
    const { sendBooking, pageAfter } = await loadSendBooking();
    const sent = await sendBooking(
      mentor,
      { ...submission, details: { ...details, addRecording } },
      attemptKey.keyFor,
    );
    if (!(sent instanceof ApiProblem)) {
      queryClient.setQueryData(queryKeys.booking(sent.id), sent);
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
      void queryClient.invalidateQueries({ queryKey: queryKeys.bookings, refetchType: "none" });
      clearDraft();
      address.leave(pageAfter(sent));
      return;
    }
    // Stays true after a success, or the new booking itself would make the time look taken.
    setIsSubmitting(false);
    if (!sent.isTemporary) attemptKey.reset();
    if (sent.code === "unauthenticated") {
      queryClient.setQueryData(queryKeys.me, tabPerson.meet(null));
      return askToSignIn();
    }
    setRefusal(sent);
    setRefusedAt(isSlotRefusal(sent) ? submission.startsAt : null);
    if (isSlotRefusal(sent)) {
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
      address.goBack("time");
    } else if (["price_mismatch", "validation_failed", "service_not_found"].includes(sent.code)) {
      // The price or the offer has changed.
      void queryClient.invalidateQueries({ queryKey: mentorQuery(mentor.username).queryKey });
    }
  };

  return { isSubmitting, refusal, refusedAt, submit, clearRefusal, isSignedOut: me === null };
}

/** Whether the chosen time is taken or no longer offered. */
export function isSlotRefusal(problem: ApiProblem | null): boolean {
  return problem?.code === "slot_taken" || problem?.code === "slot_unavailable";
}
