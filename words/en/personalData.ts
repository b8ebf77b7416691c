/** Downloading one's own data, and deleting the account. */
import { count } from "./language.ts";

/** Stands in for the name of a person whose account was deleted. */
export const deletedPerson = "deleted person";

/** Why the sessions of a deleted account were cancelled, for the other side. */
export const accountDeletedReason = "The account was deleted.";

const upcoming = (sessions: number, requests: number) =>
  [
    sessions > 0 ? count(sessions, { one: "upcoming session", other: "upcoming sessions" }) : "",
    requests > 0 ? count(requests, { one: "open time request", other: "open time requests" }) : "",
  ]
    .filter(Boolean)
    .join(" and ");

export const dataSection = {
  lead: "Download everything stored about you. It’s free.",
  json: "Download as JSON",
  csv: "Download as CSV",
  failed: "Your data couldn’t be downloaded.",
  done: "Your data is downloaded.",
};

export const deletionSection = {
  lead: "Deletes your account and everything that is only about you. This can’t be undone.",
  open: "Delete account…",
  dialogTitle: "Delete your account?",
  loading: "Checking what’s upcoming…",
  failed: "What would be deleted couldn’t be loaded.",
  cancels: (sessions: number, requests: number) =>
    sessions + requests === 1
      ? `${upcoming(sessions, requests)} is cancelled, and the other person is notified.`
      : `${upcoming(sessions, requests)} are cancelled, and the other people are notified.`,
  nothingUpcoming: "You have nothing upcoming that would be cancelled.",
  page: "Your mentor page is removed.",
  earned: "What you’ve earned is still paid out; your bank details are kept until then.",
  packages: {
    student: (sessions: number, amount: string) =>
      sessions === 1
        ? `A session of your packages isn’t booked: ${amount} goes back to you.`
        : `${sessions} sessions of your packages aren’t booked: ${amount} goes back to you.`,
    mentor: (sessions: number, amount: string) =>
      sessions === 1
        ? `A session of packages you’ve sold isn’t booked: ${amount} goes back to your student.`
        : `${sessions} sessions of packages you’ve sold aren’t booked: ${amount} goes back to your students.`,
  },
  signedOut: "You’re signed out on all devices.",
  stays: "Past sessions and reviews stay with the other people, without your name.",
  sessionLine: (title: string, name: string, time: string) => `${title} with ${name}, ${time}`,
  more: (n: number) => `and ${n} more`,
  password: "Your password",
  sure: "I understand that this can’t be undone.",
  keep: "Keep account",
  confirm: "Delete account",
};

export const accountDeletedPage = {
  title: "Your account is deleted",
  text: "We’re cancelling what was upcoming and erasing your data. A last e-mail confirms it.",
  home: "Go to the home page",
};

export const deletionRefusals = {
  password: "This isn’t your password.",
  passwordMissing: "Enter your password.",
  unconfirmed: "Confirm that you want to delete your account.",
};
