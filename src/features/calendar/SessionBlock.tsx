import { calendarSession } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import type { CalendarSession, Placed } from "./calendarLayout.ts";
import { SessionLink } from "./SessionLink.tsx";
import { lookOf, peopleOf, seatsOf } from "./sessionLook.ts";

type SessionBlockProps = {
  session: CalendarSession;
  timeZone: string;
  /** Whether it started the day before or continues the next day. */
  continues: Placed["continues"];
};

/** One session as a block of the day. Screen readers also get the text that has no room on the screen (see styles.css). */
export function SessionBlock({ session, timeZone, continues }: SessionBlockProps) {
  const { text, className: look, Icon, needsAnswer } = lookOf(session);
  const [booking] = session.bookings;
  const seats = seatsOf(session);
  return (
    <SessionLink
      session={session}
      timeZone={timeZone}
      className={cn(
        // `relative`: text for screen readers stays inside, and does not widen the page at the end of a cut line.
        "relative flex h-full w-full min-w-0 gap-x-1.5 overflow-hidden rounded-lg border border-l-4 px-2 py-1 text-left text-sm leading-tight no-underline transition-shadow hover:shadow-card",
        "flex-col one-line:flex-row one-line:items-center one-line:py-0",
        look,
        continues.before && "sm:rounded-t-none",
        continues.after && "sm:rounded-b-none",
      )}
    >
      <span className="flex min-w-0 shrink-0 items-center gap-1 font-semibold">
        {Icon && <Icon aria-hidden className="size-3.5 shrink-0" />}
        <span className="truncate">{peopleOf(session)}</span>
      </span>
      <span className="shrink-0 truncate tabular-nums one-line:text-xs">
        {formatTimeRange(session.starts_at, session.ends_at, timeZone)}
        {seats && (
          <span aria-hidden className="hidden two-lines:inline">
            {" "}
            · {seats}
          </span>
        )}
      </span>
      <span className="shrink-0 truncate two-lines:sr-only">
        {[booking.service_title, seats].filter(Boolean).join(" · ")}
        <span className="sr-only">, </span>
        <span className={cn(!needsAnswer && "sr-only")}> {text}</span>
        {continues.before && <span className="sr-only">{`, ${calendarSession.startedBefore}`}</span>}
        {continues.after && <span className="sr-only">{`, ${calendarSession.continuesAfter}`}</span>}
      </span>
    </SessionLink>
  );
}
