import type { OutsideSession } from "#contract/availability.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatShortDay } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
import { Alert } from "@/ui/Alert.tsx";
import { useHoursDraftContext } from "./hoursDraft.ts";

const SHOWN = 6;

/** The sessions that lie outside of the saved hours. They stay booked. */
export function SavedSessionsOutsideHours({
  sessions,
  timeZone,
}: {
  sessions: readonly OutsideSession[];
  timeZone: string;
}) {
  if (sessions.length === 0) return null;
  return (
    <section aria-label="Sessions outside of your hours" className="mb-8">
      <Alert tone="warning" announce={false} title={outsideWords(sessions.length, "outside of your hours")}>
        <OutsideList sessions={sessions} timeZone={timeZone} />
      </Alert>
    </section>
  );
}

/** Before a form is saved: which sessions it would leave outside. */
export function DraftSessionsOutsideHours({ isDirty, timeZone }: { isDirty: boolean; timeZone: string }) {
  const { newlyOutside } = useHoursDraftContext();
  return (
    // Always there while something is unsaved, so that a screen reader notices what appears in it.
    <div role="status">
      {isDirty && newlyOutside.length > 0 && (
        <Alert
          tone="warning"
          announce={false}
          className="mx-4 mb-4 sm:mx-6"
          title={outsideWords(newlyOutside.length, "outside if you save this")}
        >
          <OutsideList sessions={newlyOutside} timeZone={timeZone} />
        </Alert>
      )}
    </div>
  );
}

export function outsideWords(count: number, where: string): string {
  return `${countWords(count, "booked session lies", "booked sessions lie")} ${where}`;
}

function OutsideList({ sessions, timeZone }: { sessions: readonly OutsideSession[]; timeZone: string }) {
  return (
    <>
      <p>What is booked stays booked. If you cannot make one, cancel or move it on the Sessions page.</p>
      <ul className="mt-2 list-disc space-y-0.5 pl-5 text-sm">
        {sessions.slice(0, SHOWN).map((session) => (
          <li key={session.booking_id}>
            {formatShortDay(session.starts_at, timeZone)},{" "}
            {formatTimeRange(session.starts_at, session.ends_at, timeZone)}: {session.student_name},{" "}
            {session.service_title}
            {session.status === "pending" && " (request)"}
          </li>
        ))}
        {sessions.length > SHOWN && <li>and {sessions.length - SHOWN} more</li>}
      </ul>
    </>
  );
}
