import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { sideOf } from "@/features/bookings/sessionSide.ts";
import { sessionReviewQuery } from "@/features/reviews/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import type { SessionAccess } from "./api.ts";
import { sessionQuery } from "./queries.ts";
import { SessionView } from "./SessionView.tsx";

type SessionLoaderProps = {
  access: SessionAccess;
  roleIn: (booking: Booking) => BookingRole;
  /** What stands here when there is no such session for this person. */
  missing: ReactNode;
};

/** A session of somebody who may see it, however he came. */
export function SessionLoader({ access, roleIn, missing }: SessionLoaderProps) {
  const timeZone = useViewerTimeZone();
  const { data: booking, error, isPending, refetch } = useQuery(sessionQuery(access));
  const wasShown = useRef(false);
  // Known together with the session, or the review would push everything below it down when it comes.
  const hasReview = booking?.status === "completed" && !access.token;
  const review = useQuery({ ...sessionReviewQuery(access.bookingId), enabled: hasReview });
  // A session that is completed while somebody looks at it stays on the screen.
  if (isPending || (hasReview && review.isPending && !wasShown.current)) return <PageLoading />;
  wasShown.current ||= booking !== undefined;
  // A link that has ended, or a session of another account: no stale answer stays on the screen.
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 401)) return missing;
  if (booking) return <SessionView side={sideOf(booking, roleIn(booking), access, timeZone)} />;
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title="Your session" />
      {error && <ProblemState title="We could not load this session" error={error} onRetry={refetch} />}
    </div>
  );
}
