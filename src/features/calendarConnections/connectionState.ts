/** What a connection's state means for its owner: which button mends it, and whether the workspace has to say so. */
import type { CalendarConnection } from "#contract/calendarConnections.ts";
import { loginNoticeDays } from "#rules/calendarHealth.ts";
import { DAY_MS, MINUTE_MS } from "#scheduling/units.ts";
import { calendarHomes, connectionProblems, signInProblems } from "#words/calendarConnections.ts";

/** As the mail. */
const loginNoticeMs = loginNoticeDays * DAY_MS;

export type Fix = "password" | "address" | "signIn" | "tryAgain";

const ofAddress: readonly string[] = ["not_found", "unreadable", "too_large", "address_private"];
const ofLogin: readonly string[] = ["login_refused", "forbidden"];

/** The one thing that mends it; null if nothing has to be mended. */
export function fixOf(connection: CalendarConnection, now: Date): Fix | null {
  const { kind, problem, health } = connection;
  if (problem === null && health === "fine") return loginEndsSoon(connection, now) ? renewal(kind) : null;
  if (problem !== null && ofLogin.includes(problem)) return renewal(kind);
  if (problem !== null && ofAddress.includes(problem) && kind === "feed") return "address";
  return "tryAgain";
}

/** Why it could not be read, in one sentence that says what to do. */
export function problemSentence(
  { kind }: Pick<CalendarConnection, "kind">,
  problem: NonNullable<CalendarConnection["problem"]>,
): string {
  const ofVendor = kind === "google" || kind === "microsoft" ? signInProblems[problem] : undefined;
  return ofVendor && (kind === "google" || kind === "microsoft")
    ? ofVendor(calendarHomes[kind].name)
    : connectionProblems[problem];
}

function renewal(kind: CalendarConnection["kind"]): Fix {
  if (kind === "caldav") return "password";
  return kind === "feed" ? "address" : "signIn";
}

export function loginEndsSoon({ login_ends_at }: CalendarConnection, now: Date): boolean {
  return login_ends_at !== null && Date.parse(login_ends_at) - now.getTime() < loginNoticeMs;
}

/** A provider's own words begin with its status; the others are ours. */
export function isOwnWords(detail: string): boolean {
  return /^\d{3}\b/.test(detail);
}

/** What it means for the times that a mentor offers. */
export function offeringOf(
  { synced_at, created_at, if_stale }: CalendarConnection,
  now: Date,
  staleMinutes: number,
): "continues" | "willPause" | "paused" {
  if (if_stale === "continue") return "continues";
  const age = now.getTime() - Date.parse(synced_at ?? created_at);
  return age > staleMinutes * MINUTE_MS ? "paused" : "willPause";
}

export function countsAsBusy({ calendars }: CalendarConnection): boolean {
  return calendars.some(({ counts_as_busy }) => counts_as_busy);
}

/** What a mentor has to know on every page of the workspace, the worst first. */
export function noticesOf(
  connections: readonly CalendarConnection[],
  now: Date,
): { connection: CalendarConnection; isBroken: boolean }[] {
  return connections
    .filter((each) => countsAsBusy(each) && (each.health === "broken" || loginEndsSoon(each, now)))
    .map((connection) => ({ connection, isBroken: connection.health === "broken" }))
    .sort(
      (one, other) =>
        Number(other.isBroken) - Number(one.isBroken) ||
        Number(pauses(other.connection)) - Number(pauses(one.connection)),
    );
}

function pauses({ if_stale }: CalendarConnection): boolean {
  return if_stale === "pause";
}
