/** Calendars elsewhere that a person connects: the section of the account page, and what other pages say of them. */

import { ownedCaps } from "#rules/limits.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { count, defaultLocale } from "./language.ts";

const list = new Intl.ListFormat(defaultLocale);

type Problem =
  | "login_refused"
  | "forbidden"
  | "not_found"
  | "unreachable"
  | "too_slow"
  | "limited"
  | "failing"
  | "unreadable"
  | "too_large"
  | "address_private"
  | "changed_elsewhere";

export const calendarsSection = {
  lead: {
    mentor: "Connect the calendars you use. Times when you’re busy aren’t offered.",
    student: "Connect the calendars you use. We mark times that clash when you book.",
  },
  failed: "Couldn’t load your calendars",
  none: "No calendars connected yet.",
  connect: "Connect a calendar",
  list: "Connected calendars",
};

/** How a connection is doing. Times come formatted, in the viewer's zone. */
export const connectionHealth = {
  fine: "Up to date",
  late: "Late",
  broken: "Broken",
  readAgo: (ago: string) => `Read ${ago}`,
  notRead: "Not read yet",
  brokenSince: (time: string) => `Broken since ${time}, your time`,
  says: (words: string) => `The calendar server says: “${words}”`,
  /** What we found ourselves: "no answer within 15 s". */
  found: (words: string) => `In detail: ${words}.`,
  overdue: "It should have been read again by now. You can do that here.",
  loginEnds: (time: string) => `This login ends ${time}, your time.`,
};

/** What a person has allowed at Google or Microsoft, and how a mentor allows more. */
export const connectionPermission = {
  read: "MatePeak can read these calendars. It can’t change anything in them.",
  write: "MatePeak can read these calendars and write sessions into them.",
  allowWriting: "Also write my sessions here",
};

/** Why a calendar could not be read, in one sentence that says what to do. */
export const connectionProblems = {
  login_refused:
    "The server doesn’t accept this user name and password. Check both, or make a new app password.",
  forbidden: "This login isn’t allowed to read calendars. Give it access, or use another one.",
  not_found: "There’s no calendar at this address. Check it for typos.",
  unreachable: "The server can’t be reached. Check the address, or try again later.",
  too_slow: "The server took too long to answer. Try again in a few minutes.",
  limited: "The server has had too many requests. We’ll try again by ourselves.",
  failing: "The server has a problem of its own. We’ll try again by ourselves.",
  unreadable: "What’s at this address isn’t a calendar. Check that it’s the calendar’s own link.",
  too_large: "This calendar is too large to read. Connect a smaller one.",
  address_private: "This address isn’t on the public internet, so we can’t reach it.",
  changed_elsewhere: "The calendar changed while we were reading it. We’ll try again by ourselves.",
} satisfies Record<Problem, string>;

/** The same where people sign in at Google or Microsoft. */
export const signInProblems: Partial<Record<Problem, (vendor: string) => string>> = {
  login_refused: (vendor) => `${vendor} doesn’t let us in any more. Sign in there again.`,
  forbidden: (vendor) => `${vendor} doesn’t allow us to read this calendar. Sign in there again.`,
  not_found: (vendor) => `${vendor} can’t find one of these calendars. Check that it’s still there.`,
  unreadable: (vendor) => `${vendor}’s answer can’t be read. We’ll try again by ourselves.`,
  unreachable: (vendor) => `${vendor} can’t be reached. We’ll try again by ourselves.`,
};

/** How a sign-in at Google or Microsoft has ended. */
export const calendarReturn = {
  connected: (vendor: string) => `${vendor} is connected.`,
  renewed: (vendor: string) => `${vendor} works again.`,
  writable: (vendor: string) =>
    `MatePeak can now write your sessions into ${vendor}. Choose below which calendar they go to.`,
  readOnly: (vendor: string, missing: readonly string[]) =>
    `${vendor} is connected, but your sessions can’t be written there, because you didn’t allow ${list.format(missing)}. Your busy times are read.`,
  kept: (vendor: string) =>
    `This ${vendor} account was connected already, and MatePeak can still write sessions into it. To change that, disconnect it first.`,
  denied: (vendor: string) => `Nothing has changed, because you cancelled at ${vendor}.`,
  permissions: (vendor: string, missing: readonly string[]) =>
    `Nothing was connected, because you didn’t allow ${list.format(missing)}. Try again, and tick every box at ${vendor}.`,
  tooMany: `You already have ${ownedCaps.calendar_connections} connections. Disconnect one first.`,
  otherAccount: (vendor: string) =>
    `That’s another ${vendor} account. Sign in with the one shown here, or connect the other as a new calendar.`,
  noCalendars: (vendor: string) => `This ${vendor} account has no calendars.`,
  expired: "Nothing was connected, because signing in took too long or began in another window. Try again.",
  failed: (vendor: string) =>
    `Nothing was connected, because ${vendor} had a problem. Try again in a few minutes.`,
  /** As the vendors call them where they ask. */
  permission: {
    google: {
      read: "“See and download any calendar you can access using your Google Calendar”",
      write: "“View and edit events on all your calendars”",
    },
    microsoft: {
      read: "“Read your calendars”",
      write: "“Have full access to your calendars”",
    },
  },
};

/** The button that mends a connection, and what it opens. */
export const connectionFix = {
  password: "Enter new password",
  address: "Enter new address",
  signIn: "Sign in again",
  tryAgain: "Try again",
  passwordLabel: "New password",
  addressLabel: "New address",
  passwordMissing: "Enter the new password.",
  addressMissing: "Enter the new address.",
  save: "Test and save",
  fixed: (name: string) => `${name} works again.`,
  stillBroken: "Still not working",
};

export const connectedCalendars = {
  of: (connection: string) => `Calendars of ${connection}`,
  none: "No calendars found.",
  busy: "Counts as busy",
  busyOf: (calendar: string) => `${calendar} counts as busy`,
  sessions: "My sessions are written here",
  sessionsOf: (calendar: string) => `My sessions are written to ${calendar}`,
  sessionsNowhere: "Don’t write my sessions",
  /** Why sessions can't be written to a calendar that can be read. */
  sessionsProblem: {
    forbidden: "This login isn’t allowed to change this calendar. Choose another one for your sessions.",
    notAllowed: "Your sessions can’t be written here, because MatePeak may only read this calendar.",
    login_refused: "Your sessions can’t be written here until the login works again.",
    other: "Your sessions can’t be written here right now. We keep trying.",
  },
  readOnly: "Read only",
  gone: "Gone",
  missing: {
    mentor: (day: string) =>
      `The calendar server hasn’t listed it since ${day}. Until you turn it off here, its busy times aren’t offered.`,
    student: (day: string) =>
      `The calendar server hasn’t listed it since ${day}. Until you turn it off here, its busy times are marked.`,
    unused: (day: string) =>
      `The calendar server hasn’t listed it since ${day}. It disappears from here soon.`,
  },
};

export const connectionSettings = {
  title: "Settings",
  of: (connection: string) => `Settings of ${connection}`,
  ifStale: (minutes: Minutes) => `If this calendar can’t be read for ${duration(minutes)}`,
  continue: "Keep offering times",
  pause: "Pause offering",
  titles: "Show me event titles",
  titlesHint: "Only you see them. When off, we don’t store them.",
  name: "Name",
  nameMissing: "Enter a name.",
  rename: "Rename",
  renamed: "Renamed.",
  disconnect: "Disconnect",
  disconnectOf: (connection: string) => `Disconnect ${connection}`,
  disconnectTitle: (connection: string) => `Disconnect ${connection}?`,
  disconnectText: {
    mentor:
      "We delete the login, its calendars and all busy times we read from them. Those times are offered again. Nothing in your own calendar changes.",
    student:
      "We delete the login, its calendars and all busy times we read from them. Nothing in your own calendar changes.",
  },
  keep: "Keep it",
  disconnected: (connection: string) => `${connection} is disconnected.`,
};

export const connectDialog = {
  title: "Connect a calendar",
  choose: "Where is your calendar?",
  back: "Choose another calendar",
  guide: "What to click",
  server: "Server address",
  serverMissing: "Enter the server’s address.",
  username: "User name or e-mail",
  usernameMissing: "Enter your user name.",
  password: "Password",
  appPassword: "App password",
  passwordMissing: "Enter the password.",
  address: "Calendar address",
  addressHint: "It ends in .ics, or starts with webcal://. We keep it secret.",
  addressMissing: "Enter the calendar’s address.",
  name: "Name",
  test: "Test",
  connect: "Connect",
  works: (calendars: string) => `It works. Found: ${calendars}.`,
  connected: (name: string) => `${name} is connected.`,
  oauth: {
    google: "Continue with Google",
    microsoft: "Continue with Microsoft",
  },
  writes: "Also write my sessions into it",
  writesHint: "MatePeak asks for permission to edit events. Off: it can only read when you’re busy.",
  oauthSteps: {
    google: {
      read: [
        "Press “Continue with Google” and choose your account.",
        "Allow MatePeak to see your calendars. It reads when you’re busy, and can’t change anything.",
      ],
      write: [
        "Press “Continue with Google” and choose your account.",
        "Tick every box: we read when you’re busy, and write your sessions.",
      ],
    },
    microsoft: {
      read: [
        "Press “Continue with Microsoft” and choose your account.",
        "Allow MatePeak to read your calendars. It can’t change anything in them.",
      ],
      write: [
        "Press “Continue with Microsoft” and choose your account.",
        "Allow MatePeak to see and edit your calendars.",
      ],
    },
  },
};

/** Where calendars are, with what to click there. */
export const calendarHomes = {
  apple: {
    name: "Apple iCloud",
    steps: [
      "Open account.apple.com and sign in.",
      "Go to Sign-In and Security, then App-Specific Passwords.",
      "Add one named MatePeak, and copy it.",
      "Enter your Apple Account’s e-mail and that password here.",
    ],
  },
  google: {
    name: "Google",
    steps: [
      "Open calendar.google.com on a computer, then Settings.",
      "Under “Settings for my calendars”, choose your calendar.",
      "Go to Integrate calendar, and copy the “Secret address in iCal format”.",
      "Paste it here. Google updates it every few hours.",
    ],
  },
  fastmail: {
    name: "Fastmail",
    steps: [
      "In Fastmail, open Settings, then Privacy & Security.",
      "Next to App passwords, choose Manage, then New app password.",
      "Give it access to Calendars (CalDAV), and copy it.",
      "Enter your Fastmail address and that password here.",
    ],
  },
  nextcloud: {
    name: "Nextcloud",
    steps: [
      "In Nextcloud, open Settings, then Security.",
      "At the bottom, create a new app password named MatePeak, and copy it.",
      "Enter your server’s address followed by /remote.php/dav, your user name and that password here.",
    ],
  },
  microsoft: {
    name: "Microsoft 365",
    steps: [
      "Open Outlook on the web, then Settings, Calendar, Shared calendars.",
      "Under “Publish a calendar”, choose your calendar and “Can view when I’m busy”.",
      "Publish it, and copy the ICS link.",
      "Paste it here. Microsoft updates it every few hours.",
    ],
  },
  caldav: {
    name: "Another CalDAV server",
    steps: [
      "Look up the CalDAV address in your provider’s help.",
      "If you sign in with two steps, make an app password there.",
      "Enter the address, your user name and the password here.",
    ],
  },
  feed: {
    name: "Feed address",
    steps: [
      "In your calendar, look for “Share”, “Publish” or “Subscribe”.",
      "Copy its private address (.ics or webcal://).",
      "Paste it here. We can read it, but not write your sessions to it.",
    ],
  },
};

/** The strip over a mentor's workspace. */
export const connectionNotice = {
  label: "Calendar connections",
  broken: (name: string) => `${name} can’t be read.`,
  old: (name: string, ago: string) => `${name} was last read ${ago}.`,
  continues: "Your times are still offered, so a student could book when you’re busy.",
  paused: "As you chose, your times aren’t offered until it works again.",
  willPause: "Unless it works again soon, we stop offering your times, as you chose.",
  loginEnds: (name: string, time: string) => `The login to ${name} ends ${time}, your time.`,
  more: (others: number) => `And ${count(others, { one: "other calendar", other: "other calendars" })}.`,
  fix: "Fix it",
  renew: "Renew it",
};

/** Busy times in other pages, for their owner alone. */
export const ownBusy = {
  inCalendar: (calendar: string) => `${calendar} calendar`,
  titled: (title: string, calendar: string) => `${title} (${calendar})`,
  line: (what: string, times: string) => `${what}, ${times}`,
  allDay: "all day",
  layer: "Busy in your calendars",
  clash: (calendars: string) => `You’re busy: ${calendars}`,
};
