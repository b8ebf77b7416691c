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
 * Submits a booking that was confirmed before signing in, once the details are shown again, because they show the result.
 * Returns the function that requests it.
 */
export function useSubmitAfterSignIn({ step, draft, submission }: Parts): () => void {
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
