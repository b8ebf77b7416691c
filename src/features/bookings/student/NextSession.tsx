import { X } from "lucide-react";
import { type Ref, useId } from "react";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import { stepsOpenTo } from "#rules/bookingState.ts";
import { fromDate } from "#scheduling/units.ts";
import { links } from "#words/links.ts";
import { sessionLinks, sessionLists, sessionSteps } from "#words/sessions.ts";
import { studentSessions } from "#words/studentSessions.ts";
import { AddToCalendar } from "@/features/bookings/addToCalendar/AddToCalendar.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { SessionTags } from "@/features/bookings/SessionTags.tsx";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { Countdown } from "@/features/meetings/Countdown.tsx";
import { JoinSession } from "@/features/meetings/JoinSession.tsx";
import { cn } from "@/lib/classNames.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Avatar } from "@/ui/Avatar.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { WithMentor } from "./WithMentor.tsx";

type NextSessionProps = {
  /** Of the heading, for links to the section. */
  id: string;
  /** null if none is confirmed. */
  booking: Booking | null;
  timeZone: string;
  now: Date;
  headingRef: Ref<HTMLHeadingElement>;
  onCancel: (booking: Booking) => void;
};

/** The next session with its countdown and the button to join. */
export function NextSession({ id, booking, headingRef, ...rest }: NextSessionProps) {
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} ref={headingRef} title={studentSessions.next} />
      {booking ? (
        <Hero booking={booking} {...rest} />
      ) : (
        <p className="mt-3 flex flex-wrap items-center justify-between gap-3 rounded-card border border-dashed border-line-strong px-5 py-6 text-ink-soft">
          {sessionLists.noneAhead}
          <Link to={paths.home()} className={buttonVariants({ variant: "soft", size: "sm" })}>
            {links.findMentor}
          </Link>
        </p>
      )}
    </section>
  );
}

type HeroProps = Omit<NextSessionProps, "id" | "headingRef" | "booking"> & { booking: Booking };

function Hero({ booking, timeZone, now, onCancel }: HeroProps) {
  const titleId = useId();
  const { mentor } = booking;
  const name = firstName(mentor.full_name);
  const mayCancel = stepsOpenTo("student", bookingFactsOf(booking), fromDate(now)).includes("cancel");
  return (
    <Card className="mt-3 overflow-hidden border-primary">
      <article aria-labelledby={titleId} className="grid md:grid-cols-[1fr_19rem]">
        <div className="min-w-0 space-y-4 p-5 sm:p-6">
          <div className="flex gap-4">
            <Avatar name={mentor.full_name} className="size-14 text-lg" />
            <div className="min-w-0">
              <h3 id={titleId} className="text-heading">
                {booking.service_title}
              </h3>
              <p className="text-ink-soft">
                <WithMentor mentor={mentor} />
              </p>
            </div>
          </div>
          <SessionTimes
            booking={booking}
            timeZone={timeZone}
            other={{ timeZone: booking.mentor_timezone, name }}
          />
          <SessionTags booking={booking} />
        </div>
        <div className="flex flex-col justify-center gap-4 border-primary/20 bg-primary-soft p-5 max-md:border-t sm:p-6 md:border-l">
          <div className="flex flex-wrap items-end justify-between gap-3">
            <Countdown booking={booking} otherName={name} />
            <SessionStatus booking={booking} as="student" now={now} />
          </div>
          <JoinSession booking={booking} as="student" timeZone={timeZone} size="lg" />
        </div>
        <div className="col-span-full flex flex-wrap gap-2 border-t border-line px-5 py-3 sm:px-6">
          <AddToCalendar booking={booking} as="student" size="sm">
            <ShortLabel
              short={sessionLinks.calendar.label}
              full={sessionLinks.calendar.full(mentor.full_name)}
            />
          </AddToCalendar>
          <Link to={paths.session(booking.id)} className={action}>
            <ShortLabel
              short={sessionLinks.details.label}
              full={sessionLinks.details.full(mentor.full_name)}
            />
          </Link>
          {mayCancel && (
            <Button variant="ghost" size="sm" onClick={() => onCancel(booking)}>
              <X aria-hidden className="size-4" />
              <ShortLabel
                short={sessionSteps.cancel.label}
                full={sessionSteps.cancel.full(mentor.full_name)}
              />
            </Button>
          )}
        </div>
      </article>
    </Card>
  );
}

const action = cn(buttonVariants({ variant: "secondary", size: "sm" }));
