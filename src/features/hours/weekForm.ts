import type { AvailabilitySlot, ReplaceWeek } from "#contract/hours.ts";
import { ownedCaps } from "#rules/limits.ts";
import { formatTime, parseEndTime, parseTime } from "#scheduling/dates.ts";
import { asMinutes } from "#scheduling/units.ts";
import { hoursWindow, type windowEndings } from "#words/hours.ts";

export type HoursWindow = { start: string; end: string };

/** The shape of the weekly form: one entry per `day_of_week`, 0 Sunday to 6 Saturday. */
export type WeekForm = { days: { windows: HoursWindow[] }[] };

const WEEK_DAYS = 7;

/** The cap on a week, shared among its days. */
export const maxWindowsPerDay = ownedCaps.weekly_windows / WEEK_DAYS;

const DAY_MINUTES = 1440;

export function weekFormOf(slots: readonly AvailabilitySlot[]): WeekForm {
  return {
    days: Array.from({ length: WEEK_DAYS }, (_, day) => ({
      windows: slots
        .filter((slot) => slot.is_recurring && slot.day_of_week === day)
        .map(({ start_time, end_time }) => ({ start: start_time, end: timeFieldOf(end_time) })),
    })),
  };
}

export function replaceWeekOf(form: WeekForm): ReplaceWeek {
  return { recurringSlots: flatten(form).map(({ day, window }) => weeklyWindow(day, window)) };
}

/** The form's path of an API field: 'recurringSlots.3.end_time' -> 'days.2.windows.0.end'. */
export function weekPathOf(field: string, form: WeekForm): string | null {
  const [, position, part] = /^recurringSlots\.(\d+)\.(start_time|end_time)$/.exec(field) ?? [];
  const place = position === undefined ? undefined : flatten(form)[Number(position)];
  if (!place) return null;
  return `days.${place.day}.windows.${place.index}.${part === "start_time" ? "start" : "end"}`;
}

/** Time fields have no 24:00; both spellings are midnight at the end of the day. */
export function timeFieldOf(endTime: string): string {
  return endTime === "24:00" ? "00:00" : endTime;
}

/** Where a window ends; null if it is later on the same day, or while a time is incomplete. */
export function windowEnding({ start, end }: HoursWindow): keyof typeof windowEndings | null {
  const from = parseTime(start);
  const to = parseEndTime(end);
  if (from === null || to === null) return null;
  if (to === DAY_MINUTES) return from === 0 ? "wholeDay" : "midnight";
  if (to === from) return "sameTimeNextDay";
  return to < from ? "nextDay" : null;
}

/** The window that "Add hours" appends: an hour after the last one, or a working day. */
export function nextWindow(windows: readonly HoursWindow[]): HoursWindow {
  const last = parseTime(windows.at(-1)?.end ?? "");
  if (windows.length === 0) return { start: "09:00", end: "17:00" };
  if (last === null || last === 0 || last > 21 * 60) return { start: "", end: "" };
  return { start: formatTime(asMinutes(last + 60)), end: formatTime(asMinutes(last + 120)) };
}

/** Why a window cannot be saved beside the others of its day, or null. */
export function windowProblem(windows: readonly HoursWindow[], index: number): string | null {
  const { start, end } = windows[index] ?? { start: "", end: "" };
  const isTwice = windows.some((other, at) => at < index && other.start === start && other.end === end);
  return isTwice ? hoursWindow.duplicate : null;
}

function flatten(form: WeekForm): { day: number; index: number; window: HoursWindow }[] {
  return form.days.flatMap(({ windows }, day) => windows.map((window, index) => ({ day, index, window })));
}

function weeklyWindow(day: number, { start, end }: HoursWindow): ReplaceWeek["recurringSlots"][number] {
  return { day_of_week: day, start_time: start, end_time: end };
}
