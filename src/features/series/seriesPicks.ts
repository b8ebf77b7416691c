import type { SeriesCheck } from "#contract/series.ts";
import { numberLimits } from "#rules/limits.ts";
import { DAY_MS, type EpochMs, MINUTE_MS, parseInstant } from "#scheduling/units.ts";

export const repeats = ["weekly", "two_weeks"] as const;
export type Repeats = (typeof repeats)[number];
export type SeriesPayment = SeriesCheck["payments"][number];

/** What a student has decided about the dates of a series, kept until it is booked. */
export type SeriesPicks = {
  /** Which session is repeated: other decisions belong to another one. */
  of: string;
  every: Repeats;
  sessions: number;
  /** Places that are left out. */
  omitted: readonly number[];
  /** Starts that replace those of places. */
  instead: Readonly<Record<number, string>>;
  /** null: not chosen yet. */
  payment: SeriesPayment | null;
};

type CheckedSession = SeriesCheck["sessions"][number];

/** A date as it is now decided. */
export type SeriesRow = {
  session: CheckedSession;
  /** open: it cannot be booked, and nothing replaces it. */
  state: "free" | "replaced" | "omitted" | "open";
  /** What will be booked. */
  startsAt: EpochMs | null;
};

export function noPicks(of: string, sessions: number): SeriesPicks {
  return { of, every: "weekly", sessions, omitted: [], instead: {}, payment: null };
}

/**
 * The package for a series: the first to expire of those that have a session for each date, else the one that has most left.
 * @param packages for such a session, the first to expire first
 */
export function packageForAll<Pack extends { sessions_left: number }>(
  packages: readonly Pack[],
  dates: number,
): Pack | undefined {
  const mostLeft = packages.toSorted((one, other) => other.sessions_left - one.sessions_left);
  return packages.find(({ sessions_left }) => sessions_left >= dates) ?? mostLeft[0];
}

/** How many sessions fit before the end of what can be booked. */
export function mostSessions(startsAt: EpochMs, every: Repeats, until: EpochMs): number {
  const step = (every === "weekly" ? 7 : 14) * DAY_MS;
  return Math.min(numberLimits.seriesSessions.max, Math.floor((until - startsAt) / step) + 1);
}

export function rowsOf(sessions: readonly CheckedSession[], { omitted, instead }: SeriesPicks): SeriesRow[] {
  return sessions.map((session): SeriesRow => {
    const { place, verdict, starts_at } = session;
    const replacement = instead[place];
    if (verdict === null)
      return omitted.includes(place)
        ? { session, state: "omitted", startsAt: null }
        : { session, state: "free", startsAt: parseInstant(starts_at) };
    return replacement === undefined
      ? { session, state: "open", startsAt: null }
      : { session, state: "replaced", startsAt: parseInstant(replacement) };
  });
}

/** What will be booked, earliest first. */
export function startsOf(rows: readonly SeriesRow[]): EpochMs[] {
  return rows.flatMap(({ startsAt }) => (startsAt === null ? [] : [startsAt])).sort((a, b) => a - b);
}

/** Ticks or unticks a date; without its tick, a replacement is dropped. */
export function withTick(picks: SeriesPicks, place: number, isTicked: boolean): SeriesPicks {
  const { [place]: _, ...instead } = picks.instead;
  const others = picks.omitted.filter((other) => other !== place);
  return { ...picks, instead, omitted: isTicked ? others : [...others, place] };
}

export function withReplacement(picks: SeriesPicks, place: number, start: string): SeriesPicks {
  return { ...picks, instead: { ...picks.instead, [place]: start } };
}

/** Without the replacements that turned out to be taken. */
export function withoutStarts(picks: SeriesPicks, taken: readonly string[]): SeriesPicks {
  const gone = new Set(taken.map(Date.parse));
  const instead = Object.entries(picks.instead).filter(([, start]) => !gone.has(Date.parse(start)));
  return { ...picks, instead: Object.fromEntries(instead) };
}

/** Whether a start would overlap with another session of the series. */
export function overlaps(
  rows: readonly SeriesRow[],
  place: number,
  startsAt: EpochMs,
  minutes: number,
): boolean {
  return rows.some(
    (row) =>
      row.session.place !== place &&
      row.startsAt !== null &&
      Math.abs(row.startsAt - startsAt) < minutes * MINUTE_MS,
  );
}

export type ClockNote = "student" | "mentor" | "travel";

/** At which dates a clock shows another time than at the date before. */
export function clockNotes(sessions: readonly CheckedSession[]): ReadonlyMap<number, ClockNote> {
  const notes = sessions.flatMap((session, index): [number, ClockNote][] => {
    const before = sessions[index - 1];
    if (!before) return [];
    if (session.mentor_timezone !== before.mentor_timezone) return [[session.place, "travel"]];
    if (session.scheduled_time !== before.scheduled_time) return [[session.place, "mentor"]];
    return session.time === before.time ? [] : [[session.place, "student"]];
  });
  return new Map(notes);
}
