/** Packages of sessions: what a mentor offers, how a student buys one, and what is left of it. Amounts and days come formatted. */
import { count } from "./language.ts";

const sessions = (number: number) => count(number, { one: "session", other: "sessions" });
const days = (number: number) => count(number, { one: "day", other: "days" });

/** Of several noun phrases: "5 sessions of CV review, 60 min". */
export const packageName = ({
  number,
  service,
  length,
}: {
  number: number;
  service: string;
  length: string;
}) => `${sessions(number)} of ${service}, ${length}`;

/** The mentor's list. */
export const packageList = {
  title: "Packages",
  loading: "Loading your packages…",
  failed: "Couldn’t load your packages",
  none: "No packages yet",
  whatFor: "Sell several sessions at once for less, such as 5 sessions for the price of 4.",
  noServices: "Add a service with a price first.",
  add: "Add a package",
  addFirst: "Add your first package",
  instead: (price: string) => `Instead of ${price}`,
  validFor: (number: number) => `To be booked within ${days(number)} of the purchase`,
  sold: (number: number) =>
    number === 0 ? "Not sold yet" : `Sold ${count(number, { one: "time", other: "times" })}`,
  booked: ({ booked, sold }: { booked: number; sold: number }) =>
    `${booked.toLocaleString("en")} of ${sold.toLocaleString("en")} sessions booked`,
  notOffered: "This length isn’t offered any more, so it can’t be bought.",
  offer: (name: string) => `Offer ${name}`,
  onOffer: "On offer",
  stopped: "Stopped",
  nowOffered: "Package on offer",
  nowStopped: "Package stopped. Bought ones can still be used.",
};

export const packageActions = {
  edit: ({ name }: { name: string }) => `Edit ${name}`,
  delete: ({ name }: { name: string }) => `Delete ${name}`,
};

export const packageForm = {
  addTitle: "Add a package",
  editTitle: "Edit this package",
  fixed: "What students have bought keeps its terms.",
  service: "Session",
  sessions: "Number of sessions",
  price: "Price for all of them (₹)",
  /** @param price of the same sessions, bought one by one */
  single: (price: string) => `One by one they cost ${price}.`,
  validDays: "Days to book them in",
  validDaysHint: "Counted from the purchase. What is left then is yours.",
  add: "Add package",
  save: "Save package",
  added: "Package added",
  saved: "Package saved",
};

export const packageErrors = {
  sessions: ({ min, max }: { min: number; max: number }) => `Enter a whole number from ${min} to ${max}.`,
  validDays: ({ min, max }: { min: number; max: number }) => `Enter a whole number from ${min} to ${max}.`,
  price: "Enter an amount, such as 8000.",
  service: "Choose a session.",
};

export const deletePackage = {
  title: "Delete this package?",
  lead: "It’s no longer offered. What students have bought can still be used.",
  keep: "Keep it",
  confirm: "Delete package",
  done: "Package deleted",
};

/** On the mentor's page. */
export const offeredPackages = {
  title: "Packages",
  save: (amount: string) => `You save ${amount}`,
  validFor: (number: number) => `Book them within ${days(number)}`,
  buy: ({ name }: { name: string }) => `Buy ${name}`,
};

/** Buying one. */
export const buyPage = {
  title: "Buy this package",
  lead: ({ mentor }: { mentor: string }) => `Pay once, then book your sessions with ${mentor} when you like.`,
  failed: "Couldn’t load this package",
  summary: "What you’re buying",
  terms: "How it works",
  validFor: (number: number) =>
    `Book your sessions within ${days(number)} of paying. After that they expire.`,
  comesBack: "A session that you cancel early enough for a full refund comes back to the package.",
  mentorCancels: ({ mentor }: { mentor: string }) =>
    `If ${mentor} cancels or doesn’t come, it comes back too, for at least 30 days.`,
  noRecording: "Recordings aren’t included.",
  price: "Price",
};

/** It is paid. */
export const boughtPage = {
  title: "Your package is ready",
  text: ({ number, until }: { number: string; until: string }) => `You can book ${number} until ${until}.`,
  left: sessions,
  book: "Book a session",
  payments: "Your payments",
};

/** It can't be paid any more. */
export const purchaseOver = {
  title: "This purchase has ended",
  text: "It wasn’t paid, and nothing was charged.",
  refunded: "It was refunded. Your payments show what happens with the money.",
  again: "See what’s on offer",
};

/** What a student has left: on the page of payments. */
export const ownPackages = {
  title: "Your packages",
  failed: "Couldn’t load your packages",
  with: ({ name, mentor }: { name: string; mentor: string }) => `${name}, with ${mentor}`,
  left: ({ left, of }: { left: number; of: number }) => `${left} of ${sessions(of)} left`,
  reserved: (number: number) => `${sessions(number)} booked`,
  until: (day: string) => `Book until ${day}`,
  expired: (day: string) => `Expired on ${day}`,
  howTo:
    "To use one, book sessions of this service and length. Your package pays for them, unless you choose otherwise in the last step.",
  disputed: "The payment is disputed. It can be used once that’s decided.",
  states: {
    active: "Active",
    usedUp: "All booked",
    expired: "Expired",
    refunded: "Refunded",
    disputed: "On hold",
  },
  book: ({ name }: { name: string }) => `Book ${name}`,
};
