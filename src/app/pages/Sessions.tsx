import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import { StudentDashboard } from "@/features/bookings/student/StudentDashboard.tsx";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { TimeZonePicker } from "@/ui/TimeZonePicker.tsx";

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
