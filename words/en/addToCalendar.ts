/** Adding one session to a calendar. */

export const addToCalendar = {
  title: "Add to Calendar",
  /** @param when date and time */
  session: (service: string, when: string) => `${service}, ${when}`,
  google: "Google Calendar",
  outlook: "Outlook.com",
  office: "Outlook for work or school",
  /** After a link, for screen readers. */
  newTab: "(opens in a new tab)",
  file: "Calendar file (.ics)",
  fileFor: "For Apple Calendar, Outlook on your computer and others.",
  failed: "Couldn’t download the calendar file",
  keepUpToDate: ({ link }: { link: string }) => `Want changes to show up by themselves? ${link}.`,
  subscribe: "Subscribe to all your sessions",
};
