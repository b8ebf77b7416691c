import { type Words, wordsIn } from "#words/languages.ts";
import { type AccountMailInput, accountLetter } from "./accountLetter.ts";
import { type ConnectionMailInput, connectionKinds, connectionLetter } from "./connectionLetter.ts";
import { htmlPart } from "./htmlPart.ts";
import type { Letter } from "./letter.ts";
import type { MailInput, RenderedMail } from "./mailInput.ts";
import { plain } from "./mailText.ts";
import { moneyKinds } from "./moneyKinds.ts";
import { type MoneyMailInput, moneyLetter } from "./moneyLetter.ts";
import { sessionKinds } from "./sessionKinds.ts";
import { type SessionMailInput, sessionLetter } from "./sessionLetter.ts";
import { textPart } from "./textPart.ts";

/**
 * Writes a mail in the recipient's language. Its facts are text: whatever is in them, they change nothing but themselves.
 * @throws if a template lacks a value, or a link is no address of the web
 */
export function renderMail(mail: MailInput): RenderedMail {
  const words = wordsIn(mail.recipient.language);
  const letter = letterOf(words, mail);
  return {
    subject: plain(letter.subject),
    html: htmlPart(words, letter, mail),
    text: textPart(words, letter, mail),
  };
}

function letterOf(words: Words, mail: MailInput): Letter {
  if (isAboutSession(mail)) return sessionLetter(words, mail);
  if (isAboutMoney(mail)) return moneyLetter(words, mail);
  return isAboutConnection(mail)
    ? connectionLetter(words, mail)
    : accountLetter(words, mail as AccountMailInput);
}

function isAboutConnection(mail: MailInput): mail is ConnectionMailInput {
  return mail.kind in connectionKinds;
}

function isAboutMoney(mail: MailInput): mail is MoneyMailInput {
  return mail.kind in moneyKinds;
}

function isAboutSession(mail: MailInput): mail is SessionMailInput {
  return mail.kind in sessionKinds;
}
