import { Link } from "react-router";
import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { sessionLength } from "#words/durations.ts";
import { paths } from "@/lib/paths.ts";
import { firstName } from "@/lib/words.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";

type NotOfferedProps = {
  booking: Booking;
  /** null: there is no page any more. */
  mentor: Mentor | null;
};

/** What was booked cannot be booked again: says why and leads to what can. */
export function NotOffered({ booking, mentor }: NotOfferedProps) {
  const name = firstName(booking.mentor.full_name);
  const isKnown = mentor?.services.some(({ id }) => id === booking.service_id);
  const what = isKnown
    ? `“${booking.service_title}” in ${sessionLength(booking.duration)}`
    : `“${booking.service_title}”`;
  return (
    <>
      <DialogBody>
        <StepHeading>Not on offer any more</StepHeading>
        <p>{mentor ? `${name} no longer offers ${what}.` : `${name} has left MatePeak.`}</p>
        <p className="mt-2 text-ink-soft">
          {mentor ? `Other sessions are on ${name}’s page.` : "Others may be able to help you."}
        </p>
      </DialogBody>
      <DialogFooter>
        <div className="flex justify-end">
          {mentor ? (
            <Link to={paths.mentor(mentor.username)} className={buttonVariants()}>
              See what {name} offers
            </Link>
          ) : (
            <Link to={paths.home()} className={buttonVariants()}>
              Find a mentor
            </Link>
          )}
        </div>
      </DialogFooter>
    </>
  );
}
