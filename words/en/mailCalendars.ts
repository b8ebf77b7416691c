/** Mails about a person's calendar connections. */
import type { MailSentences } from "./mail.ts";

/** Names and times are text for the recipient. */
interface Facts {
  /** What the person calls the connection. */
  connection: string;
  /** Why it can't be read, and what to do about it: a sentence. "" if it is about something else. */
  problem: string;
  /** When it was last read; "" if never. */
  readAt: string;
  /** When its login ends; "" if it is not about that. */
  endsAt: string;
  /** The calendar that is gone; "" if it is not about one. */
  calendar: string;
  /** What old busy times mean for a mentor's free times; undefined: nothing. */
  offering: "continues" | "pauses" | undefined;
  isMentor: boolean;
}

const stillOffered = "Your times are still offered, so a student could book when you’re busy.";

export const connectionMails = {
  broken: ({ connection, problem, offering }: Facts): MailSentences => ({
    label: "Needs you",
    subject: `We can’t read your calendar: ${connection}`,
    heading: `We can’t read “${connection}”`,
    lead: problem,
    next:
      offering === "pauses"
        ? "Unless it works again soon, we stop offering your times, as you chose."
        : offering === "continues"
          ? stillOffered
          : undefined,
  }),
  stale: ({ connection, readAt, offering }: Facts): MailSentences => ({
    label: "Out of date",
    subject: `Your calendar is out of date: ${connection}`,
    heading: `“${connection}” is out of date`,
    lead: readAt
      ? `We last read it on ${readAt}, and keep trying.`
      : "We haven’t been able to read it yet, and keep trying.",
    next:
      offering === "pauses"
        ? "As you chose, your times aren’t offered until it works again."
        : `${stillOffered} You can choose to pause instead.`,
  }),
  loginEnds: ({ connection, endsAt }: Facts): MailSentences => ({
    label: "Ends soon",
    subject: `Renew your login: ${connection}`,
    heading: `Your login to “${connection}” ends soon`,
    lead: `It ends on ${endsAt}. After that we can’t read this calendar.`,
    next: "It takes a minute to renew it.",
  }),
  missing: ({ connection, calendar, isMentor }: Facts): MailSentences => ({
    label: "Gone",
    subject: `A calendar is gone: ${calendar}`,
    heading: `“${calendar}” is gone`,
    lead: `“${connection}” doesn’t list this calendar any more. It may have been deleted, or no longer shared with you.`,
    next: isMentor
      ? "Until you turn it off, its busy times still aren’t offered."
      : "Until you turn it off, its busy times are still marked when you book.",
  }),
};
