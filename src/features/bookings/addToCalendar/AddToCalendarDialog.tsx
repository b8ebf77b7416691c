import { Download, ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import type { Booking } from "#contract/bookings.ts";
import { calendarFactsOf, calendarLinks } from "#contract/calendarEntry.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { addToCalendar } from "#words/addToCalendar.ts";
import { api } from "@/lib/api.ts";
import { downloads, paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { useAction } from "@/ui/useAction.ts";
import { withElements } from "@/ui/withElements.tsx";

type AddToCalendarDialogProps = {
  booking: Booking;
  as: BookingRole;
  token?: string | undefined;
  onClose: () => void;
};

/** A session in a calendar on the web, or as a file. */
export function AddToCalendarDialog({ booking, as, token, onClose }: AddToCalendarDialogProps) {
  const viewerTimeZone = useViewerTimeZone();
  const links = calendarLinks(calendarFactsOf(booking), as, window.location.origin);
  const when = formatDayAndTime(
    booking.starts_at,
    as === "mentor" ? booking.mentor_timezone : viewerTimeZone,
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={addToCalendar.title}
      description={addToCalendar.session(booking.service_title, when)}
    >
      <DialogBody>
        <ul className="space-y-2">
          <WebCalendar href={links.google}>{addToCalendar.google}</WebCalendar>
          <WebCalendar href={links.outlook}>{addToCalendar.outlook}</WebCalendar>
          <WebCalendar href={links.office}>{addToCalendar.office}</WebCalendar>
          <li>
            <CalendarFile bookingId={booking.id} token={token} />
          </li>
        </ul>
        {!token && (
          <p className="mt-5 text-sm text-ink-soft">
            {withElements(addToCalendar.keepUpToDate, {
              link: (
                <Link
                  to={paths.account("calendar")}
                  className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                >
                  {addToCalendar.subscribe}
                </Link>
              ),
            })}
          </p>
        )}
      </DialogBody>
    </Dialog>
  );
}

const choice =
  "tap flex w-full items-center justify-between gap-3 rounded-control border border-line bg-surface px-4 py-3 text-left font-semibold transition-shadow hover:shadow-lift";

function WebCalendar({ href, children }: { href: string; children: ReactNode }) {
  return (
    <li>
      <a href={href} target="_blank" rel="noreferrer" className={choice}>
        <span>
          {children}
          <span className="sr-only"> {addToCalendar.newTab}</span>
        </span>
        <ExternalLink aria-hidden className="size-5 shrink-0 text-ink-soft" />
      </a>
    </li>
  );
}

/** A visitor with a signed link fetches the file with the token, which a link cannot carry. */
function CalendarFile({ bookingId, token }: { bookingId: string; token: string | undefined }) {
  const download = useAction(
    async (bookingLink: string) => {
      const file = await api.file(downloads.calendar(bookingId), {
        headers: { "booking-link": bookingLink },
      });
      save(file, `matepeak-${bookingId.slice(-8)}.ics`);
    },
    { failure: addToCalendar.failed },
  );
  const label = (
    <>
      <span>
        <span className="block">{addToCalendar.file}</span>
        <span className="block text-sm font-normal text-ink-soft">{addToCalendar.fileFor}</span>
      </span>
      <Download aria-hidden className="size-5 shrink-0 text-ink-soft" />
    </>
  );
  if (!token) {
    return (
      <a href={downloads.calendar(bookingId)} download className={choice}>
        {label}
      </a>
    );
  }
  return (
    <button
      type="button"
      onClick={() => download.run(token)}
      aria-busy={download.isPending || undefined}
      className={choice}
    >
      {label}
    </button>
  );
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
