/**
 * How long something stays open, in hours. The database enforces these windows with intervals of its own
 * (db/tests/windows.test.ts compares them); code and pages take them from here.
 */
export const windowHours = {
  /** A booking request waits for the mentor's answer, and never longer than until its start. */
  requestAnswer: 48,
  /** A request for another time, or a proposal, waits for its answer. */
  timeRequestAnswer: 48,
  /** From the end of a session: either side can report that the other did not come. */
  noShowReport: 72,
  /** From the report: the other side can answer; then the report is final. */
  noShowAnswer: 48,
  /** From the end: the session completes by itself, unless a no-show was reported. */
  completion: 24,
  /** From the first version of a review: its student can change it. */
  reviewChange: 14 * 24,
  /** From the end: a student without a confirmed e-mail address can review the session. */
  unconfirmedReview: 24,
} as const;

const HOUR_MS = 3_600_000;

export function windowMs(name: keyof typeof windowHours): number {
  return windowHours[name] * HOUR_MS;
}
