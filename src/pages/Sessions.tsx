import { PageHeading } from "@/components/layout/PageHeading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { OwnAlerts } from "@/components/requests/OwnAlerts";
import { TimeRequests } from "@/components/requests/TimeRequests";
import { StudentSessions } from "@/components/sessions/StudentSessions";
import { zoneLabel } from "@/lib/time";
import { useViewerTimeZone } from "@/lib/viewerTimeZone";

const TITLE = "My sessions";

/** What a student has booked. */
export default function Sessions() {
  const timeZone = useViewerTimeZone();
  return (
    <RequireSignIn title={TITLE}>
      {(me) => (
        <div className="page max-w-4xl py-10 sm:py-12">
          <PageHeading title={TITLE} />
          <p className="mt-1 mb-8 text-ink-soft">
            All times are in your time zone: {timeZone.replaceAll("_", " ")} ({zoneLabel(timeZone)}).
          </p>
          <div className="space-y-12">
            <TimeRequests as="student" userId={me.id} timeZone={timeZone} />
            <OwnAlerts userId={me.id} />
            <StudentSessions userId={me.id} />
          </div>
        </div>
      )}
    </RequireSignIn>
  );
}
