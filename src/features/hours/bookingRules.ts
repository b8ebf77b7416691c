import type { MentorProfile, UpdateMentor } from "#contract/mentors.ts";
import type { PreviewHours } from "#contract/ownHours.ts";
import { asMinutes } from "#scheduling/units.ts";
import { schedulingRules } from "#words/hours.ts";

/** The shape of the rules form: what a select or a text field holds is text. */
export type BookingRules = {
  timezone: string;
  slot_interval: string;
  buffer_before: string;
  buffer_after: string;
  minimum_notice: string;
  booking_window_days: string;
  max_per_day: string;
  max_per_week: string;
  instant_confirm: boolean;
  approve_first_timers: boolean;
};

/** To choose from. A profile's own value is offered in addition. */
export const choices = {
  slot_interval: [5, 10, 15, 20, 30, 45, 60, 90, 120].map(asMinutes),
  buffer: [0, 5, 10, 15, 20, 30, 45, 60, 90, 120].map(asMinutes),
  minimum_notice: [0, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 10_080, 20_160, 43_200].map(asMinutes),
} as const;

export function rulesOf(profile: Pick<MentorProfile, keyof BookingRules>): BookingRules {
  return {
    timezone: profile.timezone,
    slot_interval: String(profile.slot_interval),
    buffer_before: String(profile.buffer_before),
    buffer_after: String(profile.buffer_after),
    minimum_notice: String(profile.minimum_notice),
    booking_window_days: String(profile.booking_window_days),
    max_per_day: profile.max_per_day === null ? "" : String(profile.max_per_day),
    max_per_week: profile.max_per_week === null ? "" : String(profile.max_per_week),
    instant_confirm: profile.instant_confirm,
    approve_first_timers: profile.approve_first_timers,
  };
}

export function changeOf(rules: BookingRules): UpdateMentor {
  return {
    timezone: rules.timezone,
    slot_interval: Number(rules.slot_interval),
    buffer_before: Number(rules.buffer_before),
    buffer_after: Number(rules.buffer_after),
    minimum_notice: Number(rules.minimum_notice),
    booking_window_days: Number(rules.booking_window_days),
    max_per_day: limitOf(rules.max_per_day),
    max_per_week: limitOf(rules.max_per_week),
    instant_confirm: rules.instant_confirm,
    approve_first_timers: rules.approve_first_timers,
  };
}

/** The rules that decide which times are offered, for the preview; undefined while a number is incomplete. */
export function settingsOf(rules: BookingRules): PreviewHours["settings"] {
  const { instant_confirm: _, approve_first_timers: __, ...settings } = changeOf(rules);
  return Object.values(settings).some(Number.isNaN) ? undefined : settings;
}

/** Validates a whole number from 1 to `most`, spaces around it allowed. */
export function numberUpTo(most: number): (text: string) => string | true {
  return (text) => {
    const isWhole = /^\s*\d+\s*$/.test(text);
    return (isWhole && Number(text) >= 1 && Number(text) <= most) || schedulingRules.numberBetween(1, most);
  };
}

export function numberOrNothing(most: number): (text: string) => string | true {
  return (text) => text.trim() === "" || numberUpTo(most)(text);
}

function limitOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
