import { Inbox } from "lucide-react";
import { lazy, Suspense } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import { mentorSessions } from "#words/mentorSessions.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { MentorSessions } from "@/features/bookings/mentor/MentorSessions.tsx";
import { usePendingReplyCount } from "@/features/bookings/mentor/usePendingReplyCount.ts";
import { useCalendarAddress } from "@/features/calendar/calendarAddress.ts";
import { ViewSwitch } from "@/features/calendar/ViewSwitch.tsx";
import { TimeRequests } from "@/features/timeRequests/TimeRequests.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { todayIn } from "@/lib/time.ts";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

const MentorQueues = lazy(() => import("@/features/waitlist/MentorQueues.tsx"));
const MentorCalendar = lazy(() => import("@/features/calendar/MentorCalendar.tsx"));

type SessionsPageProps = {
  profile: MentorProfile;
  /** Always the list, where requests are answered, instead of the last used view. */
  asList?: boolean;
};

export default function SessionsPage({ profile, asList = false }: SessionsPageProps) {
  const today = todayIn(profile.timezone, useNow());
  const address = useCalendarAddress(today);
  const { date } = address;
  const view = asList ? "list" : address.view;
  const requests = usePendingReplyCount(profile.id);
  const queues = (className?: string) => (
    <Suspense fallback={null}>
      <MentorQueues mentorId={profile.id} timeZone={profile.timezone} {...(className && { className })} />
    </Suspense>
  );
  return (
    <WorkspacePage
      title={mentorSessions.title}
      lead={<TimeZoneNote timeZone={profile.timezone} />}
      action={<ViewSwitch view={view} date={date} />}
    >
      {view === "list" ? (
        <div className="space-y-12">
          <TimeRequests as="mentor" userId={profile.id} timeZone={profile.timezone} />
          <MentorSessions profile={profile}>{queues()}</MentorSessions>
        </div>
      ) : (
        <Suspense fallback={<PageLoading />}>
          {requests > 0 && (
            <p className="mb-4">
              <Link
                to={paths.mentorWorkspace("requests")}
                className="tap inline-flex items-center gap-2 font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
              >
                <Inbox aria-hidden className="size-5" />
                {mentorSessions.toReply(requests)}
              </Link>
            </p>
          )}
          <MentorCalendar mentorId={profile.id} view={view} date={date} today={today} />
          {queues("mt-10")}
        </Suspense>
      )}
    </WorkspacePage>
  );
}
