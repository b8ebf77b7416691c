import type { Mentor } from "#contract/mentors.ts";
import { PreviewNotice } from "@/features/mentors/OwnPageActions.tsx";
import { OwnPageNotice } from "@/features/onboarding/OwnPageNotice.tsx";

/** What mentors are told on their own page. */
export function MentorPageNotice({ mentor, isPreview }: { mentor: Mentor; isPreview: boolean }) {
  return isPreview ? (
    <PreviewNotice username={mentor.username} />
  ) : (
    <OwnPageNotice mentorId={mentor.id} isPaused={!mentor.accepting_bookings} />
  );
}
