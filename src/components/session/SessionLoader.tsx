import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { PageHeading } from "@/components/layout/PageHeading";
import { PageLoading } from "@/components/layout/PageLoading";
import { ProblemState } from "@/components/ui/ProblemState";
import { ApiProblem } from "@/lib/api";
import { sessionReviewQuery } from "@/lib/reviewQueries";
import { sessionQuery } from "@/lib/sessionQueries";
import { useViewerTimeZone } from "@/lib/viewerTimeZone";
import type { SessionAccess } from "@/services/sessionService";
import type { Booking } from "../../../contract/bookings";
import type { BookingRole } from "../../../scheduling/bookingState";
import { SessionView } from "./SessionView";
import { sideOf } from "./sessionSide";

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
