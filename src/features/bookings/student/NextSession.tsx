import { CalendarPlus, X } from "lucide-react";
import { type Ref, useId } from "react";
import { Link } from "react-router";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import { stepsOpenTo } from "#rules/bookingState.ts";
import { SessionFacts } from "@/features/bookings/SessionFacts.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import { Countdown } from "@/features/meetings/Countdown.tsx";
import { JoinSession } from "@/features/meetings/JoinSession.tsx";
import { cn } from "@/lib/classNames.ts";
import { downloads, paths } from "@/lib/paths.ts";
import { firstName } from "@/lib/words.ts";
import { Avatar } from "@/ui/Avatar.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";

type NextSessionProps = {
  /** Of its heading, for links that lead there. */
  id: string;
  /** null: nothing is confirmed. */
  booking: Booking | null;
  timeZone: string;
  now: Date;
  headingRef: Ref<HTMLHeadingElement>;
  onCancel: (booking: Booking) => void;
};

/** What a student came for: the session that is next, how long until then, and the way in. */
export function NextSession({ id, booking, headingRef, ...rest }: NextSessionProps) {
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} ref={headingRef} title="Next session" />
      {booking ? (
        <Hero booking={booking} {...rest} />
      ) : (
        <p className="mt-3 flex flex-wrap items-center justify-between gap-3 rounded-card border border-dashed border-line-strong px-5 py-6 text-ink-soft">
          Nothing is confirmed for the days ahead.
          <Link to={paths.home()} className={buttonVariants({ variant: "soft", size: "sm" })}>
            Find a mentor
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
  const mayCancel = stepsOpenTo("student", bookingFactsOf(booking), now.getTime()).includes("cancel");
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
                with{" "}
                <Link
                  to={paths.mentor(mentor.username)}
                  className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                >
                  <bdi>{mentor.full_name}</bdi>
                </Link>
              </p>
            </div>
          </div>
          <SessionTimes
            booking={booking}
            timeZone={timeZone}
            other={{ timeZone: booking.mentor_timezone, name }}
          />
          <SessionFacts booking={booking} />
        </div>
        <div className="flex flex-col justify-center gap-4 border-primary/20 bg-primary-soft p-5 max-md:border-t sm:p-6 md:border-l">
          <div className="flex flex-wrap items-end justify-between gap-3">
            <Countdown booking={booking} otherName={name} />
            <SessionStatus booking={booking} as="student" now={now} />
          </div>
          <JoinSession booking={booking} as="student" timeZone={timeZone} size="lg" />
        </div>
        <div className="col-span-full flex flex-wrap gap-2 border-t border-line px-5 py-3 sm:px-6">
          <a href={downloads.calendar(booking.id)} download className={action}>
            <CalendarPlus aria-hidden className="size-4" />
            Add to Calendar
            <span className="sr-only">
              {" "}
              the session with <bdi>{mentor.full_name}</bdi>
            </span>
          </a>
          <Link to={paths.session(booking.id)} className={action}>
            Details
            <span className="sr-only">
              {" "}
              of the session with <bdi>{mentor.full_name}</bdi>
            </span>
          </Link>
          {mayCancel && (
            <Button variant="ghost" size="sm" onClick={() => onCancel(booking)}>
              <X aria-hidden className="size-4" />
              Cancel
              <span className="sr-only">
                {" "}
                session with <bdi>{mentor.full_name}</bdi>
              </span>
            </Button>
          )}
        </div>
      </article>
    </Card>
  );
}

const action = cn(buttonVariants({ variant: "secondary", size: "sm" }));
