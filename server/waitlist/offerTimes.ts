import { offerTerms } from "#rules/waitlist.ts";
import { withBuffers, withSeat } from "#scheduling/seats.ts";
import { findSlots, type Wait } from "#scheduling/slots.ts";
import { type EpochMs, epochMs, fromDate, type Minutes } from "#scheduling/units.ts";
import { noticeBefore, offerableStarts } from "#scheduling/waits.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { type MentorSchedule, type OfferedService, readSchedule } from "../slots/queries.ts";

interface WaitingEntry {
  id: string;
  user_id: string;
  service_id: string;
  duration: Minutes;
  starts_from: Date;
  starts_until: Date;
  /** What the person has passed, or is offered now by another entry. */
  passed_starts: Date[];
  timezone: string;
}

/**
 * Offers what is free to those who wait for it: the queue from its beginning, each person the first start that fits, with
 * what was just offered taken. All under the mentor's lock, judged by the engine that everyone else is judged by.
 * Returns how many offers were made.
 */
export async function offerTimes(tx: SystemTx, mentorId: string, now: EpochMs): Promise<number> {
  try {
    await lockSchedule(tx, mentorId);
  } catch (error) {
    // The mentor was removed meanwhile.
    if (error instanceof Refusal) return 0;
    throw error;
  }
  const { rows } = await tx.client.query<WaitingEntry>("select * from private.waiting_entries($1)", [
    mentorId,
  ]);
  if (rows.length === 0) return 0;
  const from = epochMs(Math.max(now, Math.min(...rows.map(({ starts_from }) => starts_from.getTime()))));
  const until = epochMs(Math.max(...rows.map(({ starts_until }) => starts_until.getTime())));
  if (from >= until) return 0;
  return offerInOrder(tx, rows, await readSchedule(tx.client, mentorId, { from, until }), {
    from,
    until,
    now,
  });
}

async function offerInOrder(
  tx: SystemTx,
  entries: readonly WaitingEntry[],
  read: MentorSchedule,
  range: { from: EpochMs; until: EpochMs; now: EpochMs },
): Promise<number> {
  const { waits: _theirs, ...schedule } = read.schedule;
  let { taken } = read;
  let offers = 0;
  /** What there is nothing for: nor will there be for the next who wait for the same. */
  const inVain = new Set<string>();
  /** By person: what was just offered. */
  const offered = new Map<string, EpochMs[]>();
  for (const entry of entries) {
    const service = read.services.find(({ id }) => id === entry.service_id);
    if (!service?.durations.some(({ minutes }) => minutes === entry.duration)) continue;
    const own = offered.get(entry.user_id) ?? [];
    const wait = waitOf(entry, service, own);
    const target = JSON.stringify(wait);
    if (inVain.has(target)) continue;
    const [startsAt] = offerableStarts(schedule, taken, wait, range, findSlots);
    const terms =
      startsAt !== undefined &&
      offerTerms({
        offeredAt: range.now,
        startsAt,
        cancelCutoff: service.cancel_cutoff,
        minimumNotice: noticeBefore(schedule, taken, wait, startsAt),
        timezone: entry.timezone,
      });
    if (!terms) {
      inVain.add(target);
      continue;
    }
    await tx.client.query("select private.make_offer($1, $2, $3, $4, $5)", [
      read.mentor.id,
      entry.id,
      new Date(startsAt),
      new Date(terms.expiresAt),
      terms.isFinal,
    ]);
    const { serviceId, duration } = wait;
    taken = withSeat(
      taken,
      withBuffers(schedule, { startsAt, duration, serviceId, capacity: service.capacity }),
    );
    offered.set(entry.user_id, [...own, startsAt]);
    offers += 1;
  }
  return offers;
}

function waitOf(entry: WaitingEntry, service: OfferedService, offered: readonly EpochMs[]): Wait {
  return {
    serviceId: entry.service_id,
    duration: entry.duration,
    from: fromDate(entry.starts_from),
    until: fromDate(entry.starts_until),
    passed: [...entry.passed_starts.map(fromDate), ...offered],
    opensByBooking: service.opens_by_booking,
    openingNotice: service.opening_notice,
  };
}
