import type { RefusedSession } from "#contract/slots.ts";
import { numberLimits } from "#rules/limits.ts";
import type { AskedStarts } from "#scheduling/neededRange.ts";
import { type JudgedSession, judgeTogether, substitutes, type WantedSession } from "#scheduling/series.ts";
import { addMs, DAY_MS, type EpochMs, formatInstant, type Minutes } from "#scheduling/units.ts";
import { wallClockReader } from "#scheduling/zonedTime.ts";
import { Refusal } from "../platform/errors.ts";
import { type MentorSchedule, type OfferedService, scheduleFor } from "../slots/queries.ts";

/** A start that is asked for, and of which service. */
export interface AskedSession {
  startsAt: EpochMs;
  service: OfferedService;
  duration: Minutes;
}

/**
 * The starts to read a schedule for, so that all sessions and what may be suggested instead can be judged. What lies outside of
 * it has passed, or is beyond every booking window: the judge says so without it.
 */
export function startsAround(starts: readonly EpochMs[], now: EpochMs): AskedStarts {
  const first = Math.max(Math.min(...starts), now - DAY_MS);
  const last = Math.min(Math.max(...starts), now + (numberLimits.bookingWindowDays.max + 1) * DAY_MS);
  const from = addMs(now, Math.min(first, last) - now - substitutes.withinMs);
  return { from, until: addMs(now, Math.max(first, last) - now + substitutes.withinMs + 1) };
}

/** Judges sessions together, in the order of their starts, and returns them in the order in which they were asked for. */
export function judgeAll(
  { schedule, taken }: Pick<MentorSchedule, "schedule" | "taken">,
  asked: readonly AskedSession[],
  now: EpochMs,
): JudgedSession[] {
  const order = asked.map((_, index) => index).sort((a, b) => asked[a]!.startsAt - asked[b]!.startsAt);
  const wanted = order.map((index): WantedSession => {
    const { startsAt, service, duration } = asked[index]!;
    const { id: serviceId, capacity } = service;
    return { schedule: scheduleFor(schedule, service), startsAt, duration, now, serviceId, capacity };
  });
  const judged = judgeTogether(taken, wanted);
  const answer: JudgedSession[] = [];
  for (const [place, index] of order.entries()) answer[index] = judged[place]!;
  return answer;
}

/**
 * All or none: the refusal names each session that cannot be booked, or moved, with the closest free starts.
 * @param detailFor the sentence about so many of them
 * @throws Refusal `slot_taken`, `slot_unavailable`
 */
export function requireNoneRefused(
  refused: readonly RefusedSession[],
  detailFor: (sessions: number) => string,
): void {
  if (refused.length === 0) return;
  const isTaken = refused.some(({ verdict }) => verdict === "taken" || verdict === "buffer");
  throw new Refusal(isTaken ? "slot_taken" : "slot_unavailable", {
    detail: detailFor(refused.length),
    refused_sessions: [...refused],
  });
}

/** A judged session as responses have it. @param zone the student's */
export function presentJudged(
  { startsAt, verdict, substitutes: others }: JudgedSession,
  index: number,
  zone: string,
): RefusedSession {
  const localAt = wallClockReader(zone);
  return {
    place: index + 1,
    starts_at: formatInstant(startsAt),
    verdict: verdict === "free" ? null : verdict,
    substitutes: others.map((start) => ({ starts_at: formatInstant(start), ...localAt(start) })),
  };
}
