import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { links } from "#words/links.ts";
import { notOffered } from "#words/rebook.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";

type NotOfferedProps = {
  booking: Booking;
  /** null: the mentor has left. */
  mentor: Mentor | null;
};

/** The session cannot be booked again: why, and what can be booked instead. */
export function NotOffered({ booking, mentor }: NotOfferedProps) {
  const name = firstName(booking.mentor.full_name);
  const hasService = mentor?.services.some(({ id }) => id === booking.service_id);
  const { service_title: service, duration } = booking;
  return (
    <>
      <DialogBody>
        <StepHeading>{notOffered.title}</StepHeading>
        <p>
          {!mentor
            ? notOffered.mentor(name)
            : hasService
              ? notOffered.length(name, service, duration)
              : notOffered.service(name, service)}
        </p>
        <p className="mt-2 text-ink-soft">
          {mentor ? notOffered.otherSessions(name) : notOffered.otherMentors}
        </p>
      </DialogBody>
      <DialogFooter>
        <div className="flex justify-end">
          {mentor ? (
            <Link to={paths.mentor(mentor.username)} className={buttonVariants()}>
              {notOffered.seePage(name)}
            </Link>
          ) : (
            <Link to={paths.home()} className={buttonVariants()}>
              {links.findMentor}
            </Link>
          )}
        </div>
      </DialogFooter>
    </>
  );
}
