/** Editing the mentor's own page. */
import { countLimits, numberLimits } from "#rules/limits.ts";

const { min, max } = numberLimits.usernameCharacters;

export const pageVisibility = {
  title: "Visibility and bookings",
  listed: "Show my page in search",
  listedDetail: "When this is off, only people who have your link can find your page and book you.",
  open: "Take new bookings",
  openDetail:
    "When this is off, students can’t book or request sessions. Your sessions and the requests you already have aren’t changed.",
  nowListed: "Your page is shown in search again.",
  nowUnlisted: "Your page is no longer shown in search.",
  nowOpen: "Students can book you again.",
  nowPaused: "New bookings are paused.",
};

export const mentorPage = {
  lead: "What students see before they book, and where you meet them.",
  form: "Your page",
  save: "Save page",
  saved: "Page saved",
  renamed: (oldAddress: string) => `Links to ${oldAddress} will keep working for a year.`,
  fullName: "Full name",
  headline: "Headline",
  headlineHint: "What you do and who you help, in one line.",
  bio: "About you",
};

/** Lists of short entries. */
export const mentorLists = {
  expertise: {
    label: "Expertise",
    hint: `Up to ${countLimits.expertise}. Press Enter after each one.`,
    example: "e.g. System design",
  },
  languages: {
    label: "Languages",
    hint: `Up to ${countLimits.languages}. Press Enter after each one.`,
    example: "e.g. Hindi",
  },
};

export const usernames = {
  label: "Username",
  hint: `${min} to ${max} letters, digits or hyphens. It’s part of the link to your page.`,
  missing: "Choose a username.",
  characters: "Use only letters from a to z, digits and hyphens.",
  tooShort: `Use at least ${min} characters.`,
  tooLong: `Use at most ${max} characters.`,
  ends: "Start and end with a letter or a digit.",
  taken: (username: string) => `“${username}” is taken.`,
  available: (address: string) => `Available: ${address}`,
  /** While it is checked, and for the mentor's own. */
  address: (address: string) => `Your page: ${address}`,
  suggestions: "Try one of these:",
};
