import { patterns } from "../lib/paths.ts";

/**
 * Which file of src/app/pages stands at which address, the first match wins; what asks for its data first, and what opens with
 * it when the address has a word in its query. Plain data: the app makes its routes of it, and the build a document per page, see vite/pageDocuments.ts.
 */
export const pageTable = [
  { pattern: patterns.home, page: "Home" },
  {
    pattern: patterns.mentor,
    page: "MentorProfile",
    first: "app/firstLoad/mentorData",
    opened: { by: "book", module: "features/book/BookingDialog" },
  },
  { pattern: patterns.bookingSuccess, page: "BookingSuccess" },
  { pattern: patterns.signIn, page: "SignIn" },
  { pattern: patterns.signUp, page: "SignUp" },
  { pattern: patterns.sessions, page: "Sessions" },
  { pattern: patterns.session, page: "Session" },
  { pattern: patterns.manage, page: "Manage" },
  { pattern: patterns.mentorStart, page: "MentorStart" },
  { pattern: patterns.mentorWorkspace, page: "MentorWorkspace" },
  { pattern: "*", page: "NotFound" },
] as const satisfies readonly Page[];

export interface Page {
  pattern: string;
  page: string;
  first?: string;
  opened?: { by: string; module: string };
}

export type PageName = (typeof pageTable)[number]["page"];
