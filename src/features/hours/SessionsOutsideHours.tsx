import type { OutsideSession } from "#contract/hours.ts";
import { sessionsOutsideHours } from "#words/hours.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatShortDay } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { useHoursDraftContext } from "./hoursDraft.ts";

const SHOWN = 6;

/** Booked sessions outside the saved hours. They stay booked. */
export function SavedSessionsOutsideHours({
  sessions,
  timeZone,
}: {
  sessions: readonly OutsideSession[];
  timeZone: string;
}) {
  if (sessions.length === 0) return null;
  return (
    <section aria-label={sessionsOutsideHours.label} className="mb-8">
      <Alert tone="warning" announce={false} title={sessionsOutsideHours.saved(sessions.length)}>
        <OutsideList sessions={sessions} timeZone={timeZone} />
      </Alert>
    </section>
  );
}

/** Booked sessions that a form's unsaved changes would leave outside the hours. */
export function DraftSessionsOutsideHours({ isDirty, timeZone }: { isDirty: boolean; timeZone: string }) {
  const { newlyOutside } = useHoursDraftContext();
  return (
    // Always rendered, so that screen readers announce what appears in it.
    <div role="status">
      {isDirty && newlyOutside.length > 0 && (
        <Alert
          tone="warning"
          announce={false}
          className="mx-4 mb-4 sm:mx-6"
          title={sessionsOutsideHours.draft(newlyOutside.length)}
        >
          <OutsideList sessions={newlyOutside} timeZone={timeZone} />
        </Alert>
      )}
    </div>
  );
}

/** The first session of each line, and how many others of its series are in it. */
function linesOf(sessions: readonly OutsideSession[]): [OutsideSession, others: number][] {
  const lines = Map.groupBy(sessions, ({ series_id, booking_id }) => series_id ?? booking_id);
  return [...lines.values()].flatMap(([first, ...others]) => (first ? [[first, others.length]] : []));
}

function OutsideList({ sessions, timeZone }: { sessions: readonly OutsideSession[]; timeZone: string }) {
  const lines = linesOf(sessions);
  return (
    <>
      <p>{sessionsOutsideHours.kept}</p>
      <ul className="mt-2 list-disc space-y-0.5 pl-5 text-sm">
        {lines.slice(0, SHOWN).map(([session, others]) => (
          <li key={session.booking_id}>
            {others > 0
              ? sessionsOutsideHours.series(
                  others + 1,
                  session.student_name,
                  session.service_title,
                  formatShortDay(session.starts_at, timeZone),
                )
              : sessionsOutsideHours[session.status === "pending" ? "request" : "session"](
                  formatShortDay(session.starts_at, timeZone),
                  formatTimeRange(session.starts_at, session.ends_at, timeZone),
                  session.student_name,
                  session.service_title,
                )}
          </li>
        ))}
        {lines.length > SHOWN && <li>{sessionsOutsideHours.more(lines.length - SHOWN)}</li>}
      </ul>
    </>
  );
}
