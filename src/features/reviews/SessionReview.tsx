import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { review as words } from "#words/reviewForms.ts";
import { firstName } from "@/lib/names.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Card } from "@/ui/Card.tsx";
import { Until } from "@/ui/Until.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { OwnReview } from "./OwnReview.tsx";
import { sessionReviewQuery } from "./queries.ts";
import { ReplyForm } from "./ReplyForm.tsx";
import { ReviewItem } from "./ReviewItem.tsx";

type SessionReviewProps = { booking: Booking; role: BookingRole };

/** The review of a session that took place, written by the student, with the mentor's reply. */
export function SessionReview({ booking, role }: SessionReviewProps) {
  const id = useId();
  const { data } = useQuery(sessionReviewQuery(booking.id));
  const { hash } = useLocation();
  const isLoaded = data !== undefined;
  const section = useRef<HTMLElement>(null);
  // The browser scrolled to "#review" before it was rendered.
  useEffect(() => {
    if (isLoaded && hash === "#review") section.current?.scrollIntoView();
  }, [isLoaded, hash]);
  // Nothing to show while it loads, or to the mentor before there is a review.
  if (!data || (data.review === null && !data.may_review && data.opens_at === null)) return null;
  const mentorName = firstName(booking.mentor.full_name);
  return (
    <Card className="p-4 sm:p-5">
      <section ref={section} id="review" aria-labelledby={id} className="scroll-mt-24 space-y-4">
        <h2 id={id} className="text-heading">
          {role === "student" ? words.own : words.ofStudent}
        </h2>
        {data.opens_at !== null && data.review === null && !data.may_review ? (
          <OpensLater opens_at={data.opens_at} mentorName={mentorName} />
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

function OpensLater({ opens_at, mentorName }: { opens_at: string; mentorName: string }) {
  const timeZone = useViewerTimeZone();
  return (
    <p className="text-ink-soft">
      {withElements(words.opensLater, {
        mentor: <bdi>{mentorName}</bdi>,
        opensAt: <Until instant={opens_at} timeZone={timeZone} />,
      })}
    </p>
  );
}
