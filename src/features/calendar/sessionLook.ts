import { CircleCheck, CircleDashed, type LucideIcon, UserX } from "lucide-react";
import type { BookingStatus } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { calendarSession, calendarStatuses } from "#words/calendar.ts";
import type { CalendarSession } from "./calendarLayout.ts";

type Look = {
  text: string;
  className: string;
  Icon: LucideIcon | null;
  /** Whether the mentor has to reply: then the text is visible, not only for screen readers. */
  needsAnswer: boolean;
};

/** Distinguished by text, border and icon; the colour only repeats it. */
const looks: Readonly<Record<Exclude<BookingStatus, "cancelled">, Look>> = {
  pending: {
    text: calendarStatuses.pending,
    className: "border-dashed border-line-strong bg-accent-soft text-accent-text",
    Icon: CircleDashed,
    needsAnswer: true,
  },
  confirmed: {
    text: calendarStatuses.confirmed,
    className: "border-primary bg-primary-soft text-primary-text",
    Icon: null,
    needsAnswer: false,
  },
  completed: {
    text: calendarStatuses.completed,
    className: "border-line bg-sunken text-ink-soft",
    Icon: CircleCheck,
    needsAnswer: false,
  },
};

/** A no-show, or a report of one. */
const missed: Look = {
  text: calendarStatuses.noShow,
  className: "border-line bg-sunken text-ink-soft",
  Icon: UserX,
  needsAnswer: false,
};

/** A group counts as confirmed once one of its bookings is; requests for other seats are added to the text. */
export function lookOf({ bookings }: CalendarSession): Look {
  const statuses = bookings.map(({ status }) => status);
  const requests = statuses.filter((status) => status === "pending").length;
  const open = bookings.filter(({ no_show }) => no_show?.state === "open");
  if (open.some(({ no_show }) => no_show?.claimed_by === "student")) {
    return { ...missed, text: calendarStatuses.needsReply, needsAnswer: true };
  }
  if (bookings.every(({ no_show }) => holdsUp(no_show))) {
    return open.length > 0 ? { ...missed, text: calendarStatuses.awaitingReply } : missed;
  }
  if (statuses.includes("confirmed")) {
    return requests > 0
      ? { ...looks.confirmed, text: calendarStatuses.confirmedWithRequests(requests), needsAnswer: true }
      : looks.confirmed;
  }
  if (requests === 0) return looks.completed;
  return requests > 1 ? { ...looks.pending, text: calendarStatuses.requests(requests) } : looks.pending;
}

/** '2 of 5 seats'; null for a 1:1 session. */
export function seatsOf({ bookings, capacity }: CalendarSession): string | null {
  return capacity > 1 ? calendarSession.seats(bookings.length, capacity) : null;
}

/** 'Meera Shah', or 'Meera Shah and 2 others'. */
export function peopleOf({ bookings }: CalendarSession): string {
  return calendarSession.people(bookings[0].user_name, bookings.length - 1);
}
