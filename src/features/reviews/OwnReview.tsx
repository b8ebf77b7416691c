import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingReview } from "#contract/reviews.ts";
import { controls } from "#words/controls.ts";
import { deleteReview as deletion, review as words } from "#words/reviewForms.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { deleteReview, reviewKeys } from "./queries.ts";
import { ReviewForm } from "./ReviewForm.tsx";
import { ReviewItem } from "./ReviewItem.tsx";

type OwnReviewProps = { booking: Booking; review: BookingReview | null; mentorName: string };

/** The student's own review, and the form that writes it. */
export function OwnReview({ booking, review, mentorName }: OwnReviewProps) {
  const now = useNow();
  const queryClient = useQueryClient();
  const [isEditing, setIsEditing] = useState(false);
  const [isDeleting, setIsDeleting] = useState(false);
  const invalidate = () =>
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
          await invalidate();
          setIsEditing(false);
        }}
        onStale={invalidate}
        onCancel={review ? () => setIsEditing(false) : null}
      />
    );
  }
  const isEditable = Date.parse(review.editable_until) > now.getTime();
  return (
    <ReviewItem review={review} mentorName={mentorName}>
      <p className="text-sm text-ink-soft">
        {withElements(words.author, { author: <bdi>{review.author}</bdi> })}
      </p>
      <div className="flex flex-wrap gap-2">
        {isEditable && (
          <Button variant="secondary" size="sm" onClick={() => setIsEditing(true)}>
            {controls.edit}
          </Button>
        )}
        <Button variant="ghost" size="sm" onClick={() => setIsDeleting(true)}>
          {words.delete}
        </Button>
      </div>
      {isDeleting && (
        <ConfirmDialog
          title={deletion.title}
          confirmLabel={deletion.confirm}
          keepLabel={deletion.keep}
          onClose={() => setIsDeleting(false)}
          onConfirm={async () => {
            await deleteReview(booking.id);
            await invalidate();
            toast.success(deletion.done);
          }}
        >
          <p>{withElements(deletion.lead, { mentor: <bdi>{mentorName}</bdi> })}</p>
        </ConfirmDialog>
      )}
    </ReviewItem>
  );
}
