import { TimeZonePicker } from "@/components/booking/TimeZonePicker";
import { PageHeading } from "@/components/layout/PageHeading";
import { RequireSignIn } from "@/components/layout/RequireSignIn";
import { StudentDashboard } from "@/components/sessions/StudentDashboard";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/viewerTimeZone";

const TITLE = "My sessions";

/** What a student has booked, asked for and wants to come back to. */
export default function Sessions() {
  const timeZone = useViewerTimeZone();
  return (
    <RequireSignIn title={TITLE}>
      {(me) => (
        <div className="page max-w-4xl py-10 sm:py-12">
          <PageHeading title={TITLE} />
          <div className="mt-2 mb-8 max-w-xl">
            <TimeZonePicker timeZone={timeZone} onChange={setViewerTimeZone} />
          </div>
          <StudentDashboard userId={me.id} timeZone={timeZone} />
        </div>
      )}
    </RequireSignIn>
  );
}
