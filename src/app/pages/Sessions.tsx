import { mySessions } from "#words/studentSessions.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { StudentDashboard } from "@/features/bookings/student/StudentDashboard.tsx";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { TimeZonePicker } from "@/ui/TimeZonePicker.tsx";

/** `/sessions`: a student's sessions, requests and favourite mentors. */
export default function Sessions() {
  const timeZone = useViewerTimeZone();
  return (
    <RequireSignIn title={mySessions}>
      {(me) => (
        <div className="page max-w-4xl py-10 sm:py-12">
          <PageHeading title={mySessions} />
          <div className="mt-2 mb-8 max-w-xl">
            <TimeZonePicker timeZone={timeZone} onChange={setViewerTimeZone} />
          </div>
          <StudentDashboard userId={me.id} timeZone={timeZone} />
        </div>
      )}
    </RequireSignIn>
  );
}
