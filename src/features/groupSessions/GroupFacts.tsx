import {
  CalendarCheck,
  CalendarRange,
  CircleCheck,
  CircleDot,
  CircleX,
  History,
  Hourglass,
  type LucideIcon,
  UsersRound,
} from "lucide-react";
import type { ComponentProps } from "react";
import type { GroupSession } from "#contract/groupSessions.ts";
import { groupFacts, groupStates } from "#words/groupSessions.ts";
import { cn } from "@/lib/classNames.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { type GroupLook, lookOf, missingIn } from "./groupState.ts";

const looks = {
  open: { Icon: CircleDot, tone: "good" },
  waiting: { Icon: Hourglass, tone: "accent" },
  on: { Icon: CalendarCheck, tone: "good" },
  programme: { Icon: CalendarRange, tone: "neutral" },
  full: { Icon: UsersRound, tone: "primary" },
  running: { Icon: CircleDot, tone: "primary" },
  over: { Icon: History, tone: "neutral" },
  cancelled: { Icon: CircleX, tone: "bad" },
} as const satisfies Record<GroupLook, { Icon: LucideIcon; tone: ComponentProps<typeof Badge>["tone"] }>;

export function GroupBadge({ session, now }: { session: GroupSession; now: Date }) {
  return <LookBadge look={lookOf(session, now)} />;
}

export function LookBadge({ look }: { look: GroupLook }) {
  const { Icon, tone } = looks[look];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {groupStates[look]}
    </Badge>
  );
}

type Seats = Pick<GroupSession, "capacity" | "seats_taken" | "min_attendees">;

/** How many seats are taken, as a bar with a mark at the minimum. */
export function SeatBar({ session, className }: { session: Seats; className?: string }) {
  const { capacity, seats_taken, min_attendees } = session;
  const percent = (seats: number) => `${(100 * Math.min(seats, capacity)) / capacity}%`;
  return (
    <div aria-hidden className={cn("relative h-2 rounded-full bg-sunken", className)}>
      <div
        className="h-full rounded-full bg-primary transition-[width]"
        style={{ width: percent(seats_taken) }}
      />
      {min_attendees > 1 && (
        <span
          className="absolute -top-1 h-4 w-0.5 rounded-full bg-ink-soft"
          style={{ left: percent(min_attendees) }}
        />
      )}
    </div>
  );
}

type MinimumNoteProps = {
  session: Pick<GroupSession, "state" | "seats_taken" | "min_attendees" | "decide_at">;
  /** In which the time of the decision is shown. */
  timeZone: string;
  /** Whether that is the reader's own zone, which is then said. */
  isYours?: boolean;
  className?: string;
};

/** Until when how many people have to join; nothing without a minimum, or once it is decided. */
export function MinimumNote({ session, timeZone, isYours = true, className }: MinimumNoteProps) {
  if (session.state !== "open" || session.min_attendees === 1) return null;
  const missing = missingIn(session);
  const time = formatDayAndTime(session.decide_at, timeZone);
  return (
    <p className={cn("flex items-start gap-2", className)}>
      {missing === 0 ? (
        <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
      ) : (
        <Hourglass aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-text" />
      )}
      <span>
        {missing === 0
          ? groupFacts.enough
          : groupFacts.takesPlaceIf(missing, isYours ? groupFacts.yourTime(time) : time)}
      </span>
    </p>
  );
}
