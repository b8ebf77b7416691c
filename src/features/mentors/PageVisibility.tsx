import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import { ApiProblem } from "@/lib/api.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { changeMentorProfile } from "./api.ts";
import { useMentorAccount } from "./useMentorChanges.ts";

type Choice = Pick<MentorProfile, "listed"> | Pick<MentorProfile, "accepting_bookings">;

/** Whether the search shows the page, and whether it can be booked. Both take effect at once, and say what follows. */
export function PageVisibility({ profile }: { profile: MentorProfile }) {
  const headingId = useId();
  const account = useMentorAccount();
  const change = useMutation({
    mutationFn: (choice: Choice) => changeMentorProfile(choice),
    onSuccess: (saved, choice) => {
      account.profileChanged(saved);
      toast.success(savedWords(choice));
    },
  });
  return (
    <Card className="p-4 sm:p-6">
      <section aria-labelledby={headingId} className="space-y-5">
        <h2 id={headingId} className="text-heading">
          Visibility and bookings
        </h2>
        {change.error && (
          <Alert tone="bad">
            {change.error instanceof ApiProblem
              ? change.error.detail
              : "Check your connection and try again."}
          </Alert>
        )}
        <Switch
          label="Show my page in search"
          detail="When this is off, only people who have your link can find your page and book you. Booked sessions aren’t changed."
          checked={profile.listed}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ listed: event.target.checked })}
        />
        <Switch
          label="Take new bookings"
          detail="When this is off, your page shows no free times and students can’t book or request any. Booked sessions stay, and requests you already have still need your answer."
          checked={profile.accepting_bookings}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ accepting_bookings: event.target.checked })}
        />
      </section>
    </Card>
  );
}

function savedWords(choice: Choice): string {
  if ("listed" in choice) {
    return choice.listed ? "Search shows your page." : "Search no longer shows your page.";
  }
  return choice.accepting_bookings ? "Students can book you again." : "New bookings are paused.";
}
