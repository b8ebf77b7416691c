import { CircleCheck, CircleDashed, type LucideIcon } from "lucide-react";
import { countWords } from "@/lib/words";
import type { BookingStatus } from "../../../contract/bookings.ts";
import type { CalendarSession } from "./calendarLayout.ts";

type Look = { words: string; className: string; Icon: LucideIcon | null };

/** Told apart by words, border and sign; the colour only underlines it. */
const looks: Readonly<Record<Exclude<BookingStatus, "cancelled">, Look>> = {
  pending: {
    words: "Request",
    className: "border-dashed border-line-strong bg-accent-soft text-accent-text",
    Icon: CircleDashed,
  },
  confirmed: {
    words: "Confirmed",
    className: "border-primary bg-primary-soft text-primary-text",
    Icon: null,
  },
  completed: { words: "Completed", className: "border-line bg-sunken text-ink-soft", Icon: CircleCheck },
};

/** A group stands as confirmed as soon as one of its people is. */
export function lookOf({ bookings }: CalendarSession): Look {
  const statuses = bookings.map(({ status }) => status);
  if (statuses.includes("confirmed")) return looks.confirmed;
  return statuses.includes("pending") ? looks.pending : looks.completed;
}

/** 'Meera Shah', or 'Meera Shah and 2 others'. */
export function peopleOf({ bookings }: CalendarSession): string {
  const others = bookings.length - 1;
  return others === 0 ? bookings[0].user_name : `${bookings[0].user_name} and ${countWords(others, "other")}`;
}
