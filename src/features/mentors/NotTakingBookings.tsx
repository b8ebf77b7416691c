import type { Mentor } from "#contract/mentors.ts";
import { firstName } from "@/lib/words.ts";
import { Alert } from "@/ui/Alert.tsx";

/** In place of the button that books. A length still leads to the times, where one can wait for new ones. */
export function NotTakingBookings({ mentor }: { mentor: Pick<Mentor, "full_name"> }) {
  const name = firstName(mentor.full_name);
  return (
    <Alert tone="warning" announce={false} title={`${name} isn’t taking new bookings right now`}>
      <p>Choose a session to get notified when times open up.</p>
    </Alert>
  );
}
