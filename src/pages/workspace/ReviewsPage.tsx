import { Star } from "lucide-react";
import { ReplyForm } from "@/components/reviews/ReplyForm";
import { ReviewList } from "@/components/reviews/ReviewList";
import { EmptyState } from "@/components/ui/EmptyState";
import { WorkspacePage } from "@/components/workspace/WorkspacePage";
import type { MentorProfile } from "../../../contract/mentors";

export default function ReviewsPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title="Reviews" lead="What your students say. Your answers are public too.">
      <ReviewList
        mentorId={profile.id}
        mentorName={profile.full_name}
        actions={(review) => <ReplyForm key={review.reply?.body ?? ""} review={review} />}
        empty={
          <EmptyState Icon={Star} title="No reviews yet">
            <p>Once a session is marked as completed, its student can review it.</p>
          </EmptyState>
        }
      />
    </WorkspacePage>
  );
}
