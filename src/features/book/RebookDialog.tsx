import { useQuery } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { availableTimes } from "#words/book.ts";
import { rebook } from "#words/rebook.ts";
import { ApiProblem } from "@/lib/api.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { firstName } from "@/lib/names.ts";
import { addDays, todayIn } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { type Choice, choiceIn } from "./bookingStep.ts";
import { freeSlotsOf } from "./freeTimes.ts";
import { NotOffered } from "./NotOffered.tsx";
import { slotsQuery } from "./queries.ts";
import { RebookForm } from "./RebookForm.tsx";
import { useLiveAvailability } from "./useLiveAvailability.ts";

/** Covers the same time in later weeks with a single request. */
const DAYS_AHEAD = 35;

type RebookDialogProps = { booking: Booking; onClose: () => void };

/** Books the same service and length again, at the suggested time or one of the next. */
export function RebookDialog({ booking, onClose }: RebookDialogProps) {
  const mentor = useQuery(mentorQuery(booking.mentor.username));
  return (
    <Dialog open onClose={onClose} title={rebook.dialog(firstName(booking.mentor.full_name))}>
      {mentor.data ? (
        <WithMentor booking={booking} mentor={mentor.data} />
      ) : mentor.error instanceof ApiProblem && mentor.error.status === 404 ? (
        <NotOffered booking={booking} mentor={null} />
      ) : (
        <LoadingTimes error={mentor.error} onRetry={mentor.refetch} />
      )}
    </Dialog>
  );
}

function WithMentor({ booking, mentor }: { booking: Booking; mentor: Mentor }) {
  const choice = choiceIn(mentor, { serviceId: booking.service_id, minutes: booking.duration });
  if (!choice) return <NotOffered booking={booking} mentor={mentor} />;
  return <WithTimes booking={booking} mentor={mentor} choice={choice} />;
}

function WithTimes({ booking, mentor, choice }: { booking: Booking; mentor: Mentor; choice: Choice }) {
  const timeZone = useViewerTimeZone();
  const today = todayIn(timeZone);
  const until = addDays(today, Math.min(mentor.booking_window_days + 1, DAYS_AHEAD));
  useLiveAvailability(mentor.id);
  const times = useQuery(
    slotsQuery({
      mentorId: mentor.id,
      from: today,
      to: until,
      duration: choice.minutes,
      timezone: timeZone,
      serviceId: choice.service.id,
    }),
  );
  if (!times.data) return <LoadingTimes error={times.error} onRetry={times.refetch} />;
  // The key resets the form when the zone changes, because its slots are of one zone.
  return (
    <RebookForm
      key={timeZone}
      booking={booking}
      mentor={mentor}
      choice={choice}
      slots={freeSlotsOf(times.data)}
      knownUntil={until}
      timeZone={timeZone}
    />
  );
}

function LoadingTimes({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  return (
    <DialogBody>
      {error ? (
        <ProblemState title={rebook.failed} error={error} onRetry={onRetry} />
      ) : (
        <>
          <StepHeading>{rebook.title}</StepHeading>
          <Loading>{availableTimes.loading}</Loading>
        </>
      )}
    </DialogBody>
  );
}
