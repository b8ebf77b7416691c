import { useFormContext, useWatch } from "react-hook-form";
import { useOwnSessions } from "@/components/sessions/useOwnSessions";
import { Alert } from "@/components/ui/Alert";
import { formatShortDay, formatTime } from "@/lib/time";
import { countWords } from "@/lib/words";
import type { AvailabilitySlot } from "../../../contract/availability";
import { sessionsOutside } from "./sessionsOutsideHours";
import { timeFieldOf, type WeekForm } from "./weekForm";

const SHOWN = 4;

/** Before other hours are saved: which sessions lie outside of them. They stay booked. */
export function SessionsOutside({
  mentorId,
  slots,
}: {
  mentorId: string;
  slots: readonly AvailabilitySlot[];
}) {
  const { control } = useFormContext<WeekForm>();
  const days = useWatch({ control, name: "days" });
  const { groups } = useOwnSessions("mentor", mentorId);
  const dated = slots.flatMap(({ specific_date: date, start_time, end_time }) =>
    date ? [{ date, start: start_time, end: timeFieldOf(end_time) }] : [],
  );
  const outside = sessionsOutside([...groups.upcoming, ...groups.requests], { days }, dated);
  return (
    // Always there while something is unsaved, so that a screen reader notices what appears in it.
    <div role="status">
      {outside.length > 0 && (
        <Alert
          tone="warning"
          announce={false}
          className="mx-4 mb-4 sm:mx-6"
          title={`${countWords(outside.length, "session lies", "sessions lie")} outside these hours`}
        >
          <p>They stay booked. If you cannot make one, cancel it yourself.</p>
          <ul className="mt-2 list-disc space-y-0.5 pl-5 text-sm">
            {outside.slice(0, SHOWN).map((booking) => (
              <li key={booking.id}>
                {formatShortDay(booking.starts_at, booking.mentor_timezone)},{" "}
                {formatTime(booking.starts_at, booking.mentor_timezone)}: {booking.user_name}
                {booking.status === "pending" && " (request)"}
              </li>
            ))}
            {outside.length > SHOWN && <li>and {outside.length - SHOWN} more</li>}
          </ul>
        </Alert>
      )}
    </div>
  );
}
