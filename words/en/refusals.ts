/** Why the API rejects a request, where the title of the error does not explain it. */
import { wait } from "./durations.ts";

/** About the service that a session is booked for. */
export const offerRefusals = {
  length: "The mentor doesn’t offer this service in this length.",
  service: "The mentor doesn’t offer this service.",
  recording: "This service has no recording.",
  /** @param price amount and currency */
  price: (price: string) => `The price is ${price}.`,
};

/** Why a coupon can’t be used, by the database’s word for it. */
export const couponRefusals = {
  unknown: "This mentor has no coupon with this code.",
  withdrawn: "This coupon is no longer offered.",
  not_yet: "This coupon can’t be used yet.",
  over: "This coupon has expired.",
  other_service: "This coupon is for another service.",
  first_session_only: "This coupon is only for your first session with this mentor.",
  first_alone: "This coupon is for a first session that is booked by itself.",
  used_by_you: "You’ve already used this coupon.",
  used_up: "This coupon has been used up.",
};

/** Why a session can’t be booked with a package, by the database’s word for it. */
export const creditRefusals = {
  unknown: "You have no such package.",
  other_service: "This package is for another service or length.",
  unpaid: "This package isn’t paid yet.",
  refunded: "This package was refunded.",
  over: "This package has expired.",
  disputed: "The payment of this package is disputed. It can be used once that’s decided.",
  used_up: "This package has no sessions left.",
};

/** About group sessions. */
export const groupRefusals = {
  noGroup: "This service isn’t a group session.",
  oneSeat: "A group session has at least two seats.",
  minimumAboveSeats: "The minimum can’t be higher than the number of seats.",
  /** @param taken seats */
  seatsTaken: (taken: number) => `${taken} seats are taken, or offered to people on the waitlist.`,
  /** @param starts how many */
  taken: (starts: number) =>
    starts === 1
      ? "You already have a session at this time."
      : `You already have sessions at ${starts} of these times.`,
  decidedTooEarly: "This time has passed. Let it be decided closer to the start.",
  decidedNow: "Fewer people attend, and it is too late to wait for more.",
  movedTooClose: "There is no time left to reach the minimum. Choose a later time, or lower the minimum.",
  noDates: "Choose at least one date.",
  over: "This session is over or cancelled.",
  notBegun: "The session hasn’t started yet.",
};

/** About programmes: group sessions that are booked as one. */
export const programmeRefusals = {
  over: "This programme is over or cancelled.",
  closed: "This programme has started, and it’s too late to join.",
  full: "All seats of this programme are taken.",
  terms: "This session belongs to a programme. Change the programme instead.",
  moves: "Only the mentor can move a session of a programme, for everyone.",
  whole: "This session can be booked only with the others of its programme.",
  priceTooLow: "This price is too low to be divided among the sessions.",
  noDates: "Choose at least two dates.",
};

/** About sessions that are booked together. */
export const togetherRefusals = {
  /** @param starts how many */
  taken: (starts: number) =>
    starts === 1
      ? "One of these times can’t be booked any more. Nothing was booked."
      : `${starts} of these times can’t be booked any more. Nothing was booked.`,
  /** @param starts how many */
  notMoved: (starts: number) =>
    starts === 1
      ? "One of the new times can’t be booked. Nothing was moved."
      : `${starts} of the new times can’t be booked. Nothing was moved.`,
  otherRefund: "Another amount goes back now. Nothing was cancelled.",
  couponTooLarge:
    "With this coupon, some of these sessions cost nothing and others don’t. Book them without it.",
  mixed: "Book sessions that cost nothing by themselves.",
  notOneByOne: "These sessions can’t be paid one by one. Pay for all of them at once.",
  package: "Choose the package that pays for the sessions.",
  packageUnused: "A package pays only if you choose to pay with its sessions.",
  /** @param left how many */
  tooFewCredits: (left: number) =>
    left === 1 ? "This package has one session left." : `This package has ${left} sessions left.`,
};

/** About the times that are suggested in a time request. */
export const proposalRefusals = {
  past: "This time has passed.",
  tooFarAhead: "This is too far ahead.",
  taken: "The mentor is busy at this time.",
  free: "This time is free. You can book it right away.",
  sameTime: "This is the time the student asked for.",
  notYours: { student: "Only the student can do this.", mentor: "Only the mentor can do this." },
};

/** The history's reason for a request that its mentor declined by suggesting other times. */
export const declinedForOtherTimes = "The mentor suggested other times.";

/** About how sessions take place. */
export const placeRefusals = {
  notOffered: "This isn’t available here.",
  notJoinable: "This session can’t be joined now.",
};

export const meetingRefusal = "Only the mentor can set the meeting link.";

/** @param instant such as "2026-11-28T09:00:00.000Z": the reader's zone is unknown to the API */
export const reviewOpens = (instant: string) => `You can review this session from ${instant}.`;

export const accountRefusals = {
  confirmFirst: "Confirm your e-mail address first.",
};

/** About how a request was sent. */
export const requestRefusals = {
  otherSite: "This request comes from another site.",
  host: "The Host header is missing or not valid.",
  encoding: "The request body must be UTF-8.",
  operatorToken: "The metrics need the operator’s token.",
  rate: (seconds: number) => `Too many requests. Try again in ${wait(seconds)}.`,
};

/** @param message the payment provider's own words */
/** Of a call that a payment provider has carried out before, for another amount. */
export const otherAmount = {
  made: (id: string) => `${id} was made before, over another amount.`,
  reserved: "Another amount is reserved.",
};

export const checkoutRefused = (message: string) =>
  `The payment provider didn’t accept this payment: ${message}`;

/** About offers of the waitlist. */
export const waitlistRefusals = {
  isFinal: "This session can no longer be cancelled once it’s booked. Please confirm that.",
};
