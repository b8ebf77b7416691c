import { PageHeading } from "@/components/layout/PageHeading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { StudentDashboard } from "@/components/sessions/StudentDashboard";
import { zoneLabel } from "@/lib/time";
import { useViewerTimeZone } from "@/lib/viewerTimeZone";

const TITLE = "My sessions";

/** What a student has booked, asked for and wants to come back to. */
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
          <StudentDashboard userId={me.id} timeZone={timeZone} />
        </div>
      )}
    </RequireSignIn>
  );
}
