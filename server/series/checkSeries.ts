import type { z } from "zod";
import type { checkSeries as checkContract, SeriesCheck } from "#contract/series.ts";
import { approvalOf } from "#rules/approval.ts";
import { addMoney, decimalOf, moneyOfMinor } from "#rules/money.ts";
import { seriesPaymentsFor } from "#rules/seriesPayment.ts";
import { parseTime } from "#scheduling/dates.ts";
import { seriesStarts } from "#scheduling/series.ts";
import { addMs, asMinutes, DAY_MS, type EpochMs, parseInstant } from "#scheduling/units.ts";
import { mentorZoneReader } from "#scheduling/zoneCalendar.ts";
import { wallClockOf, wallClockReader } from "#scheduling/zonedTime.ts";
import { offeredFor } from "../baskets/bookTogether.ts";
import { judgeAll, presentJudged, startsAround } from "../baskets/judgeTogether.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { noOffers, pricedWith } from "../offers/priceTerms.ts";
import { type MentorSchedule, readSchedule } from "../slots/queries.ts";

export type SeriesQuestion = z.output<typeof checkContract>;

/**
 * Judges all dates of a series by one reading of the schedule. Nothing is reserved.
 * @throws Refusal `mentor_not_found`, `validation_failed`
 */
export async function checkSeries(
  { database, now, collects }: PriceDependencies,
  mentor: string,
  question: SeriesQuestion,
): Promise<SeriesCheck> {
  const at = now();
  const read = await readSchedule(database.public, mentor, startsAround(roughStarts(question), at));
  const service = offeredFor(read, question);
  const { duration, add_recording: addRecording } = question;
  const { total: price } = pricedWith(service, { minutes: duration, addRecording }, noOffers);
  const { schedule } = read;
  const timezone = question.timezone ?? schedule.timezone;
  const starts = startsOfSeries(read, question);
  const judged = judgeAll(
    read,
    starts.map((startsAt) => ({ startsAt, service, duration })),
    at,
  );
  const studentClock = wallClockReader(timezone);
  const zoneOf = mentorZoneReader(schedule);
  const mentorClock = (start: EpochMs) => wallClockOf(zoneOf(start), start);
  const first = starts[0]!;
  const free = judged.filter(({ verdict }) => verdict === "free");
  const total = free.reduce((sum) => addMoney(sum, price), moneyOfMinor(0, price.currency));
  return {
    service_id: service.id,
    duration,
    timezone,
    mentor_timezone: schedule.timezone,
    sessions: judged.map((session, index) => {
      const { startsAt } = session;
      const { date: scheduled_date, time: scheduled_time } = mentorClock(startsAt);
      const { date, time } = studentClock(startsAt);
      return {
        ...presentJudged(session, index, timezone),
        scheduled_date,
        scheduled_time,
        mentor_timezone: zoneOf(startsAt),
        date,
        time,
        moves_for_student: time !== studentClock(first).time,
        moves_for_mentor: scheduled_time !== mentorClock(first).time,
      };
    }),
    free: free.length,
    session_amount: decimalOf(price),
    total_amount: decimalOf(total),
    currency: price.currency,
    payments: [
      ...seriesPaymentsFor({
        isPaid: collects && price.minor > 0,
        isInstant: approvalOf(read.mentor, service) === "instant",
        starts: free.map(({ startsAt }) => startsAt),
        now: at,
      }),
    ],
  };
}

/** The starts asked for, ascending. Regular ones are at the same time of the mentor's clock. */
function startsOfSeries({ schedule }: Pick<MentorSchedule, "schedule">, question: SeriesQuestion): EpochMs[] {
  if (question.pattern === "chosen") return question.starts.map(parseInstant).sort((a, b) => a - b);
  const first = parseInstant(question.starts_at);
  const { date, time } = wallClockOf(mentorZoneReader(schedule)(first), first);
  const [, ...others] = seriesStarts(schedule, {
    date,
    minuteOfDay: parseTime(time) ?? asMinutes(0),
    everyWeeks: question.pattern === "weekly" ? 1 : 2,
    sessions: question.sessions,
  });
  // The very instant: the clocks may show the first time twice.
  return [first, ...others];
}

/** Where the starts lie, before the mentor's zone is known: to the day. */
function roughStarts(question: SeriesQuestion): EpochMs[] {
  if (question.pattern === "chosen") return question.starts.map(parseInstant);
  const first = parseInstant(question.starts_at);
  const weeks = (question.sessions - 1) * (question.pattern === "weekly" ? 1 : 2);
  // Clocks and journeys move a time by a day or so.
  return [first, addMs(first, (weeks * 7 + 2) * DAY_MS)];
}
