import { decimalOf, type Money, moneyOfMinor } from "#rules/money.ts";
import { asMinutes, epochMs } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import { mailTimes } from "../mail/mailTimes.ts";
import type { DocumentContent } from "./content.ts";
import type { LabelledText, Line, Paper, Party } from "./paper.ts";
import type { FoundDocument } from "./queries.ts";

/** Dates of documents are on India's clock, like their numbers. */
const taxZone = "Asia/Kolkata";

type Text = Words["documents"]["documents"];

/** Writes a document out as text. */
export function composePaper(found: FoundDocument, words: Words, publicUrl: string): Paper {
  const { documents: text } = words.documents;
  const { kind, number, content, currency, sandbox } = found;
  const amount = (minor: number) => formatAmount(moneyOfMinor(minor, currency), words);
  const date = (instant: Date | string) => dateOf(instant, words);
  const [title, subtitle] = titlesOf(found, text);
  const url = `${publicUrl}/api/v1/documents/${found.id}`;
  return {
    language: words.language.language,
    title,
    subtitle,
    name: text.pageTitle(title, number),
    warning: sandbox ? text.sandbox : null,
    facts: [
      { label: text.number, text: number },
      { label: text.date, text: date(found.issued_at) },
      ...(content.receipt
        ? [
            {
              label: isAboutFee(kind) ? text.forInvoice : text.forReceipt,
              text: text.receiptOf(content.receipt.number, date(content.receipt.issued_at)),
            },
          ]
        : []),
      ...taxFacts(content, words),
    ],
    parties: [partyOf(text.from, content.issuer, words), partyOf(text.to, content.recipient, words)],
    table: {
      caption: text.lines,
      description: text.description,
      amount: text.amount,
      lines: linesOf(content, words, amount),
    },
    subtotals: subtotalsOf(content, text, amount),
    total: { label: text.totals[kind], text: amount(found.total_minor) },
    inWords: {
      label: text.inWords,
      text: words.amounts.inWords(moneyOfMinor(found.total_minor, currency)),
    },
    payment: paymentOf(found, text, date),
    notes: notesOf(found, text),
    pageLink: { text: text.webPage, url: `${url}.html`, lettersMissing: text.lettersMissing },
    pdfLink: { text: text.downloadPdf, url: `${url}.pdf` },
  };
}

function titlesOf({ kind, content }: FoundDocument, { titles, alsoReceipt }: Text): [string, string | null] {
  if (kind === "credit_note" || kind === "fee_credit_note") return [titles.credit_note, null];
  if (kind === "fee_invoice") return [content.tax ? titles.taxInvoice : titles.invoice, null];
  return content.tax ? [titles.taxInvoice, alsoReceipt] : [titles.receipt, null];
}

function partyOf(label: string, party: DocumentContent["issuer"], words: Words): Party {
  const { documents: text } = words.documents;
  const { name, address, state_code, gstin } = party;
  return {
    label,
    lines: [
      name,
      ...(address?.split("\n") ?? []),
      ...(state_code ? [text.state(stateName(state_code, words), state_code)] : []),
      ...(gstin ? [text.gstin(gstin)] : []),
    ],
  };
}

function taxFacts({ tax }: DocumentContent, words: Words): LabelledText[] {
  const { documents: text } = words.documents;
  if (!tax) return [];
  const { sac, place_of_supply: code } = tax;
  return [
    { label: text.sac, text: sac },
    { label: text.placeOfSupply, text: text.stateWithCode(stateName(code, words), code) },
  ];
}

function stateName(code: string, words: Words): string {
  const names: Readonly<Record<string, string>> = words.indianStates.indianStates;
  return names[code] ?? code;
}

function linesOf(
  { lines, session, package: bought, fee, refund }: DocumentContent,
  words: Words,
  amount: (minor: number) => string,
): Line[] {
  const { documents: text } = words.documents;
  const about = session ? sessionText(session, words) : bought && packageText(bought, words);
  return lines.map(({ kind, amount_minor }) => ({
    text: titleOf(kind, { session, package: bought }) ?? named(text.kinds, kind) ?? kind,
    detail:
      [
        kind === "fee" && fee ? text.feeOf(percent(fee.basis_points), amount(fee.of_minor)) : null,
        (kind === "refund" || kind === "fee_returned") && refund
          ? (named(text.reasons, refund.why) ?? text.otherReason)
          : null,
        aboutWhole.has(kind) ? about : null,
      ]
        .filter((part) => part !== null)
        .join("\n") || null,
    amount: amount(amount_minor),
  }));
}

/** Lines about all that was paid for, and not a part of it. */
const aboutWhole: ReadonlySet<string> = new Set(["session", "package", "fee", "refund", "fee_returned"]);

function titleOf(kind: string, { session, package: bought }: Pick<DocumentContent, "session" | "package">) {
  if (kind === "session") return session?.title;
  return kind === "package" ? bought?.title : undefined;
}

function packageText(bought: NonNullable<DocumentContent["package"]>, words: Words): string {
  return words.documents.documents.package(
    bought.sessions,
    words.durations.duration(asMinutes(bought.minutes)),
    bought.mentor,
    dateOf(bought.expires_at, words),
  );
}

function sessionText(session: NonNullable<DocumentContent["session"]>, words: Words): string {
  const { documents: text } = words.documents;
  const length = words.durations.duration(asMinutes(session.minutes));
  const time = mailTimes(words, session.timezone).inSentence(instantOf(session.starts_at));
  return text.session(length, session.mentor, time);
}

function subtotalsOf(
  { tax }: DocumentContent,
  text: Text,
  amount: (minor: number) => string,
): LabelledText[] {
  if (!tax) return [];
  const half = percent(tax.rate_basis_points / 2);
  const taxes =
    tax.igst_minor === 0 && tax.cgst_minor + tax.sgst_minor > 0
      ? [
          { label: text.cgst(half), text: amount(tax.cgst_minor) },
          { label: text.sgst(half), text: amount(tax.sgst_minor) },
        ]
      : [{ label: text.igst(percent(tax.rate_basis_points)), text: amount(tax.igst_minor) }];
  return [{ label: text.taxable, text: amount(tax.taxable_minor) }, ...taxes];
}

function paymentOf(
  { kind, content: { payment, session } }: FoundDocument,
  text: Text,
  onDay: (instant: string) => string,
): LabelledText[] {
  if (kind === "fee_invoice")
    return [{ label: text.paid, text: session ? text.deducted : text.deductedFromPackage }];
  if (kind === "fee_credit_note") return [{ label: text.givenBack, text: text.intoRefund }];
  if (!payment) return [];
  const method = named(text.methods, payment.method ?? "") ?? text.otherMethod;
  return [
    { label: text.paid, text: text.paidBy(method, onDay(payment.at)) },
    { label: text.reference, text: payment.reference },
  ];
}

function notesOf({ kind, content }: FoundDocument, text: Text): string[] {
  return [
    ...(content.tax ? [] : [text.noTax]),
    ...(isAboutFee(kind) ? [] : [text.onBehalf(content.platform, content.issuer.name)]),
    text.noSignature,
  ];
}

/** The platform issues these to the mentor, and all others on the mentor's behalf. */
function isAboutFee(kind: FoundDocument["kind"]): boolean {
  return kind === "fee_invoice" || kind === "fee_credit_note";
}

function named(names: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

/** 18 %: "18%"; 2.5 %: "2.5%". */
function percent(basisPoints: number): string {
  return `${basisPoints / 100}%`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Always with its minor units: "₹2,000.00". */
function formatAmount(money: Money, { language: { defaultLocale } }: Words): string {
  const key = `${defaultLocale} ${money.currency}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(defaultLocale, { style: "currency", currency: money.currency });
    formats.set(key, format);
  }
  return format.format(decimalOf(money));
}

function dateOf(instant: Date | string, words: Words): string {
  const { day, month, year } = mailTimes(words, taxZone).parts(instantOf(instant));
  return words.documents.documents.onDay(day, month, year);
}

function instantOf(instant: Date | string) {
  return epochMs(new Date(instant).getTime());
}
