/** Mails about money, and what mails about sessions say about it. Amounts come formatted: "₹2,000". */
import type { RefundReason, RefundTier } from "#rules/refundPolicy.ts";
import { count } from "./language.ts";
import type { MailSentences } from "./mail.ts";
import { refundPolicy } from "./refunds.ts";

/** Names, times and amounts are text for the recipient. */
interface Facts {
  /** The other person, within a sentence and as the first word of one. */
  name: string;
  Name: string;
  service: string;
  amount: string;
  why: RefundReason;
  /** Until when a time is held; "" if it is not. */
  heldUntil: string;
  /** Sessions that earnings are for. */
  count: number;
  /** The last characters of an account; "" if unknown. */
  account: string;
  /** Of a package; 0: it is about something else. `service` then says how many of what. */
  sessions: number;
  /** Sessions that are paid together, of which the mail shows the first; 0: one, or none. */
  together: number;
  /** Until when they can be booked; "" if it is not about that. */
  expiresAt: string;
}

const inDays = "It usually takes 5–7 working days until it’s back with you.";
const withThem = ({ service, name, sessions }: Facts) =>
  sessions > 0 ? `${service} with ${name}` : `“${service}” with ${name}`;
/** What a package is called: "5 sessions of CV review". */
export const packageOf = (number: number, title: string) => `${sessions(number)} of ${title}`;
const toAccount = ({ account }: Facts) => (account ? `your account ending in ${account}` : "your account");

const lateLeads: Record<RefundReason, string> = {
  late: "Your payment arrived after the time was no longer held for you, and it couldn’t be booked any more.",
  wrong_amount: "The payment that reached us wasn’t the price of the session, so it can’t pay for it.",
  unwanted: "The payment reached us after the booking had been cancelled.",
  cancelled: "The session was cancelled.",
  no_show: "The session didn’t take place.",
  other: "The payment wasn’t needed.",
};

const latePackageLeads: typeof lateLeads = {
  ...lateLeads,
  late: "Your payment arrived when the package couldn’t be used any more.",
  wrong_amount: "The payment that reached us wasn’t the price of the package, so it can’t pay for it.",
  unwanted: "The payment reached us after the purchase had been given up.",
};

const refundLeads: Record<RefundReason, (facts: Facts) => string> = {
  cancelled: (facts) => `${withThem(facts)} won’t take place.`,
  no_show: ({ name, service }) => `${name} missed “${service}”, so you get everything back.`,
  late: () => lateLeads.late,
  wrong_amount: () => lateLeads.wrong_amount,
  unwanted: () => lateLeads.unwanted,
  other: (facts) => `It’s for ${withThem(facts)}.`,
};

export const moneyMails = {
  received: (facts: Facts): MailSentences => ({
    label: "Paid",
    subject: `Receipt: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `You paid ${facts.amount}`,
    lead:
      facts.together > 1
        ? `Thanks! We’ve received your payment for ${sessions(facts.together)}. Here’s the first one:`
        : "Thanks! We’ve received your payment.",
    next:
      facts.together > 1
        ? "Your receipts, one for each session, are under Payments, to read, print or save as a PDF."
        : "Your receipt is under Payments, to read, print or save as a PDF.",
  }),
  failed: (facts: Facts): MailSentences => ({
    label: "Not paid",
    subject: `Payment failed: ${facts.service} with ${facts.name}`,
    heading: "Your payment didn’t go through",
    lead: facts.heldUntil
      ? `The time is held for you until ${facts.heldUntil}. You can try again until then.`
      : facts.sessions > 0
        ? `You haven’t bought ${withThem(facts)} yet. You can try again.`
        : `${withThem(facts)} isn’t booked, because it wasn’t paid in time.`,
    next: "If money has left your account, it comes back by itself.",
  }),
  due: (facts: Facts): MailSentences => ({
    label: "To pay",
    subject: `To pay: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `Please pay for your next session`,
    lead: `${withThem(facts)} is part of your series. Its time is held for you until ${facts.heldUntil}.`,
    next: "If it isn’t paid by then, this session isn’t booked any more. The others stay.",
  }),
  authorized: (facts: Facts): MailSentences => ({
    label: "Reserved",
    subject: `Reserved: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `${facts.amount} is reserved`,
    lead: `It’s reserved until ${facts.name} answers, and you’re charged only if they accept.`,
  }),
  released: (facts: Facts): MailSentences => ({
    label: "Released",
    subject: `Released: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `${facts.amount} is yours again`,
    lead: "The reservation has ended. You weren’t charged.",
    next: "Your bank may take a few days to show it.",
  }),
  late: (facts: Facts): MailSentences => ({
    label: "Refund on its way",
    subject:
      facts.sessions > 0
        ? `Not bought, ${facts.amount} on its way back: ${facts.service} with ${facts.name}`
        : `Not booked, ${facts.amount} on its way back: ${facts.service} with ${facts.name}`,
    heading: `You’re getting ${facts.amount} back`,
    lead: facts.sessions > 0 ? latePackageLeads[facts.why] : lateLeads[facts.why],
    next: inDays,
  }),
  twice: (facts: Facts): MailSentences => ({
    label: "Refund on its way",
    subject: `Paid twice, ${facts.amount} on its way back: ${facts.service} with ${facts.name}`,
    heading: "You paid twice",
    lead:
      facts.sessions > 0
        ? `Your package is paid. The second ${facts.amount} goes back to you.`
        : `${facts.together > 1 ? "Your sessions are" : "Your session is"} booked and paid. The second ${facts.amount} goes back to you.`,
    next: inDays,
  }),
  refunding: (facts: Facts): MailSentences => ({
    label: "Refund on its way",
    subject: `Refund on its way: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `You’re getting ${facts.amount} back`,
    lead: refundLeads[facts.why](facts),
    next: inDays,
  }),
  refunded: (facts: Facts): MailSentences => ({
    label: "Refunded",
    subject: `Refunded: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `${facts.amount} was refunded`,
    lead: "It went back the way you paid. Your bank may take a few days to show it.",
    next: "The credit note is under Payments.",
  }),
  refundFailed: (facts: Facts): MailSentences => ({
    label: "Refund delayed",
    subject: `Your refund is delayed: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: "Your refund didn’t arrive",
    lead: `Your bank didn’t take the ${facts.amount}. The money is still yours.`,
    next: "We’re looking into it and will send it again. There’s nothing you need to do.",
  }),
  disputeOpened: (facts: Facts): MailSentences => ({
    label: "Dispute",
    subject: `Disputed: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: "A payment is being disputed",
    lead: `The bank of ${facts.name} is asking for the ${facts.amount} back. Until that’s decided, the money is held.`,
    next:
      facts.sessions > 0
        ? "No session of the package can be booked until then. We’ll let you know the decision."
        : "Keep anything that shows that the session took place. We’ll let you know the decision.",
  }),
  disputeWon: (facts: Facts): MailSentences => ({
    label: "Dispute won",
    subject: `Dispute won: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: "The dispute was decided for you",
    lead: `The ${facts.amount} from ${facts.name} stays paid.`,
  }),
  disputeLost: (facts: Facts): MailSentences => ({
    label: "Dispute lost",
    subject: `Dispute lost: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: "The dispute was lost",
    lead: `The bank gave the ${facts.amount} back to ${facts.name}.`,
  }),
  packageSold: (facts: Facts): MailSentences => ({
    label: "Package sold",
    subject: `${facts.Name} bought ${facts.service}`,
    heading: `${facts.Name} bought a package`,
    lead: `They paid ${facts.amount} for ${facts.service}.`,
    next: "The money is held and becomes yours session by session, less our fee. We’ll let you know when a session is booked.",
  }),
  packageExpiring: (facts: Facts): MailSentences => ({
    label: "Expires soon",
    subject: `Expiring soon: ${facts.service} with ${facts.name}`,
    heading: `${sessions(facts.sessions)} left to book`,
    lead: `You can book ${withThem(facts)} until ${facts.expiresAt}. After that they expire and aren’t refunded.`,
    next: "The sessions themselves may take place later.",
  }),
  earned: (facts: Facts): MailSentences => ({
    label: "Earned",
    subject: `You earned ${facts.amount}`,
    heading: `You earned ${facts.amount}`,
    lead:
      facts.count > 0
        ? `It’s for ${sessions(facts.count)}, after our fee, and is now in your balance.`
        : "It’s what was left of an expired package, after our fee, and is now in your balance.",
  }),
  feeReturned: (facts: Facts): MailSentences => ({
    label: "Fee returned",
    subject: `Credit note for our fee: ${facts.amount} for ${facts.service} with ${facts.name}`,
    heading: `We gave back ${facts.amount} of our fee`,
    lead: `${facts.name} was refunded, so we don’t keep our fee for that part. It went into the refund.`,
    next: "The credit note is under Earnings.",
  }),
  payoutSent: (facts: Facts): MailSentences => ({
    label: "Payout",
    subject: `Payout of ${facts.amount}`,
    heading: `You’ve been paid ${facts.amount}`,
    lead: `We’ve sent it to ${toAccount(facts)}.`,
  }),
  payoutFailed: (facts: Facts): MailSentences => ({
    label: "Payout failed",
    subject: `Your payout of ${facts.amount} failed`,
    heading: "Your payout didn’t arrive",
    lead: `The ${facts.amount} couldn’t be paid to ${toAccount(facts)}. It’s back in your balance.`,
    next: "Please check your payout details. It’s paid out again with the next payout.",
  }),
};

const sessions = (number: number) => count(number, { one: "session", other: "sessions" });

/** About the payment, in mails about a session. */
export const sessionMoney = {
  paid: (amount: string, tiers: readonly RefundTier[] | undefined) =>
    tiers ? `You paid ${amount}. ${refundPolicy(tiers)}` : `They paid ${amount}.`,
  charging: (amount: string, tiers: readonly RefundTier[] | undefined) =>
    tiers
      ? `The ${amount} that was reserved is charged now. ${refundPolicy(tiers)}`
      : `The ${amount} that they reserved is charged now.`,
  reserved: (amount: string) => `${amount} is reserved for it. You’re charged only if they accept.`,
  refunding: (amount: string) => `${amount} is on its way back to you. ${inDays}`,
  kept: () => "By the refund policy of this session, nothing is refunded any more.",
  released: (amount: string) => `The ${amount} that was reserved is let go. You aren’t charged.`,
};
