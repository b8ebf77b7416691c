/** Whether students can find and book the mentor, for the mentor alone: on the public page and in the workspace. */
export const pageStatus = {
  bookable: "Students can book you",
  notPublic: "Your page isn’t public yet",
  notBookable: "Students can’t book you yet",
  paused: "New bookings are paused",
};

/** On the public page. The part in braces is a link. */
export const pageStatusDetails = {
  paused: ({ resume }: { resume: string }) =>
    `Students can’t see any times. Booked sessions aren’t affected. ${resume}`,
  notPublic: ({ missing }: { missing: string }) => `Only people with the link can find it. ${missing}`,
  notBookable: ({ missing }: { missing: string }) =>
    `It has no service or no hours. Only you can see this note. ${missing}`,
  resume: "Resume bookings",
  missing: "See what’s missing",
};
