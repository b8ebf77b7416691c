import type { BookingActor, BookingRole } from "#rules/bookingState.ts";
import { addMs, type EpochMs, MINUTE_MS, minutesBetween, parseInstant } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import type { Letter, LetterLink } from "./letter.ts";
import type { AccountContent, MailInput } from "./mailInput.ts";
import { nameInLine, quotedText } from "./mailText.ts";
import { type MailTimes, mailTimes, type Span } from "./mailTimes.ts";
import { type MainAction, type SentenceFacts, sessionKinds } from "./sessionKinds.ts";

export type SessionMailInput = Exclude<MailInput, { kind: AccountContent["kind"] }>;

/** A mail about a session, a request, an alert or a review. */
export function sessionLetter(words: Words, mail: SessionMailInput): Letter {
  const { facts } = mail;
  const kind = sessionKinds[mail.kind];
  const times = mailTimes(words, mail.recipient.timezone);
  const span = spanOf(mail);
  const said = sentenceFacts(words, mail, times, span);
  const { label, subject, heading, lead, next } = kind.say(words)(said);
  const session = span && sessionOf(words, mail, said, times, span);
  return {
    label,
    subject,
    heading,
    lead,
    next,
    preview: session ? `${lead} ${session.times[0]?.time ?? ""}` : lead,
    tone: kind.tone,
    session,
    quote: "reason" in facts && facts.reason ? quoteOf(words, said, facts.reason) : undefined,
    actions: actionsOf(words, mail),
    calendar: kind.isAhead && mail.links.calendar,
    reason: reasonOf(words, kind.topic, said.name),
  };
}

/** When the session of the mail is; undefined if it is about none. */
function spanOf({ facts, session }: SessionMailInput): Span | undefined {
  if (!("starts_at" in facts)) return undefined;
  const from = parseInstant(facts.starts_at);
  if ("duration" in facts) return { from, until: addMs(from, facts.duration * MINUTE_MS) };
  return spanFrom(from, session);
}

/** The session may have moved since: its length is that of the booking, its start that of the message. */
function spanFrom(from: EpochMs, session: SessionMailInput["session"]): Span {
  return { from, until: session && addMs(from, session.endsAt - session.startsAt) };
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
    canChange: Boolean(links.move || links.cancel),
    lead: mail.leadMinutes,
    answerUntil: "answer_until" in facts ? times.inSentence(parseInstant(facts.answer_until)) : "",
    isOwn: "claimed_by" in facts && facts.claimed_by !== facts.role,
  };
}

function otherRole(role: BookingRole): BookingRole {
  return role === "student" ? "mentor" : "student";
}

function sessionOf(
  { mailParts }: Words,
  mail: SessionMailInput,
  { name, service }: SentenceFacts,
  times: MailTimes,
  span: Span,
): Letter["session"] {
  const { facts, session } = mail;
  const minutes = span.until === undefined ? undefined : minutesBetween(span.from, span.until);
  const theirs = session && times.others(span, session.counterpartTimezone, name);
  return {
    service,
    name,
    detail: mailParts.mailSession.detail(name, minutes),
    length: minutes === undefined ? undefined : mailParts.mailSession.length(minutes),
    tile: times.parts(span.from),
    isOff: sessionKinds[mail.kind].isOff ?? false,
    times: [times.own(span, session?.counterpartTimezone), ...(theirs ? [theirs] : [])],
    before:
      "from_starts_at" in facts
        ? times.own(spanFrom(parseInstant(facts.from_starts_at), session), session?.counterpartTimezone)
        : undefined,
  };
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

type Action = [label: string, href: string | undefined];

/** The main action first, then what else the mail has links for. */
function actionsOf({ mailParts }: Words, mail: SessionMailInput): LetterLink[] {
  const { links, facts, kind } = mail;
  const { main, isAhead, isRequest } = sessionKinds[kind];
  const isOwnRequest = kind === "booking_requested" && facts.role === "student";
  const labels = mailParts.mailLinks;
  const first = main[facts.role];
  const see = isRequest ? labels.seeRequest : labels.see;
  const change: Action[] = [
    [labels.move, links.move],
    [isOwnRequest ? labels.withdraw : labels.cancel, links.cancel],
  ];
  const all: Action[] = [
    [first === "see" ? see : labels[first], mainAddress(first, mail)],
    // An alert is about no session yet.
    [see, kind === "alert_fired" ? undefined : links.see],
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
    case "reply":
    case "seeTimes":
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

/** As `paths` of the web app has it (src/lib/paths.ts; mail/tests compares them). */
function mentorPage(publicUrl: string, username: string): string {
  return `${publicUrl}/mentors/${encodeURIComponent(username)}`;
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
  topic: "booking" | "request" | "alert" | "review",
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
    case "review":
      return mailReasons.review;
    default:
      return topic satisfies never;
  }
}
