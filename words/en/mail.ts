/** Mails about sessions, requests, alerts and reviews: what each says in its subject, its heading and its sentences. */
import type { BookingActor, BookingRole } from "#rules/bookingState.ts";
import { windowHours, windowMinutes } from "#rules/windows.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { count } from "./language.ts";

interface Facts {
  /** The recipient's. */
  role: BookingRole;
  /** Who did it. */
  by: BookingActor;
  /** The other person, as it is written within a sentence and as the first word of one. */
  name: string;
  Name: string;
  service: string;
}

interface SessionFacts extends Facts {
  /** The start on the recipient's clock, short: "Tue 1 Dec 19:00". */
  when: string;
  /** What the mail has links for: rescheduling and cancelling, or cancelling alone. */
  canChange: "any" | "cancel" | undefined;
}

interface OfCalendar {
  /** Its name. */
  calendar: string;
}

/** What a mail says. */
export interface MailSentences {
  /** One or two words about what kind of news it is. */
  label: string;
  subject: string;
  heading: string;
  /** What happened. */
  lead: string;
  /** What to do now. */
  next?: string | undefined;
}

const byThem = ({ role, by }: Facts) => by !== role && by !== "system";
const bySelf = ({ role, by }: Facts) => by === role;
const titled = ({ service }: Facts) => `“${service}”`;
const withThem = ({ service, name }: Facts) => `“${service}” with ${name}`;
const subject = (label: string, { service, name, when }: SessionFacts) =>
  `${label}: ${service} with ${name}, ${when}`;

const changeBelow = ({ canChange }: SessionFacts) =>
  canChange === "any"
    ? "If your plans change, reschedule or cancel with the links below."
    : canChange && "If your plans change, cancel with the link below.";
const freeAgain = "Others can book this time again.";
const pickAnother = "You can pick another time on their page.";

export const bookingMails = {
  requested: (facts: SessionFacts): MailSentences =>
    bySelf(facts)
      ? {
          label: "Request sent",
          subject: subject("Request sent", facts),
          heading: `Your request is with ${facts.name}`,
          lead: `You asked for ${withThem(facts)}. The time is held for you, and we’ll e-mail you as soon as they reply.`,
          next: `Without a reply, the request expires after ${windowHours.requestAnswer} hours, or when the session would start.`,
        }
      : {
          label: "New request",
          subject: subject("Request", facts),
          heading: `${facts.Name} requested a session`,
          lead: `They’d like to book ${titled(facts)} with you. The time is held for them until you reply.`,
          next: `Please approve or decline. Without a reply, the request expires after ${windowHours.requestAnswer} hours, or when the session would start.`,
        },
  booked: (facts: SessionFacts): MailSentences => ({
    label: "Booked",
    subject: subject("Booked", facts),
    ...(facts.by !== "mentor"
      ? facts.role === "student"
        ? { heading: "You’re booked", lead: `${withThem(facts)} is confirmed.` }
        : { heading: `${facts.Name} booked a session`, lead: `${titled(facts)} is confirmed.` }
      : facts.role === "student"
        ? {
            heading: `${facts.Name} accepted your request`,
            lead: `${titled(facts)} is booked and confirmed.`,
          }
        : {
            heading: `You accepted the request from ${facts.name}`,
            lead: `${titled(facts)} is booked and confirmed.`,
          }),
    next: changeBelow(facts),
  }),
  confirmed: (facts: SessionFacts): MailSentences => ({
    label: "Confirmed",
    subject: subject("Confirmed", facts),
    heading: bySelf(facts)
      ? `You confirmed a session with ${facts.name}`
      : `${facts.Name} confirmed your session`,
    lead: bySelf(facts)
      ? `${titled(facts)} is booked.`
      : `Your request was approved: ${titled(facts)} is booked.`,
    next: changeBelow(facts),
  }),
  declined: (facts: SessionFacts): MailSentences => ({
    label: "Declined",
    subject: subject("Declined", facts),
    ...(bySelf(facts)
      ? {
          heading: `You declined the request from ${facts.name}`,
          lead: `${titled(facts)} isn’t booked. ${freeAgain}`,
        }
      : {
          heading: `${facts.Name} declined your request`,
          lead: `${titled(facts)} isn’t booked.`,
          next: pickAnother,
        }),
  }),
  tooFew: (facts: SessionFacts): MailSentences => ({
    label: "Cancelled",
    subject: subject("Cancelled", facts),
    heading: "The session doesn’t take place",
    lead: `Too few people signed up for ${titled(facts)}, so it was cancelled for everyone.`,
    next: facts.role === "student" ? pickAnother : undefined,
  }),
  enough: (facts: SessionFacts): MailSentences => ({
    label: "Takes place",
    subject: subject("Takes place", facts),
    heading: "The session takes place",
    lead: `Enough people have signed up for ${titled(facts)}.`,
    next: changeBelow(facts),
  }),
  toEveryone: (facts: SessionFacts): MailSentences => ({
    label: "Message",
    subject: subject("Message", facts),
    heading: bySelf(facts) ? "Your message was sent" : `${facts.Name} wrote to everyone in your session`,
    lead: `It’s about ${titled(facts)}.`,
  }),
  cancelled: (facts: SessionFacts): MailSentences => ({
    label: "Cancelled",
    subject: subject("Cancelled", facts),
    heading: bySelf(facts)
      ? "You cancelled your session"
      : byThem(facts)
        ? `${facts.Name} cancelled your session`
        : "Your session was cancelled",
    lead: bySelf(facts)
      ? `${withThem(facts)} won’t take place. We’ve let them know.`
      : `${withThem(facts)} won’t take place.`,
    next: facts.role === "student" ? pickAnother : freeAgain,
  }),
  rescheduled: (facts: SessionFacts): MailSentences => ({
    label: "New time",
    subject: `Rescheduled: ${facts.service} with ${facts.name}, now ${facts.when}`,
    heading: bySelf(facts)
      ? "You rescheduled your session"
      : byThem(facts)
        ? `${facts.Name} rescheduled your session`
        : "Your session was rescheduled",
    lead: `${withThem(facts)} has a new time.`,
    next:
      facts.canChange && !bySelf(facts)
        ? facts.canChange === "any"
          ? "If it doesn’t suit you, reschedule or cancel with the links below."
          : "If it doesn’t suit you, cancel with the link below."
        : undefined,
  }),
  meetingFellBack: (facts: SessionFacts & { hasLink: boolean }): MailSentences => ({
    label: "New link",
    subject: subject("New video link", facts),
    heading: "Your session has another link",
    lead: facts.hasLink
      ? `We couldn’t make the video link for ${withThem(facts)}. Use ${facts.role === "mentor" ? "your" : "the mentor’s"} own link instead: it’s on the session’s page.`
      : `We couldn’t make the video link for ${withThem(facts)}, and there’s no other link yet.`,
    next:
      facts.role === "mentor" && !facts.hasLink
        ? "Please add your meeting room, so that you can meet."
        : "We keep trying, and let you both know if that works.",
  }),
  meetingRestored: (facts: SessionFacts): MailSentences => ({
    label: "New link",
    subject: subject("New video link", facts),
    heading: "Your session has its video link",
    lead: `${withThem(facts)} has a link of its own now. It replaces ${facts.role === "mentor" ? "your" : "the mentor’s"} own link.`,
    next: "The link is on the session’s page.",
  }),
  meetingChanged: (facts: SessionFacts): MailSentences => ({
    label: "New link",
    subject: subject("New video link", facts),
    heading: "Your session has a new video link",
    lead: `The video link for ${withThem(facts)} has changed. The old one doesn’t work any more.`,
    next: "The new link is on the session’s page.",
  }),
  entryMoved: (facts: SessionFacts & OfCalendar & { movedTo: string }): MailSentences => ({
    label: "Your call",
    subject: subject("Moved in your calendar", facts),
    heading: "You moved a session in your calendar",
    lead: `In “${facts.calendar}”, ${withThem(facts)} is now on ${facts.movedTo}. We haven’t changed the session, and ${facts.name} doesn’t know.`,
    next: "Should we reschedule it to that time, or put it back in your calendar?",
  }),
  entryDeleted: (facts: SessionFacts & OfCalendar): MailSentences => ({
    label: "Your call",
    subject: subject("Deleted from your calendar", facts),
    heading: "You deleted a session from your calendar",
    lead: `${withThem(facts)} is no longer in “${facts.calendar}”. It still takes place, and ${facts.name} doesn’t know.`,
    next: "Should we cancel it, put it back in your calendar, or leave it out?",
  }),
  groupEntryMoved: ({
    service,
    when,
    calendar,
    movedTo,
  }: SessionFacts & OfCalendar & { movedTo: string }): MailSentences => ({
    label: "Your call",
    subject: `Moved in your calendar: ${service}, ${when}`,
    heading: "You moved a group session in your calendar",
    lead: `In “${calendar}”, “${service}” is now on ${movedTo}. We haven’t changed the session.`,
    next: "Should we move it for everyone, or put it back in your calendar?",
  }),
  groupEntryDeleted: ({ service, when, calendar }: SessionFacts & OfCalendar): MailSentences => ({
    label: "Your call",
    subject: `Deleted from your calendar: ${service}, ${when}`,
    heading: "You deleted a group session from your calendar",
    lead: `“${service}” is no longer in “${calendar}”. It still takes place.`,
    next: "Should we cancel it for everyone, put it back in your calendar, or leave it out?",
  }),
  /** @param lead how long before the start it was due */
  reminder: (facts: SessionFacts & { lead: Minutes | undefined }): MailSentences => ({
    label: "Reminder",
    subject: subject(facts.lead === undefined ? "Reminder" : `In ${duration(facts.lead)}`, facts),
    heading:
      facts.lead === undefined
        ? "Your session is coming up"
        : `Your session starts in ${duration(facts.lead)}`,
    lead: `You’re meeting ${facts.name} for ${titled(facts)}.`,
    next:
      facts.canChange === "any"
        ? "Can’t make it? Please reschedule or cancel as early as you can."
        : facts.canChange && "Can’t make it? Please cancel as early as you can.",
  }),
  completed: (facts: SessionFacts): MailSentences =>
    facts.role === "student"
      ? {
          label: "Completed",
          subject: `How was ${withThem(facts)}?`,
          heading: "How was your session?",
          lead: `${withThem(facts)} is complete. A short review helps them, and others who are looking for a mentor.`,
        }
      : {
          label: "Completed",
          subject: subject("Completed", facts),
          heading: `Your session with ${facts.name} is complete`,
          lead: `${titled(facts)} is marked as completed.`,
        },
  expired: (facts: SessionFacts): MailSentences => ({
    label: "Expired",
    subject: subject("Expired", facts),
    ...(facts.role === "student"
      ? {
          heading: "Your request has expired",
          lead: `${facts.Name} didn’t reply in time, so ${titled(facts)} isn’t booked.`,
          next: pickAnother,
        }
      : {
          heading: `The request from ${facts.name} has expired`,
          lead: `It wasn’t answered in time, so ${titled(facts)} isn’t booked. ${freeAgain}`,
        }),
  }),
};

/** How long a reply to suggested times can take. */
const answerTime = duration(windowMinutes("timeRequestAnswer"));

interface SeriesFacts extends SessionFacts {
  /** How many sessions it is about. */
  sessions: number;
  /** When the last of them is. */
  until: string;
  change: "confirmed" | "declined" | "cancelled" | "rescheduled" | "expired" | undefined;
}

const severalOf = ({ sessions, service }: SeriesFacts) =>
  `${count(sessions, { one: "session", other: "sessions" })} of “${service}”`;
const datesOf = (facts: SeriesFacts) => `${severalOf(facts)}, from ${facts.when} to ${facts.until}`;
const seriesSubject = (label: string, facts: SeriesFacts) =>
  `${label}: ${severalOf(facts)} with ${facts.name}`;

const changedLabels = {
  confirmed: "Confirmed",
  declined: "Declined",
  cancelled: "Cancelled",
  rescheduled: "Rescheduled",
  expired: "Expired",
};
const changedLeads = {
  confirmed: (facts: SeriesFacts) => `${datesOf(facts)}, are booked.`,
  declined: (facts: SeriesFacts) => `${datesOf(facts)}, aren’t booked.`,
  cancelled: (facts: SeriesFacts) => `${datesOf(facts)}, won’t take place.`,
  rescheduled: (facts: SeriesFacts) => `${datesOf(facts)}, are the new times.`,
  expired: (facts: SeriesFacts) => `There was no reply in time to the request for ${datesOf(facts)}.`,
};

/** About several sessions at once. */
export const seriesMails = {
  requested: (facts: SeriesFacts): MailSentences =>
    bySelf(facts)
      ? {
          label: "Request sent",
          subject: seriesSubject("Request sent", facts),
          heading: `Your request is with ${facts.name}`,
          lead: `You asked for ${datesOf(facts)}. The times are held for you, and we’ll e-mail you as soon as they reply.`,
          next: `Without a reply, the request expires after ${windowHours.requestAnswer} hours.`,
        }
      : {
          label: "New request",
          subject: seriesSubject("Request", facts),
          heading: `${facts.Name} requested several sessions`,
          lead: `They’d like to book ${datesOf(facts)}. The times are held for them until you reply.`,
          next: `Please approve or decline. Without a reply, the request expires after ${windowHours.requestAnswer} hours.`,
        },
  booked: (facts: SeriesFacts): MailSentences => ({
    label: "Booked",
    subject: seriesSubject("Booked", facts),
    heading: facts.role === "student" ? "You’re booked" : `${facts.Name} booked several sessions`,
    lead: `${datesOf(facts)}, are booked.`,
    next: "Each of them can be rescheduled or cancelled by itself, or all together.",
  }),
  changed: (facts: SeriesFacts): MailSentences => {
    const { change } = facts;
    const label = change ? changedLabels[change] : changedLabels.cancelled;
    const lead = change ? changedLeads[change] : changedLeads.cancelled;
    return {
      label,
      subject: seriesSubject(label, facts),
      heading: bySelf(facts)
        ? `You ${label.toLowerCase()} ${count(facts.sessions, { one: "session", other: "sessions" })}`
        : `${label}: several sessions with ${facts.name}`,
      lead: lead(facts),
    };
  },
  lapsed: (facts: SessionFacts): MailSentences => ({
    label: "Not paid",
    subject: subject("Not booked any more", facts),
    heading: "A session of the series wasn’t paid for",
    lead:
      facts.role === "student"
        ? `${withThem(facts)} wasn’t paid for in time, so it isn’t booked any more. The other sessions stay.`
        : `${facts.Name} didn’t pay for ${titled(facts)} in time, so your time is free again. The other sessions stay.`,
  }),
};

export const requestMails = {
  opened: (facts: Facts): MailSentences => ({
    label: "Time request",
    subject: `Time request: ${facts.service} with ${facts.name}`,
    heading: `${facts.Name} asked for another time`,
    lead: `They’d like to book ${titled(facts)} and suggested times that would suit them.`,
    next: `Accept one of them, suggest others or decline. Times aren’t held until one is accepted, and the request expires after ${answerTime}.`,
  }),
  proposed: (facts: Facts): MailSentences => ({
    label: "Times suggested",
    subject: `Other times: ${facts.service} with ${facts.name}`,
    heading: `${facts.Name} suggested other times`,
    lead: `Take a look at the times they suggested for ${titled(facts)}.`,
    next: `If you accept one, it’s booked. Times aren’t held until then, and the request expires after ${answerTime}.`,
  }),
  declined: (facts: Facts): MailSentences => ({
    label: "Declined",
    subject: `Declined: your times for ${facts.service} with ${facts.name}`,
    heading: `${facts.Name} can’t make your times`,
    lead: `None of the times you suggested for ${titled(facts)} works for them.`,
    next: pickAnother,
  }),
  withdrawn: (facts: Facts): MailSentences => ({
    label: "Withdrawn",
    subject: `Withdrawn: time request for ${facts.service} from ${facts.name}`,
    heading: `${facts.Name} withdrew the time request`,
    lead: `They no longer need another time for ${titled(facts)}. There’s nothing left to do.`,
  }),
  expired: (facts: Facts): MailSentences => ({
    label: "Expired",
    subject: `Expired: time request for ${facts.service} with ${facts.name}`,
    heading: "A time request has expired",
    lead: `No time for ${withThem(facts)} was agreed on within ${answerTime}.`,
    next: facts.role === "student" ? pickAnother : undefined,
  }),
  /** A time opened up for a student who asked to be told. */
  alert: (facts: SessionFacts): MailSentences => ({
    label: "Free time",
    subject: `Free: ${facts.service} with ${facts.name}, ${facts.when}`,
    heading: `${facts.Name} has a free time`,
    lead: `A time for ${titled(facts)} has opened up.`,
    next: "It isn’t held for you, so book soon. This alert has now ended.",
  }),
  /** Freed time is kept for the person whose turn it is. */
  offer: (facts: SessionFacts & { answerUntil: string; isFinal: boolean }): MailSentences => ({
    label: "Your turn",
    subject: `Kept for you: ${facts.service} with ${facts.name}, ${facts.when}`,
    heading: "A time you’re waiting for is free",
    lead: `It’s your turn on the waitlist for ${titled(facts)}. The time is kept for you until ${facts.answerUntil}.`,
    next: facts.isFinal
      ? "Nothing is booked or paid until you say yes. The session is soon: once it’s booked, it can’t be cancelled."
      : "Nothing is booked or paid until you say yes. If you don’t want it, pass it on, and the next person is asked.",
  }),
  offerEnded: (facts: SessionFacts & { isCancelled: boolean }): MailSentences => ({
    label: "Waitlist",
    subject: `No longer waiting: ${facts.service} with ${facts.name}, ${facts.when}`,
    heading: facts.isCancelled ? "The session you were waiting for was cancelled" : "Your offer has ended",
    lead: facts.isCancelled
      ? `${titled(facts)} doesn’t take place, so you’re not on its waitlist any more.`
      : `The time for ${titled(facts)} was kept for you, and is now with the next person on the waitlist.`,
    next: facts.isCancelled ? pickAnother : "You can join the waitlist again on their page.",
  }),
};

export const reviewMails = {
  written: (facts: SessionFacts): MailSentences => ({
    label: "New review",
    subject: `New review: ${facts.service} from ${facts.name}`,
    heading: `${facts.Name} reviewed your session`,
    lead: `They wrote a review of ${titled(facts)}.`,
    next: "You can reply to it on your page.",
  }),
  answered: (facts: SessionFacts): MailSentences => ({
    label: "Reply",
    subject: `${facts.name} replied to your review of ${facts.service}`,
    heading: `${facts.Name} replied to your review`,
    lead: `Your review of ${titled(facts)} has a reply.`,
  }),
};

export const noShowMails = {
  /** @param answerUntil a date and time, with its zone */
  claimed: (facts: SessionFacts & { answerUntil: string }): MailSentences => ({
    label: "Needs your reply",
    subject: `Were you there? ${facts.service} with ${facts.name}, ${facts.when}`,
    heading: `${facts.Name} reported you as a no-show`,
    lead: `They say that you didn’t attend ${titled(facts)}.`,
    next: `Were you there? Please reply by ${facts.answerUntil}. Without a reply, it’s recorded as a no-show.`,
  }),
  agreed: (facts: SessionFacts): MailSentences => ({
    label: "No-show",
    subject: subject("No-show confirmed", facts),
    heading: `${facts.Name} confirmed the no-show`,
    lead: `They confirmed that they missed ${titled(facts)}. The session doesn’t count as held.`,
  }),
  disputed: (facts: SessionFacts): MailSentences => ({
    label: "No-show disputed",
    subject: subject("No-show disputed", facts),
    heading: `${facts.Name} disagrees with your report`,
    lead: `They say that they attended ${titled(facts)}, so the session counts as held.`,
  }),
  withdrawn: (facts: SessionFacts): MailSentences => ({
    label: "Report withdrawn",
    subject: subject("No-show report withdrawn", facts),
    heading: `${facts.Name} withdrew the report`,
    lead: `You’re no longer reported as a no-show for ${titled(facts)}. There’s nothing left to do.`,
  }),
  /** @param isOwn the recipient missed the session */
  unanswered: (facts: SessionFacts & { isOwn: boolean }): MailSentences => ({
    label: "No-show",
    subject: subject("No-show recorded", facts),
    ...(facts.isOwn
      ? {
          heading: "A no-show was recorded",
          lead: `You didn’t reply to ${facts.name} in time, so ${titled(facts)} is recorded as missed by you.`,
        }
      : {
          heading: `Recorded: ${facts.name} didn’t attend`,
          lead: `They didn’t reply in time, so ${titled(facts)} is recorded as missed by them.`,
        }),
  }),
};
