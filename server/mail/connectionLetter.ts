import type { ConnectionKind, NotificationFacts } from "#contract/notifications.ts";
import { parseInstant } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import type { Letter } from "./letter.ts";
import type { MailInput } from "./mailInput.ts";
import { nameInLine } from "./mailText.ts";
import { mailTimes } from "./mailTimes.ts";

export type ConnectionMailInput = Extract<MailInput, { kind: ConnectionKind }>;

type Say = Words["mailCalendars"]["connectionMails"]["broken"];
type Action = "fixCalendar" | "seeCalendars" | "renewLogin";

/** Each kind of mail about a calendar connection, and its button: a label of words/mailParts.ts. */
export const connectionKinds: Readonly<
  Record<ConnectionKind, { say: (words: Words) => Say; tone: Letter["tone"]; action: Action }>
> = {
  calendar_broken: {
    say: ({ mailCalendars }) => mailCalendars.connectionMails.broken,
    tone: "bad",
    action: "fixCalendar",
  },
  calendar_stale: {
    say: ({ mailCalendars }) => mailCalendars.connectionMails.stale,
    tone: "bad",
    action: "seeCalendars",
  },
  calendar_login_ends: {
    say: ({ mailCalendars }) => mailCalendars.connectionMails.loginEnds,
    tone: "accent",
    action: "renewLogin",
  },
  calendar_missing: {
    say: ({ mailCalendars }) => mailCalendars.connectionMails.missing,
    tone: "accent",
    action: "seeCalendars",
  },
};

function problemSentence(
  { calendarConnections }: Words,
  { connection_kind: kind, problem }: NotificationFacts<"calendar_broken">,
): string {
  const { calendarHomes, connectionProblems, signInProblems } = calendarConnections;
  const ofVendor = kind === "google" || kind === "microsoft" ? calendarHomes[kind].name : null;
  return (ofVendor !== null && signInProblems[problem]?.(ofVendor)) || connectionProblems[problem];
}

/** A mail about a person's own calendar connection. */
export function connectionLetter(words: Words, mail: ConnectionMailInput): Letter {
  const { facts, publicUrl } = mail;
  const { say, tone, action } = connectionKinds[mail.kind];
  const times = mailTimes(words, mail.recipient.timezone);
  const at = (instant: string | undefined) => (instant ? times.inSentence(parseInstant(instant)) : "");
  const sentences = say(words)({
    connection: nameInLine(facts.connection),
    problem: "problem" in facts ? problemSentence(words, facts) : "",
    readAt: "synced_at" in facts ? at(facts.synced_at) : "",
    endsAt: "ends_at" in facts ? at(facts.ends_at) : "",
    calendar: "calendar" in facts ? nameInLine(facts.calendar) : "",
    offering: "offering" in facts ? facts.offering : undefined,
    isMentor: facts.role === "mentor",
  });
  return {
    ...sentences,
    preview: sentences.lead,
    tone,
    actions: [{ label: words.mailParts.mailLinks[action], href: `${publicUrl}/account#calendars` }],
    reason: words.mailParts.mailReasons.calendar,
  };
}
