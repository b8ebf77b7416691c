import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { JoinEvent } from "#contract/meetings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { joinEventLines } from "#words/meetings.ts";
import { firstName } from "@/lib/names.ts";
import type { SessionAccess } from "@/lib/sessionAccess.ts";
import { formatTime } from "@/lib/time.ts";
import { joinsQuery } from "./queries.ts";

type JoinEventsProps = { booking: Booking; role: BookingRole; access: SessionAccess; timeZone: string };

/** Who joined a session and when, as far as it can be seen; nothing if no one did. */
export function JoinEvents({ booking, role, access, timeZone }: JoinEventsProps) {
  const { data } = useQuery(joinsQuery(access));
  const id = useId();
  if (!data || data.length === 0) return null;
  const nameOf = ({ party, name }: JoinEvent) => {
    if (party === null) return joinEventLines.named(name);
    if (party === role) return joinEventLines.you;
    return firstName(party === "mentor" ? booking.mentor.full_name : booking.user_name);
  };
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="text-sm text-ink-soft">
        {joinEventLines.title}
      </h3>
      <ul className="mt-1 space-y-0.5 text-sm">
        {data.map((event) => (
          <li key={`${event.how} ${event.party} ${event.name} ${event.at}`} className="break-words">
            <bdi>{joinEventLines[event.how](nameOf(event), formatTime(event.at, timeZone))}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
