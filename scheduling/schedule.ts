/** A mentor's hours and settings as in their rows: wall-clock times of a zone. */

import type { EpochMs, LocalDate, Minutes } from "./units.ts";

/** One row of availability_slots: wall clock in the mentor's zone. Exactly one of day_of_week / specific_date is set. */
export interface AvailabilityWindow {
  /** 0 (Sunday) .. 6 (Saturday): recurs every week. */
  readonly day_of_week: number | null;
  /** Holds on that date, besides the recurring windows of its weekday. */
  readonly specific_date: LocalDate | null;
  /** 'HH:MM'. */
  readonly start_time: string;
  /** 'HH:MM'; '24:00' and '00:00' are midnight, an end at or before the start lies on the next day. */
  readonly end_time: string;
  /** On a dated window: the weekly windows that begin on its date do not hold. */
  readonly replaces_weekly?: boolean;
}

/** One row of timezone_periods. */
export interface ZonePeriod {
  readonly starts_on: LocalDate;
  /** Included. */
  readonly ends_on: LocalDate;
  /** IANA zone. */
  readonly timezone: string;
}

/** What a mentor has set. */
export interface Schedule {
  /** IANA zone of every wall clock here, except on the dates of `zone_periods`. */
  readonly timezone: string;
  /** Dates on which another zone is in force; they do not overlap. */
  readonly zone_periods?: readonly ZonePeriod[];
  readonly windows: readonly AvailabilityWindow[];
  /** Whole local days. */
  readonly blocked_dates: readonly LocalDate[];
  readonly slot_interval: Minutes;
  readonly buffer_before: Minutes;
  readonly buffer_after: Minutes;
  readonly minimum_notice: Minutes;
  /** As `minimum_notice`, where nothing is joined: a group session begins with time to find the attendees that it needs. */
  readonly opening_notice?: Minutes;
  /** The last local date that can be booked is today plus this. */
  readonly booking_window_days: number;
  readonly max_per_day: number | null;
  /** Per ISO 8601 week, Monday first. */
  readonly max_per_week: number | null;
  /** False: no start is free for a new booking. */
  readonly accepting_bookings?: boolean;
  /** What people in the waitlist wait for, without an offer yet. */
  readonly waits?: readonly Wait[];
}

/** Sessions that a person waits for. */
export interface Wait {
  readonly serviceId: string;
  readonly duration: Minutes;
  /** They begin from here on, … */
  readonly from: EpochMs;
  /** … before this, … */
  readonly until: EpochMs;
  /** … and not then: these were offered and passed. */
  readonly passed: readonly EpochMs[];
  /** False: only the group sessions that the mentor schedules. */
  readonly opensByBooking: boolean;
  /** The `opening_notice` of the service. */
  readonly openingNotice: Minutes;
}
