/** No-shows: one side reports that the other missed the session; the other confirms or disputes the report. */
import type { ClaimRefusal, NoShowState, NoShowStatus, SettleRefusal } from "#rules/noShow.ts";
import { windowHours, windowMinutes } from "#rules/windows.ts";
import { duration } from "./durations.ts";

/** The reader: the party that reported, or the one that was reported. */
type Reader = "reporter" | "reported";

/** The label of a session with a report. @param other first name of the other party */
export const noShowStatuses = {
  reporter: {
    open: (other: string) => `Awaiting ${other}’s reply`,
    effective: (other: string) => `${other} didn’t attend`,
  },
  reported: { open: () => "Needs your reply", effective: () => "You didn’t attend" },
} satisfies Record<Reader, Record<Exclude<NoShowStatus, "none">, (other: string) => string>>;

/** The outcome of a report: a heading and its meaning. @param other first name of the other party */
export const noShowReports = {
  reporter: {
    open: {
      title: (other: string) => `You reported ${other} as a no-show`,
      meaning: (other: string) =>
        `The session can’t be completed or reviewed until ${other} replies. Without a reply, it’s recorded as a no-show.`,
    },
    agreed: {
      title: (other: string) => `${other} didn’t attend`,
      meaning: (other: string) => `${other} confirmed it. The session doesn’t count as held.`,
    },
    unanswered: {
      title: (other: string) => `Recorded: ${other} didn’t attend`,
      meaning: (other: string) => `${other} didn’t reply in time. The session doesn’t count as held.`,
    },
    disputed: {
      title: () => "No-show disputed",
      meaning: (other: string) =>
        `You reported ${other} as a no-show, and ${other} disagrees. The session counts as held.`,
    },
    withdrawn: {
      title: () => "You withdrew your report",
      meaning: (other: string) => `${other} is no longer reported as a no-show.`,
    },
  },
  reported: {
    open: {
      title: (other: string) => `${other} reported you as a no-show`,
      meaning: () => "Were you there? Without a reply, it’s recorded as a no-show.",
    },
    agreed: {
      title: () => "You didn’t attend",
      meaning: () => "You confirmed it. The session doesn’t count as held.",
    },
    unanswered: {
      title: () => "Recorded: you didn’t attend",
      meaning: () => "You didn’t reply in time. The session doesn’t count as held.",
    },
    disputed: {
      title: () => "No-show disputed",
      meaning: (other: string) =>
        `${other} reported you as a no-show, and you disagree. The session counts as held.`,
    },
    withdrawn: {
      title: (other: string) => `${other} withdrew the report`,
      meaning: () => "You’re no longer reported as a no-show.",
    },
  },
} satisfies Record<
  Reader,
  Record<NoShowState, { title: (other: string) => string; meaning: (other: string) => string }>
>;

/** In a list of sessions, when the reader was reported. */
export const noShowPrompt = {
  /** @param until a date and time */
  text: ({ other, until }: { other: string; until: string }) =>
    `${other} reported you as a no-show. Reply by ${until}, or it’s recorded.`,
  reply: "Reply",
  replyAbout: (other: string) => `Reply about the session with ${other}`,
};

/** The report on the session's page. */
export const noShowCard = {
  yourMessage: "Your message",
  messageOf: (other: string) => `${other}’s message`,
  /** @param until a date and time @param left such as "in 2 days" */
  youCanReply: ({ until, left }: { until: string; left: string }) => `You can reply until ${until}, ${left}.`,
  otherCanReply: ({ other, until, left }: { other: string; until: string; left: string }) =>
    `${other} can reply until ${until}, ${left}.`,
  signIn: "Sign in to reply.",
  dispute: "I was there",
  agree: "I didn’t attend",
  withdraw: "Withdraw report",
  offer: (other: string) => `Did ${other} miss the session?`,
  /** @param until a date and time */
  offerText: ({ other, until }: { other: string; until: string }) =>
    `If you were there and ${other} wasn’t, you can report a no-show until ${until}.`,
  report: "Report no-show",
};

/** Confirmation and result of each step. @param other first name of the other party */
export const noShowDialogs = {
  claim: {
    title: (other: string) => `Report ${other} as a no-show?`,
    text: (other: string) =>
      `${other} has ${windowHours.noShowAnswer} hours to reply. Without a reply, the session doesn’t count as held.`,
    confirm: "Report no-show",
    done: (other: string) => `Report sent to ${other}`,
  },
  agree: {
    title: () => "Confirm that you didn’t attend?",
    text: () => "The session won’t count as held. You can’t undo this.",
    confirm: "I didn’t attend",
    done: (other: string) => `Reply sent to ${other}`,
  },
  dispute: {
    title: () => "Were you there?",
    text: () => "We’ll record that you disagree, and the session counts as held. You can’t undo this.",
    confirm: "I was there",
    done: (other: string) => `Reply sent to ${other}`,
  },
  withdraw: {
    title: () => "Withdraw your report?",
    text: (other: string) =>
      `We’ll let ${other} know. You can’t report this session again; ${other} still can.`,
    confirm: "Withdraw report",
    done: () => "Report withdrawn",
    keep: "Keep report",
  },
};

/** Why a no-show cannot be reported. */
export const reportRefusals = {
  wrong_status: "Only confirmed sessions can be reported.",
  not_over: "You can report a no-show once the session is over.",
  too_late: `A no-show can be reported until ${duration(windowMinutes("noShowReport"))} after the session.`,
  taken_back: "You withdrew your report, so you can’t report this session again.",
} satisfies Record<Exclude<ClaimRefusal, "claimed">, string>;

/** Why a report cannot be confirmed, disputed or withdrawn. */
export const replyRefusals = {
  no_claim: "There’s no report for this session.",
  not_yours_to_take: "Only the other person can do this.",
  settled: "This report is closed.",
  too_late: "The time to reply has passed.",
} satisfies Record<SettleRefusal, string>;
