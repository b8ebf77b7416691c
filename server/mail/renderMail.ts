import { wordsIn } from "#words/languages.ts";
import { type AccountMailInput, accountLetter } from "./accountLetter.ts";
import { htmlPart } from "./htmlPart.ts";
import type { MailInput, RenderedMail } from "./mailInput.ts";
import { plain } from "./mailText.ts";
import { sessionKinds } from "./sessionKinds.ts";
import { type SessionMailInput, sessionLetter } from "./sessionLetter.ts";
import { textPart } from "./textPart.ts";

/**
 * Writes a mail in the recipient's language. Its facts are text: whatever is in them, they change nothing but themselves.
 * @throws if a template lacks a value, or a link is no address of the web
 */
export function renderMail(mail: MailInput): RenderedMail {
  const words = wordsIn(mail.recipient.language);
  const letter = isAboutSession(mail)
    ? sessionLetter(words, mail)
    : accountLetter(words, mail as AccountMailInput);
  return {
    subject: plain(letter.subject),
    html: htmlPart(words, letter, mail),
    text: textPart(words, letter, mail),
  };
}

function isAboutSession(mail: MailInput): mail is SessionMailInput {
  return mail.kind in sessionKinds;
}
