/** The first step of a booking. */

export const serviceStep = {
  title: "What would you like to book?",
  /** @param mentor first name */
  gone: (mentor: string) => `${mentor} no longer offers this session`,
  chooseAnother:
    "Nothing has been booked, and nothing you have typed is lost. Please choose another session.",
  noOther: "Nothing has been booked. There are no other sessions to choose from right now.",
  recording: "Recording available",
  missing: "Choose a session and its length to continue.",
};
