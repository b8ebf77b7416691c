import { addMs, DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";

/** How sessions can take place, in the order in which they are offered. */
export const meetingKinds = [
  "matepeak_room",
  "google_meet",
  "zoom",
  "jitsi",
  "link",
  "phone",
  "in_person",
] as const;
export type MeetingKind = (typeof meetingKinds)[number];

/** Those with a link that is made for each session. */
export type MadeKind = Exclude<MeetingKind, "link" | "phone" | "in_person">;

/** Whether such a session has a link: one that is made, or the mentor's own. */
export function hasLink(kind: MeetingKind | undefined): boolean {
  return kind !== "phone" && kind !== "in_person";
}

/** Pauses after the failures in a row to make a link. */
const pauses = [5 * SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS];
const longestPause = HOUR_MS;
/** For how long mails at most wait for a link; private.awaits_meeting() has three minutes. */
const longestWait = MINUTE_MS;
/** Which failure in a row makes a session use the mentor's own link: a minute and a half after it was agreed. */
const failuresUntilFallback = 4;

/** Why an attempt failed: `passing` may be over at the next one, `lasting` needs a person. */
export interface MeetingFailure {
  /** Of this one: 1 for the first. */
  count: number;
  isLasting: boolean;
  retryAfterMs?: number | undefined;
}

/**
 * What follows a failed attempt at the link of a session. Attempts go on after the fall-back, until the session ends: one that
 * succeeds replaces it.
 */
export function afterFailure(
  { count, isLasting, retryAfterMs = 0 }: MeetingFailure,
  { endsAt, now }: { endsAt: EpochMs; now: EpochMs },
): { fallsBack: boolean; againAfterMs: number | null } {
  const pause = isLasting ? longestPause : (pauses[count - 1] ?? longestPause);
  const againAfterMs = Math.min(Math.max(pause, retryAfterMs), DAY_MS);
  // A service that asks for a longer pause than a mail waits for is as good as down.
  const fallsBack = isLasting || count >= failuresUntilFallback || retryAfterMs > longestWait;
  return { fallsBack, againAfterMs: addMs(now, againAfterMs) < endsAt ? againAfterMs : null };
}
