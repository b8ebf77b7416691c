/** What happened to a booking, one line per event. */

/** Who acted: the reader, the other person, or the system. @param name first name of the other person */
interface Line {
  reader: (name: string) => string;
  other: (name: string) => string;
  system: (name: string) => string;
}

export const historyLines = {
  requested: {
    reader: () => "You requested this session",
    other: (name: string) => `${name} requested this session`,
    system: () => "This session was requested",
  },
  booked: {
    reader: () => "You booked this session",
    other: (name: string) => `${name} booked this session`,
    system: () => "This session was booked",
  },
  held: {
    reader: () => "You chose this time",
    other: (name: string) => `${name} chose this time`,
    system: () => "This time was chosen",
  },
  lapsed: {
    reader: () => "You didn’t pay for it",
    other: () => "It wasn’t paid for",
    system: () => "It wasn’t paid in time",
  },
  confirmed: {
    reader: () => "You approved the request",
    other: (name: string) => `${name} approved the request`,
    system: () => "The request was approved",
  },
  declined: {
    reader: () => "You declined the request",
    other: (name: string) => `${name} declined the request`,
    system: () => "The request was declined",
  },
  withdrawn: {
    reader: () => "You withdrew the request",
    other: (name: string) => `${name} withdrew the request`,
    system: () => "The request was withdrawn",
  },
  cancelled: {
    reader: () => "You cancelled the session",
    other: (name: string) => `${name} cancelled the session`,
    system: () => "The session was cancelled",
  },
  completed: {
    reader: () => "You marked the session as completed",
    other: (name: string) => `${name} marked the session as completed`,
    system: () => "Marked as completed automatically",
  },
  expired: {
    reader: () => "The request expired without a reply",
    other: () => "The request expired without a reply",
    system: () => "The request expired without a reply",
  },
  rescheduled: {
    reader: () => "You rescheduled the session",
    other: (name: string) => `${name} rescheduled the session`,
    system: () => "The session was rescheduled",
  },
  no_show_claimed: {
    reader: (name: string) => `You reported ${name} as a no-show`,
    other: (name: string) => `${name} reported you as a no-show`,
    system: () => "A no-show was reported",
  },
  no_show_agreed: {
    reader: () => "You confirmed that you didn’t attend",
    other: (name: string) => `${name} confirmed missing the session`,
    system: () => "The no-show was confirmed",
  },
  no_show_disputed: {
    reader: () => "You disputed the no-show, so the session counts as held",
    other: (name: string) => `${name} disputed the no-show, so the session counts as held`,
    system: () => "The no-show was disputed, so the session counts as held",
  },
  no_show_withdrawn: {
    reader: () => "You withdrew the no-show report",
    other: (name: string) => `${name} withdrew the no-show report`,
    system: () => "The no-show report was withdrawn",
  },
  no_show_unanswered: {
    reader: () => "Recorded as a no-show: no reply in time",
    other: () => "Recorded as a no-show: no reply in time",
    system: () => "Recorded as a no-show: no reply in time",
  },
  minimum_missed: {
    reader: () => "Cancelled: too few people signed up",
    other: () => "Cancelled: too few people signed up",
    system: () => "Cancelled: too few people signed up",
  },
  minimum_reached: {
    reader: () => "Enough people signed up: the session takes place",
    other: () => "Enough people signed up: the session takes place",
    system: () => "Enough people signed up: the session takes place",
  },
  messaged: {
    reader: () => "You wrote to everyone in the session",
    other: (name: string) => `${name} wrote to everyone in the session`,
    system: () => "A message was sent to everyone in the session",
  },
} satisfies Record<string, Line>;

/** The section on the session's page. */
export const history = {
  title: "History",
  loading: "Loading the history…",
  failed: "Couldn’t load the history.",
  /** @param from @param to dates and times */
  moved: ({ from, to }: { from: string; to: string }) => `From ${from} to ${to}`,
};
