import type { AvailabilitySlot, BlockedDate } from "../../../contract/availability.ts";
import type { MentorProfile } from "../../../contract/mentors.ts";
import { addDays, dayOfWeek, parseDate } from "../../../scheduling/calendar.ts";
import { weekdays } from "./weekForm.ts";

type Rules = Pick<MentorProfile, "minimum_notice" | "booking_window_days">;
type Facts = {
  /** Mentor-local, like everything here. */
  date: string;
  today: string;
  rules: Rules;
  hours: readonly AvailabilitySlot[];
  daysOff: readonly BlockedDate[];
  /** 'HH:MM' lengths in words: '1 h'. */
  lengthWords: string;
};

/** The likeliest reason why students are offered nothing on a day. */
export function whyNoTimes({ date, today, rules, hours, daysOff, lengthWords }: Facts): string {
  if (date < today) return "This day has passed.";
  if (daysOff.some((day) => day.date === date)) return "This is one of your days off.";
  if (date > addDays(today, rules.booking_window_days)) {
    return `This is more than ${rules.booking_window_days} days ahead, which is as far as students may book.`;
  }
  const weekday = dayOfWeek(parseDate(date) ?? 0);
  const isOpen = hours.some((slot) => slot.day_of_week === weekday || slot.specific_date === date);
  if (!isOpen) return `You have no hours on ${weekdays[weekday]}s, and no extra hours on this date.`;
  const noticeDays = Math.ceil(rules.minimum_notice / 1440);
  if (rules.minimum_notice > 0 && date <= addDays(today, noticeDays)) {
    return "What is left of this day is taken, or begins sooner than your minimum notice allows.";
  }
  return `Everything is taken, a limit is reached, or no stretch is long enough for ${lengthWords}.`;
}
