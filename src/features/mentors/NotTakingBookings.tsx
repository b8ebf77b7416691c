import type { Mentor } from "#contract/mentors.ts";
import { mentorProfile } from "#words/mentors.ts";
import { firstName } from "@/lib/names.ts";
import { Alert } from "@/ui/Alert.tsx";

/** Replaces the button that books. Choosing a length still leads to the times, where students can ask for a notification. */
export function NotTakingBookings({ mentor }: { mentor: Pick<Mentor, "full_name"> }) {
  return (
    <Alert tone="warning" announce={false} title={mentorProfile.paused(firstName(mentor.full_name))}>
      <p>{mentorProfile.notifyMe}</p>
    </Alert>
  );
}
