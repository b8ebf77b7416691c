import { useQuery } from "@tanstack/react-query";
import { ProblemState } from "@/components/ui/ProblemState";
import { Skeleton } from "@/components/ui/Skeleton";
import { BookingRulesForm } from "@/components/workspace/BookingRulesForm";
import { DaysOff } from "@/components/workspace/DaysOff";
import { ExtraHours } from "@/components/workspace/ExtraHours";
import { HoursSection } from "@/components/workspace/HoursSection";
import { TimesPreview } from "@/components/workspace/TimesPreview";
import { WeeklyHoursForm } from "@/components/workspace/WeeklyHoursForm";
import { WorkspacePage } from "@/components/workspace/WorkspacePage";
import { YourZone } from "@/components/workspace/YourZone";
import { useNow } from "@/hooks/useNow";
import { ownDaysOffQuery, ownHoursQuery } from "@/lib/ownQueries";
import { todayIn } from "@/lib/time";
import type { MentorProfile } from "../../../contract/mentors";

/** When a mentor takes sessions. */
export default function HoursPage({ profile }: { profile: MentorProfile }) {
  return (
    <WorkspacePage title="Hours" lead={<YourZone timeZone={profile.timezone} />}>
      <Hours profile={profile} />
    </WorkspacePage>
  );
}

function Hours({ profile }: { profile: MentorProfile }) {
  const hours = useQuery(ownHoursQuery(profile.id));
  const daysOff = useQuery(ownDaysOffQuery(profile.id));
  const today = todayIn(profile.timezone, useNow());
  const failed = [hours, daysOff].find((query) => query.isError && !query.data);
  if (failed?.error) {
    return (
      <ProblemState title="We could not load your hours" error={failed.error} onRetry={failed.refetch} />
    );
  }
  if (!hours.data || !daysOff.data) return <HoursSkeleton />;
  return (
    <div className="grid gap-10 lg:grid-cols-[minmax(0,1fr)_19rem] lg:items-start">
      <div className="min-w-0 space-y-12">
        <HoursSection
          id="weekly-hours"
          title="Weekly hours"
          lead="They repeat every week. An end at or before the start lies on the next day."
        >
          <WeeklyHoursForm mentorId={profile.id} slots={hours.data} />
        </HoursSection>
        <ExtraHours mentorId={profile.id} slots={hours.data} today={today} />
        <DaysOff mentorId={profile.id} daysOff={daysOff.data} today={today} />
        <HoursSection id="booking-rules" title="Booking rules" lead="How your hours are cut into sessions.">
          <BookingRulesForm profile={profile} />
        </HoursSection>
      </div>
      <aside className="lg:sticky lg:top-24">
        <TimesPreview profile={profile} hours={hours.data} daysOff={daysOff.data} today={today} />
      </aside>
    </div>
  );
}

function HoursSkeleton() {
  return (
    <div className="max-w-3xl space-y-4">
      <p role="status" className="sr-only">
        Loading your hours…
      </p>
      {["a", "b", "c", "d", "e"].map((key) => (
        <Skeleton key={key} className="h-16 w-full" />
      ))}
    </div>
  );
}
