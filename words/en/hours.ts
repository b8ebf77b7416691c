/** The mentor's hours page: weekly and date-specific hours, days off, travel, scheduling rules, and the preview of slots. */
import type { DayReason } from "#scheduling/explain.ts";
import { count } from "./language.ts";

export const hoursPage = {
  title: "Hours",
  loading: "Loading your hours…",
  failed: "Couldn’t load your hours",
};

/** What the forms of this page have in common. */
export const hoursFields = {
  date: "Date",
  dateMissing: "Pick a date.",
  datePassed: "This date has passed.",
  lastBeforeFirst: "The last day is before the first.",
  from: "From",
  to: "To",
  timeMissing: "Enter a time.",
  adding: "Adding…",
};

export const weeklyHours = {
  title: "Weekly hours",
  lead: "They repeat every week. To run past midnight, set an end time earlier than the start.",
  save: "Save weekly hours",
  saved: "Weekly hours saved",
  unavailable: "Unavailable",
  add: "Add hours",
  addOn: (day: string) => `Add hours on ${day}`,
  copyToWeekdays: "Copy to weekdays",
  copyToWeekdaysFrom: (day: string) => `Copy to weekdays from ${day}`,
  copyToAllDays: "Copy to all days",
  copyToAllDaysFrom: (day: string) => `Copy to all days from ${day}`,
  copiedToWeekdays: (day: string) => `Copied ${day}’s hours to all weekdays. Not saved yet.`,
  copiedToAllDays: (day: string) => `Copied ${day}’s hours to all days. Not saved yet.`,
  removed: (day: string, position: number) => `Removed hours ${position} on ${day}. Not saved yet.`,
  ofDay: (day: string) => `Hours on ${day}`,
};

/** One range of hours in the form of its day. `position` counts from 1. */
export const hoursWindow = {
  start: (day: string, position: number) => `${day}, hours ${position}: from`,
  end: (day: string, position: number) => `${day}, hours ${position}: to`,
  to: "to",
  remove: (day: string, position: number) => `Remove ${day}, hours ${position}`,
  startMissing: "Enter a start time.",
  endMissing: "Enter an end time.",
  duplicate: "These hours are already set for this day.",
};

/** Where hours end, unless it is later on the same day. */
export const windowEndings = {
  wholeDay: "All day",
  midnight: "Ends at midnight",
  nextDay: "Ends next day",
  sameTimeNextDay: "24 hours, ends next day",
};

export const weekGrid = {
  label: "Week grid",
  help: "Drag to add, move or resize. With the keyboard: arrow keys move, Shift with an arrow key changes the end, Delete removes.",
  placed: (day: string, start: string, end: string) => `${day}, ${start} to ${end}. Not saved yet.`,
  removed: "Removed. Not saved yet.",
  block: (day: string, start: string, end: string) => `${day}, ${start} to ${end}`,
  blockPastMidnight: (day: string, start: string, end: string, nextDay: string) =>
    `${day}, ${start} to ${end} on ${nextDay}`,
};

export const datedHours = {
  title: "Date-specific hours",
  lead: "Add hours on a single date, or replace the usual ones.",
  form: "Add date-specific hours",
  replace: "Replace the usual hours",
  replaceDetail: "Otherwise they’re added to your weekly hours.",
  add: "Add these hours",
  added: (date: string) => `Hours on ${date} added`,
  removed: "Hours removed",
  span: (start: string, end: string) => `${start} to ${end}`,
  spanWithEnding: (start: string, end: string, ending: string) => `${start} to ${end} (${ending})`,
  replacesWeekly: "Replaces weekly hours",
  remove: (date: string, span: string) => `Remove hours on ${date}, ${span}`,
};

export const daysOff = {
  title: "Days off",
  lead: "Students can’t book you on these days.",
  form: "Add a day off",
  first: "Day off",
  last: "Last day",
  lastHint: "For several days in a row.",
  reason: "Reason",
  reasonHint: "Only you see this.",
  addOne: "Add day off",
  addSeveral: "Add days off",
  addedOne: (date: string) => `Day off added: ${date}`,
  addedSeveral: (dates: string) => `Days off added: ${dates}`,
  removed: "Bookable again",
  remove: (dates: string) => `Remove day off ${dates}`,
};

export const travel = {
  title: "Travel",
  lead: "While you’re away, your hours follow local time. Booked sessions don’t move.",
  form: "Add a trip",
  first: "First day there",
  last: "Last day there",
  timeZone: "Local time zone",
  usualZone: "That’s your usual time zone.",
  add: "Add trip",
  added: (city: string) => `Trip to ${city} added`,
  removed: "Trip removed",
  remove: (place: string, dates: string) => `Remove trip to ${place}, ${dates}`,
};

/** After something was removed without confirmation, next to "Undo". */
export const hoursRemoval = {
  restored: "Restored",
  stale: "Your hours were changed elsewhere.",
  staleDetail: "Nothing was changed here. Please check your hours and try again.",
};

export const schedulingRules = {
  title: "Scheduling rules",
  lead: "How and when students can book you.",
  save: "Save scheduling rules",
  saved: "Scheduling rules saved",
  timeZone: "Time zone",
  timeZoneNow: (time: string) => `It’s ${time} there now.`,
  timeZoneChange: (time: string) =>
    `It’s ${time} there now. Your hours keep their times of day; booked sessions don’t move.`,
  interval: "Start times every",
  notice: "Minimum notice",
  bufferBefore: "Buffer before a session",
  bufferAfter: "Buffer after a session",
  window: "Days ahead students can book",
  windowHint: (min: number, max: number) => `${min} to ${max}`,
  perDay: "Max sessions per day",
  perDayHint: "Leave blank for no limit.",
  perWeek: "Max sessions per week",
  perWeekHint: "Monday to Sunday. Leave blank for no limit.",
  instant: "Confirm bookings automatically",
  /** @param hours until a request expires */
  instantDetail: (hours: number) =>
    `Otherwise you have ${hours} hours to answer each request. Each service can override this.`,
  firstTimers: "Approve first bookings",
  firstTimersDetail: "Students you haven’t met yet send a request, even if you confirm automatically.",
  numberBetween: (min: number, max: number) => `Enter a number from ${min} to ${max}.`,
};

/** A minimum notice or a buffer of no minutes. */
export const noLength = "None";

export const sessionsOutsideHours = {
  label: "Sessions outside your hours",
  saved: (sessions: number) =>
    count(sessions, { one: "session is outside your hours", other: "sessions are outside your hours" }),
  draft: (sessions: number) =>
    count(sessions, {
      one: "session would be outside your hours",
      other: "sessions would be outside your hours",
    }),
  /** Beside the button that saves. */
  note: (sessions: number) =>
    count(sessions, { one: "session outside your hours", other: "sessions outside your hours" }),
  kept: "Existing bookings aren’t changed. You can cancel or reschedule them under Sessions.",
  session: (day: string, times: string, student: string, service: string) =>
    `${day}, ${times}: ${student}, ${service}`,
  request: (day: string, times: string, student: string, service: string) =>
    `${day}, ${times}: ${student}, ${service} (request)`,
  series: (sessions: number, student: string, service: string, day: string) =>
    `Series with ${student}, ${service}: ${count(sessions, { one: "session", other: "sessions" })} from ${day} on`,
  more: (sessions: number) => `and ${sessions} more`,
};

/** The hours were changed in another tab while a form had unsaved changes. */
export const staleHours = {
  title: "Your hours were changed elsewhere",
  detail: "They were saved in another tab or on another device. Nothing you typed here is lost.",
  load: "Load the newer hours",
  look: "See the newer hours",
  overwrite: "Save mine instead",
};

export const slotPreview = {
  title: "What students see",
  timeZone: "In your time zone.",
  drafts: "includes unsaved changes",
  from: "Starting from",
  length: "Length",
  failed: "Couldn’t load the times.",
  days: "Days",
  times: (times: number) => count(times, { one: "time", other: "times" }),
  timesOn: (date: string) => `Times on ${date}`,
  away: (city: string) => `You’re in ${city} then. Times are local.`,
  why: "Why?",
  whyOn: (date: string) => `Why? ${date}`,
};

/** Why a day of the preview has no times. */
export const previewDays = {
  blocked: "Day off",
  full: "Fully booked",
  no_hours: "Closed",
  notice: "Within your minimum notice",
  beyond_window: "Too far ahead to book",
  limit: "Session limit reached",
  past: "Already over",
  too_short: "No gap is long enough",
  paused: "Not taking bookings",
} satisfies Record<DayReason, string>;

export const dayExplanation = {
  title: (date: string) => `Why these times? ${date}`,
  sessions: (length: string) => `${length} sessions.`,
  sessionsWithoutDrafts: (length: string) => `${length} sessions. Unsaved changes aren’t included.`,
  failed: "Couldn’t explain this day",
  startsIn: (city: string) => `Start times in ${city}:`,
  starts: "Start times",
  session: (student: string, times: string) => `${student}, ${times}`,
  request: (student: string, times: string) => `${student}, ${times} (request)`,
  event: (what: string, times: string) => `${what}, ${times}`,
  titled: (title: string, calendar: string) => `${title} (${calendar} calendar)`,
  calendar: (calendar: string) => `${calendar} calendar`,
  allDay: "all day",
};
