/** Waitlists: joining, waiting, private offers, and the queue as its mentor sees it. */
import type { Minutes } from "#scheduling/units.ts";
import { sessionLength } from "./durations.ts";

/** In place of the available times: the waitlist keeps a time, an alert only tells of it. */
export const waitForTime = {
  signIn: "Sign in to join the waitlist",
  title: "Wait for a time",
  lead: ({ mentor, minutes, zone }: { mentor: string; minutes: Minutes; zone: string }) =>
    `If a ${minutes}-minute slot with ${mentor} opens up on these dates (${zone}):`,
  way: "What should happen?",
  waitlist: "Join the waitlist",
  waitlistDetail: "The time is kept for you alone, usually for 2 hours. First come, first served.",
  alert: "Just notify me",
  alertDetail: "We’ll notify you once. Anyone can book the time before you.",
  submit: { waitlist: "Join the waitlist", alert: "Notify me" },
};

/** Beside something that is taken or full. */
export const joinWaitlist = {
  join: "Join the waitlist",
  forTime: "If this time opens up, it’s kept for you alone, usually for 2 hours. First come, first served.",
  forSeat: "If a seat opens up, it’s kept for you alone, usually for 2 hours. First come, first served.",
  signIn: "Sign in to join",
  leave: "Leave the waitlist",
  left: "You’ve left the waitlist",
  see: "See what you wait for",
};

export const joined = {
  title: "You’re on the waitlist",
  next: "We’ll notify you and e-mail you when it’s your turn. You decide then: nothing is booked or charged without you.",
};

/** Where a person is in a queue. */
export const place = (position: number) =>
  position === 1 ? "You’re next in line." : `You’re number ${position} in line.`;

/** The part of "My sessions". */
export const waiting = {
  title: "Waiting",
  failed: "We couldn’t load your waitlists.",
  none: "You’re not waiting for anything.",
  facts: (service: string, minutes: Minutes) => `${service}, ${sessionLength(minutes)}`,
  anyTime: (days: string) => `Any time, ${days}`,
  groupAt: (time: string) => `Group session, ${time}`,
  /** @param what mentor and time */
  leave: (mentor: string, what: string) => `Leave the waitlist: ${mentor}, ${what}`,
  goneTitle: "This offer has ended",
  gone: "Its time ran out, or you’ve already answered it.",
};

/** An entry that has ended. @param until the end of the offer */
export const endings = {
  lapsed: (until: string) => `Your offer ended ${until}, and the time was offered to others.`,
  expired: "No time opened up.",
  withdrawn: "Cancelled, or you booked another session at that time.",
  again: "See other times",
};

export const offer = {
  title: "It’s your turn",
  until: (time: string) => `Kept for you until ${time} your time`,
  ends: (left: string) => `Ends ${left}`,
  pauses: (from: string, until: string) => `The countdown pauses from ${from} to ${until}.`,
  paused: (until: string) => `Paused for the night until ${until}`,
  ended: "Ended",
  accept: "Accept",
  pass: "Pass",
  acceptOf: (mentor: string, time: string) => `Accept: ${mentor}, ${time}`,
  passOf: (mentor: string, time: string) => `Pass: ${mentor}, ${time}`,
  passed: "Passed on",
  passTitle: "Pass on this time?",
  passText: "It’s offered to the next person in line, or to everyone if you’re the last.",
  passDays:
    "It’s offered to the next person in line, or to everyone if you’re the last. You stay on the waitlist for other times.",
  keep: "Keep it",
  pay: "Pay now",
  unpaid: "Pay to finish your booking.",
  final: "This session can’t be cancelled once it’s booked.",
};

export const acceptOffer = {
  dialog: (mentor: string) => `Session with ${mentor}`,
  title: "Accept this time",
  final: "I understand that this session can’t be cancelled",
  finalDetail: "It starts too soon for the mentor’s cancellation policy.",
  finalMissing: "Please confirm this to book.",
  submit: "Book session",
  submitPaid: (price: string) => `Continue to pay ${price}`,
  failed: "We couldn’t load this session.",
  notOffered: "The mentor no longer offers this session.",
};

/** The page that a mail's link opens. */
export const waitlistLink = {
  leave: {
    title: "Leave the waitlist?",
    text: "You won’t be offered this time any more. You can join again later, at the end of the line.",
    submit: "Leave the waitlist",
    done: "You’ve left the waitlist",
    doneText: "You won’t be offered this time any more.",
  },
  pass: {
    title: "Pass on this time?",
    text: "It’s offered to others instead. Nothing is booked or charged.",
    submit: "Pass",
    done: "Passed on",
    doneText: "The time is offered to others.",
  },
  ended: "There’s nothing left to do",
  endedText: "This offer has ended, or you’re no longer on this waitlist.",
  invalid: "This link isn’t valid",
  invalidText: "Sign in to see what you’re waiting for.",
};

/** The mentor's view. */
export const queues = {
  title: "Waitlist",
  lead: "Freed time is offered in this order. The order can’t be changed.",
  since: (time: string) => `since ${time}`,
  offeredUntil: (time: string, until: string) => `Offered ${time}, until ${until}`,
  seatUntil: (until: string) => `Offered a seat, until ${until}`,
  nameless: "Deleted account",
  failed: "We couldn’t load the waitlist.",
};
