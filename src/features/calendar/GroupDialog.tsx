import { calendarSession } from "#words/calendar.ts";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatShortDay, zoneCity } from "@/lib/time.ts";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import type { CalendarSession } from "./calendarLayout.ts";

type GroupDialogProps = {
  open: boolean;
  onClose: () => void;
  session: CalendarSession;
  timeZone: string;
};

/** The students of a group session; each of their bookings has its own page. */
export function GroupDialog({ open, onClose, session, timeZone }: GroupDialogProps) {
  const now = useNow();
  const { starts_at, ends_at, bookings } = session;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={bookings[0].service_title}
      description={calendarSession.when(
        formatShortDay(starts_at, timeZone),
        formatTimeRange(starts_at, ends_at, timeZone),
        zoneCity(timeZone),
      )}
    >
      <DialogBody>
        <p className="mb-3 font-semibold">{calendarSession.seatsTaken(bookings.length, session.capacity)}</p>
        <ul className="space-y-2">
          {bookings.map((booking) => (
            <li
              key={booking.id}
              className="relative flex flex-wrap items-center justify-between gap-x-3 gap-y-1 rounded-control border border-line bg-surface p-3 focus-within:shadow-lift hover:shadow-lift"
            >
              <Link
                to={paths.session(booking.id)}
                className="min-w-0 font-semibold break-words after:absolute after:inset-0"
              >
                <bdi>{booking.user_name}</bdi>
              </Link>
              <SessionStatus booking={booking} as="mentor" now={now} />
            </li>
          ))}
        </ul>
      </DialogBody>
    </Dialog>
  );
}
