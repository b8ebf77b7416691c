import { numberLimits } from "#rules/limits.ts";
import { windowMs } from "#rules/windows.ts";
import { judgeStart } from "#scheduling/slots.ts";
import { DAY_MS, type EpochMs, epochMs, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import { proposalRefusals } from "#words/refusals.ts";
import { refuseField } from "../platform/errors.ts";
import { type MentorSchedule, scheduleForId } from "../slots/queries.ts";

/** Returns when a request expires: after two days, but never after the first suggested start. */
export function expiryOf(starts: readonly EpochMs[], now: EpochMs): EpochMs {
  return epochMs(Math.min(now + windowMs("timeRequestAnswer"), ...starts));
}

interface Asked {
  duration: Minutes;
  serviceId: string;
  now: EpochMs;
}

/**
 * Rejects starts that could not be booked if the other side accepted them. Times outside the mentor's hours are fine, since
 * the other side decides.
 * @throws Refusal `validation_failed` at the field of the start
 */
export function rejectUnbookable(
  starts: readonly EpochMs[],
  { schedule, taken }: Pick<MentorSchedule, "schedule" | "taken">,
  { duration, now }: Omit<Asked, "serviceId">,
): void {
  for (const [index, start] of starts.entries()) {
    const field = `starts_at.${index}`;
    if (start <= now) throw refuseField(field, proposalRefusals.past);
    if (start > now + numberLimits.bookingWindowDays.max * DAY_MS)
      throw refuseField(field, proposalRefusals.tooFarAhead);
    const busyFrom = start - schedule.buffer_before * MINUTE_MS;
    const busyUntil = start + (duration + schedule.buffer_after) * MINUTE_MS;
    if (taken.some((each) => busyFrom < each.busyUntil && each.busyFrom < busyUntil)) {
      throw refuseField(field, proposalRefusals.taken);
    }
  }
}

/** Rejects times that can be booked directly. @throws Refusal `validation_failed` at the field of the start */
export function rejectAlreadyOffered(
  starts: readonly EpochMs[],
  read: Pick<MentorSchedule, "schedule" | "services" | "taken">,
  { duration, serviceId, now }: Asked,
): void {
  const schedule = scheduleForId(read, serviceId);
  for (const [index, startsAt] of starts.entries()) {
    if (judgeStart(schedule, read.taken, { startsAt, duration, now, serviceId }) === "free") {
      throw refuseField(`starts_at.${index}`, proposalRefusals.free);
    }
  }
}
