import { useEffect, useRef } from "react";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import type { BookingStep } from "./bookingStep.ts";
import { detailsOf, type useBookingDraft } from "./useBookingDraft.ts";
import type { useBookingSubmission } from "./useBookingSubmission.ts";

type Parts = {
  step: BookingStep;
  draft: ReturnType<typeof useBookingDraft>;
  submission: ReturnType<typeof useBookingSubmission>;
};

/**
 * Books by itself what somebody confirmed before signing in, once the details are on the screen again: whatever comes of
 * it is then said where it belongs. Answers the function that asks for it.
 */
export function useFinishOnceSignedIn({ step, draft, submission }: Parts): () => void {
  const isWanted = useRef(false);
  const timeZone = useViewerTimeZone();
  useEffect(() => {
    if (!isWanted.current || step.name !== "details" || submission.isSignedOut) return;
    isWanted.current = false;
    const { choice, startsAt } = step;
    void submission.submit({ choice, startsAt, timeZone, details: detailsOf(draft.draft) });
  });
  return () => {
    isWanted.current = true;
  };
}
