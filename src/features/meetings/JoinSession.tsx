import { KeyRound, Video } from "lucide-react";
import { type ReactNode, useId } from "react";
import { joinFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { decideJoining } from "#rules/joining.ts";
import { fromDate } from "#scheduling/units.ts";
import { joining as words } from "#words/meetings.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import type { SessionAccess } from "@/lib/sessionAccess.ts";
import { formatDayAndTime, formatTime, wallClock } from "@/lib/time.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { AgreedPlace } from "./AgreedPlace.tsx";
import { recordJoin } from "./api.ts";

type JoinSessionProps = {
  booking: Booking;
  as: BookingRole;
  /** The zone in which the reader sees times. */
  timeZone: string;
  /** With the token of a signed link; by login if left out. */
  access?: SessionAccess;
  size?: "sm" | "md" | "lg";
  className?: string;
};

/**
 * The button to join a session. Until it opens it is disabled with the time from which it works; without a link it shows
 * what is missing. Nothing when there is nothing to join.
 */
export function JoinSession({
  booking,
  as: role,
  timeZone,
  access,
  size = "md",
  className,
}: JoinSessionProps) {
  const now = useNow();
  const reasonId = useId();
  const joining = decideJoining(joinFactsOf(booking), fromDate(now));
  const otherName = role === "mentor" ? booking.user_name : booking.mentor.full_name;
  const icon = <Video aria-hidden className="size-5" />;
  switch (joining.name) {
    case "never":
      return null;
    case "no_link":
      return (
        <Reason className={className}>
          <MissingLink booking={booking} role={role} />
        </Reason>
      );
    case "elsewhere":
      return <AgreedPlace booking={booking} role={role} className={className} />;
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
            {icon}
            <ShortLabel short={words.label} full={words.full(otherName)} />
          </Button>
          <Reason id={reasonId}>{words.from(openingTime(joining.opensAt, now, timeZone))}</Reason>
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
            // The link works without us, so a record that fails keeps no one out.
            onClick={() => void recordJoin(access ?? { bookingId: booking.id }).catch(() => undefined)}
            className={cn(buttonVariants({ size }), size === "lg" && "w-full")}
          >
            {icon}
            <ShortLabel short={words.label} full={words.fullNewTab(otherName)} />
          </a>
          <MeetingNote booking={booking} />
        </div>
      );
    default:
      return joining satisfies never;
  }
}

/** In a list, the reason and the note are beside the button. */
function around(size: JoinSessionProps["size"]): string {
  return size === "sm" ? "flex flex-wrap items-center gap-x-3 gap-y-1.5" : "space-y-1.5";
}

function Reason(props: { id?: string; className?: string | undefined; children: ReactNode }) {
  return <p {...props} className={cn("text-sm text-ink-soft", props.className)} />;
}

function MissingLink({ booking, role }: { booking: Booking; role: BookingRole }) {
  if (role === "student") {
    return words.noLinkYet(firstName(booking.mentor.full_name));
  }
  return withElements(words.addLink, {
    student: <bdi>{firstName(booking.user_name)}</bdi>,
    add: (
      <Link
        to={paths.mentorRoom()}
        className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        {words.addRoom}
      </Link>
    ),
  });
}

/** What is needed to get in, such as a passcode. */
function MeetingNote({ booking: { meeting_note: note } }: { booking: Booking }) {
  if (!note) return null;
  return (
    <p className="flex items-start gap-1.5 text-sm break-words">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-soft" />
      <span className="min-w-0">
        <span className="sr-only">{words.note} </span>
        {note}
      </span>
    </p>
  );
}

/** '2:45 pm', or on another day 'Tue, 24 Nov, 2:45 pm'. */
function openingTime(opensAt: number, now: Date, timeZone: string): string {
  const at = new Date(opensAt).toISOString();
  const isToday = wallClock(at, timeZone).date === wallClock(now, timeZone).date;
  return isToday ? formatTime(at, timeZone) : formatDayAndTime(at, timeZone);
}
