/** Programmes: group sessions that are booked as one. */
import { count } from "./language.ts";

const sessions = (number: number) => count(number, { one: "session", other: "sessions" });

export const programmeFacts = {
  kind: "Programme",
  sessions,
  seats: (left: number) =>
    left === 0 ? "No places left" : `${count(left, { one: "place", other: "places" })} left`,
  taken: (taken: number, capacity: number) =>
    `${taken} of ${count(capacity, { one: "place", other: "places" })} taken`,
  all: (price: string) => `${price} for all sessions`,
  period: (first: string, last: string) => `${first} – ${last}`,
  /** Of a session. */
  place: (place: number, of: number, title: string) => `Session ${place} of ${of}: ${title}`,
};

/** The public page. */
export const programmePage = {
  pageTitle: (title: string, mentor: string) => `${title} with ${mentor}`,
  /** For link previews. `first` is when it begins. */
  description: ({
    mentor,
    sessions: number,
    first,
    price,
    places,
  }: {
    mentor: string;
    sessions: number;
    first: string;
    price: string;
    places: string;
  }) => `Programme with ${mentor}. ${sessions(number)} from ${first}. ${price}. ${places}.`,
  cancelledDescription: (mentor: string) => `Programme with ${mentor}. Cancelled.`,
  failed: "Couldn’t load this programme",
  missing: "We can’t find this programme",
  missingText: "The link may be wrong, or the mentor’s page is no longer public.",
  about: "About this programme",
  dates: "Dates",
  zone: (zone: string) => `Times are in your time zone: ${zone}.`,
  /** `name` is the mentor’s. */
  mentorZone: (zone: string, name: string) => `${name}’s time zone is ${zone}.`,
  cancelledDate: "Cancelled",
  book: (number: number) => `Book all ${sessions(number)}`,
  bookLead: "You get a place in every session. You can cancel any of them later, each by the mentor’s terms.",
  booked: "You’re in. All sessions are booked.",
  requested: "Your request is with the mentor.",
  roster: "Open the roster",
  closed: "This programme has started, and it’s too late to join.",
  over: "This programme is over.",
  full: "All places are taken.",
  cancelledByMentor: "The mentor cancelled this programme.",
  cancelledByMinimum: "Too few people joined, so this programme was cancelled.",
  noLonger: "The mentor isn’t taking bookings for this programme right now.",
  others: "See the mentor’s page",
  /** On the page of one of its sessions. */
  partOf: "This session is part of a programme and is booked with its other sessions.",
  open: "See the programme",
};

/** On a mentor’s public page. */
export const nextProgrammes = {
  title: "Programmes",
  /** `first` has its day and the hour. */
  from: (number: number, first: string) => `${sessions(number)} from ${first}`,
};

/** The mentor’s list and roster. */
export const programmeRoster = {
  title: "Programmes",
  people: "People",
  none: "No bookings yet",
  noneText: "Share the link so that students can find it.",
  failed: "Couldn’t load this programme",
  missing: "We can’t find this programme",
  missingText: "It may belong to another mentor.",
  person: "Name",
  table: "Who attends which session",
  hint: "Open a session to mark who came, move it or write to everyone.",
  present: "Present",
  absent: "Absent",
  coming: "Has a seat",
  unpaid: "Payment pending",
  noSeat: "No seat",
  manage: "Manage",
  publicPage: "Public page",
  link: "Link to this programme",
  cancel: "Cancel programme",
  cancelTitle: "Cancel the programme for everyone?",
  cancelLead: (people: number) =>
    people === 0
      ? "No places are booked. All sessions to come are cancelled."
      : `All sessions to come are cancelled. ${count(people, { one: "person", other: "people" })} will be notified and get back what they paid for them.`,
  keep: "Keep programme",
  cancelled: "Programme cancelled",
  revenue: (amount: string) => `${amount} in bookings`,
};

/** In the form that schedules sessions. */
export const programmeForm = {
  asOne: "Offer them as one programme",
  asOneDetail: "Students book all dates together, for one price.",
  name: "Name of the programme",
  nameMissing: "Enter a name.",
  description: "Description",
  price: "Price for all sessions",
  priceMissing: "Enter an amount, such as 8000, or 0.",
  edit: "Edit",
  editTitle: "Edit the programme",
  fixed: "Its price, dates and minimum can’t be changed. Move a date from the page of that session.",
  changed: "Programme changed",
  create: (number: number) => `Schedule ${sessions(number)} as a programme`,
};
