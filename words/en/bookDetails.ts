/** The last steps of a new booking: who books, the order, and an account for visitors. */

import type { Approval } from "#rules/approval.ts";
import { textLimits } from "#rules/limits.ts";
import { count } from "./language.ts";

export const detailsStep = {
  title: "Almost there",
  phone: "Phone",
  purpose: "What is this session for?",
  /** @param mentor first name */
  purposeHint: (mentor: string, length: number) =>
    `Helps ${mentor} prepare. ${length} of ${textLimits.bookingMessage} characters.`,
  /** @param price null when it is free */
  addRecording: (price: string | null) =>
    price === null ? "Add a free recording" : `Add a recording for ${price}`,
  recordingDetail: "You’ll get the video to watch again later.",
  accountNext: "Next, choose a password or sign in.",
  processing: "Processing...",
};

export const detailsErrors = {
  badPhone: "Use only digits and spaces, with an optional + in front.",
  tooLong: `Use ${textLimits.bookingMessage} characters or fewer.`,
};

/** The button that books. Whether a first session needs approval is only known once it is sent. */
export const submitLabels = {
  instant: "Confirm booking",
  approve_first: "Book session",
  approve: "Send request",
} satisfies Record<Approval, string>;

export const order = {
  title: "Order summary",
  serviceWith: ({ service, mentor }: { service: string; mentor: string }) => `${service} with ${mentor}`,
};

/** What lowers the price: a code, or a session of a bought package. */
export const bookOffers = {
  haveCode: "Have a code?",
  code: "Code",
  apply: "Apply",
  remove: "Remove",
  applied: (total: string) => `Code applied. You pay ${total}.`,
  /** For visitors: a code can only be checked for a student. */
  afterSignIn: "We’ll check it once you’re signed in.",
  usePackage: "Use a session of your package",
  /** @param until date of the last booking */
  sessionsLeft: ({ left, until }: { left: number; until: string }) =>
    `${count(left, { one: "session", other: "sessions" })} left, to be booked by ${until}`,
  newPrice: (total: string) => `Nothing has been booked. The price is now ${total}.`,
};

export const accountStep = {
  newTitle: "Choose a password to finish",
  expiredTitle: "Sign in again to finish",
  knownTitle: "Sign in to finish",
  newLead: ({ email }: { email: string }) =>
    `We’ll create an account for ${email}, so you can reschedule or cancel later.`,
  expiredLead: "You’ve been signed out. Everything you filled in is still here.",
  knownLead: "Everything you filled in is still here.",
  haveAccount: "I already have an account",
  noAccount: "I don’t have an account yet",
  notCreated:
    "We couldn’t create an account with this e-mail address and password. If you’ve used MatePeak before, sign in with your old password. Otherwise, go back and use another address.",
};
