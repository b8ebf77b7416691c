import type { MoneyKind } from "#contract/notifications.ts";
import type { Words } from "#words/languages.ts";
import type { Letter } from "./letter.ts";

/** Facts of the sentences about money. */
export type MoneySentenceFacts = Parameters<Words["mailMoney"]["moneyMails"]["received"]>[0];

type Sentences = ReturnType<Words["mailMoney"]["moneyMails"]["received"]>;

interface Kind {
  say: (words: Words) => (facts: MoneySentenceFacts) => Sentences;
  tone: Letter["tone"];
  /** What to do first: a label of words/mailParts.ts. */
  main: MoneyAction;
  /** The session does not take place. */
  isOff?: true;
}

type MoneyAction =
  | "see"
  | "receipt"
  | "creditNote"
  | "feeCreditNote"
  | "pay"
  | "book"
  | "packages"
  | "earnings";

/** Each kind of mail about money. */
export const moneyKinds: Readonly<Record<MoneyKind, Kind>> = {
  payment_received: { say: ({ mailMoney }) => mailMoney.moneyMails.received, tone: "good", main: "receipt" },
  payment_failed: { say: ({ mailMoney }) => mailMoney.moneyMails.failed, tone: "bad", main: "pay" },
  payment_due: { say: ({ mailMoney }) => mailMoney.moneyMails.due, tone: "accent", main: "pay" },
  payment_authorized: {
    say: ({ mailMoney }) => mailMoney.moneyMails.authorized,
    tone: "primary",
    main: "see",
  },
  payment_released: { say: ({ mailMoney }) => mailMoney.moneyMails.released, tone: "primary", main: "see" },
  payment_late: { say: ({ mailMoney }) => mailMoney.moneyMails.late, tone: "bad", main: "book", isOff: true },
  payment_twice: { say: ({ mailMoney }) => mailMoney.moneyMails.twice, tone: "accent", main: "see" },
  refund_requested: { say: ({ mailMoney }) => mailMoney.moneyMails.refunding, tone: "accent", main: "see" },
  refund_done: { say: ({ mailMoney }) => mailMoney.moneyMails.refunded, tone: "good", main: "creditNote" },
  refund_failed: { say: ({ mailMoney }) => mailMoney.moneyMails.refundFailed, tone: "bad", main: "see" },
  dispute_opened: { say: ({ mailMoney }) => mailMoney.moneyMails.disputeOpened, tone: "bad", main: "see" },
  dispute_won: { say: ({ mailMoney }) => mailMoney.moneyMails.disputeWon, tone: "good", main: "see" },
  dispute_lost: { say: ({ mailMoney }) => mailMoney.moneyMails.disputeLost, tone: "bad", main: "see" },
  package_sold: { say: ({ mailMoney }) => mailMoney.moneyMails.packageSold, tone: "good", main: "earnings" },
  package_expiring: {
    say: ({ mailMoney }) => mailMoney.moneyMails.packageExpiring,
    tone: "accent",
    main: "packages",
  },
  earned: { say: ({ mailMoney }) => mailMoney.moneyMails.earned, tone: "good", main: "earnings" },
  fee_returned: {
    say: ({ mailMoney }) => mailMoney.moneyMails.feeReturned,
    tone: "accent",
    main: "feeCreditNote",
  },
  payout_sent: { say: ({ mailMoney }) => mailMoney.moneyMails.payoutSent, tone: "good", main: "earnings" },
  payout_failed: { say: ({ mailMoney }) => mailMoney.moneyMails.payoutFailed, tone: "bad", main: "earnings" },
};
