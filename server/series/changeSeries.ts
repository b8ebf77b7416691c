import type { z } from "zod";
import type {
  cancelSeries as cancelContract,
  rescheduleSeries as rescheduleContract,
  Series,
  SeriesChanged,
} from "#contract/series.ts";
import { decimalOf, type Money, moneyOf, moneyOfMinor } from "#rules/money.ts";
import { addDays, dayOf, parseTime } from "#scheduling/dates.ts";
import { withoutSeat } from "#scheduling/seats.ts";
import { judgeTogether } from "#scheduling/series.ts";
import { addMs, asMinutes, type EpochMs, epochMs, formatInstant, parseInstant } from "#scheduling/units.ts";
import { mentorZoneReader, zoneOnDate } from "#scheduling/zoneCalendar.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import { togetherRefusals } from "#words/refusals.ts";
import { presentJudged, requireNoneRefused, startsAround } from "../baskets/judgeTogether.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { forMove, type MentorSchedule, readSchedule, scheduleForId } from "../slots/queries.ts";
import { findSeries, requireSeries } from "./queries.ts";

type Session = Series["sessions"][number];
const reason = "all sessions of a series change in one transaction";

/**
 * Cancels a session and all later ones, each by its own terms; for the mentor, declines what they have not agreed to.
 * @throws Refusal `series_not_found`, `cutoff_passed`, `price_mismatch` if another sum goes back than was shown
 */
export async function cancelSeries(
  { database, now }: Dependencies,
  caller: Identity,
  id: string,
  { from_place, refund: shown, reason: said }: z.output<typeof cancelContract>,
): Promise<SeriesChanged> {
  return database.asSystem(reason, caller.id, async (tx) => {
    const { series, open, left } = await readOpen(tx, caller, id, from_place, "can_cancel", now());
    const { currency } = series.sessions[0]!;
    const refund = open.map((session) => moneyOf(session.refund, currency).minor).reduce((a, b) => a + b, 0);
    const goesBack = moneyOfMinor(refund, currency);
    requireRefund(goesBack, shown);
    await tx.client.query("select private.change_together($1, $2, 'cancelled', $3)", [
      series.expert_id,
      open.map((session) => session.id),
      said || null,
    ]);
    return changed(tx, caller, series, { open, left, refund: goesBack, now: now() });
  });
}

/** Approves all requests of a series. @throws Refusal `series_not_found`, `invalid_transition`, `forbidden` */
export async function confirmSeries(
  { database, now }: Dependencies,
  caller: Identity,
  id: string,
): Promise<SeriesChanged> {
  return database.asSystem(reason, caller.id, async (tx) => {
    const series = await readLocked(tx, caller, id, now());
    if (series.expert_id !== caller.id) throw new Refusal("forbidden");
    const open = series.sessions.filter(
      ({ status, awaits_payment }) => status === "pending" && !awaits_payment,
    );
    if (open.length === 0) throw new Refusal("invalid_transition");
    await tx.client.query("select private.change_together($1, $2, 'confirmed', null)", [
      series.expert_id,
      open.map((session) => session.id),
    ]);
    const refund = moneyOfMinor(0, series.sessions[0]!.currency);
    return changed(tx, caller, series, { open, left: [], refund, now: now() });
  });
}

/**
 * Moves a session to another start, and all later ones by as much on the mentor's clock: all of those that can be moved, or none.
 * @throws Refusal `series_not_found`, `cutoff_passed`, `slot_taken`, `slot_unavailable` with `refused_sessions`
 */
export async function rescheduleSeries(
  { database, now }: Dependencies,
  caller: Identity,
  id: string,
  { from_place, starts_at, timezone, reason: said }: z.output<typeof rescheduleContract>,
): Promise<SeriesChanged> {
  return database.asSystem(reason, caller.id, async (tx) => {
    const at = now();
    const { series, open, left } = await readOpen(tx, caller, id, from_place, "can_move", at);
    const wanted = parseInstant(starts_at);
    const first = parseInstant(open[0]!.starts_at);
    const olds = open.map((session) => parseInstant(session.starts_at));
    const reach = olds.map((old) => addMs(old, wanted - first));
    const read = await readSchedule(tx.client, series.expert_id, startsAround([...olds, ...reach], at));
    const news = movedStarts(read, olds, wanted);
    requireFree(read, series, open, olds, news, at, timezone ?? open[0]!.student_timezone);
    const moves = open.map((session, index) => {
      const local = wallClockOf(read.schedule.timezone, news[index]!);
      return { id: session.id, starts_at: new Date(news[index]!), date: local.date, time: local.time };
    });
    // A later one first when all move ahead: its old time may be the new one of the session before.
    await tx.client.query("select private.move_together($1, $2, $3, $4)", [
      series.expert_id,
      JSON.stringify(wanted > first ? moves.toReversed() : moves),
      caller.id === series.user_id ? (timezone ?? null) : null,
      said || null,
    ]);
    const refund = moneyOfMinor(0, open[0]!.currency);
    return changed(tx, caller, series, { open, left, refund, now: at });
  });
}

/** @throws Refusal `series_not_found` */
async function readLocked(tx: SystemTx, caller: Identity, id: string, now: EpochMs): Promise<Series> {
  const found = await findSeries(tx, caller.id, id, now);
  if (!found) throw new Refusal("series_not_found");
  await lockSchedule(tx, found.expert_id);
  return requireSeries(tx, caller.id, id, now);
}

/** The sessions from a place on that are still to come: those that can be changed, and those for which it is too late. */
async function readOpen(
  tx: SystemTx,
  caller: Identity,
  id: string,
  fromPlace: number,
  can: "can_cancel" | "can_move",
  now: EpochMs,
) {
  const series = await readLocked(tx, caller, id, now);
  const ahead = series.sessions.filter(
    ({ place, status, starts_at }) =>
      place >= fromPlace && (status === "pending" || status === "confirmed") && parseInstant(starts_at) > now,
  );
  const open = ahead.filter((session) => session[can]).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  if (ahead.length === 0) throw new Refusal("invalid_transition");
  if (open.length === 0) throw new Refusal("cutoff_passed");
  return { series, open, left: ahead.filter((session) => !session[can]) };
}

/** @throws Refusal `price_mismatch` */
function requireRefund(refund: Money, shown: number | undefined): void {
  if (shown === undefined || moneyOf(shown, refund.currency).minor === refund.minor) return;
  throw new Refusal("price_mismatch", {
    detail: togetherRefusals.otherRefund,
    expected_amount: decimalOf(refund),
    currency: refund.currency,
  });
}

/** Each start moved by as much on the mentor's clock as the first one, on the zones of the dates. */
function movedStarts({ schedule }: MentorSchedule, olds: readonly EpochMs[], wanted: EpochMs): EpochMs[] {
  const zoneOf = mentorZoneReader(schedule);
  const wall = (start: EpochMs) => {
    const { date, time } = wallClockOf(zoneOf(start), start);
    return { date, minute: parseTime(time) ?? asMinutes(0) };
  };
  const [from, to] = [wall(olds[0]!), wall(wanted)];
  const days = dayOf(to.date) - dayOf(from.date);
  const minutes = to.minute - from.minute;
  return olds.map((old, index) => {
    if (index === 0) return wanted;
    const { date, minute } = wall(old);
    const shifted = minute + minutes;
    const overflow = Math.floor(shifted / 1440);
    const day = addDays(date, days + overflow);
    return instantOf(zoneOnDate(schedule, dayOf(day)), day, asMinutes(shifted - overflow * 1440));
  });
}

/** @throws Refusal `slot_taken`, `slot_unavailable` */
function requireFree(
  read: MentorSchedule,
  series: Series,
  open: readonly Session[],
  olds: readonly EpochMs[],
  news: readonly EpochMs[],
  now: EpochMs,
  zone: string,
): void {
  const { service_id: serviceId, duration } = series;
  const query = {
    from: epochMs(Math.min(...news)),
    until: epochMs(Math.max(...news) + 1),
    duration,
    now,
    serviceId,
  };
  const [firstOld, ...laterOlds] = olds;
  const ofService = { schedule: scheduleForId(read, serviceId), taken: read.taken };
  const { schedule, taken } = forMove(ofService, firstOld!, query);
  const others = laterOlds.reduce(withoutSeat, taken);
  const capacity = read.services.find(({ id }) => id === series.service_id)?.capacity ?? 1;
  const wanted = news.map((startsAt) => ({
    schedule,
    startsAt,
    duration,
    now,
    serviceId,
    capacity,
  }));
  const refused = judgeTogether(others, wanted).flatMap((judged, index) =>
    judged.verdict === "free" ? [] : [presentJudged(judged, (open[index]?.place ?? 1) - 1, zone)],
  );
  requireNoneRefused(refused, togetherRefusals.notMoved);
}

async function changed(
  tx: SystemTx,
  caller: Identity,
  { id }: Series,
  { open, left, refund, now }: { open: Session[]; left: Session[]; refund: Money; now: EpochMs },
): Promise<SeriesChanged> {
  return {
    changed: open.length,
    left: left.map(({ place, starts_at }) => ({ place, starts_at: formatInstant(parseInstant(starts_at)) })),
    refund: decimalOf(refund),
    currency: refund.currency,
    series: await requireSeries(tx, caller.id, id, now),
  };
}
