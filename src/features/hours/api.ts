/**
 * Changes of a mentor's hours. Each carries the revision that it is based on, see `hoursRevision.ts`. All throw ApiProblem.
 */

import type {
  AvailabilitySlot,
  CreateAvailabilitySlot,
  CreateBlockedDate,
  CreateTimezonePeriod,
  HoursChange,
  ReplaceWeek,
  TimezonePeriod,
} from "#contract/hours.ts";
import type { MentorProfile, UpdateMentor } from "#contract/mentors.ts";
import type { DayExplanation, HoursPreview, PreviewHours } from "#contract/ownHours.ts";
import type { LocalDate, Minutes } from "#scheduling/units.ts";
import { api, type RequestOptions } from "@/lib/api.ts";

type Saved<T> = Promise<T & HoursChange>;

/** Replaces all weekly windows; returns all windows, dated ones included. */
export function replaceWeek(week: ReplaceWeek, options: RequestOptions): Saved<{ data: AvailabilitySlot[] }> {
  return api.put("/api/v1/availability-slots", week, options);
}

export function addHours(window: CreateAvailabilitySlot, options: RequestOptions): Saved<AvailabilitySlot> {
  return api.post("/api/v1/availability-slots", window, options);
}

export function removeHours(id: string, options: RequestOptions): Promise<null> {
  return api.delete(`/api/v1/availability-slots/${encodeURIComponent(id)}`, options);
}

/** One day, or with `end_date` a range. */
export function blockDates(days: CreateBlockedDate, options: RequestOptions): Saved<object> {
  return api.post("/api/v1/blocked-dates", days, options);
}

export function unblockDates(from: LocalDate, to: LocalDate, options: RequestOptions): Promise<null> {
  return api.delete("/api/v1/blocked-dates", { ...options, query: { from, to } });
}

export function addTravel(period: CreateTimezonePeriod, options: RequestOptions): Saved<TimezonePeriod> {
  return api.post("/api/v1/timezone-periods", period, options);
}

export function removeTravel(id: string, options: RequestOptions): Promise<null> {
  return api.delete(`/api/v1/timezone-periods/${encodeURIComponent(id)}`, options);
}

export function changeRules(change: UpdateMentor, options: RequestOptions): Saved<MentorProfile> {
  return api.patch("/api/v1/mentors/me", change, options);
}

/** The slots that students would be offered. Saves nothing. */
export function previewHours(draft: PreviewHours, signal: AbortSignal): Promise<HoursPreview> {
  return api.post("/api/v1/availability/preview", draft, { signal });
}

export function explainDay(date: LocalDate, duration: Minutes, signal: AbortSignal): Promise<DayExplanation> {
  return api.get("/api/v1/mentors/me/explanation", { query: { date, duration }, signal });
}
