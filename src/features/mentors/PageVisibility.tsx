import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import { pageVisibility } from "#words/mentorPage.ts";
import { unexpected } from "#words/problems.ts";
import { ApiProblem } from "@/lib/api.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { changeMentorProfile } from "./api.ts";
import { useMentorChanges } from "./useMentorChanges.ts";

type Choice = Pick<MentorProfile, "listed"> | Pick<MentorProfile, "accepting_bookings">;

/** Whether the page is in search, and whether it can be booked. Both take effect immediately. */
export function PageVisibility({ profile }: { profile: MentorProfile }) {
  const headingId = useId();
  const changes = useMentorChanges();
  const change = useMutation({
    mutationFn: (choice: Choice) => changeMentorProfile(choice),
    onSuccess: (saved, choice) => {
      changes.profileChanged(saved);
      toast.success(savedMessage(choice));
    },
  });
  return (
    <Card className="p-4 sm:p-6">
      <section aria-labelledby={headingId} className="space-y-5">
        <h2 id={headingId} className="text-heading">
          {pageVisibility.title}
        </h2>
        {change.error && (
          <Alert tone="bad">{change.error instanceof ApiProblem ? change.error.detail : unexpected}</Alert>
        )}
        <Switch
          label={pageVisibility.listed}
          detail={pageVisibility.listedDetail}
          checked={profile.listed}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ listed: event.target.checked })}
        />
        <Switch
          label={pageVisibility.open}
          detail={pageVisibility.openDetail}
          checked={profile.accepting_bookings}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ accepting_bookings: event.target.checked })}
        />
      </section>
    </Card>
  );
}

function savedMessage(choice: Choice): string {
  if ("listed" in choice) {
    return choice.listed ? pageVisibility.nowListed : pageVisibility.nowUnlisted;
  }
  return choice.accepting_bookings ? pageVisibility.nowOpen : pageVisibility.nowPaused;
}
