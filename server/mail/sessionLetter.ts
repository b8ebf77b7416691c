import type { ConnectionKind, MoneyKind, SeriesChange } from "#contract/notifications.ts";
import type { BookingActor, BookingRole } from "#rules/bookingState.ts";
import { addMs, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import type { Letter, LetterLink } from "./letter.ts";
import type { AccountContent, MailInput } from "./mailInput.ts";
import { nameInLine, quotedText } from "./mailText.ts";
import { type MailTimes, mailTimes, type Span } from "./mailTimes.ts";
import { moneySentence } from "./moneyText.ts";
import { mentorPage } from "./pageAddresses.ts";
import { sessionBlock, spanFrom } from "./sessionBlock.ts";
import { type MainAction, type SentenceFacts, sessionKinds } from "./sessionKinds.ts";

export type SessionMailInput = Exclude<
  MailInput,
  { kind: AccountContent["kind"] | MoneyKind | ConnectionKind }
>;

/** A mail about a session, a request, an alert or a review. */
export function sessionLetter(words: Words, mail: SessionMailInput): Letter {
  const { facts } = mail;
  const kind = sessionKinds[mail.kind];
  const times = mailTimes(words, mail.recipient.timezone);
  const span = spanOf(mail);
  const said = sentenceFacts(words, mail, times, span);
  const { label, subject, heading, lead, next } = kind.say(words)(said);
  const before = "from_starts_at" in facts ? parseInstant(facts.from_starts_at) : undefined;
  const session = span && sessionBlock(words, mail, said, times, { span, before, isOff: isOff(mail) });
  return {
    label,
    subject,
    heading,
    lead,
    next,
    money: "money" in facts && facts.money ? moneySentence(words, facts.money) : undefined,
    preview: session ? `${lead} ${session.times[0]?.time ?? ""}` : lead,
    tone: kind.tone,
    session,
    quote: "reason" in facts && facts.reason ? quoteOf(words, said, facts.reason) : undefined,
    actions: actionsOf(words, mail),
    calendar: kind.isAhead && mail.links.calendar,
    reason: reasonOf(words, kind.topic, said.name),
  };
}

/** Whether what the mail is about does not take place. */
function isOff({ kind, facts }: SessionMailInput): boolean {
  const ended = "change" in facts && endings.has(facts.change);
  return ended || (sessionKinds[kind].isOff ?? false);
}

/** When the session of the mail is; undefined if it is about none. */
function spanOf({ facts, session }: SessionMailInput): Span | undefined {
  if (!("starts_at" in facts)) return undefined;
  const from = parseInstant(facts.starts_at);
  if ("duration" in facts) return { from, until: addMs(from, facts.duration * MINUTE_MS) };
  return spanFrom(from, session);
}

function sentenceFacts(
  { mailParts }: Words,
  mail: SessionMailInput,
  times: MailTimes,
  span: Span | undefined,
): SentenceFacts {
  const { facts, links } = mail;
  const unnamed = mailParts.unnamed[otherRole(facts.role)];
  const isNamed = facts.counterpart.trim() !== "";
  return {
    role: facts.role,
    by: mail.by ?? (sessionKinds[mail.kind].bySystem ? "system" : otherRole(facts.role)),
    name: isNamed ? nameInLine(facts.counterpart) : unnamed.inside,
    Name: isNamed ? nameInLine(facts.counterpart) : unnamed.first,
    service: nameInLine(facts.service_title),
    when: span ? times.short(span.from) : "",
    canChange: links.move ? "any" : links.cancel ? "cancel" : undefined,
    lead: mail.leadMinutes,
    answerUntil: answerUntilOf(mail, times),
    isFinal: "is_final" in facts && facts.is_final,
    isCancelled: "ended_because" in facts && facts.ended_because === "cancelled",
    hasLink: !("has_link" in facts) || facts.has_link,
    calendar: "calendar" in facts ? nameInLine(facts.calendar) : "",
    movedTo: "moved_to" in facts ? times.inSentence(parseInstant(facts.moved_to)) : "",
    sessions: "last_starts_at" in facts ? facts.sessions : 1,
    until: "last_starts_at" in facts ? times.inSentence(parseInstant(facts.last_starts_at)) : "",
    change: "change" in facts ? facts.change : undefined,
    isOwn: "claimed_by" in facts && facts.claimed_by !== facts.role,
  };
}

function answerUntilOf({ facts }: SessionMailInput, times: MailTimes): string {
  if ("answer_until" in facts) return times.inSentence(parseInstant(facts.answer_until));
  return "expires_at" in facts ? times.inSentence(parseInstant(facts.expires_at)) : "";
}

function otherRole(role: BookingRole): BookingRole {
  return role === "student" ? "mentor" : "student";
}

function quoteOf({ mailParts }: Words, { by, role, Name }: SentenceFacts, reason: string): Letter["quote"] {
  const { mailQuotes } = mailParts;
  const authors: Record<"own" | "ours" | "theirs", string> = {
    own: mailQuotes.own,
    ours: mailQuotes.ours,
    theirs: mailQuotes.theirs(Name),
  };
  return { by: authors[authorOf(by, role)], text: quotedText(reason) };
}

function authorOf(by: BookingActor, role: BookingRole): "own" | "ours" | "theirs" {
  if (by === "system") return "ours";
  return by === role ? "own" : "theirs";
}

const endings: ReadonlySet<SeriesChange> = new Set(["declined", "cancelled", "expired"]);

const aboutFreeTime: ReadonlySet<SessionMailInput["kind"]> = new Set([
  "alert_fired",
  "waitlist_offer",
  "waitlist_lapsed",
]);

type Action = [label: string, href: string | undefined];

/** The main action first, then what else the mail has links for. */
function actionsOf({ mailParts }: Words, mail: SessionMailInput): LetterLink[] {
  const { links, facts, kind } = mail;
  const { main, isAhead, isRequest } = sessionKinds[kind];
  const isOwnRequest = kind === "booking_requested" && facts.role === "student";
  const labels = mailParts.mailLinks;
  const first = main[facts.role];
  const see = isRequest ? labels.seeRequest : "last_starts_at" in facts ? labels.seeAll : labels.see;
  const change: Action[] = [
    [labels.move, links.move],
    [isOwnRequest ? labels.withdraw : labels.cancel, links.cancel],
  ];
  const all: Action[] = [
    [first === "see" ? see : labels[first], mainAddress(first, mail)],
    // Free time is no session yet.
    [see, aboutFreeTime.has(kind) ? undefined : links.see],
    [labels.pass, links.pass],
    [labels.leave, links.leave],
    ...(isAhead ? ([[labels.join, links.join], ...change] satisfies Action[]) : []),
    ...(isOwnRequest ? change : []),
  ];
  const seen = new Set<string>();
  return all.flatMap(([label, href]) => {
    if (!href || seen.has(href)) return [];
    seen.add(href);
    return [{ label, href }];
  });
}

function mainAddress(action: MainAction, mail: SessionMailInput): string | undefined {
  const { links, facts, publicUrl } = mail;
  switch (action) {
    case "see":
    case "answer":
    case "decide":
    case "reply":
    case "seeTimes":
    case "take":
      return links.see;
    case "review":
      return links.review;
    case "seeReview":
      return links.review ?? links.see;
    case "join":
      return links.join;
    case "book":
      return `${mentorPage(publicUrl, facts.mentor_username)}?book=service`;
    case "bookThis":
      return bookTimeAddress(mail);
    default:
      return action satisfies never;
  }
}

function bookTimeAddress({ kind, facts, publicUrl }: SessionMailInput): string | undefined {
  if (kind !== "alert_fired" || !("service_id" in facts)) return undefined;
  const { service_id, duration, starts_at, mentor_username } = facts;
  const query = new URLSearchParams({
    book: "time",
    service: service_id,
    minutes: String(duration),
    at: starts_at,
  });
  return `${mentorPage(publicUrl, mentor_username)}?${query}`;
}

function reasonOf(
  { mailParts }: Words,
  topic: "booking" | "request" | "alert" | "waitlist" | "review",
  name: string,
): string {
  const { mailReasons } = mailParts;
  switch (topic) {
    case "booking":
      return mailReasons.booking(name);
    case "request":
      return mailReasons.request(name);
    case "alert":
      return mailReasons.alert;
    case "waitlist":
      return mailReasons.waitlist;
    case "review":
      return mailReasons.review;
    default:
      return topic satisfies never;
  }
}
