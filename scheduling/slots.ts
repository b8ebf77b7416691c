/**
 * Which starts a mentor offers. Everything here reads the verdicts of one judge (`startJudge.ts`), so what is offered
 * can be booked and what may not be booked is not offered. Free starts of plain schedules come from a faster walk
 * (`plainWalk.ts`) that is proved to find the same.
 */

import type { Occupancy, SlotQuery } from "./availability.ts";
import { plainStarts } from "./plainWalk.ts";
import type { Schedule } from "./schedule.ts";
import { earliestOpening, earliestStart, type JudgedStarts, StartJudge, VERDICTS } from "./startJudge.ts";
import { addMs, asInstants, type EpochMs, MINUTE_MS, type Minutes } from "./units.ts";
import { withWaits } from "./waits.ts";

export type { Occupancy, SlotQuery } from "./availability.ts";
export type { AvailabilityWindow, Schedule, Wait } from "./schedule.ts";

/**
 * Why a start is not offered, or 'free'; when several reasons hold, the first in this order:
 * 'past', 'notice' (sooner than the mentor's notice; for the `opening_notice`, after 'blocked'), 'window' (beyond the days that can be booked ahead), 'blocked' (touches
 * a blocked date), 'outside_hours' (would run past open time), 'taken' (overlaps another session), 'buffer' (only the
 * buffers collide), 'day_limit', 'week_limit'. A mentor who takes no new bookings has 'paused' for every start.
 */
export type Verdict = (typeof VERDICTS)[number];

export interface JudgedSlot {
  readonly startsAt: EpochMs;
  readonly verdict: Verdict;
}

/**
 * The starts that are offered, ascending, each once.
 * @param taken at least the occupancies of `occupancyRange` (neededRange.ts); more do no harm
 * @throws RangeError for an unknown zone, a malformed row, a setting or duration that makes no sense
 */
export function findSlots(schedule: Schedule, taken: readonly Occupancy[], query: SlotQuery): EpochMs[] {
  if (isPaused(schedule)) {
    rejectInvalidInput(schedule, query);
    return [];
  }
  if (schedule.waits?.length) {
    const { waits: _asked, ...rest } = schedule;
    return findSlots(rest, publicTime(schedule, taken, query), query);
  }
  // Starts that are past or too soon are never free: no need to judge them.
  const from = Math.max(query.from, earliestStart(schedule, query.now));
  rejectInvalidInput(schedule, query);
  const scheduled = scheduledStarts(taken, query);
  if (!(from < query.until)) return scheduled;
  const free = asInstants(
    plainStarts(schedule, taken, query, Math.max(from, earliestOpening(schedule, query.now))) ??
      judgedStarts(schedule, taken, query, from),
  );
  if (scheduled.length === 0) return free;
  return [...new Set([...free, ...scheduled])].sort((one, other) => one - other);
}

/** The starts of the service's scheduled group sessions that can be joined: their mentor's choice goes before all rules. */
function scheduledStarts(
  taken: readonly Occupancy[],
  { from, until, duration, now, serviceId }: SlotQuery,
): EpochMs[] {
  if (serviceId === null || serviceId === undefined) return [];
  const starts: EpochMs[] = [];
  for (const { joinUntil, serviceId: service, startsAt, endsAt, seatsTaken, capacity } of taken) {
    if (joinUntil === undefined || service !== serviceId || seatsTaken >= capacity || now >= joinUntil)
      continue;
    if (startsAt < from || startsAt >= until || endsAt - startsAt !== duration * MINUTE_MS) continue;
    starts.push(startsAt);
  }
  return starts.sort((one, other) => one - other);
}

/** The free starts from `from` on by the judge, which knows every rule. Parameters and errors as `findSlots`. */
export function judgedStarts(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  from: number,
): number[] {
  const found = { starts: [], codes: null };
  judgeStarts(schedule, taken, query, from, found);
  return found.starts;
}

/** The taken time as everyone else sees it while people wait (waits.ts): around the starts of the query. */
export function publicTime(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
): readonly Occupancy[] {
  return withWaits(schedule, taken, query, findSlots);
}

/** Every start of the mentor's windows in the range, ascending, with its verdict. Parameters and errors as `findSlots`. */
export function judgeSlots(schedule: Schedule, taken: readonly Occupancy[], query: SlotQuery): JudgedSlot[] {
  if (schedule.waits?.length) {
    const { waits: _asked, ...rest } = schedule;
    return judgeSlots(rest, publicTime(schedule, taken, query), query);
  }
  const starts: number[] = [];
  const codes: number[] = [];
  judgeStarts(schedule, taken, query, query.from, { starts, codes });
  if (isPaused(schedule)) return asInstants(starts).map((startsAt) => ({ startsAt, verdict: "paused" }));
  const scheduled = new Set(scheduledStarts(taken, query));
  return asInstants(starts).map((startsAt, index) => ({
    startsAt,
    verdict: scheduled.has(startsAt) ? "free" : VERDICTS[codes[index]!]!,
  }));
}

/**
 * May this one start be booked? 'free', the reason why not, or 'off_grid' when no window of the mentor has
 * such a start. Parameters and errors as `findSlots`.
 */
export function judgeStart(
  schedule: Schedule,
  taken: readonly Occupancy[],
  start: {
    readonly startsAt: EpochMs;
    readonly duration: Minutes;
    readonly now: EpochMs;
    readonly serviceId?: string | null;
  },
): Verdict | "off_grid" {
  const { startsAt, duration, now, serviceId } = start;
  const query = { from: startsAt, until: addMs(startsAt, 1), duration, now, serviceId: serviceId ?? null };
  return judgeSlots(schedule, taken, query)[0]?.verdict ?? "off_grid";
}

/** Whether the mentor takes no new bookings. Moving an existing one ignores this setting. */
export function isPaused({ accepting_bookings = true }: Schedule): boolean {
  return !accepting_bookings;
}

/** Seats left in the group session at exactly this time ; null when there is none. */
export function seatsLeft(
  taken: readonly Occupancy[],
  serviceId: string | null,
  startsAt: EpochMs,
  duration: Minutes,
): number | null {
  if (serviceId === null) return null;
  const endsAt = startsAt + duration * MINUTE_MS;
  const session = taken.find(
    (row) => row.serviceId === serviceId && row.startsAt === startsAt && row.endsAt === endsAt,
  );
  return session === undefined ? null : Math.max(0, session.capacity - session.seatsTaken);
}

/** Adds the starts of the query to `found`, those before `from` left out. */
function judgeStarts(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  from: number,
  found: JudgedStarts,
): void {
  rejectInvalidInput(schedule, query);
  const { until } = query;
  if (!(from < until)) return;
  const judge = new StartJudge(schedule, taken, query, from, until, found.codes !== null);
  const windows = judge.windows;
  const step = schedule.slot_interval * MINUTE_MS;
  let next = 0;
  for (let w = 0; w < windows.length; w = next) {
    let reach = windows[w + 1]!;
    for (next = w + 2; next < windows.length && windows[next]! < reach; next += 2) {
      reach = Math.max(reach, windows[next + 1]!);
    }
    if (next === w + 2) {
      judge.judgeGrid(firstStart(windows[w]!, step, from), Math.min(reach, until), step, found);
    } else {
      // Windows that overlap: their grids interleave.
      for (const start of mergedStarts(windows, w, next, step, from, until)) {
        judge.judgeGrid(start, start + 1, step, found);
      }
    }
  }
}

/** The first start of a window's grid at or after `from`. */
function firstStart(windowStart: number, step: number, from: number): number {
  return windowStart >= from ? windowStart : windowStart + Math.ceil((from - windowStart) / step) * step;
}

/** The starts of `windows[begin..end)`, ascending, each once. */
function mergedStarts(
  windows: readonly number[],
  begin: number,
  end: number,
  step: number,
  from: number,
  until: number,
): number[] {
  const all: number[] = [];
  for (let w = begin; w < end; w += 2) {
    const last = Math.min(windows[w + 1]!, until);
    for (let start = firstStart(windows[w]!, step, from); start < last; start += step) all.push(start);
  }
  all.sort((a, b) => a - b);
  return all.filter((start, index) => index === 0 || start !== all[index - 1]);
}

function rejectInvalidInput(schedule: Schedule, query: SlotQuery): void {
  if (!(schedule.slot_interval > 0 && schedule.slot_interval % 1 === 0)) {
    throw new RangeError(`slot_interval must be whole minutes above 0: ${schedule.slot_interval}`);
  }
  if (!(query.duration > 0 && query.duration % 1 === 0)) {
    throw new RangeError(`duration must be whole minutes above 0: ${query.duration}`);
  }
  if (!(schedule.buffer_before >= 0 && schedule.buffer_after >= 0)) {
    throw new RangeError(`Buffers must not be negative: ${schedule.buffer_before}, ${schedule.buffer_after}`);
  }
  if (!(Number.isFinite(query.from) && Number.isFinite(query.until) && Number.isFinite(query.now))) {
    throw new RangeError(`Not instants: from ${query.from}, until ${query.until}, now ${query.now}`);
  }
}
