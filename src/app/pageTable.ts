import { patterns } from "../lib/paths.ts";

/**
 * Which file of src/app/pages belongs to which address (the first match wins), which script preloads its data, and which
 * module opens with it if the query has a certain name, and what the server renders into the document until it has loaded. Plain data: the app derives its routes from it, and the build a
 * document per page (vite/pageDocuments.ts).
 */
export const pageTable = [
  { pattern: patterns.home, page: "Home" },
  {
    pattern: patterns.mentor,
    page: "MentorProfile",
    first: "app/firstLoad/mentorPage",
    opened: {
      by: "book",
      module: "features/book/BookingDialog",
      rendered: "app/firstLoad/renderFirstTimes",
    },
  },
  { pattern: patterns.group, page: "GroupSession" },
  { pattern: patterns.programme, page: "Programme" },
  { pattern: patterns.bookingSuccess, page: "BookingSuccess" },
  { pattern: patterns.pay, page: "Pay" },
  { pattern: patterns.payments, page: "Payments" },
  { pattern: patterns.signIn, page: "SignIn" },
  { pattern: patterns.secondStep, page: "SecondStep" },
  { pattern: patterns.signInWithCode, page: "SignInWithCode" },
  { pattern: patterns.forgotPassword, page: "ForgotPassword" },
  { pattern: patterns.signUp, page: "SignUp" },
  { pattern: patterns.account, page: "Account" },
  { pattern: patterns.accountDeleted, page: "AccountDeleted" },
  { pattern: patterns.admin, page: "Admin" },
  { pattern: patterns.sessions, page: "Sessions" },
  { pattern: patterns.session, page: "Session" },
  { pattern: patterns.manage, page: "Manage" },
  { pattern: patterns.unsubscribe, page: "Unsubscribe" },
  { pattern: patterns.waitlist, page: "Waitlist" },
  { pattern: patterns.mentorStart, page: "MentorStart" },
  { pattern: patterns.mentorWorkspace, page: "MentorWorkspace" },
  { pattern: "*", page: "NotFound" },
] as const satisfies readonly Page[];

export interface Page {
  pattern: string;
  page: string;
  first?: string;
  opened?: { by: string; module: string; rendered: string };
}

export type PageName = (typeof pageTable)[number]["page"];
