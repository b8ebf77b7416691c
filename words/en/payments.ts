/** Paying for a booking, and what has become of the money. Names are first names, amounts and times come formatted. */
import { count } from "./language.ts";

export const payPage = {
  title: "Pay for your session",
  titleTogether: (sessions: number) => `Pay for your ${sessions} sessions`,
  /** A service whose mentor approves requests: the amount is reserved first. */
  titleReserve: "Almost there",
  failed: "Couldn’t load this payment",
  lead: ({ mentor }: { mentor: string }) => `${mentor}’s time is held for you while you pay.`,
  eachByItself: "Each session by itself. The first one:",
  /** Of a session of a series, below which of how many it is. */
  oneByOne: "You pay for each session by itself.",
  leadReserve: ({ mentor }: { mentor: string }) =>
    `Your request goes to ${mentor} as soon as the amount is reserved. You’re only charged if ${mentor} accepts.`,
  summary: "What you’re booking",
  price: "Price",
  pay: (amount: string) => `Pay ${amount}`,
  reserve: (amount: string) => `Reserve ${amount}`,
  opening: "Opening the payment…",
  /** Beside the amount. */
  sandbox: "Test payment: no money moves.",
  razorpay: "UPI, cards and net banking, by Razorpay.",
  stripe: "Secure card payment by Stripe.",
  release: "Release this time",
  released: "Time released",
  releaseTitle: "Release this time?",
  releaseText: "Others can book it right away. Nothing has been charged.",
  releaseAll: "Release these times",
  releasedAll: "Times released",
  releaseAllTitle: "Release all of these times?",
  releaseAllText: "Others can book them right away. Nothing has been charged.",
  keep: "Keep it",
};

/** How long a time is held. */
export const hold = {
  label: "Held for you",
  ending: "Releasing the time…",
  moreTime: "5 more minutes",
  moreTimeGiven: "You have 5 more minutes.",
  moreTimeFailed: "Couldn’t add more time",
  /** Spoken at a few moments only. */
  minutesLeft: (minutes: number) => `${count(minutes, { one: "minute", other: "minutes" })} left to pay.`,
  secondsLeft: (seconds: number) => `${count(seconds, { one: "second", other: "seconds" })} left to pay.`,
};

/** Why there is no payment yet, above the button that pays. */
export const payProblems = {
  failed: "The payment didn’t go through",
  nothingCharged: "Nothing was charged, and your time is still held. You can try again.",
  nothingChargedYet: "Nothing was charged. You can try again.",
  laterText: "Please try again in a moment.",
  unavailable: "Payments don’t work right now",
  unavailableText: "Your time stays held. Please try again in a moment.",
  offline: "You seem to be offline",
  offlineText: "Nothing is lost. Try again once you’re connected.",
  notOpened: "Couldn’t open the payment",
  scriptFailed: "The payment form didn’t load. Check your connection, or switch off a blocker for this page.",
};

/** While it is not known yet how a payment ended. */
export const processing = {
  title: "Checking your payment…",
  text: "This takes a few seconds. You don’t have to do anything.",
  longTitle: "Your bank is still working on it",
  longText:
    "We’ll let you know as soon as it’s through. You can close this page, and please don’t pay again.",
};

export const lapsed = {
  title: "The time was released",
  text: "It wasn’t paid for within the hold, so others can book it again. Nothing was charged.",
  ifPaid:
    "If you did pay, don’t worry: if the time is still free we book it for you, and otherwise everything comes back to you.",
  again: "Pick a time again",
};

export const late = {
  title: "Your money is on its way back",
  text: ({ amount }: { amount: string }) =>
    `Your ${amount} arrived after the hold had ended, and another student has booked the time. So we’re sending all of it back.`,
  again: "Pick another time",
};

export const payOver = {
  title: "There’s nothing to pay any more",
  cancelled: "This booking was cancelled, and nothing was charged.",
  refunded: "This booking was cancelled. This is what happens with your money:",
  session: "See the session",
};

/** On the page after booking. */
export const paidNotes = {
  paid: ({ amount }: { amount: string }) => `${amount} paid.`,
  paidBy: ({ amount, method }: { amount: string; method: string }) => `${amount} paid by ${method}.`,
  reserved: ({ amount, mentor }: { amount: string; mentor: string }) =>
    `${amount} is reserved. You’re charged once ${mentor} accepts; otherwise it’s released.`,
  rebooked: "You paid after the hold had ended, but the time was still free. It’s yours.",
};

/** How something was paid; other methods keep the provider’s word. */
export const paidBy: Readonly<Record<string, string>> = {
  upi: "UPI",
  card: "card",
  netbanking: "net banking",
  wallet: "wallet",
};

/** What a student who cancels gets back. `until` is a date and time. */
export const refundTerms = {
  title: "If you cancel",
  full: ({ until }: { until: string }) => `Until ${until}: everything back`,
  partial: ({ until, amount }: { until: string; amount: string }) => `Until ${until}: ${amount} back`,
  after: "After that: no refund",
  none: "There is no refund if you cancel.",
  mentorCancels: ({ mentor }: { mentor: string }) =>
    `If ${mentor} cancels or doesn’t come, you always get everything back.`,
  zone: (zone: string) => `Times in ${zone}`,
};

/** The true state of a refund and what happens next. */
export const refunds = {
  requested: ({ amount }: { amount: string }) => `${amount} – refund requested`,
  sent: ({ amount }: { amount: string }) => `${amount} – on its way to you`,
  done: ({ amount }: { amount: string }) => `${amount} – refunded`,
  failed: ({ amount }: { amount: string }) => `${amount} – the refund didn’t go through`,
};
export const refundNext = {
  requested: "We’re handing it to the payment provider now.",
  sent: "Banks usually take 5 to 7 working days.",
  done: "It’s back where you paid from.",
  failed: "We’re looking into it. You don’t have to do anything.",
};

/** In the booking dialog, when the wanted time is held by the reader’s own unpaid booking. */
export const ownHold = {
  title: "You’re already holding this time",
  text: "Pay for it to book it.",
  pay: "Continue to pay",
};

/** What is left of a hold, for readers who prefer that nothing moves. */
export const holdMinutes = (minutes: number) => `${minutes}\u00a0min`;

/** What a student who cancels now gets back. */
export const cancelRefund = {
  everything: (amount: string) => `Cancel now: all ${amount} refunded.`,
  part: (amount: string, total: string) => `Cancel now: ${amount} of ${total} refunded.`,
  nothing: "Cancel now: no refund.",
  reserved: (amount: string) => `Nothing has been charged: the ${amount} are released.`,
};

/** The payment on the page of a session and in the list of payments. */
export const paymentCard = {
  title: "Payment",
  failed: "Couldn’t load the payment.",
  payNow: "Pay now",
  held: "This time is held for you until it’s paid for.",
  paidOn: ({ on }: { on: string }) => `Paid on ${on}.`,
  paidByOn: ({ method, on }: { method: string; on: string }) => `Paid by ${method} on ${on}.`,
  reserved: ({ mentor }: { mentor: string }) => `Charged once ${mentor} accepts; released otherwise.`,
  reservedForMentor: ({ student }: { student: string }) =>
    `Reserved by ${student}. It’s charged as soon as you approve, and released if you decline.`,
  released: "The reservation was released. Nothing was charged.",
  creditedOn: ({ on }: { on: string }) => `It’s credited to you on ${on}, less the platform’s fee.`,
  refunds: "Refunds",
};

/** What has become of a payment, as a label. */
export const paymentStates = {
  toPay: "To pay",
  reserved: "Reserved",
  released: "Released",
  notPaid: "Not paid",
  pending: "Pending",
  completed: "Paid",
  failed: "Not paid",
  refunded: "Refunded",
  refund_pending: "Refund on its way",
  partially_refunded: "Partly refunded",
  free: "Free",
};

/** A student's payments: /payments. */
export const paymentsPage = {
  title: "Payments",
  lead: "What you’ve paid for sessions, and what has come back.",
  failed: "Couldn’t load your payments",
  loading: "Loading payments…",
  none: "No payments yet",
  noneText: "What you pay for sessions will appear here.",
  /** @param on a date and time */
  package: ({ sessions, on }: { sessions: number; on: string }) =>
    `Package of ${count(sessions, { one: "session", other: "sessions" })}, ${on}`,
  session: ({ service, mentor }: { service: string; mentor: string }) => `${service} with ${mentor}`,
};

/** Headings in Razorpay's form. */
export const razorpayBlocks = { upi: "UPI", others: "Other ways to pay" };
