/** Requests for times that are not offered, and suggestions of other times. Names are first names. */

import type { BookingRole } from "#rules/bookingState.ts";
import { windowMinutes } from "#rules/windows.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration, sessionLength } from "./durations.ts";

/** The form of a student, in place of the available times. */
export const requestTime = {
  signIn: "Sign in to request another time",
  title: ({ mentor }: { mentor: string }) => `Request another time with ${mentor}`,
  lead: ({ mentor, zone }: { mentor: string; zone: string }) =>
    `Suggest up to three times in your time zone (${zone}). If ${mentor} accepts one, it’s booked. Times aren’t held until then.`,
  submit: "Send request",
  sent: ({ mentor }: { mentor: string }) => `Request sent to ${mentor}`,
  next: ({ mentor }: { mentor: string }) =>
    `We’ll notify you when ${mentor} replies. Without a reply, the request expires after ${duration(windowMinutes("timeRequestAnswer"))}.`,
  backToTimes: "Back to available times",
};

/** Above a form that needs an account. */
export const signInFirst = "We’ll bring you straight back here.";

/** The dialog that suggests other times for a request. */
export const suggestTimes = {
  title: "Suggest other times",
  lead: (name: string, zone: string) =>
    `Suggest up to three times in your time zone (${zone}). If ${name} accepts one, it’s booked.`,
  /** The student's requested time is no longer held. */
  released: "The time they requested will be released right away.",
  submit: "Send",
  sent: (name: string) => `Times sent to ${name}`,
};

export const suggestedTimes = {
  titles: ["First time", "Second time", "Third time"],
  remove: ["Remove the first time", "Remove the second time", "Remove the third time"],
  add: "Add another time",
  date: "Date",
  time: "Time",
  noDate: "Choose a date.",
  noTime: "Choose a time.",
};

export const timeRequests = {
  ofMentor: "Time requests",
  ofStudent: "Your time requests",
  /** When the mentor has answered a booking request with other times. */
  suggested: "Suggested times",
  failed: "Couldn’t load time requests",
  /** To a mentor. */
  service: (service: string, minutes: Minutes) => `${service}, ${sessionLength(minutes)}`,
  /** To a student; the mentor's full name. */
  mentor: (name: string, minutes: Minutes) => `with ${name}, ${sessionLength(minutes)}`,
  timesOf: (name: string) => `Times suggested by ${name}`,
  times: "Suggested times",
  /** `expires` is emphasised. */
  expiry: ({ expires, at }: { expires: string; at: string }) =>
    `${expires} (${at}). Times aren’t held until one is accepted.`,
  expires: (countdown: string) => `Expires ${countdown}`,
  accepted: "Session booked and confirmed",
};

/** The status of a request, as one of its two sides reads it. @param other name of the other side */
export const timeRequestStatuses = {
  open: (_: BookingRole, other: string, isAwaited: boolean) =>
    isAwaited ? "Awaiting your reply" : `Awaiting ${other}’s reply`,
  accepted: () => "Accepted and booked",
  declined: (side: BookingRole, other: string) =>
    side === "mentor" ? "You declined this request" : `${other} declined`,
  expired: () => "Expired without a reply",
  withdrawn: (side: BookingRole, other: string) =>
    side === "student" ? "You withdrew this request" : `${other} withdrew this request`,
};

/** Buttons of a request: a label, and the full name. */
export const timeRequestSteps = {
  accept: { label: "Accept", full: (time: string) => `Accept ${time}` },
  suggest: { label: "Suggest other times", full: (name: string) => `Suggest other times to ${name}` },
  decline: { label: "Decline", full: (name: string) => `Decline the request from ${name}` },
  withdraw: { label: "Withdraw", full: (name: string) => `Withdraw the request to ${name}` },
};

export const withdrawRequest = {
  title: "Withdraw this request?",
  lead: (mentor: string) =>
    `${mentor} will no longer be able to accept these times. You can send a new request any time.`,
  keep: "Keep request",
  confirm: "Withdraw request",
};

export const declineRequest = {
  title: "Decline this request?",
  lead: ({ student, service }: { student: string; service: string }) =>
    `${student} requested another time for ${service}.`,
  keep: "Keep request",
  confirm: "Decline request",
};
