import { Star } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import { reviewList } from "#words/reviews.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { ReplyForm } from "@/features/reviews/ReplyForm.tsx";
import { ReviewList } from "@/features/reviews/ReviewList.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";

export default function ReviewsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title={reviewList.title} lead={reviewList.lead}>
      <ReviewList
        mentorId={profile.id}
        mentorName={profile.full_name}
        actions={(review) => <ReplyForm key={review.reply?.body ?? ""} review={review} />}
        empty={
          <EmptyState Icon={Star} title={reviewList.none}>
            <p>{reviewList.whenReviewed}</p>
          </EmptyState>
        }
      />
    </WorkspacePage>
  );
}
