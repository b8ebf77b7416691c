/** A mentor's own services: the list and the editor. */

import { numberLimits } from "#rules/limits.ts";
import type { RefundPreset } from "#rules/refundPolicy.ts";
import type { Minutes } from "#scheduling/units.ts";
import { beforeStart } from "./bookings.ts";
import { duration } from "./durations.ts";

const { sessionMinutes, seats } = numberLimits;

export const ownServices = {
  title: "Services",
  lead: "What students can book. Existing sessions keep their price.",
  add: "Add a service",
  all: "All services",
  loading: "Loading your services…",
  failed: "Couldn’t load your services",
  none: "No services yet",
  whatFor: "Add what students can book with you, in one or more lengths.",
  addFirst: "Add your first service",
  /** Takes effect immediately; `title` is for screen readers. */
  bookable: ({ title }: { title: string }) => `Students can book it ${title}`,
  shown: "Shown on your page",
  hidden: "Hidden from your page",
  nowShown: (title: string) => `Students can book “${title}”.`,
  nowHidden: (title: string) => `“${title}” is hidden from students.`,
  automatic: "Confirmed automatically",
  manual: "You approve requests",
  edit: ({ title }: { title: string }) => `Edit ${title}`,
  delete: ({ title }: { title: string }) => `Delete ${title}`,
};

export const deleteService = {
  title: "Delete this service?",
  lead: ({ title }: { title: string }) =>
    `${title} will be removed from your page for good. Existing sessions aren’t changed. To stop bookings for a while, hide it instead.`,
  keep: "Keep it",
  confirm: "Delete service",
  done: (title: string) => `“${title}” deleted`,
};

export const servicePage = {
  edit: "Edit service",
  loading: "Loading the service…",
  failed: "Couldn’t load this service",
  notFound: "We can’t find this service",
  whyNotFound: "It may have been deleted.",
  add: "Add service",
  added: (title: string) => `“${title}” is on your page.`,
  save: "Save service",
  saved: (title: string) => `“${title}” saved`,
};

export const serviceFields = {
  type: "Session type",
  typeDetails: {
    oneOnOneSession: "You and one student, live.",
    groupSession: "Several students at the same time.",
    chatAdvice: "Chat with one student at the booked time.",
  },
  title: "Title",
  titleHint: "For example, “CV review”.",
  description: "Description",
  seats: "Seats",
  seatsHint: "How many students can book the same time.",
  opens: "When it takes place",
  opensByBooking: "At any free time, when the first student books",
  opensByMentor: "Only at the dates I schedule",
  minimum: "Minimum number of students",
  minimumHint: "With fewer it’s cancelled, and everyone gets their money back.",
  decide: "Decide if it takes place",
  /** @param minutes before the start */
  decideAt: (minutes: Minutes) => (minutes === 0 ? "At the start" : `${duration(minutes)} before the start`),
  lateJoin: "Students can join",
  lateJoinUntil: (minutes: Minutes) =>
    minutes === 0 ? "Until it starts" : `Up to ${duration(minutes)} after the start`,
  recording: "Offer a recording",
  recordingDetail: "An optional paid add-on.",
  recordingPrice: "Recording price in INR",
  freeAmount: "0 for free",
  approval: "Approval",
  approvalDefault: (isAutomatic: boolean) =>
    `Use my default (${isAutomatic ? "confirm automatically" : "I approve requests"})`,
  automatic: "Confirm automatically",
  manual: "I approve requests",
  cancel: "Students can cancel",
  reschedule: "Students can reschedule",
  until: (minutes: Minutes) => (minutes === 0 ? "Until it starts" : `Until ${duration(minutes)} before`),
  policy: (policy: string) => `Students will see: “${policy}” Existing bookings keep their terms.`,
};

/** What a student who cancels gets back. */
export const serviceRefunds = {
  title: "Refunds",
  presets: {
    flexible: "Flexible",
    moderate: "Moderate",
    strict: "Strict",
    custom: "Custom",
  } satisfies Record<RefundPreset | "custom", string>,
  fullUntil: (minutes: Minutes) => `Full refund until ${beforeStart(minutes)}`,
  custom: "Times and a part of your own",
  full: "Full refund",
  partial: "Part refunded",
  percent: "Part in percent",
  /** Between two parts of the picture. */
  boundary: (minutes: Minutes) => (minutes === 0 ? "Start" : `${duration(minutes)} before`),
  /** @param policy in one or two sentences */
  preview: (policy: string) =>
    `Students will see: “${policy}” If you cancel, decline or don’t show up, they get everything back.`,
};

/** Each length of a service has a separate price. `number` counts them, for screen readers. */
export const serviceLengths = {
  title: "Lengths and prices",
  minutes: ({ number }: { number: string }) => `Minutes ${number}`,
  price: ({ number }: { number: string }) => `Price in INR ${number}`,
  number: (number: number) => `of length ${number}`,
  add: "Add another length",
  remove: (number: number) => `Remove length ${number}`,
  removed: (number: number) => `Length ${number} removed`,
  receive: (share: string, price: string) => `You receive ${share} of ${price}.`,
};

export const serviceErrors = {
  noTitle: "Enter a title.",
  noPrice: "Enter a price, or 0 for free.",
  badPrice: "Enter an amount such as 1500 or 499.50.",
  badMinutes: "Enter whole minutes.",
  minutesRange: `Enter ${sessionMinutes.min} to ${sessionMinutes.max} minutes.`,
  sameLength: "You’ve already added this length.",
  refundOrder: "Choose a time that isn’t before the end of the full refund.",
  percentRange: "Enter a whole number from 0 to 100.",
  seatsRange: `Enter 2 to ${seats.max} people.`,
  minimumRange: "Enter a whole number from 1.",
  minimumAboveSeats: "Enter no more than the number of seats.",
};
