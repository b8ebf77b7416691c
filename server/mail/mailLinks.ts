import type { Words } from "#words/languages.ts";
import type { LetterLink } from "./letter.ts";
import type { MailLinks } from "./mailInput.ts";

/** Where a session can be added to a calendar by hand. */
export function calendarLinks(
  { mailParts }: Words,
  { google, outlook, ics }: NonNullable<MailLinks["calendar"]>,
): LetterLink[] {
  const { mailCalendar } = mailParts;
  return [
    { label: mailCalendar.google, href: google },
    { label: mailCalendar.outlook, href: outlook },
    { label: mailCalendar.ics, href: ics },
  ];
}

/** How the recipient gets fewer mails. */
export function footerLinks({ mailParts }: Words, { settings, unsubscribe }: MailLinks): LetterLink[] {
  const { mailLinks } = mailParts;
  return [
    ...(settings ? [{ label: mailLinks.settings, href: settings }] : []),
    ...(unsubscribe ? [{ label: mailLinks.unsubscribe, href: unsubscribe }] : []),
  ];
}
