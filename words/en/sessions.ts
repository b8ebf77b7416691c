/** A booked session, as both of its people read it: its status, time, steps and dialogs. Names are first names unless noted. */

/** A session in one line, such as the subject of a dialog. */
export const bookedWith = ({ service, other }: { service: string; other: string }) =>
  `${service} with ${other}`;

/** After the name of the service, on a separate line. */
export const withPerson = ({ name }: { name: string }) => `with ${name}`;

/** Parts of a session's status that its booking status (bookings.ts) does not include. */
export const sessionStatuses = {
  expired: "Expired without a reply",
  toPay: "Not paid yet",
  notPaid: "Not booked",
  inProgress: "In progress",
  awaitingYou: "Awaiting your reply",
  over: "Ended",
  overForMentor: "Ended, not marked as completed",
};

/** When a session is. @param zone such as "Kathmandu, GMT+5:45" */
export const sessionTimes = {
  forBoth: (zone: string) => `For both of you (${zone})`,
  yours: (zone: string) => `Your time (${zone})`,
};

/** @param zone such as "Kathmandu, GMT+5:45" */
export const yourTimeZone = (zone: string) => `Your time zone: ${zone}`;

/** The student's message, as the mentor reads it. */
export const topic = (student: string) => `What ${student} would like to talk about`;

/** How long a request is open. @param until a date and time @param left such as "in 2 days" */
export const requestWindow = {
  student: ({ until }: { until: string }) => `Held for you until ${until}.`,
  mentor: ({ until, left }: { until: string; left: string }) =>
    `Reply by ${until} (${left}), or the request expires.`,
};

/** Length, price and recording beside a session. */
export const sessionTags = {
  title: "Booked",
  price: "Price:",
  recording: "With recording",
};

/** What was booked, on the page after booking. */
export const bookingDetails = {
  session: "Session",
  /** @param type such as "1:1 session" @param name full name */
  typeWith: ({ type, name }: { type: string; name: string }) => `${type} with ${name}`,
  when: "Date and time",
  length: "Length",
  price: "Price",
  withRecording: ({ price }: { price: string }) => `${price} including the recording`,
};

/** Steps of a booking: a button's label, and its full name with the person it is about (full name). */
export const sessionSteps = {
  approve: { label: "Approve", full: (name: string) => `Approve session with ${name}` },
  decline: { label: "Decline", full: (name: string) => `Decline session with ${name}` },
  complete: { label: "Mark as completed", full: (name: string) => `Mark as completed: session with ${name}` },
  cancel: { label: "Cancel", full: (name: string) => `Cancel session with ${name}` },
  cancelSession: { label: "Cancel session", full: (name: string) => `Cancel session with ${name}` },
  withdraw: { label: "Withdraw request", full: (name: string) => `Withdraw request to ${name}` },
  reschedule: { label: "Reschedule", full: (name: string) => `Reschedule session with ${name}` },
};

/** Links beside a session: a label, and its full name with the other person's full name. */
export const sessionLinks = {
  details: { label: "Details", full: (name: string) => `Details of the session with ${name}` },
  calendar: { label: "Add to Calendar", full: (name: string) => `Add to Calendar: session with ${name}` },
};

/** Before a session or a request is given up. */
export const cancelDialogs = {
  cancel: { title: "Cancel this session?", keep: "Keep session", confirm: "Cancel session" },
  withdraw: { title: "Withdraw this request?", keep: "Keep request", confirm: "Withdraw request" },
  decline: { title: "Decline this request?", keep: "Keep request", confirm: "Decline request" },
};
export const cancelConsequence = "Others can book this time right away. You can’t undo this.";

/** After a step, as a toast. */
export const stepsDone = {
  confirm: (student: string) => `Session with ${student} confirmed`,
  decline: (student: string) => `Request from ${student} declined`,
  complete: (student: string) => `Session with ${student} marked as completed`,
  cancel: (other: string) => `Session with ${other} cancelled`,
  withdraw: (mentor: string) => `Request to ${mentor} withdrawn`,
};

/** Below such a toast. */
export const notified = (name: string) => `We’ve let ${name} know.`;

export const sessionLists = {
  loading: "Loading sessions…",
  failed: "Couldn’t load your sessions",
  none: "No sessions yet",
  noneAhead: "No upcoming sessions.",
  toPay: "Finish your booking",
  toReply: "Needs your reply",
  requests: "Requests",
  upcoming: "Upcoming",
  past: "Past and cancelled",
};
