import type { Words } from "#words/languages.ts";
import type { Letter, LetterLink } from "./letter.ts";
import type { MailInput } from "./mailInput.ts";
import { calendarLinks, footerLinks } from "./mailLinks.ts";
import { plain } from "./mailText.ts";
import type { TimeLine } from "./mailTimes.ts";

/** A letter as plain text: what happened, when, what to do, each address on a line of its own. */
export function textPart(words: Words, letter: Letter, { links }: MailInput): string {
  const { heading, lead, session, code, quote, money, next, actions, calendar, reason } = letter;
  const address = ({ label, href }: LetterLink) => words.mailParts.mailAddress(label, href);
  const paragraphs = [
    heading,
    lead,
    session && sessionText(words, session),
    code && `    ${code}`,
    quote && [quote.by, ...quote.text.split("\n").map((line) => `> ${line}`.trimEnd())].join("\n"),
    money,
    next,
    actions.map(address).join("\n"),
    calendar &&
      [words.mailParts.mailCalendar.label, ...calendarLinks(words, calendar).map(address)].join("\n"),
    // What follows this line is a signature: programs show it in grey and leave it out of replies.
    ["-- ", reason, ...footerLinks(words, links).map(address)].join("\n"),
  ];
  return `${plain(paragraphs.filter(Boolean).join("\n\n"))}\n`;
}

const unchanged = (line: string) => line;

function sessionText({ mailParts }: Words, session: NonNullable<Letter["session"]>): string {
  const { service, name, length, isOff, times, before } = session;
  const { title, was, now } = mailParts.mailSession;
  const line = ({ time, label }: TimeLine) => `${time} ${label}`;
  const lines = times.map(line);
  return [
    title(service, name),
    ...(before ? [was(line(before)), ...lines.map(now)] : lines.map(isOff ? was : unchanged)),
    ...(length && !isOff ? [length] : []),
  ].join("\n");
}
