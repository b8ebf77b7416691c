/** The checkout page of the sandbox, the payment provider that moves no money. */

export const sandboxCheckout = {
  ribbon: "Not real money – sandbox",
  ribbonDetail: "No card, no bank and no rupee is involved.",
  title: (amount: string) => `Pay ${amount}`,
  paidTitle: (amount: string) => `${amount} paid`,
  reservedTitle: (amount: string) => `${amount} reserved`,
  releasedTitle: (amount: string) => `${amount} released`,
  closedTitle: (amount: string) => `${amount}, no longer wanted`,
  for: "For",
  to: "To",
  reserves: "Your account is only charged once the mentor confirms.",
  closed: "The hold has ended, so this order is closed.",
  upi: "Pay by UPI",
  card: "Pay by card",
  otherEndings: "Or see what else can happen",
  nextSteps: "What can happen next",
  fail: "Fail this payment",
  failHint: "The bank declines it. You can try again.",
  twice: "Pay twice",
  twiceHint: "Two payments arrive for the same order.",
  toldLate: "Pay, but tell the app late",
  toldLateHint: "Its webhook is sent after two minutes.",
  later: "Pay after leaving",
  laterHint: "The payment succeeds while you are somewhere else.",
  after: "After",
  minutes: (count: number) => (count === 1 ? "1 minute" : `${count} minutes`),
  tooLate: "Pay anyway, too late",
  tooLateHint: "As when a bank is slow.",
  dispute: "Dispute this payment",
  disputeHint: "The student asks their bank to take the money back.",
  disputeWon: "Decide the dispute for the mentor",
  disputeLost: "Decide the dispute for the student",
  refundsFail: "Let refunds fail",
  refundsFailHint: "As when the bank account has been closed.",
  refundsSucceed: "Let refunds succeed",
  webhooks: "Webhooks",
  leave: "Leave without paying",
  goBack: "Back to the app",
  attempts: "What has happened so far",
};

export const webhookManners = {
  normal: "At once",
  late: "Two minutes late",
  twice: "Each one twice",
  out_of_order: "In the wrong order",
  none: "Not at all",
};

export const paymentMethods = { upi: "UPI", card: "Card" };

export const attemptStates = {
  created: "Under way",
  failed: "Failed",
  authorized: "Reserved",
  captured: "Paid",
  released: "Released",
};

export const disputeStates = {
  open: "Disputed",
  won: "Dispute decided for the mentor",
  lost: "Dispute decided for the student",
};

export const refundStates = {
  pending: (amount: string) => `${amount} is on its way back`,
  done: (amount: string) => `${amount} refunded`,
  failed: (amount: string) => `A refund of ${amount} failed`,
};

/** Why something was not done. */
export const sandboxProblems = {
  order_paid: "This order is paid already.",
  order_closed: "This order was closed meanwhile.",
  nothing_to_dispute: "There is no payment to dispute.",
  not_disputed: "There is no dispute to decide.",
  other: "That didn’t work. Please try again.",
};

/** What the sandbox says of a failed payment, to the student, and of a call that it refused, to administrators. */
export const sandboxFailures = {
  declined: "The bank declined the payment.",
  refused: (code: string) => `The sandbox refused it: ${code}`,
};

export const noSandboxOrder = {
  title: "There is no such order",
  detail: "The address may be incomplete. Go back to your booking and pay from there.",
};
