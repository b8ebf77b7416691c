/** The page of one session, and rescheduling it. Names are first names unless noted. */
import { windowDays } from "#rules/windows.ts";

export const sessionPage = {
  /** Until the session is known. */
  title: "Your session",
  /** "Fri, 4 Dec, 12:15 pm (Kathmandu, GMT+5:45)" */
  when: ({ when, zone }: { when: string; zone: string }) => `${when} (${zone})`,
  /** In the tab of a page that a link has opened. @param when with its zone */
  ofLink: ({ name, when }: { name: string; when: string }) => `${name}, ${when}`,
  failed: "Couldn’t load this session",
  yourMessage: "Your message",
  mentorPage: ({ mentor }: { mentor: string }) => `${mentor}’s page`,
  writeTo: ({ student, email }: { student: string; email: string }) => `Write to ${student}: ${email}`,
};

export const missingSession = {
  title: "Session not found",
  heading: "We can’t find this session",
  text: "The link may be incomplete, or the session belongs to another account.",
};

/** A signed link that opens nothing. */
export const missingLink = {
  title: "Link not valid",
  heading: "This link has expired or isn’t valid",
  text: `It may be incomplete or turned off, or the session was more than ${windowDays("bookingLink")} days ago. Sign in to see all your sessions.`,
};

/** Above a session that was opened by a signed link. */
export const actingFor = {
  /** @param name full name */
  title: (name: string) => `You’re acting for ${name}`,
  text: ({ name }: { name: string }) =>
    `This link opens ${name}’s side of the session. Changes are made in ${name}’s name, and we let both people know.`,
};

export const manageSession = {
  title: "Manage",
  /** A request, as its mentor reads it. */
  reply: "Your reply",
  signInToApprove: "Sign in to approve this request.",
  /** Of a session of a programme, for its mentor. The part in braces is a link. */
  movesForAll: ({ programme }: { programme: string }) =>
    `This session can only be moved for everyone in it. Open it from ${programme}.`,
  programme: "the programme",
};

/** A link that opens the session without a login. */
export const manageLink = {
  title: "Manage without signing in",
  warning:
    "Anyone with this link can see, reschedule and cancel this session in your name. Don’t share it as an invitation.",
  /** Of a session of a programme. */
  warningFixed:
    "Anyone with this link can see and cancel this session in your name. Don’t share it as an invitation.",
  warningCancelled:
    "Anyone with this link can see this session in your name. Don’t share it as an invitation.",
  label: "Manage-without-sign-in link",
  worksUntil: (day: string) => `Works until ${day}.`,
  create: "Create link",
  created: "Link created. Copy it from the field.",
  createFailed: "Couldn’t create a link",
  turnOff: "Turn off links you created",
  turnedOff: "Links turned off",
  turnedOffText: "Links you created for this session no longer work.",
  turnOffFailed: "Couldn’t turn off the links",
};

export const sessionMeeting = {
  title: "Meeting",
  ownLink: "For this session only.",
  room: "Your meeting room.",
  made: "Made for this session.",
  noLink: "You can also add a link just for this session.",
  change: "Change link",
  useAnother: "Use another link",
};

export const reschedule = {
  title: "Reschedule",
  timeStep: "Pick a new time",
  current: "Current time",
  unchanged: "That’s the current time.",
  choose: "Pick a time to continue.",
  confirmStep: "Reschedule to this time?",
  from: "From",
  to: "To",
  requestStays: "It’s still a request. Others can book the old time right away.",
  sessionStays: "It stays confirmed at the same price. Others can book the old time right away.",
  confirm: "Reschedule session",
  done: "Session rescheduled",
};
