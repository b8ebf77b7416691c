/** A mentor's requests and sessions in the workspace. */
import { count } from "./language.ts";

export const mentorSessions = {
  title: "Sessions",
  noRequests: "No requests right now.",
  requestsHint: "We hold the time until you reply or the request expires.",
  ended: "Ended",
  endedHint: "Mark these as completed if they took place.",
  noneYet: "Requests and bookings will appear here.",
  /** Above the calendar, which does not show what is to be answered. */
  toReply: (requests: number) =>
    `${count(requests, { one: "request needs", other: "requests need" })} your reply`,
};

export const mentorCard = {
  email: "E-mail:",
  phone: "Phone:",
};

/** Opens the dialog that suggests other times for a request. @param name the student's full name */
export const suggestTimes = {
  label: "Suggest other times",
  full: (name: string) => `Suggest other times to ${name}`,
};
