import { Link } from "react-router";
import { cn } from "@/lib/classNames";
import { formatTimeRange } from "@/lib/sessionTime";
import { paths } from "@/paths";
import type { CalendarSession } from "./calendarLayout";
import { lookOf, peopleOf } from "./sessionLook";

type SessionBlockProps = {
  session: CalendarSession;
  timeZone: string;
  /** Too low for more than one line. */
  isLow?: boolean;
  className?: string;
};

/** One session, as a link to its page. */
export function SessionBlock({ session, timeZone, isLow = false, className }: SessionBlockProps) {
  const { words, className: look, Icon } = lookOf(session);
  const [booking] = session.bookings;
  return (
    <Link
      to={paths.session(booking.id)}
      className={cn(
        "flex h-full min-w-0 gap-x-1.5 overflow-hidden rounded-lg border border-l-4 px-2 py-1 text-sm leading-tight no-underline transition-shadow hover:shadow-card",
        isLow ? "items-center py-0" : "flex-col",
        look,
        className,
      )}
    >
      <span className="flex min-w-0 shrink-0 items-center gap-1 font-semibold">
        {Icon && <Icon aria-hidden className="size-3.5 shrink-0" />}
        <span className="truncate">{peopleOf(session)}</span>
      </span>
      <span className={cn("shrink-0 truncate tabular-nums", isLow && "text-xs")}>
        {formatTimeRange(session.starts_at, session.ends_at, timeZone)}
      </span>
      <span className={cn("shrink-0 truncate", isLow && "sr-only")}>
        {booking.service_title}
        <span className="sr-only">, </span>
        <span className={cn(words !== "Request" && "sr-only")}> {words}</span>
      </span>
    </Link>
  );
}
