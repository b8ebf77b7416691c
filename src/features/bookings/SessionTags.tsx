import { Clock3, Tag, Video } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import { sessionLength } from "#words/durations.ts";
import { sessionTypes } from "#words/services.ts";
import { sessionTags } from "#words/sessions.ts";
import { shownPrice } from "./shownPrice.ts";

/** Length, type, price and recording in one line. */
export function SessionTags({ booking }: { booking: Booking }) {
  return (
    <ul aria-label={sessionTags.title} className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
      <li className="flex items-center gap-1.5">
        <Clock3 aria-hidden className="size-4 shrink-0" />
        {sessionLength(booking.duration)} · {sessionTypes[booking.session_type]}
      </li>
      <li className="flex items-center gap-1.5">
        <Tag aria-hidden className="size-4 shrink-0" />
        <span className="sr-only">{sessionTags.price} </span>
        {shownPrice(booking)}
      </li>
      {booking.add_recording && (
        <li className="flex items-center gap-1.5">
          <Video aria-hidden className="size-4 shrink-0" />
          {sessionTags.recording}
        </li>
      )}
    </ul>
  );
}
