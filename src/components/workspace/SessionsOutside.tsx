import { Alert } from "@/components/ui/Alert";
import { formatShortDay, formatTime } from "@/lib/time";
import { countWords } from "@/lib/words";
import type { Booking } from "../../../contract/bookings";

const SHOWN = 4;

/** Before other hours are saved: which sessions lie outside of them. They stay booked. */
export function SessionsOutside({ sessions }: { sessions: readonly Booking[] }) {
  if (sessions.length === 0) return null;
  return (
    <Alert
      tone="warning"
      announce={false}
      className="mx-4 mb-4 sm:mx-6"
      title={outsideWords(sessions.length)}
    >
      <p>They stay booked. If you cannot make one, cancel it on the Sessions page.</p>
      <ul className="mt-2 list-disc space-y-0.5 pl-5 text-sm">
        {sessions.slice(0, SHOWN).map((booking) => (
          <li key={booking.id}>
            {formatShortDay(booking.starts_at, booking.mentor_timezone)},{" "}
            {formatTime(booking.starts_at, booking.mentor_timezone)}: {booking.user_name}
            {booking.status === "pending" && " (request)"}
          </li>
        ))}
        {sessions.length > SHOWN && <li>and {sessions.length - SHOWN} more</li>}
      </ul>
    </Alert>
  );
}

export function outsideWords(count: number): string {
  return `${countWords(count, "session lies", "sessions lie")} outside these hours`;
}
