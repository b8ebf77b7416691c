import type { Booking, BookingStatus } from "#contract/bookings.ts";
import type { Service, SessionType } from "#contract/services.ts";

/** The guide's names in a person's words. */
export const sessionTypeWords: Readonly<Record<SessionType, string>> = {
  oneOnOneSession: "1:1 session",
  groupSession: "Group session",
  chatAdvice: "Chat advice",
};

export const statusTones = {
  pending: "accent",
  confirmed: "good",
  completed: "neutral",
  cancelled: "bad",
} as const satisfies Record<BookingStatus, string>;

export function firstName(fullName: string): string {
  return fullName.trim().split(/\s+/)[0] ?? fullName;
}

/** A booking's status as its student reads it. */
export function statusWords(booking: Pick<Booking, "status" | "mentor">): string {
  const mentor = firstName(booking.mentor.full_name);
  switch (booking.status) {
    case "pending":
      return `Waiting for ${mentor} to confirm`;
    case "confirmed":
      return "Confirmed";
    case "completed":
      return "Completed";
    case "cancelled":
      return "Cancelled";
    default:
      return booking.status satisfies never;
  }
}

export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How many people a service takes, in words; null for one person. */
export function capacityWords(service: Pick<Service, "capacity">): string | null {
  return service.capacity > 1 ? `Up to ${service.capacity} people` : null;
}
