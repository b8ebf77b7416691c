import type { MailLinks } from "./mailInput.ts";
import type { TimeLine } from "./mailTimes.ts";

/** What a mail says, in the reader's language, before it is HTML or plain text. Names in it are isolated (mailText.ts). */
export interface Letter {
  subject: string;
  /** In a list of mails, beside the subject. */
  preview: string;
  label: string;
  tone: "good" | "bad" | "accent" | "primary";
  heading: string;
  lead: string;
  session?: LetterSession | undefined;
  code?: string | undefined;
  quote?: { by: string; text: string } | undefined;
  /** What happens to the money that was paid. */
  money?: string | undefined;
  next?: string | undefined;
  /** The first is the main one. */
  actions: readonly LetterLink[];
  calendar?: MailLinks["calendar"];
  /** Why the mail was sent. */
  reason: string;
}

export interface LetterLink {
  label: string;
  href: string;
}

interface LetterSession {
  service: string;
  name: string;
  detail: string;
  /** "Length: 1 hour" */
  length?: string | undefined;
  /** The start's date on the reader's clock, as a page of a tear-off calendar. */
  tile: { weekday: string; day: string; month: string };
  /** It does not take place. */
  isOff: boolean;
  /** The reader's own first. */
  times: readonly TimeLine[];
  /** When it was to be before it was moved. */
  before?: TimeLine | undefined;
}
