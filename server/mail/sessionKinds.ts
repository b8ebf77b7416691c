import type { ConnectionKind, MoneyKind, NotificationKind, SeriesChange } from "#contract/notifications.ts";
import type { BookingActor, BookingRole } from "#rules/bookingState.ts";
import type { Minutes } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import type { Letter } from "./letter.ts";

/** Facts of the sentences of all kinds. Names and times are text for the recipient. */
export interface SentenceFacts {
  role: BookingRole;
  by: BookingActor;
  name: string;
  Name: string;
  service: string;
  /** "" if the mail is about no session. */
  when: string;
  canChange: "any" | "cancel" | undefined;
  /** How long before the start it was sent, of a reminder. */
  lead: Minutes | undefined;
  /** Of a no-show report or an offer; "" elsewhere. */
  answerUntil: string;
  /** Whether there is a link to meet by, in messages about it. */
  hasLink: boolean;
  /** Of an offer: the session can no longer be cancelled once it is booked. */
  isFinal: boolean;
  /** Of a waitlist: the session was cancelled. */
  isCancelled: boolean;
  /** Of a no-show: whether the recipient missed the session. */
  isOwn: boolean;
  /** The name of the mentor's calendar, and to when the session was moved there; "" elsewhere. */
  calendar: string;
  movedTo: string;
  /** How many sessions it is about, until when, and what happened to them; 1 and "" elsewhere. */
  sessions: number;
  until: string;
  change: SeriesChange | undefined;
}

type Sentences = ReturnType<Words["mail"]["bookingMails"]["requested"]>;

interface Kind {
  say: (words: Words) => (facts: SentenceFacts) => Sentences;
  tone: Letter["tone"];
  /** Why the recipient gets it. */
  topic: "booking" | "request" | "alert" | "waitlist" | "review";
  /** What to do first: a label of words/mailParts.ts. */
  main: Readonly<Record<BookingRole, MainAction>>;
  /** The session is to take place: it can be joined, changed and put into a calendar. */
  isAhead?: true;
  /** It was asked for and not agreed on. */
  isRequest?: true;
  /** The session does not take place. */
  isOff?: true;
  /** The platform did it, unless the mail says who. */
  bySystem?: true;
}

export type MainAction =
  | "see"
  | "answer"
  | "reply"
  | "decide"
  | "seeTimes"
  | "seeReview"
  | "review"
  | "join"
  | "book"
  | "bookThis"
  | "take";

const both = (action: MainAction) => ({ student: action, mentor: action });
const bookOrSee = { student: "book", mentor: "see" } as const;

/** Each kind of mail about a session, a request, an alert or a review. */
export const sessionKinds: Readonly<Record<Exclude<NotificationKind, MoneyKind | ConnectionKind>, Kind>> = {
  booking_requested: {
    say: ({ mail }) => mail.bookingMails.requested,
    tone: "accent",
    topic: "booking",
    main: { student: "see", mentor: "answer" },
    isRequest: true,
  },
  booking_booked: {
    say: ({ mail }) => mail.bookingMails.booked,
    tone: "good",
    topic: "booking",
    main: both("see"),
    isAhead: true,
  },
  booking_confirmed: {
    say: ({ mail }) => mail.bookingMails.confirmed,
    tone: "good",
    topic: "booking",
    main: both("see"),
    isAhead: true,
  },
  booking_declined: {
    say: ({ mail }) => mail.bookingMails.declined,
    tone: "bad",
    topic: "booking",
    main: bookOrSee,
    isOff: true,
    isRequest: true,
  },
  booking_cancelled: {
    say: ({ mail }) => mail.bookingMails.cancelled,
    tone: "bad",
    topic: "booking",
    main: bookOrSee,
    isOff: true,
  },
  booking_rescheduled: {
    say: ({ mail }) => mail.bookingMails.rescheduled,
    tone: "accent",
    topic: "booking",
    main: both("see"),
    isAhead: true,
  },
  series_requested: {
    say: ({ mail }) => mail.seriesMails.requested,
    tone: "accent",
    topic: "booking",
    main: { student: "see", mentor: "answer" },
    isRequest: true,
  },
  series_booked: {
    say: ({ mail }) => mail.seriesMails.booked,
    tone: "good",
    topic: "booking",
    main: both("see"),
    isAhead: true,
  },
  series_changed: {
    say: ({ mail }) => mail.seriesMails.changed,
    tone: "accent",
    topic: "booking",
    main: both("see"),
  },
  series_lapsed: {
    say: ({ mail }) => mail.seriesMails.lapsed,
    tone: "bad",
    topic: "booking",
    main: bookOrSee,
    isOff: true,
    bySystem: true,
  },
  group_cancelled: {
    say: ({ mail }) => mail.bookingMails.tooFew,
    tone: "bad",
    topic: "booking",
    main: bookOrSee,
    isOff: true,
    bySystem: true,
  },
  group_confirmed: {
    say: ({ mail }) => mail.bookingMails.enough,
    tone: "good",
    topic: "booking",
    main: both("see"),
    isAhead: true,
    bySystem: true,
  },
  group_message: {
    say: ({ mail }) => mail.bookingMails.toEveryone,
    tone: "accent",
    topic: "booking",
    main: both("see"),
    isAhead: true,
  },
  meeting_fell_back: {
    say: ({ mail }) => mail.bookingMails.meetingFellBack,
    tone: "bad",
    topic: "booking",
    main: both("see"),
    isAhead: true,
    bySystem: true,
  },
  meeting_restored: {
    say: ({ mail }) => mail.bookingMails.meetingRestored,
    tone: "good",
    topic: "booking",
    main: both("see"),
    isAhead: true,
    bySystem: true,
  },
  meeting_changed: {
    say: ({ mail }) => mail.bookingMails.meetingChanged,
    tone: "accent",
    topic: "booking",
    main: both("see"),
    isAhead: true,
    bySystem: true,
  },
  entry_moved: {
    say: ({ mail }) => mail.bookingMails.entryMoved,
    tone: "accent",
    topic: "booking",
    main: both("decide"),
    bySystem: true,
  },
  entry_deleted: {
    say: ({ mail }) => mail.bookingMails.entryDeleted,
    tone: "accent",
    topic: "booking",
    main: both("decide"),
    bySystem: true,
  },
  group_entry_moved: {
    say: ({ mail }) => mail.bookingMails.groupEntryMoved,
    tone: "accent",
    topic: "booking",
    main: both("decide"),
    bySystem: true,
  },
  group_entry_deleted: {
    say: ({ mail }) => mail.bookingMails.groupEntryDeleted,
    tone: "accent",
    topic: "booking",
    main: both("decide"),
    bySystem: true,
  },
  booking_reminder: {
    say: ({ mail }) => mail.bookingMails.reminder,
    tone: "primary",
    topic: "booking",
    main: both("join"),
    isAhead: true,
    bySystem: true,
  },
  booking_completed: {
    say: ({ mail }) => mail.bookingMails.completed,
    tone: "good",
    topic: "booking",
    main: { student: "review", mentor: "see" },
    bySystem: true,
  },
  booking_expired: {
    say: ({ mail }) => mail.bookingMails.expired,
    tone: "bad",
    topic: "booking",
    main: bookOrSee,
    isOff: true,
    bySystem: true,
    isRequest: true,
  },
  time_request_opened: {
    say: ({ mail }) => mail.requestMails.opened,
    tone: "accent",
    topic: "request",
    main: both("seeTimes"),
    isRequest: true,
  },
  time_request_proposed: {
    say: ({ mail }) => mail.requestMails.proposed,
    tone: "accent",
    topic: "request",
    main: both("seeTimes"),
    isRequest: true,
  },
  time_request_declined: {
    say: ({ mail }) => mail.requestMails.declined,
    tone: "bad",
    topic: "request",
    main: bookOrSee,
    isRequest: true,
  },
  time_request_withdrawn: {
    say: ({ mail }) => mail.requestMails.withdrawn,
    tone: "primary",
    topic: "request",
    main: both("see"),
    isRequest: true,
  },
  time_request_expired: {
    say: ({ mail }) => mail.requestMails.expired,
    tone: "bad",
    topic: "request",
    main: bookOrSee,
    bySystem: true,
    isRequest: true,
  },
  alert_fired: {
    say: ({ mail }) => mail.requestMails.alert,
    tone: "good",
    topic: "alert",
    main: both("bookThis"),
    bySystem: true,
  },
  waitlist_offer: {
    say: ({ mail }) => mail.requestMails.offer,
    tone: "good",
    topic: "waitlist",
    main: both("take"),
    bySystem: true,
  },
  waitlist_lapsed: {
    say: ({ mail }) => mail.requestMails.offerEnded,
    tone: "bad",
    topic: "waitlist",
    main: both("book"),
    bySystem: true,
  },
  review_written: {
    say: ({ mail }) => mail.reviewMails.written,
    tone: "primary",
    topic: "review",
    main: both("seeReview"),
  },
  review_answered: {
    say: ({ mail }) => mail.reviewMails.answered,
    tone: "primary",
    topic: "review",
    main: both("seeReview"),
  },
  no_show_claimed: {
    say: ({ mail }) => mail.noShowMails.claimed,
    tone: "bad",
    topic: "booking",
    main: both("reply"),
  },
  no_show_agreed: {
    say: ({ mail }) => mail.noShowMails.agreed,
    tone: "primary",
    topic: "booking",
    main: both("see"),
  },
  no_show_disputed: {
    say: ({ mail }) => mail.noShowMails.disputed,
    tone: "accent",
    topic: "booking",
    main: both("see"),
  },
  no_show_withdrawn: {
    say: ({ mail }) => mail.noShowMails.withdrawn,
    tone: "good",
    topic: "booking",
    main: both("see"),
  },
  no_show_unanswered: {
    say: ({ mail }) => mail.noShowMails.unanswered,
    tone: "bad",
    topic: "booking",
    main: both("see"),
    bySystem: true,
  },
};
