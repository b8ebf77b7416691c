import type { Minutes } from "#scheduling/units.ts";

/**
 * All addresses of the web app but those of group sessions (groupPaths.ts), of series (seriesPath.ts) and below the console (adminPaths.ts), and the rules of `?next=`. No other file in src
 * writes a path by hand.
 */
export const paths = {
  home: (query: { q?: string; expertise?: string } = {}) => `/${search(query)}`,
  mentor: (username: string) => `/mentors/${encodeURIComponent(username)}`,
  /** The first step of a booking. */
  bookService: (username: string) => `/mentors/${encodeURIComponent(username)}${search({ book: "service" })}`,
  /** A mentor's available times for a service and length, with one of them chosen if it is given (ISO 8601). */
  bookTime: (username: string, chosen: { serviceId: string; minutes: Minutes; at?: string }) =>
    `/mentors/${encodeURIComponent(username)}${search({ book: "time", service: chosen.serviceId, minutes: String(chosen.minutes), at: chosen.at })}`,
  bookingSuccess: (id: string) => `/booking-success${search({ id })}`,
  /** Where a held booking, or a package that was begun to be bought, is paid. A page of its own: the scripts of payment providers may run there only. */
  pay: (id: string, kind: "bookings" | "packages" = "bookings") => `/${kind}/${encodeURIComponent(id)}/pay`,
  /** The student's own payments. */
  payments: () => "/payments",
  /** One's own page as students see it. */
  mentorAsStudent: (username: string) => `/mentors/${encodeURIComponent(username)}?as=student`,
  signIn: (next?: string) => `/sign-in${search({ next })}`,
  /** The second step of a sign-in, which was begun in this browser. */
  secondStep: (next?: string) => `/sign-in/second-step${search({ next })}`,
  signInWithCode: (next?: string) => `/sign-in/code${search({ next })}`,
  forgotPassword: (next?: string) => `/forgot-password${search({ next })}`,
  signUp: (next?: string) => `/sign-up${search({ next })}`,
  /** One's own account, at one of its sections if it is given. */
  account: (section?: string) => (section ? `/account#${section}` : "/account"),
  accountDeleted: () => "/account-deleted",
  /** The console of administrators, at one of its pages. */
  admin: (page?: string) => (page ? `/admin/${page}` : "/admin"),
  /** The student's own bookings. */
  sessions: () => "/sessions",
  /** One session, for its student and its mentor. */
  session: (id: string) => `/sessions/${encodeURIComponent(id)}`,
  /** The setup of a mentor page at a step, or at the first open one. */
  mentorStart: (step?: string) => (step ? `/mentor/start/${step}` : "/mentor/start"),
  /** The mentor's workspace; its inner pages are added below this one. */
  mentorWorkspace: (section?: MentorSection) => (section ? `/mentor/${section}` : "/mentor"),
  student: (id: string) => `/mentor/students/${encodeURIComponent(id)}`,
  /** The mentor's meeting room, on the profile page. */
  mentorRoom: () => `/mentor/profile#${roomAnchor}`,
  earnings: () => "/mentor/earnings",
  newService: () => "/mentor/services/new",
  service: (id: string) => `/mentor/services/${encodeURIComponent(id)}`,
} as const;

export type MentorSection =
  | "requests"
  | "sessions"
  | "students"
  | "hours"
  | "services"
  | "groups"
  | "offers"
  | "earnings"
  | "reviews"
  | "profile";

export const roomAnchor = "meeting-room";

/** Patterns for tables of routes (src/lib/router/matchPath.ts). */
export const patterns = {
  home: "/",
  mentor: "/mentors/:username",
  group: "/mentors/:username/groups/:groupId",
  programme: "/mentors/:username/programmes/:programmeId",
  bookingSuccess: "/booking-success",
  /** Of a booking or a package. One line, because every visitor loads it. */
  pay: "/:kind/:id/pay",
  payments: "/payments",
  signIn: "/sign-in",
  secondStep: "/sign-in/second-step",
  signInWithCode: "/sign-in/code",
  forgotPassword: "/forgot-password",
  signUp: "/sign-up",
  account: "/account",
  accountDeleted: "/account-deleted",
  admin: "/admin/*",
  sessions: "/sessions",
  session: "/sessions/:id",
  /** A signed link; the token is in the fragment. */
  manage: "/manage",
  /** A link of a mail; `POST` to the same address ends its mails. */
  unsubscribe: "/unsubscribe/:token",
  /** A signed link of a mail; the token is in the fragment. */
  waitlist: "/waitlist",
  mentorStart: "/mentor/start/:step?",
  mentorWorkspace: "/mentor/*",
} as const;

/** Addresses of the API that links open. */
export const downloads = {
  calendar: (bookingId: string) => `/api/v1/bookings/${encodeURIComponent(bookingId)}/calendar.ics`,
} as const;

/**
 * The path in `?next=` if it is safe to follow, else home. `//host` and `/\host` would leave the site, so the browser's own
 * parser decides.
 */
export function safeNext(next: string | null): string {
  if (!next?.startsWith("/")) return paths.home();
  const { origin } = window.location;
  const target = URL.canParse(next, origin) ? new URL(next, origin) : null;
  // Parses the path again, because it is what is followed: `/.//host` has the path `//host`.
  if (target?.origin !== origin || target.pathname.startsWith("//")) return paths.home();
  return target.pathname + target.search + target.hash;
}

function search(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
