/** The console of administrators. */
import { count } from "./language.ts";

export const admin = {
  title: "Administration",
  pages: { people: "People", mail: "Undelivered mail", jobs: "Failed jobs", log: "Log" },
  failed: "This couldn’t be loaded.",
  needsTwoFactor: "Set up two-factor sign-in first",
  needsTwoFactorText:
    "Administrators need two-factor sign-in. Set it up on your account page, then sign in again.",
  needsLogin: "Sign in again",
  needsLoginText:
    "You signed in here before two-factor sign-in was on. Sign out, and in again with your code.",
  toAccount: "Go to your account",
  none: "Nothing here.",
  reason: "Reason",
  reasonMissing: "Enter a reason.",
  keep: "Cancel",
};

export const adminPeople = {
  search: "Name, e-mail, username or id",
  verified: "Verified",
  suspended: "Suspended",
  deleted: "Deleted",
  administrator: "Administrator",
  facts: {
    email: "E-mail",
    confirmed: "E-mail confirmed",
    twoFactor: "Two-factor sign-in",
    joined: "Joined",
    lastActive: "Last active",
    upcoming: "Upcoming",
    past: "Past sessions",
    closedSince: "Closed since",
    closedReason: "Reason",
    deletion: "Deletion",
  },
  yes: "Yes",
  no: "No",
  never: "Never",
  devices: (n: number) => count(n, { one: "signed-in device", other: "signed-in devices" }),
  publicPage: "Public page",
  logOf: "Log of this person",
  suspend: "Suspend…",
  suspendTitle: (name: string) => `Suspend ${name}?`,
  suspendText:
    "They’re signed out and can’t sign in or book. A mentor page is hidden. Agreed sessions stay. They get an e-mail with the reason.",
  suspendConfirm: "Suspend",
  suspendDone: "Account suspended.",
  lift: "Lift suspension…",
  liftTitle: (name: string) => `Let ${name} back in?`,
  liftText: "They can sign in and book again, and a mentor page is shown again.",
  liftConfirm: "Lift suspension",
  liftDone: "Suspension lifted.",
  verify: "Verify mentor",
  unverify: "Remove verification",
  verifyDone: "Mentor verified.",
  unverifyDone: "Verification removed.",
};

export const adminMail = {
  send: "Send again",
  sent: "It will be sent again.",
  attempts: (n: number) => count(n, { one: "attempt", other: "attempts" }),
  none: "All mail was delivered.",
};

export const adminJobs = {
  run: "Run again",
  giveUp: "Give up",
  runDone: "The job runs again.",
  giveUpDone: "The job is removed.",
  attempts: (done: number, most: number) => `Attempt ${done} of ${most}`,
  nextTry: (time: string) => `next on ${time}`,
  over: "no attempts left",
  none: "No job has failed.",
};

export const adminLog = {
  commandLine: "Command line",
  action: "Action",
  all: "All actions",
  actions: {
    administrator_granted: "Granted the role",
    administrator_revoked: "Revoked the role",
    people_searched: "Searched people",
    person_viewed: "Viewed a person",
    person_suspended: "Suspended",
    suspension_lifted: "Lifted a suspension",
    mentor_verified: "Verified a mentor",
    verification_removed: "Removed a verification",
    undelivered_mail_listed: "Listed undelivered mail",
    mail_sent_again: "Sent a mail again",
    failed_jobs_listed: "Listed failed jobs",
    job_run_again: "Ran a job again",
    job_given_up: "Gave up a job",
    payouts_due_listed: "Listed payouts that are due",
    payout_run_started: "Started a payout run",
    payout_runs_listed: "Listed payout runs",
    payout_run_viewed: "Viewed a payout run",
    payout_run_approved: "Approved a payout run",
    payout_run_cancelled: "Cancelled a payout run",
    payout_file_taken: "Downloaded the bank’s file",
    payout_paid: "Recorded a payout as paid",
    payout_failed: "Recorded a payout as failed",
    payout_reversed: "Recorded a payout as returned",
  },
  onePerson: "Only entries about one person are shown.",
  showAll: "Show all",
};
