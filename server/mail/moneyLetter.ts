import type { MoneyKind } from "#contract/notifications.ts";
import { parseInstant } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import type { Letter, LetterLink } from "./letter.ts";
import type { MailInput } from "./mailInput.ts";
import { nameInLine } from "./mailText.ts";
import { type MailTimes, mailTimes } from "./mailTimes.ts";
import { type MoneySentenceFacts, moneyKinds } from "./moneyKinds.ts";
import { amountText } from "./moneyText.ts";
import { mentorPage } from "./pageAddresses.ts";
import { sessionBlock, spanFrom } from "./sessionBlock.ts";

export type MoneyMailInput = Extract<MailInput, { kind: MoneyKind }>;

/** A mail about a payment, a refund, a dispute, earnings or a payout. */
export function moneyLetter(words: Words, mail: MoneyMailInput): Letter {
  const { facts } = mail;
  const kind = moneyKinds[mail.kind];
  const times = mailTimes(words, mail.recipient.timezone);
  const said = sentenceFacts(words, mail, times);
  const { label, subject, heading, lead, next } = kind.say(words)(said);
  const startsAt = "starts_at" in facts ? facts.starts_at : undefined;
  return {
    label,
    subject,
    heading,
    lead,
    next,
    preview: lead,
    tone: kind.tone,
    session:
      startsAt === undefined
        ? undefined
        : sessionBlock(words, mail, said, times, {
            span: spanFrom(parseInstant(startsAt), mail.session),
            isOff: kind.isOff ?? false,
          }),
    actions: actionsOf(words, mail),
    reason:
      startsAt !== undefined
        ? words.mailParts.mailReasons.payment(said.name)
        : said.sessions > 0
          ? words.mailParts.mailReasons.package(said.name)
          : words.mailParts.mailReasons.earnings,
  };
}

function sentenceFacts(words: Words, { facts }: MoneyMailInput, times: MailTimes): MoneySentenceFacts {
  const unnamed = words.mailParts.unnamed[facts.role === "student" ? "mentor" : "student"];
  const counterpart = "counterpart" in facts ? facts.counterpart.trim() : "";
  const sessions = "sessions" in facts ? (facts.sessions ?? 0) : 0;
  const together = togetherOf(facts);
  const title = "service_title" in facts ? nameInLine(facts.service_title) : "";
  return {
    name: counterpart ? nameInLine(counterpart) : unnamed.inside,
    Name: counterpart ? nameInLine(counterpart) : unnamed.first,
    service: sessions > 0 || together > 1 ? words.mailMoney.packageOf(sessions || together, title) : title,
    sessions,
    together,
    expiresAt: "expires_at" in facts ? times.inSentence(parseInstant(facts.expires_at)) : "",
    amount: amountText(words, facts.amount, facts.currency),
    why: "why" in facts ? facts.why : "other",
    heldUntil:
      "held_until" in facts && facts.held_until ? times.inSentence(parseInstant(facts.held_until)) : "",
    count: "count" in facts ? facts.count : 0,
    account: "account" in facts && facts.account ? nameInLine(facts.account) : "",
  };
}

/** How many sessions it is about that are paid together; 0: one, or none. */
function togetherOf(facts: MoneyMailInput["facts"]): number {
  return "together" in facts ? (facts.together ?? 0) : 0;
}

function actionsOf({ mailParts }: Words, { kind, facts, links, publicUrl }: MoneyMailInput): LetterLink[] {
  const labels = mailParts.mailLinks;
  const payments = `${publicUrl}/payments`;
  const isOfPackage = facts.role === "student" && "purchase_id" in facts && facts.purchase_id !== undefined;
  const see: LetterLink[] = isOfPackage
    ? [{ label: labels.payments, href: payments }]
    : links.see
      ? [{ label: togetherOf(facts) > 1 ? labels.seeAll : labels.see, href: links.see }]
      : [];
  const { main } = moneyKinds[kind];
  switch (main) {
    case "see":
      return see;
    case "receipt":
    case "creditNote": {
      const query = "document_id" in facts && facts.document_id ? `?document=${facts.document_id}` : "";
      const label = main === "receipt" && togetherOf(facts) > 1 ? labels.receipts : labels[main];
      return [{ label, href: payments + query }, ...see];
    }
    case "feeCreditNote": {
      const query = "document_id" in facts && facts.document_id ? `?document=${facts.document_id}` : "";
      return [{ label: labels.creditNote, href: `${publicUrl}/mentor/earnings${query}` }, ...see];
    }
    case "packages":
      return [{ label: labels.packages, href: payments }];
    case "pay":
      if ("purchase_id" in facts && facts.purchase_id)
        return [{ label: labels.pay, href: `${publicUrl}/packages/${facts.purchase_id}/pay` }];
      return "held_until" in facts && facts.held_until && links.pay
        ? [{ label: labels.pay, href: links.pay }, ...see]
        : bookThen(labels.book, facts.mentor_username, publicUrl, see);
    case "book":
      if ("purchase_id" in facts && facts.purchase_id) return [{ label: labels.payments, href: payments }];
      return bookThen(labels.book, facts.mentor_username, publicUrl, see);
    case "earnings":
      return [{ label: labels.earnings, href: `${publicUrl}/mentor/earnings` }];
    default:
      return main satisfies never;
  }
}

function bookThen(label: string, username: string, publicUrl: string, rest: LetterLink[]): LetterLink[] {
  return [{ label, href: `${mentorPage(publicUrl, username)}?book=service` }, ...rest];
}
