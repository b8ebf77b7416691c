/** Series a second time: dates by Temporal, verdicts by the brute force, minute by minute. Imports nothing of the engine. */

import type { Occupancy } from "../availability.ts";
import type { Schedule } from "../schedule.ts";
import type { LocalDate } from "../units.ts";
import { bruteForce, zoneOn } from "./bruteForce.ts";

const MINUTE = 60_000;
const DAYS = 3 * 24 * 60 * MINUTE;

export interface BruteRecurrence {
  readonly date: LocalDate;
  readonly time: string;
  readonly everyWeeks: number;
  readonly sessions: number;
}

export function bruteStarts(
  schedule: Schedule,
  { date, time, everyWeeks, sessions }: BruteRecurrence,
): number[] {
  const starts: number[] = [];
  let day = Temporal.PlainDate.from(date);
  while (starts.length < sessions) {
    const start = day
      .toPlainDateTime(time)
      .toZonedDateTime(zoneOn(schedule, day), { disambiguation: "compatible" });
    starts.push(start.epochMilliseconds);
    day = day.add({ weeks: everyWeeks });
  }
  return starts;
}

interface BruteTerms {
  readonly duration: number;
  readonly now: number;
  readonly serviceId: string;
  readonly capacity: number;
}

export interface BruteSession {
  readonly startsAt: number;
  readonly verdict: string;
  readonly substitutes: number[];
}

export function bruteSeries(
  schedule: Schedule,
  taken: readonly Occupancy[],
  starts: readonly number[],
  terms: BruteTerms,
): BruteSession[] {
  const rows: Occupancy[] = taken.map((row) => ({ ...row }));
  const free = new Set<number>();
  const judged: { startsAt: number; verdict: string }[] = [];
  for (const startsAt of starts) {
    const verdict = verdictAt(schedule, rows, startsAt, terms);
    judged.push({ startsAt, verdict });
    if (verdict !== "free") continue;
    free.add(startsAt);
    addSeat(schedule, rows, startsAt, terms);
  }
  return judged.map(({ startsAt, verdict }) => {
    if (verdict === "free") return { startsAt, verdict, substitutes: [] };
    const others = freeBetween(schedule, rows, startsAt - DAYS, startsAt + DAYS + 1, terms).filter(
      (start) => !free.has(start),
    );
    others.sort((one, other) => Math.abs(one - startsAt) - Math.abs(other - startsAt) || one - other);
    return { startsAt, verdict, substitutes: others.slice(0, 3) };
  });
}

function queryOf(from: number, until: number, { duration, now, serviceId }: BruteTerms) {
  return { from, until, duration, now, serviceId } as unknown as Parameters<typeof bruteForce>[2];
}

function verdictAt(schedule: Schedule, rows: readonly Occupancy[], start: number, terms: BruteTerms): string {
  return bruteForce(schedule, rows, queryOf(start, start + 1, terms))[0]?.verdict ?? "off_grid";
}

function freeBetween(
  schedule: Schedule,
  rows: readonly Occupancy[],
  from: number,
  until: number,
  terms: BruteTerms,
): number[] {
  return bruteForce(schedule, rows, queryOf(from, until, terms)).flatMap(({ startsAt, verdict }) =>
    verdict === "free" ? [startsAt] : [],
  );
}

function addSeat(schedule: Schedule, rows: Occupancy[], startsAt: number, terms: BruteTerms): void {
  const place = rows.findIndex((row) => row.startsAt === startsAt && !row.isElsewhere);
  const joined = rows[place];
  if (joined) {
    rows[place] = { ...joined, seatsTaken: joined.seatsTaken + 1 };
    return;
  }
  const endsAt = startsAt + terms.duration * MINUTE;
  rows.push({
    startsAt,
    endsAt,
    busyFrom: startsAt - schedule.buffer_before * MINUTE,
    busyUntil: endsAt + schedule.buffer_after * MINUTE,
    serviceId: terms.serviceId,
    capacity: terms.capacity,
    seatsTaken: 1,
  } as unknown as Occupancy);
}
