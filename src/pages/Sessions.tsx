import { PageHeading } from "@/components/layout/PageHeading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
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
          <StudentSessions userId={me.id} />
        </div>
      )}
    </RequireSignIn>
  );
}
