import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { decimalOf, type Money } from "#rules/money.ts";
import { type EpochMs, formatInstant } from "#scheduling/units.ts";
import { bookingSent } from "#words/book.ts";
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
import { type Choice, totalOf } from "./bookingStep.ts";
import type { BookingAddress } from "./useBookingAddress.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

export type Submission = { choice: Choice; startsAt: EpochMs; timeZone: string; details: BookingDetails };

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
    // The server compares date and time with the instant, so they must follow its zone rules.
    await needZones([submission.timeZone]);
    const data = bookingData(mentor, submission, refusal);
    const result = await createBooking(data, { idempotencyKey: attemptKey.keyFor(data) });
    if (result.success) {
      queryClient.setQueryData(queryKeys.booking(result.data.id), result.data);
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
      void queryClient.invalidateQueries({ queryKey: queryKeys.bookings, refetchType: "none" });
      clearDraft();
      toast.success(result.data.status === "pending" ? bookingSent.request : bookingSent.booking);
      address.leave(paths.bookingSuccess(result.data.id));
      return;
    }
    // Stays true after a success, or the new booking itself would make the time look taken.
    setIsSubmitting(false);
    const { problem } = result;
    if (!problem.isTemporary) attemptKey.reset();
    if (problem.code === "unauthenticated") {
      // The sign-in expired, which the next step explains.
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

/** The total on the page, which the server compares with its own. */
export function shownTotal(choice: Choice, addRecording: boolean, refusal: ApiProblem | null): Money {
  return refusal?.expectedPrice ?? totalOf(choice, addRecording);
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
    starts_at: formatInstant(startsAt),
    duration: choice.minutes,
    total_amount: decimalOf(shownTotal(choice, addRecording, refusal)),
    add_recording: addRecording,
    user_name: details.name.trim(),
    user_email: details.email.trim(),
    ...(details.message.trim() && { message: details.message.trim() }),
    ...(details.phone.trim() && { user_phone: details.phone.trim() }),
  };
}

/** Keeps one Idempotency-Key while the same data is retried without a final response. */
function useAttemptKey() {
  const attempt = useRef<{ data: string; key: string } | null>(null);
  return {
    keyFor(data: CreateBookingData): string {
      const text = JSON.stringify(data);
      if (attempt.current?.data !== text) attempt.current = { data: text, key: newIdempotencyKey() };
      return attempt.current.key;
    },
    reset() {
      attempt.current = null;
    },
  };
}
