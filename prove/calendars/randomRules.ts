import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";

const frequencies = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"] as const;
type Frequency = (typeof frequencies)[number];

/** An RRULE by its parts, its start and the time to look at. */
export interface RandomRule {
  freq: Frequency;
  interval: number;
  by: Partial<Record<ByPart, number[]>>;
  byDay: { nth: number; weekday: number }[] | null;
  /** 0 is Sunday. */
  weekStart: number;
  count: number | null;
  /** Epoch ms, included. */
  until: number | null;
  /** Wall clock ms. */
  start: number;
  zone: string;
  /** Epoch ms. */
  from: number;
  end: number;
}

type ByPart =
  | "BYSECOND"
  | "BYMINUTE"
  | "BYHOUR"
  | "BYMONTHDAY"
  | "BYYEARDAY"
  | "BYWEEKNO"
  | "BYMONTH"
  | "BYSETPOS";

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/** Of both hemispheres, with changes at midnight, of half an hour, against the winter, and without any. */
const zones = [
  "America/New_York",
  "Europe/London",
  "Europe/Berlin",
  "Europe/Dublin",
  "Africa/Casablanca",
  "Africa/Cairo",
  "America/Santiago",
  "America/Havana",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Asia/Kathmandu",
  "UTC",
];

/** Days from the start within which a rule of each frequency is looked at: enough for several periods. */
const spans: Readonly<Record<Frequency, number>> = {
  YEARLY: 2500,
  MONTHLY: 1200,
  WEEKLY: 700,
  DAILY: 500,
  HOURLY: 40,
  MINUTELY: 12,
  SECONDLY: 5,
};
/** So that no rule repeats more often than the limit that makes all of the time busy. */
const leastInterval: Partial<Record<Frequency, number>> = { MINUTELY: 45, SECONDLY: 2700 };

const numbers = (min: number, max: number, most = 3) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: most });
const signed = (min: number, max: number, most = 3) =>
  fc.uniqueArray(fc.oneof(fc.integer({ min, max }), fc.integer({ min: -max, max: -min })), {
    minLength: 1,
    maxLength: most,
  });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, percent = 30) =>
  fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(null) }, { weight: percent, arbitrary });

/** What RFC 5545 allows with each frequency (3.3.10, the table of how parts expand or limit). */
const drafts = fc.constantFrom(...frequencies).chain((freq) => {
  const isSubdaily = ["HOURLY", "MINUTELY", "SECONDLY"].includes(freq);
  const allows = {
    BYYEARDAY: freq === "YEARLY" || isSubdaily,
    BYMONTHDAY: freq !== "WEEKLY",
    BYWEEKNO: freq === "YEARLY",
  };
  const maybe = <T>(isAllowed: boolean, arbitrary: fc.Arbitrary<T>, percent = 30) =>
    isAllowed ? sometimes(arbitrary, percent) : fc.constant(null);
  const least = leastInterval[freq] ?? 1;
  return fc.record({
    freq: fc.constant(freq),
    interval: fc.integer({ min: least, max: least === 1 ? 4 : least * 5 }),
    BYMONTH: sometimes(numbers(1, 12), 30),
    BYWEEKNO: maybe(allows.BYWEEKNO, signed(1, 53, 2), 15),
    BYYEARDAY: maybe(allows.BYYEARDAY, signed(1, 366, 3), 15),
    BYMONTHDAY: maybe(allows.BYMONTHDAY, signed(1, 31, 3), 40),
    byDay: sometimes(
      fc.uniqueArray(
        fc.record({ nth: fc.integer({ min: -5, max: 5 }), weekday: fc.integer({ min: 0, max: 6 }) }),
        {
          minLength: 1,
          maxLength: 3,
          selector: ({ nth, weekday }) => `${nth} ${weekday}`,
        },
      ),
    ),
    hasOrdinals: fc.boolean(),
    BYHOUR: sometimes(numbers(0, 23), 30),
    BYMINUTE: sometimes(numbers(0, 59, 2), 30),
    BYSECOND: sometimes(numbers(0, 59, 1), 15),
    BYSETPOS: sometimes(signed(1, 4, 2), 30),
    weekStart: fc.integer({ min: 0, max: 6 }),
    end: fc.constantFrom("count", "until", "never"),
    count: fc.integer({ min: 1, max: 40 }),
    day: fc.integer({ min: 0, max: 730 }),
    minute: fc.integer({ min: 0, max: 1439 }),
    zone: fc.constantFrom(...zones),
    skipped: fc.double({ min: 0, max: 0.8, noNaN: true }),
    endsAt: fc.double({ min: 0, max: 1, noNaN: true }),
  });
});

export const randomRule: fc.Arbitrary<RandomRule> = drafts.map((draft) => {
  const { freq, interval, weekStart, zone } = draft;
  const start = Date.UTC(2024, 0, 1) + draft.day * DAY_MS + draft.minute * MINUTE_MS;
  const span = spans[freq] * DAY_MS;
  const by: RandomRule["by"] = {};
  const parts = ["BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSECOND"] as const;
  for (const part of parts) if (draft[part] !== null) by[part] = draft[part];
  // Ordinals are for months and years, and not beside week numbers.
  const ordinals =
    draft.hasOrdinals && (freq === "MONTHLY" || (freq === "YEARLY" && by.BYWEEKNO === undefined));
  const byDay =
    draft.byDay === null
      ? null
      : unique(draft.byDay.map(({ nth, weekday }) => ({ nth: ordinals ? nth : 0, weekday })));
  const hasPart = Object.keys(by).length > 0 || byDay !== null;
  if (draft.BYSETPOS !== null && hasPart) by.BYSETPOS = draft.BYSETPOS;
  const from = start + draft.skipped * span;
  return {
    freq,
    interval,
    by,
    byDay,
    weekStart,
    count: draft.end === "count" ? draft.count : null,
    until: draft.end === "until" ? Math.floor((start + draft.endsAt * span) / HOUR_MS) * HOUR_MS : null,
    start,
    zone,
    from: Math.floor(from / HOUR_MS) * HOUR_MS,
    end: start + span,
  };
});

function unique(days: { nth: number; weekday: number }[]) {
  return [...new Map(days.map((day) => [`${day.nth} ${day.weekday}`, day])).values()];
}

/** 'FREQ=…', without its end unless asked. */
export function ruleText(rule: RandomRule, withEnd: boolean): string {
  const parts = [`FREQ=${rule.freq}`, `INTERVAL=${rule.interval}`];
  for (const [name, values] of Object.entries(rule.by)) parts.push(`${name}=${values.join(",")}`);
  if (rule.byDay !== null)
    parts.push(`BYDAY=${rule.byDay.map(({ nth, weekday }) => `${nth || ""}${weekdays[weekday]}`).join(",")}`);
  parts.push(`WKST=${weekdays[rule.weekStart]}`);
  if (withEnd && rule.count !== null) parts.push(`COUNT=${rule.count}`);
  if (withEnd && rule.until !== null) parts.push(`UNTIL=${compact(rule.until)}Z`);
  return parts.join(";");
}

/** 'YYYYMMDDTHHMMSS'. */
export function compact(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "");
}
