import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingReview } from "#contract/reviews.ts";
import { windowDays } from "#rules/windows.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { dropReview, reviewKeys } from "./queries.ts";
import { ReviewForm } from "./ReviewForm.tsx";
import { ReviewItem } from "./ReviewItem.tsx";

type OwnReviewProps = { booking: Booking; review: BookingReview | null; mentorName: string };

/** What the student wrote or may write. */
export function OwnReview({ booking, review, mentorName }: OwnReviewProps) {
  const now = useNow();
  const queryClient = useQueryClient();
  const [isEditing, setIsEditing] = useState(false);
  const [isDropping, setIsDropping] = useState(false);
  const renew = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: queryKeys.booking(booking.id) }),
      queryClient.invalidateQueries({ queryKey: reviewKeys.all }),
      queryClient.invalidateQueries({ queryKey: queryKeys.mentors }),
      queryClient.invalidateQueries({ queryKey: queryKeys.mentor(booking.mentor.username) }),
    ]);

  if (review === null || isEditing) {
    return (
      <ReviewForm
        bookingId={booking.id}
        review={review}
        mentorName={mentorName}
        onSaved={async () => {
          await renew();
          setIsEditing(false);
        }}
        onStale={renew}
        onCancel={review ? () => setIsEditing(false) : null}
      />
    );
  }
  const mayEdit = Date.parse(review.editable_until) > now.getTime();
  return (
    <ReviewItem review={review} mentorName={mentorName}>
      <p className="text-sm text-ink-soft">
        Others read it under the name <bdi>{review.author}</bdi>
      </p>
      <div className="flex flex-wrap gap-2">
        {mayEdit && (
          <Button variant="secondary" size="sm" onClick={() => setIsEditing(true)}>
            Change it
          </Button>
        )}
        <Button variant="ghost" size="sm" onClick={() => setIsDropping(true)}>
          Take it back
        </Button>
      </div>
      {isDropping && (
        <ConfirmDialog
          title="Take your review back?"
          confirmWords="Take it back"
          keepWords="Keep it"
          onClose={() => setIsDropping(false)}
          onConfirm={async () => {
            await dropReview(booking.id);
            await renew();
            toast.success("Your review was taken back.");
          }}
        >
          <p>
            Your stars, your words and <bdi>{mentorName}</bdi>’s answer are removed. You may write another one
            for {windowDays("reviewChange")} days from when you wrote the first.
          </p>
        </ConfirmDialog>
      )}
    </ReviewItem>
  );
}
