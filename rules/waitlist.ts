/** Waitlists: how long freed time is kept for the person whose turn it is. */
import { parseTime } from "#scheduling/dates.ts";
import { addMs, asMinutes, type EpochMs, HOUR_MS, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import { leastOfferMinutes } from "#scheduling/waits.ts";
import { addDays, instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import { quietUntil } from "./quietHours.ts";

/** How long an offer is open while its person is awake. */
export const offerMs = {
  usual: 2 * HOUR_MS,
  /** For a session that starts within `soonWithin`. */
  soon: 30 * MINUTE_MS,
  soonWithin: 24 * HOUR_MS,
  /** With less there is no point in asking: the next person, or the public, gets the time. */
  least: leastOfferMinutes * MINUTE_MS,
} as const;

/** In the person's zone, the countdown pauses. */
export const offerNight = { from: "22:00", until: "08:00" } as const;

export interface OfferedTime {
  readonly offeredAt: EpochMs;
  readonly startsAt: EpochMs;
  /** Minutes before the start until which the student may cancel. */
  readonly cancelCutoff: Minutes;
  /** The mentor's minimum notice. */
  readonly minimumNotice: Minutes;
  /** The person's IANA zone. */
  readonly timezone: string;
}

export interface OfferTerms {
  readonly expiresAt: EpochMs;
  /** The session can no longer be cancelled: the person has to agree to that. */
  readonly isFinal: boolean;
}

/**
 * Returns how long freed time is kept for a person; null when they would have less than ten minutes. An offer of a session
 * that can be cancelled ends before that is no longer so, and every offer ends before the mentor's minimum notice begins.
 */
export function offerTerms(time: OfferedTime): OfferTerms | null {
  const { offeredAt, startsAt, cancelCutoff, minimumNotice, timezone } = time;
  const cancelledUntil = addMs(startsAt, -cancelCutoff * MINUTE_MS);
  const isFinal = cancelledUntil < offeredAt + offerMs.least;
  const noticeFrom = addMs(startsAt, -minimumNotice * MINUTE_MS);
  const latest = isFinal || noticeFrom < cancelledUntil ? noticeFrom : cancelledUntil;
  if (latest < offeredAt + offerMs.least) return null;
  const length = startsAt - offeredAt <= offerMs.soonWithin ? offerMs.soon : offerMs.usual;
  const awake = afterAwake(offeredAt, length, timezone);
  return { expiresAt: awake < latest ? awake : latest, isFinal };
}

/** When a person has been awake for some time, of less than a day. */
function afterAwake(from: EpochMs, length: number, timezone: string): EpochMs {
  const begin = quietUntil(from, { ...offerNight, timezone }) ?? from;
  const { date } = wallClockOf(timezone, begin);
  const evening = instantOf(timezone, date, clock(offerNight.from));
  const left = begin + length - evening;
  if (left <= 0) return addMs(begin, length);
  return addMs(instantOf(timezone, addDays(date, 1), clock(offerNight.until)), left);
}

function clock(time: string): Minutes {
  return parseTime(time) ?? asMinutes(0);
}
