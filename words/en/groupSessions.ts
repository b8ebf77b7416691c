/** Group sessions: for everyone, for their mentor, and for the people in them. */
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { count } from "./language.ts";

const people = (number: number) => count(number, { one: "person", other: "people" });
const seats = (number: number) => count(number, { one: "seat", other: "seats" });
const more = (number: number) => (number === 1 ? "1 more person joins" : `${number} more people join`);

/** Seats, the minimum and the state, wherever a group session is shown. `time` has its day and the hour. */
export const groupFacts = {
  seatsLeft: (left: number) => (left === 0 ? "No seats left" : `${seats(left)} left`),
  seatsTaken: (taken: number, capacity: number) => `${taken} of ${seats(capacity)} taken`,
  perSeat: (price: string) => `${price} per seat`,
  takesPlaceIf: (missing: number, time: string) => `Takes place if ${more(missing)} by ${time}.`,
  enough: "Enough seats are taken for it to take place.",
  refundedIf: "If too few join, it’s cancelled and everyone gets their money back.",
  cancelledIf: "If too few join, it’s cancelled.",
  /** Of a time that no booking has opened yet. */
  opensWith: (minimum: number, before: Minutes) =>
    `Takes place if at least ${people(minimum)} join${before === 0 ? "" : ` by ${duration(before)} before the start`}.`,
  yourTime: (time: string) => `${time} (your time)`,
  joinUntil: (time: string) => `You can still join until ${time}.`,
};

export const groupStates = {
  /** Its seats come with the programme only. */
  programme: "In a programme",
  open: "Open for booking",
  /** The minimum is not reached yet. */
  waiting: "Waiting for more people",
  on: "Takes place",
  full: "Fully booked",
  running: "In progress",
  over: "Over",
  cancelled: "Cancelled",
};

/** The public page of one session. */
export const groupPage = {
  pageTitle: (title: string, mentor: string) => `${title} with ${mentor}`,
  /** For link previews. */
  description: ({
    mentor,
    time,
    seats: left,
    price,
  }: {
    mentor: string;
    time: string;
    seats: string;
    price: string;
  }) => `Group session with ${mentor}. ${time}. ${price}. ${left}.`,
  kind: "Group session",
  with: ({ mentor }: { mentor: string }) => `with ${mentor}`,
  loading: "Loading the session…",
  failed: "Couldn’t load this session",
  missing: "We can’t find this session",
  missingText: "The link may be wrong, or the mentor’s page is no longer public.",
  book: "Book a seat",
  roster: "Open the roster",
  share: "Share this session",
  link: "Link to this session",
  shareButton: "Share",
  about: "About this session",
  others: "See other times",
  cancelledByMentor: "The mentor cancelled this session.",
  cancelledByMinimum: "Too few people joined, so this session was cancelled.",
  over: "This session is over.",
  closed: "This session has started, and it’s too late to join.",
  full: "All seats are taken. One may open up if someone cancels.",
  noLonger: "The mentor no longer offers this session.",
  paused: "The mentor isn’t taking new bookings right now.",
};

/** On a mentor's public page. */
export const nextGroups = {
  title: "Upcoming group sessions",
};

/** Before booking, and on the page of the student's session. */
export const groupSeat = {
  showName: "Show my name to the other attendees",
  showNameDetail: "Off by default. You can change this any time.",
  title: "The group",
  names: "Also coming",
  namesPast: "Also there",
  noNames: "Names appear here when attendees choose to show them.",
  nowShown: "The other attendees can see your name.",
  nowHidden: "Your name is hidden from the other attendees.",
  page: "Page of this session",
};

/** The mentor's list. */
export const groupList = {
  title: "Groups",
  schedule: "Schedule sessions",
  scheduleFirst: "Schedule your first one",
  upcoming: "Upcoming",
  past: "Past 30 days and cancelled",
  loading: "Loading your group sessions…",
  failed: "Couldn’t load your group sessions",
  none: "No group sessions yet",
  noneText: "Schedule one for a date, or each week. Sessions that students open by booking appear here too.",
  noService: "First add a service with several seats.",
  addService: "Add a group service",
  noUpcoming: "Nothing is scheduled.",
  revenue: (amount: string) => `${amount} in bookings`,
  free: "Free",
  opened: "Opened by a booking",
};

/** The roster of one session. */
export const rosterPage = {
  all: "All groups",
  failed: "Couldn’t load this session",
  missing: "We can’t find this session",
  missingText: "It may have ended when its last seat was freed.",
  people: "Roster",
  none: "No bookings yet",
  noneText: "Share the link so that students can find it.",
  noneLeft: "No seats are booked.",
  share: "Share",
  publicPage: "Public page",
  facts: "About this session",
  present: "Present",
  absent: "Absent",
  /** For screen readers; `name` is whose. */
  markPresent: (name: string) => `Mark ${name} as present`,
  markAbsent: (name: string) => `Mark ${name} as absent`,
  attendance: (present: number, total: number) => `${present} of ${total} present`,
  notBegun: "You can mark who’s here once the session starts.",
  paid: (amount: string) => `${amount} paid`,
  free: "Free",
  notPaid: "Payment pending",
  toApprove: "Awaiting your reply",
  refunded: "Refunded",
  showsName: "Name shown to others",
  change: "Change seats",
  move: "Move",
  message: "Message everyone",
  cancel: "Cancel session",
  manage: "Manage",
};

/** Its dialogs. */
export const groupForms = {
  scheduleTitle: "Schedule group sessions",
  service: "Service",
  length: "Length",
  date: "Date",
  dateHint: (zone: string) => `In your mentor time zone, ${zone}.`,
  time: "Start time",
  weeks: "Weeks",
  weeksHint: "How many, one a week.",
  seats: "Seats",
  minimum: "Minimum number of students",
  minimumHint: "1 means it takes place in any case.",
  decide: "Decide if it takes place",
  lateJoin: "Students can join",
  dates: "Dates",
  datesHint: "Untick the dates to leave out.",
  taken: "You have another session then",
  busyElsewhere: "You’re busy in a connected calendar then",
  /** Below a warning, such as a day off. */
  allTheSame: "You can choose this time all the same.",
  skipTaken: (dates: number) => (dates === 1 ? "Leave this date out" : `Leave these ${dates} dates out`),
  schedule: (sessions: number) => (sessions === 1 ? "Schedule session" : `Schedule ${sessions} sessions`),
  scheduled: (sessions: number) => `${count(sessions, { one: "session", other: "sessions" })} scheduled`,
  noDate: "Choose a date.",
  noTime: "Choose a time.",
  wholeWeeks: (most: number) => `Enter a whole number from 1 to ${most}.`,
  changeTitle: "Change seats and minimum",
  seatsHint: (taken: number) => `${seats(taken)} taken so far.`,
  change: "Save changes",
  changed: "Session changed",
  moveTitle: "Move the session for everyone",
  moveLead: (number: number) =>
    number === 0
      ? "No seats are booked yet."
      : `We’ll notify ${people(number)}. Until it starts, each of them can cancel for a full refund.`,
  now: "Now",
  move: "Move session",
  moved: "Session moved",
  cancelTitle: "Cancel the session for everyone?",
  cancelLead: (number: number, amount: string | null) =>
    number === 0
      ? "No seats are booked."
      : amount === null
        ? `${people(number)} will be notified.`
        : `${people(number)} will be notified, and ${amount} goes back to them.`,
  keep: "Keep session",
  cancel: "Cancel session",
  cancelled: "Session cancelled",
  everyone: "everyone",
  messageTitle: "Message everyone",
  messageLead: (number: number) => `It goes to ${people(number)} by e-mail and in their notifications.`,
  message: "Message",
  messageMissing: "Write a message.",
  send: "Send message",
  sent: (number: number) => `Sent to ${people(number)}`,
};
