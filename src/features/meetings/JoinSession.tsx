import { KeyRound, Video } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Link } from "react-router";
import { joinFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { decideJoining } from "#rules/joining.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { formatShortDay, formatTime, wallClock } from "@/lib/time.ts";
import { firstName } from "@/lib/words.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";

type JoinSessionProps = {
  booking: Booking;
  as: BookingRole;
  /** On whose clock the reader reads. */
  timeZone: string;
  size?: "sm" | "md" | "lg";
  className?: string;
};

/**
 * The way into a session: from a quarter of an hour before the start until the end. Before that, and without a link, it
 * says why it does not lead anywhere. Nothing when there is nothing to join.
 */
export function JoinSession({ booking, as: role, timeZone, size = "md", className }: JoinSessionProps) {
  const now = useNow();
  const reasonId = useId();
  const joining = decideJoining(joinFactsOf(booking), now.getTime());
  const otherName = role === "mentor" ? booking.user_name : booking.mentor.full_name;
  const words = (
    <>
      <Video aria-hidden className="size-5" />
      Join session<span className="sr-only"> with {otherName}</span>
    </>
  );
  switch (joining.name) {
    case "never":
      return null;
    case "no_link":
      return (
        <Reason className={className}>
          <MissingLink booking={booking} role={role} />
        </Reason>
      );
    case "early":
      return (
        <div className={cn(around(size), className)}>
          {/* Not `disabled`: a keyboard must be able to reach the reason. */}
          <Button
            size={size}
            variant="secondary"
            aria-disabled
            aria-describedby={reasonId}
            className={size === "lg" ? "w-full" : ""}
          >
            {words}
          </Button>
          <Reason id={reasonId}>
            Opens {opensWords(joining.opens_at, now, timeZone)}, 15 minutes before.
          </Reason>
          <MeetingNote booking={booking} />
        </div>
      );
    case "open":
      return (
        <div className={cn(around(size), className)}>
          <a
            href={booking.meeting_url ?? undefined}
            target="_blank"
            rel="noopener noreferrer"
            className={cn(buttonVariants({ size }), size === "lg" && "w-full")}
          >
            {words}
            <span className="sr-only"> (opens in a new tab)</span>
          </a>
          <MeetingNote booking={booking} />
        </div>
      );
    default:
      return joining satisfies never;
  }
}

/** In a list, what goes with the button stands beside it. */
function around(size: JoinSessionProps["size"]): string {
  return size === "sm" ? "flex flex-wrap items-center gap-x-3 gap-y-1.5" : "space-y-1.5";
}

function Reason(props: { id?: string; className?: string | undefined; children: ReactNode }) {
  return <p {...props} className={cn("text-sm text-ink-soft", props.className)} />;
}

function MissingLink({ booking, role }: { booking: Booking; role: BookingRole }) {
  if (role === "student") {
    return `${firstName(booking.mentor.full_name)} has not added a meeting link yet. It will appear here.`;
  }
  return (
    <>
      No meeting link yet: <bdi>{firstName(booking.user_name)}</bdi> cannot join.{" "}
      <Link
        to={paths.mentorRoom()}
        className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        Add your meeting room
      </Link>
    </>
  );
}

/** What one needs to get in. */
function MeetingNote({ booking: { meeting_note: note } }: { booking: Booking }) {
  if (!note) return null;
  return (
    <p className="flex items-start gap-1.5 text-sm break-words">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-soft" />
      <span className="min-w-0">
        <span className="sr-only">To get in: </span>
        {note}
      </span>
    </p>
  );
}

/** 'at 2:45 pm your time', on another day 'Tue 24 Nov, 2:45 pm your time'. */
function opensWords(opensAt: number, now: Date, timeZone: string): string {
  const at = new Date(opensAt).toISOString();
  const time = formatTime(at, timeZone);
  const isToday = wallClock(at, timeZone).date === wallClock(now, timeZone).date;
  return isToday ? `at ${time} your time` : `${formatShortDay(at, timeZone)}, ${time} your time`;
}
