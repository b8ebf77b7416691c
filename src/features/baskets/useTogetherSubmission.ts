import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { CreateBasket } from "#contract/baskets.ts";
import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { decimalOf, type Money } from "#rules/money.ts";
import { sentTogether } from "#words/baskets.ts";
import { useMe } from "@/features/accounts/me.ts";
import { askedContact } from "@/features/book/askedContact.ts";
import type { Together } from "@/features/book/bookingStep.ts";
import { pageAfter } from "@/features/book/sendBooking.ts";
import { useAttemptKey } from "@/features/book/useAttemptKey.ts";
import type { BookingAddress } from "@/features/book/useBookingAddress.ts";
import type { BookingDetails } from "@/features/book/useBookingDraft.ts";
import { ApiProblem } from "@/lib/api.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { toast } from "@/lib/toast.ts";
import { refusedOf } from "./refusedSessions.ts";

/** What is said once, about all sessions. */
export type TogetherRequest = Omit<CreateBasket, "slots">;

/** What is sent. */
export type PreparedBooking = {
  body: object;
  /** Books the sessions and returns them in the order of their starts. @throws ApiProblem */
  book: (idempotencyKey: string) => Promise<Booking[]>;
};

type Sending = {
  mentor: Mentor;
  aside: Together;
  address: BookingAddress;
  timeZone: string;
  /** How many sessions there are now. */
  many: number;
  isShown: boolean;
  prepare: (request: TogetherRequest, details: BookingDetails) => PreparedBooking;
  /** Some of the sessions cannot be booked any more. */
  onRefused: (problem: ApiProblem) => void;
  onBooked: () => void;
};

type Attempt = { details: BookingDetails; total: Money };

/** Sends several sessions at once, and goes on to their payment or to what was booked. */
export function useTogetherSubmission(sending: Sending) {
  const { mentor, aside, address, timeZone, many, isShown, prepare, onRefused, onBooked } = sending;
  const [isSubmitting, setIsSubmitting] = useState(false);
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const attemptKey = useAttemptKey();
  /** The last one, and whether it waits for the student to sign in. */
  const last = useRef<{ attempt: Attempt; many: number; waits: boolean } | null>(null);
  const isSignedOut = me === null;

  const submit = async (attempt: Attempt) => {
    last.current = { attempt, many, waits: false };
    if (isSignedOut) return address.goForward("account", aside);
    setRefusal(null);
    setIsSubmitting(true);
    const { body, book } = prepare(requestOf(mentor, timeZone, attempt), attempt.details);
    try {
      const bookings = await book(attemptKey.keyFor(body));
      const first = bookings.find(({ awaits_payment }) => awaits_payment) ?? bookings[0]!;
      for (const booking of bookings) queryClient.setQueryData(queryKeys.booking(booking.id), booking);
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
      void queryClient.invalidateQueries({ queryKey: queryKeys.bookings, refetchType: "none" });
      if (!first.awaits_payment) toast.success(sentenceFor(bookings));
      onBooked();
      address.leave(pageAfter(first));
    } catch (problem) {
      setIsSubmitting(false);
      if (!(problem instanceof ApiProblem)) throw problem;
      if (!problem.isTemporary) attemptKey.reset();
      if (problem.code === "unauthenticated") {
        queryClient.setQueryData(queryKeys.me, tabPerson.meet(null));
        return address.goForward("account", aside);
      }
      setRefusal(problem);
      if (refusedOf(problem).length > 0) {
        void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentor.id) });
        onRefused(problem);
      } else if (["price_mismatch", "validation_failed", "service_not_found"].includes(problem.code)) {
        void queryClient.invalidateQueries({ queryKey: mentorQuery(mentor.username).queryKey });
      }
    }
  };

  useEffect(() => {
    if (!last.current?.waits || !isShown || isSignedOut) return;
    // One of them was taken meanwhile: the student has not agreed to book the others alone.
    if (last.current.many !== many) last.current.waits = false;
    else void submit(last.current.attempt);
  });
  return {
    isSubmitting,
    refusal,
    isSignedOut,
    submit,
    clearRefusal: () => setRefusal(null),
    /** Sends the last attempt again, once the details are shown to a person who is signed in. */
    submitAfterSignIn: () => {
      if (last.current) last.current.waits = true;
    },
    again: () => last.current && void submit(last.current.attempt),
  };
}

function requestOf(mentor: Mentor, timezone: string, { details, total }: Attempt): TogetherRequest {
  return {
    expert_id: mentor.id,
    timezone,
    total_amount: decimalOf(total),
    ...(details.showsName && { shows_name: true }),
    ...askedContact(details),
    ...(details.couponCode?.trim() && { coupon_code: details.couponCode.trim() }),
  };
}

function sentenceFor(bookings: readonly Booking[]): string {
  const isRequest = bookings.some(({ status }) => status === "pending");
  return sentTogether[isRequest ? "requested" : "booked"](bookings.length);
}
