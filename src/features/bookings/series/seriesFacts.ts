import type { Series } from "#contract/series.ts";
import { addMoney, type Money, moneyOf, moneyOfMinor } from "#rules/money.ts";
import { ownSeries } from "#words/ownSeries.ts";
import { formatInstant, formatTime } from "@/lib/time.ts";

type Session = Series["sessions"][number];

/** "Tuesdays, 7:00 pm": the weekday and time of most of its sessions, by the reader's clock. */
export function rhythmOf(
  { pattern, sessions }: Pick<Series, "pattern" | "sessions">,
  timeZone: string,
): string {
  const nameOf = ({ starts_at }: Session) => ({
    weekday: formatInstant(starts_at, timeZone, { weekday: "long" }),
    time: formatTime(starts_at, timeZone),
  });
  const kinds = [...Map.groupBy(sessions, (session) => JSON.stringify(nameOf(session))).values()];
  const [most] = kinds.sort((one, other) => other.length - one.length);
  return ownSeries.rhythm[pattern](nameOf(most![0]!));
}

/** How far it has come; cancelled sessions are none of it. @param now epoch ms */
function progressOf(sessions: readonly Session[], now: number): { done: number; all: number } {
  const counted = sessions.filter(({ status }) => status !== "cancelled");
  const isDone = ({ status, ends_at }: Session) =>
    status === "completed" || (status === "confirmed" && Date.parse(ends_at) <= now);
  return { done: counted.filter(isDone).length, all: counted.length };
}

/** "3 of 8 done" */
export function progressText(sessions: readonly Session[], now: number): string {
  const { done, all } = progressOf(sessions, now);
  if (all === 0) return ownSeries.none;
  return done === all ? ownSeries.over(all) : ownSeries.done({ done, all });
}

/** What a step on a session and all later ones is about. */
export type Scope = {
  /** one: by its own step. */
  name: "one" | "later" | "all";
  fromPlace: number;
  /** Those that the step changes. */
  sessions: readonly Session[];
  /** For which it is too late. */
  left: number;
};

/**
 * The choices for a session of a series, smallest first: itself, with the later ones, and all that are left. A choice that adds
 * nothing is none.
 * @param now epoch ms
 */
export function scopesOf(
  { sessions }: Pick<Series, "sessions">,
  place: number,
  can: "can_cancel" | "can_move",
  now: number,
): Scope[] {
  const ahead = sessions.filter(
    ({ status, starts_at }) =>
      (status === "pending" || status === "confirmed") && Date.parse(starts_at) > now,
  );
  const from = (name: Scope["name"], fromPlace: number): Scope => {
    const some = ahead.filter((session) => session.place >= fromPlace);
    const open = some.filter((session) => session[can]);
    return { name, fromPlace, sessions: open, left: some.length - open.length };
  };
  const own = sessions.filter((session) => session.place === place && session[can]);
  const one: Scope = { name: "one", fromPlace: place, sessions: own, left: 0 };
  return [one, from("later", place), from("all", 1)].filter(
    (scope, index, scopes) => index === 0 || scope.sessions.length > scopes[index - 1]!.sessions.length,
  );
}

/** What goes back to the student if these are cancelled now: the sum as the API compares it. */
export function refundOf(sessions: readonly Session[]): { refund: Money; credits: number } {
  const currency = sessions[0]?.currency ?? "INR";
  return {
    refund: sessions
      .map(({ refund }) => moneyOf(refund, currency))
      .reduce(addMoney, moneyOfMinor(0, currency)),
    credits: sessions.filter(({ returns_credit }) => returns_credit).length,
  };
}
