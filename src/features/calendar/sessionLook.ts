import { CircleCheck, CircleDashed, type LucideIcon, UserX } from "lucide-react";
import type { BookingStatus } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { countWords } from "@/lib/words.ts";
import type { CalendarSession } from "./calendarLayout.ts";

type Look = {
  words: string;
  className: string;
  Icon: LucideIcon | null;
  /** Somebody waits for the mentor: then the words are shown, not only spoken. */
  needsAnswer: boolean;
};

/** Told apart by words, border and sign; the colour only underlines it. */
const looks: Readonly<Record<Exclude<BookingStatus, "cancelled">, Look>> = {
  pending: {
    words: "Request",
    className: "border-dashed border-line-strong bg-accent-soft text-accent-text",
    Icon: CircleDashed,
    needsAnswer: true,
  },
  confirmed: {
    words: "Confirmed",
    className: "border-primary bg-primary-soft text-primary-text",
    Icon: null,
    needsAnswer: false,
  },
  completed: {
    words: "Completed",
    className: "border-line bg-sunken text-ink-soft",
    Icon: CircleCheck,
    needsAnswer: false,
  },
};

/** Somebody did not come, or is said not to have. */
const missed: Look = {
  words: "No-show",
  className: "border-line bg-sunken text-ink-soft",
  Icon: UserX,
  needsAnswer: false,
};

/** A group stands as confirmed as soon as one of its people is; the requests for other seats are told beside it. */
export function lookOf({ bookings }: CalendarSession): Look {
  const statuses = bookings.map(({ status }) => status);
  const requests = statuses.filter((status) => status === "pending").length;
  const open = bookings.filter(({ no_show }) => no_show?.state === "open");
  if (open.some(({ no_show }) => no_show?.claimed_by === "student")) {
    return { ...missed, words: "Did you come?", needsAnswer: true };
  }
  if (bookings.every(({ no_show }) => holdsUp(no_show))) {
    return open.length > 0 ? { ...missed, words: "Waits for an answer" } : missed;
  }
  if (statuses.includes("confirmed")) {
    const { words } = looks.confirmed;
    return requests > 0
      ? { ...looks.confirmed, words: `${words}, ${countWords(requests, "request")}`, needsAnswer: true }
      : looks.confirmed;
  }
  if (requests === 0) return looks.completed;
  return requests > 1 ? { ...looks.pending, words: countWords(requests, "request") } : looks.pending;
}

/** '2 of 5 seats'; null where nobody else can join. */
export function seatsOf({ bookings, capacity }: CalendarSession): string | null {
  return capacity > 1 ? `${bookings.length} of ${capacity} seats` : null;
}

/** 'Meera Shah', or 'Meera Shah and 2 others'. */
export function peopleOf({ bookings }: CalendarSession): string {
  const others = bookings.length - 1;
  return others === 0 ? bookings[0].user_name : `${bookings[0].user_name} and ${countWords(others, "other")}`;
}
