/** What mentors earn and how it reaches them: the workspace's page, and the files that are made of it. Amounts and dates come formatted. */

import { count } from "./language.ts";

/** What a package is called: "CV review: 5 sessions". */
export const packageOf = (sessions: number, title: string) =>
  `${title}: ${count(sessions, { one: "session", other: "sessions" })}`;

/** The statement as CSV. */
export const earningsCsv = {
  columns: {
    starts_at: "Session (UTC)",
    title: "Service",
    student: "Student",
    paid: "Paid",
    refunded: "Refunded",
    fee: "Platform fee",
    net: "Yours",
    currency: "Currency",
    state: "State",
    due_at: "Due (UTC)",
    booking_id: "Booking",
  },
  states: { held: "Held", paused: "On hold", earned: "Earned", refunded: "Refunded", used: "Used" },
};

/** In the bank's file, beside each payout: letters only, as banks want it. */
export const bankFileRemark = "MatePeak payout";

export const earningsPage = {
  title: "Earnings",
  lead: (fee: string) =>
    `The platform keeps ${fee} of each price. The rest is yours 72 hours after the session.`,
  loading: "Loading your earnings …",
  failed: "Your earnings can’t be shown",
  none: "No earnings yet",
  whenEarned: "When a student pays for a session, you’ll see here what you earn and when.",
  balance: "Ready to pay out",
  held: "Held for now",
  /** @param amount after the fee */
  heldNet: (amount: string) => `${amount} of it will be yours`,
  inPackages: "In packages",
  onItsWay: "On its way",
  paidThisYear: "Paid this year",
  /** @param least the smallest payout */
  belowLeast: (least: string) => `Paid out from ${least}`,
};

export const earningsChart = {
  title: "By month",
  summary: (total: string) => `${total} earned in the last twelve months, after the fee.`,
  asTable: "Show as a table",
  month: "Month",
  earned: "Earned",
  fee: "Platform fee",
  paidOut: "Paid out",
};

export const releaseList = {
  title: "What’s coming",
  none: "Nothing is held for you at the moment.",
  /** @param day such as "Mon 24 Nov" */
  due: (day: string) => `Yours on ${day}`,
  paused: "On hold until the report or dispute is settled",
  session: (title: string, student: string) => `${title} with ${student}`,
};

export const payoutList = {
  title: "Payouts",
  none: "No payouts yet.",
  invoices: "The invoices for our fee are at each session in the statement.",
  more: "Show earlier payouts",
  to: (hint: string) => `To the account ending in ${hint}`,
  reference: (reference: string) => `Reference ${reference}`,
  reversed: (amount: string) => `${amount} taken back for a refund`,
  states: {
    requested: "Being prepared",
    sent: "On its way",
    paid: "Paid",
    failed: "Back in your balance",
    reversed: "Taken back",
  },
};

export const statementList = {
  title: "Statement",
  none: "No sessions were paid for yet.",
  more: "Show earlier sessions",
  download: "Download CSV",
  from: "From",
  until: "Until",
  paid: (amount: string) => `Paid ${amount}`,
  refunded: (amount: string) => `Refunded ${amount}`,
  fee: (amount: string) => `Fee ${amount}`,
  states: { held: "Held", paused: "On hold", earned: "Earned", refunded: "Refunded", used: "All booked" },
  bought: (day: string) => `Bought on ${day}; not booked yet:`,
};

export const payoutAccountCard = {
  title: "Where your money goes",
  failed: "Your bank details can’t be shown",
  none: "Add your bank account, and we’ll pay you there.",
  bank: (hint: string) => `Bank account ending in ${hint}`,
  linked: (hint: string) => `Razorpay account ending in ${hint}`,
  /** @param day such as "Mon 24 Nov" */
  usableFrom: (day: string) => `Your new details count from ${day}.`,
  add: "Add bank account",
  change: "Change",
  remove: "Remove",
  removeTitle: "Remove your bank account?",
  removeText: "What you earn stays in your balance until you add an account again.",
  keep: "Keep it",
  removed: "Bank account removed",
  dialog: "Your bank account",
  holder: "Account holder",
  holderHint: "As the bank has it",
  accountNumber: "Account number",
  ifsc: "IFSC",
  ifscHint: "Eleven characters, on your cheque book or in your bank’s app",
  save: "Save",
  cancel: "Cancel",
  saved: "Bank account saved",
  missing: "Please fill this in.",
};

/** The mentor's account at the payment provider, where it can pay mentors directly. */
export const linkedAccountForm = {
  link: "Link Razorpay account",
  change: "Change Razorpay account",
  remove: "Unlink Razorpay account",
  title: "Your Razorpay account",
  text: "What you earn from now on goes straight to your Razorpay Route account.",
  account: "Account ID",
  accountHint: "Begins with acc_. Razorpay shows it once your linked account is active.",
  saved: "Razorpay account linked",
  removed: "Razorpay account unlinked",
  removeTitle: "Unlink your Razorpay account?",
  removeText: "What you earn from then on goes to your bank account, or stays in your balance without one.",
};
