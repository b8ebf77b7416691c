import { useQuery } from "@tanstack/react-query";
import type { MentorProfile } from "#contract/mentors.ts";
import { hoursPage } from "#words/hours.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { HoursEditor } from "@/features/hours/HoursEditor.tsx";
import { allHoursQuery } from "@/features/hours/queries.ts";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

export default function HoursPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title={hoursPage.title} lead={<TimeZoneNote timeZone={profile.timezone} />}>
      <Hours profile={profile} />
    </WorkspacePage>
  );
}

function Hours({ profile }: { profile: MentorProfile }) {
  const hours = useQuery(allHoursQuery(profile.id));
  if (hours.data) return <HoursEditor profile={profile} hours={hours.data} />;
  if (!hours.isError) return <HoursSkeleton />;
  return <ProblemState title={hoursPage.failed} error={hours.error} onRetry={hours.refetch} />;
}

function HoursSkeleton() {
  return (
    <div className="max-w-3xl space-y-4">
      <p role="status" className="sr-only">
        {hoursPage.loading}
      </p>
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} className="h-16 w-full" />
      ))}
    </div>
  );
}
