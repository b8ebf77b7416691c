/** The last steps of a new booking: who books, the order, and an account for visitors. */

import type { Approval } from "#rules/approval.ts";
import { textLimits } from "#rules/limits.ts";
import type { Minutes } from "#scheduling/units.ts";
import { sessionLength } from "./durations.ts";

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
  session: (minutes: Minutes) => `Session, ${sessionLength(minutes)}`,
  recording: "Recording",
  total: "Total",
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
