/** A mentor's day, week and month of sessions in the workspace. */
import { count } from "./language.ts";

export const views = { list: "List", day: "Day", week: "Week", month: "Month" };

export const calendar = {
  views: "View",
  previous: { day: "Previous day", week: "Previous week", month: "Previous month" },
  next: { day: "Next day", week: "Next week", month: "Next month" },
  today: "Today",
  week: "Days of the week",
  days: "Days",
  loading: "Loading the calendar…",
  failed: "Couldn’t load your calendar",
  shortcuts: "Keyboard shortcuts",
  keys: "With the focus in the calendar: D, W, M and L switch views, T goes to today, Page Up and Page Down go back and forward.",
};

export const legend = { open: "Open", closed: "Closed", off: "Days off", request: "Request" };

/** A day. @param date such as "Friday, 27 November" */
export const calendarDay = {
  today: (date: string) => `${date}, today`,
  withSessions: (date: string, sessions: number) =>
    sessions === 0
      ? `${date}, no sessions`
      : `${date}, ${count(sessions, { one: "session", other: "sessions" })}`,
  noSessions: "No sessions.",
  off: "Day off",
  clockChange: (hours: number) => `${hours} h, clocks change`,
  /** Sessions that the day's cell does not show. */
  more: (sessions: number) => `+${sessions} more`,
  moreOn: (sessions: number, date: string) => `+${sessions} more on ${date}`,
};

/** Sessions that are scrolled out of sight. */
export const hiddenSessions = {
  above: (sessions: number) => `${sessions} more above`,
  below: (sessions: number) => `${sessions} more below`,
};

export const calendarStatuses = {
  pending: "Request",
  confirmed: "Confirmed",
  completed: "Completed",
  noShow: "No-show",
  needsReply: "Needs your reply",
  awaitingReply: "Awaiting a reply",
  /** Several seats of a group. */
  requests: (requests: number) => count(requests, { one: "request", other: "requests" }),
  confirmedWithRequests: (requests: number) =>
    `Confirmed, ${count(requests, { one: "request", other: "requests" })}`,
};

export const calendarSession = {
  seats: (taken: number, capacity: number) => `${taken} of ${capacity} seats`,
  seatsTaken: (taken: number, capacity: number) => `${taken} of ${capacity} seats taken`,
  /** @param name full name of one student */
  people: (name: string, others: number) =>
    others === 0 ? name : `${name} and ${count(others, { one: "other", other: "others" })}`,
  startedBefore: "started the day before",
  continuesAfter: "continues the next day",
  /** @param day such as "Fri, 27 Nov" @param time such as "2:30 – 3:30 pm" @param city of the zone */
  when: (day: string, time: string, city: string) => `${day}, ${time} (${city} time)`,
};
