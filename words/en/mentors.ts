/** Mentors as students see them: facts and the profile. */

export const mentorFacts = {
  verified: "Verified",
  verifiedMentor: "Verified mentor",
  expertise: "Expertise",
  moreExpertise: (fields: number) => `+${fields} more`,
  speaks: (languages: string) => `Speaks ${languages}`,
  localTime: ({ time, zone }: { time: string; zone: string }) => `${time} local time · ${zone}`,
  fromPrice: ({ price }: { price: string }) => `from ${price}`,
  paused: "Not taking new bookings",
  noSessions: "No sessions yet",
};

export const mentorProfile = {
  page: "Mentor",
  /** For link previews and search engines. */
  description: ({ full_name, headline }: { full_name: string; headline: string }) =>
    `${headline === "" ? "" : `${headline} · `}Book a session with ${full_name}, in your own time zone.`,
  loading: "Loading profile…",
  failed: "Couldn’t load this mentor",
  notFound: "Mentor not found",
  noSuchMentor: "We can’t find this mentor",
  whyNotFound: "The link may be wrong, or the mentor may have left MatePeak.",
  helpsWith: "Can help you with",
  about: "About",
  reviews: "Reviews",
  sessions: "Sessions",
  book: "Book Session",
  /** @param mentor first name */
  paused: (mentor: string) => `${mentor} isn’t taking new bookings right now`,
  notifyMe: "Choose a session to get notified when times open up.",
};

/** On the mentor's own profile. */
export const ownProfile = {
  viewAsStudent: "View as a student",
  preview: "This is how students see your page",
  previewLimits: "You can see your times here, but you can’t book them.",
  exitPreview: "Exit preview",
};
