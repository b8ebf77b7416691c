import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { useMe } from "@/features/accounts/me.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { newIdempotencyKey } from "@/lib/idempotencyKey.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { wallClock } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { type CreateBookingData, createBooking } from "@/services/bookingService.ts";
import { type Choice, priceOf } from "./bookingStep.ts";
import type { BookingAddress } from "./useBookingAddress.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

export type Submission = { choice: Choice; startsAt: string; timeZone: string; details: BookingDetails };

/** Where a booking stands in the app: how to leave it for good or for signing in, and how to go back to its times. */
export type BookingPlace = Pick<BookingAddress, "here" | "leave" | "leaveForNow" | "goBack">;

/** Sends a booking and says what became of it. `refusal` is the last answer that was no booking. */
export function useBookingSubmission(
  mentor: Mentor,
  address: BookingPlace,
  clearDraft: () => void,
  askToSignIn = () => address.leaveForNow(paths.signIn(address.here)),
) {
  const [isSubmitting, setIsSubmitting] = useState(false);
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const [refusedAt, setRefusedAt] = useState<string | null>(null);
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const keyFor = useAttemptKey();

  const forgetRefusal = () => {
    setRefusal(null);
    setRefusedAt(null);
  };

  const submit = async (submission: Submission) => {
    if (me === null) return askToSignIn();
    forgetRefusal();
    setIsSubmitting(true);
    // Date and time have to be the server's: it compares them with the instant.
    await needZones([submission.timeZone]);
    const data = bookingData(mentor, submission, refusal);
    const result = await createBooking(data, { idempotencyKey: keyFor.same(data) });
    if (result.success) {
      queryClient.setQueryData(queryKeys.booking(result.data.id), result.data);
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
      void queryClient.invalidateQueries({ queryKey: queryKeys.bookings, refetchType: "none" });
      clearDraft();
      toast.success(result.data.status === "pending" ? "Request sent" : "Booking created successfully!");
      address.leave(paths.bookingSuccess(result.data.id));
      return;
    }
    // Not after a success: until the page is left, one's own booking has taken the time.
    setIsSubmitting(false);
    const { problem } = result;
    if (!problem.isTemporary) keyFor.forget();
    if (problem.code === "unauthenticated") {
      // The session has ended: the way to sign in says so itself.
      queryClient.setQueryData(queryKeys.me, tabPerson.meet(null));
      return askToSignIn();
    }
    toast.error(result.error, { description: result.message });
    setRefusal(problem);
    setRefusedAt(isSlotRefusal(problem) ? submission.startsAt : null);
    if (isSlotRefusal(problem)) {
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
      address.goBack("time");
    } else if (["price_mismatch", "validation_failed", "service_not_found"].includes(problem.code)) {
      // Another price, or no longer on offer.
      void queryClient.invalidateQueries({ queryKey: mentorQuery(mentor.username).queryKey });
    }
  };

  return { isSubmitting, refusal, refusedAt, submit, forgetRefusal, isSignedOut: me === null };
}

/** The chosen time is gone: somebody took it, or the mentor no longer offers it. */
export function isSlotRefusal(problem: ApiProblem | null): boolean {
  return problem?.code === "slot_taken" || problem?.code === "slot_unavailable";
}

/** What the person was shown as the total: the server checks it against its own. */
export function shownTotal(choice: Choice, addRecording: boolean, refusal: ApiProblem | null): number {
  return refusal?.expectedAmount ?? priceOf(choice, addRecording);
}

function bookingData(mentor: Mentor, submission: Submission, refusal: ApiProblem | null): CreateBookingData {
  const { choice, startsAt, timeZone, details } = submission;
  const { date, time } = wallClock(startsAt, timeZone);
  const addRecording = details.addRecording && choice.service.recording_price !== null;
  return {
    expert_id: mentor.id,
    session_type: choice.service.session_type,
    service_id: choice.service.id,
    scheduled_date: date,
    scheduled_time: time,
    timezone: timeZone,
    starts_at: startsAt,
    duration: choice.minutes,
    total_amount: shownTotal(choice, addRecording, refusal),
    add_recording: addRecording,
    user_name: details.name.trim(),
    user_email: details.email.trim(),
    ...(details.message.trim() && { message: details.message.trim() }),
    ...(details.phone.trim() && { user_phone: details.phone.trim() }),
  };
}

/** One Idempotency-Key for as long as the same data is tried without a final answer. */
function useAttemptKey() {
  const attempt = useRef<{ data: string; key: string } | null>(null);
  return {
    same(data: CreateBookingData): string {
      const text = JSON.stringify(data);
      if (attempt.current?.data !== text) attempt.current = { data: text, key: newIdempotencyKey() };
      return attempt.current.key;
    },
    forget() {
      attempt.current = null;
    },
  };
}
