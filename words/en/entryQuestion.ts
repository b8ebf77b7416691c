/** A mentor has moved or deleted a session in their own calendar, and is asked what that is to mean. Names are first names. */

export const entryQuestions = {
  moved: {
    title: "You moved this session in your calendar",
    text: ({ calendar, time, student }: { calendar: string; time: string; student: string }) =>
      `In “${calendar}”, it’s now on ${time}. We haven’t changed the session, and ${student} doesn’t know.`,
  },
  deleted: {
    title: "You deleted this session from your calendar",
    text: ({ calendar, student }: { calendar: string; student: string }) =>
      `It’s no longer in “${calendar}”. The session still takes place, and ${student} doesn’t know.`,
  },
};

export const entryAnswers = {
  /** @param time such as "Tue 1 Dec, 19:00" */
  reschedule: (time: string) => `Reschedule to ${time}`,
  put_back: "Put it back",
  leave_out: "Leave it out",
  cancel: "Cancel session",
  decline: "Decline request",
};

/** After the reason why it can't be rescheduled to where it was moved. */
export const notRescheduled = "The session is where it was. You can put it back, or reschedule it below.";

export const entryAnswered = {
  reschedule: "Session rescheduled",
  put_back: "We’ll put it back in your calendar",
  leave_out: "We’ll leave it out of your calendar",
  cancel: "Session cancelled",
};

/** Of a group session, on its own page and that of each seat. */
export const groupQuestions = {
  moved: ({ calendar, time }: { calendar: string; time: string }) =>
    `In “${calendar}”, it’s now on ${time}. We haven’t changed the session.`,
  deleted: ({ calendar }: { calendar: string }) =>
    `It’s no longer in “${calendar}”. The session still takes place.`,
};

export const groupAnswers = {
  reschedule: (time: string) => `Move everyone to ${time}`,
  cancel: "Cancel for everyone",
  see: "Decide for the whole session",
};
