/** Setting up a mentor page, step by step. */

export const setup = {
  start: "Become a mentor",
  title: "Set up your page",
  lead: "Get a page students can book in about five minutes. You can change everything later.",
  failed: "Couldn’t load your setup",
  progress: (done: number, all: number) => `${done} of ${all} done`,
  allSteps: "All steps",
  done: "Done:",
  toDo: "To do:",
  optional: "(optional)",
  next: (step: string) => `Next: ${step}`,
  dismiss: "Dismiss",
};

export const setupSteps = {
  page: "Name and username",
  about: "What you help with",
  service: "Your first service",
  hours: "Weekly hours",
  room: "Where you meet",
  publish: "Publish your page",
};

export const stepButtons = {
  save: "Save and continue",
  skip: "Skip for now",
};

export const pageStep = {
  lead: "You’ll get your own link. Your page becomes public once you publish it.",
  create: "Create my mentor page",
};

export const aboutStep = {
  lead: "This is what students see first. You can add expertise and languages in your profile.",
  timeZone: "Time zone",
  timeZoneHint: (time: string) => `Your hours are in this time zone. It’s ${time} there now.`,
};

export const serviceStep = {
  lead: "A session for one student. You can add groups, more lengths and recordings under Services.",
  length: "Length",
  price: "Price in INR",
  /** The title that a new service begins with. */
  example: "1:1 session",
  done: "Students can choose from your services.",
  change: "Edit services",
};

export const approvalChoice = {
  title: "When a student books",
  hint: "You can change this under Hours, and for each service.",
  approve: "I approve each request",
  /** @param hours until a request expires */
  approveDetail: (hours: number) => `You have ${hours} hours to reply. The time is held until then.`,
  automatic: "Confirm automatically",
  automaticDetail: "Students get the time as soon as they book it.",
};

export const hoursStep = {
  lead: "When students can book you each week. You can set different hours per day, days off and travel under Hours.",
  days: "Days",
  noDays: "Choose at least one day.",
  done: "Your hours are set.",
  change: "Edit hours",
};

export const roomStep = {
  lead: "Students see this once a session is confirmed. It isn’t on your page, and you can change it for any session.",
};

export const publishStep = {
  published: "Your page is public",
  publishedLead: "Students can now find and book you. Share your link, too.",
  lead: "Students can find and book you once your page is public.",
  missing: ({ step }: { step: string }) => `${step} is missing.`,
  publish: "Publish my page",
  publishing: "Publishing…",
  seePage: "See your page",
  workspace: "Go to workspace",
};

/** The times that students are offered first. */
export const firstTimes = {
  title: "What students see first",
  service: ({ service, length, timeZone }: { service: string; length: string; timeZone: string }) =>
    `“${service}”, ${length}. ${timeZone}`,
  failed: "Couldn’t load your available times",
  none: "No times available in the next four weeks. Check your hours and days off.",
};

export const sharePage = {
  link: "Link to your page",
  share: "Share",
  email: "Send by e-mail",
  /** Of the shared link and of the e-mail. @param mentor full name */
  subject: (mentor: string) => `Book a session with ${mentor}`,
};
