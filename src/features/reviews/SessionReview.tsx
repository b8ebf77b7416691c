import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef } from "react";
import { useLocation } from "react-router";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { firstName } from "@/lib/words.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Card } from "@/ui/Card.tsx";
import { Until } from "@/ui/Until.tsx";
import { OwnReview } from "./OwnReview.tsx";
import { sessionReviewQuery } from "./queries.ts";
import { ReplyForm } from "./ReplyForm.tsx";
import { ReviewItem } from "./ReviewItem.tsx";

type SessionReviewProps = { booking: Booking; role: BookingRole };

/** The review of a session that took place: the student writes it, the mentor answers. */
export function SessionReview({ booking, role }: SessionReviewProps) {
  const id = useId();
  const { data } = useQuery(sessionReviewQuery(booking.id));
  const { hash } = useLocation();
  const isThere = data !== undefined;
  const section = useRef<HTMLElement>(null);
  // The browser looked for the address's "#review" before it was there.
  useEffect(() => {
    if (isThere && hash === "#review") section.current?.scrollIntoView();
  }, [isThere, hash]);
  // Nothing to see for the mentor before there is one, nor while nobody knows.
  if (!data || (data.review === null && !data.may_review && data.opens_at === null)) return null;
  const mentorName = firstName(booking.mentor.full_name);
  return (
    <Card className="p-4 sm:p-5">
      <section ref={section} id="review" aria-labelledby={id} className="scroll-mt-24 space-y-4">
        <h2 id={id} className="text-heading">
          {role === "student" ? "Your review" : "The student’s review"}
        </h2>
        {data.opens_at !== null && data.review === null && !data.may_review ? (
          <OpensLater opensAt={data.opens_at} mentorName={mentorName} />
        ) : role === "student" ? (
          <OwnReview
            key={data.review?.id ?? "new"}
            booking={booking}
            review={data.review}
            mentorName={mentorName}
          />
        ) : (
          data.review && (
            <ReviewItem review={data.review} mentorName={mentorName}>
              <ReplyForm review={data.review} />
            </ReviewItem>
          )
        )}
      </section>
    </Card>
  );
}

function OpensLater({ opensAt, mentorName }: { opensAt: string; mentorName: string }) {
  const timeZone = useViewerTimeZone();
  return (
    <p className="text-ink-soft">
      You can review your session with <bdi>{mentorName}</bdi> from{" "}
      <Until instant={opensAt} timeZone={timeZone} /> on. While your e-mail address is not confirmed, a review
      has to wait for one day after the session.
    </p>
  );
}
