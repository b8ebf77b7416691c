import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { sessionPage } from "#words/sessionPage.ts";
import { sideOf } from "@/features/bookings/sessionSide.ts";
import { sessionReviewQuery } from "@/features/reviews/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import type { SessionAccess } from "@/lib/sessionAccess.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { sessionQuery } from "./queries.ts";
import { SessionView } from "./SessionView.tsx";

type SessionLoaderProps = {
  access: SessionAccess;
  roleIn: (booking: Booking) => BookingRole;
  /** Shown if the session does not exist or is not visible to this person. */
  missing: ReactNode;
};

/** Loads a session by login or by signed link, and shows it. */
export function SessionLoader({ access, roleIn, missing }: SessionLoaderProps) {
  const timeZone = useViewerTimeZone();
  const { data: booking, error, isPending, refetch } = useQuery(sessionQuery(access));
  const wasShown = useRef(false);
  // Loaded with the session, or the review would push down everything below it.
  const hasReview = booking?.status === "completed" && !access.token;
  const review = useQuery({ ...sessionReviewQuery(access.bookingId), enabled: hasReview });
  // A session that is completed while it is shown stays on the screen.
  if (isPending || (hasReview && review.isPending && !wasShown.current)) return <PageLoading />;
  wasShown.current ||= booking !== undefined;
  // The link has expired, or the session belongs to another account: stale data must not stay on the screen.
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 401)) return missing;
  if (booking) return <SessionView side={sideOf(booking, roleIn(booking), access, timeZone)} />;
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={sessionPage.title} />
      {error && <ProblemState title={sessionPage.failed} error={error} onRetry={refetch} />}
    </div>
  );
}
