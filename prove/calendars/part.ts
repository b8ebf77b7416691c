import fc from "fast-check";
import { DAY_MS } from "#scheduling/units.ts";
import type { Finding, Prove } from "../proof.ts";
import { bruteStarts } from "./bruteRules.ts";
import { byIcalJs, byLibraryAlone, byTheStandard, ours, type Starts } from "./comparison.ts";
import { type RandomRule, randomRule, ruleText } from "./randomRules.ts";

const seed = Number(process.env.PROVE_SEED ?? 20_261_129);

export const calendars: Prove = async (scale) => {
  const runs = scale === "long" ? Number(process.env.PROVE_RUNS ?? 10_000) : 250;
  const rules = fc.sample(randomRule, { numRuns: runs, seed }).map(fromFirst);
  const findings = [compareWithSearch(rules), compareWithIcalJs(rules), ...twins()];
  return { title: "Recurring events", findings, notes };
};

/** RFC 5545 leaves series undefined whose start their rule does not name, so a series begins with its first occurrence. */
function fromFirst(rule: RandomRule): RandomRule {
  const [start = rule.start] = bruteStarts({ ...rule, count: null }, rule.end);
  return { ...rule, start };
}

function compareWithSearch(rules: readonly RandomRule[]): Finding {
  const faults: string[] = [];
  let [starts, wider] = [0, 0];
  for (const rule of rules) {
    const [found, expected] = [ours(rule), byTheStandard(rule)];
    starts += expected.length;
    if (areSame(found, expected)) continue;
    if (isInDoubt(rule) && expected.every((start) => found.includes(start))) wider += 1;
    else faults.push(describe(rule));
  }
  return {
    promise: "Busy times of a recurring event are those of a search by RFC 5545 through all days and times",
    figure: `${rules.length} rules, ${starts} starts, seed ${seed} · ${wider} rules in doubt are busy more often · ${verdict(faults)}`,
    holds: faults.length === 0 && starts > rules.length && wider < rules.length / 20,
  };
}

function compareWithIcalJs(rules: readonly RandomRule[]): Finding {
  const faults: string[] = [];
  const asked = rules.filter(isForIcalJs);
  for (const rule of asked) {
    const found = byIcalJs(rule);
    if (found === "gave up" || !areSame(found, ours(rule))) faults.push(describe(rule));
  }
  return {
    promise: "Busy times of a recurring event are those of ical.js's own iterator, where it follows RFC 5545",
    figure: `${asked.length} of ${rules.length} rules · ${verdict(faults)}`,
    holds: faults.length === 0 && asked.length > rules.length / 10,
  };
}

/** Yearly rules that are read too widely on purpose: `withoutDoubt` in recurrenceRule.ts says why. */
function isInDoubt({ freq, by, byDay, interval }: RandomRule): boolean {
  if (freq !== "YEARLY") return false;
  const numbered = by.BYMONTH === undefined && byDay?.some(({ nth }) => nth !== 0) === true;
  const hasDays = by.BYYEARDAY === undefined ? numbered : byDay !== null;
  const ways = [by.BYMONTHDAY, by.BYYEARDAY, by.BYWEEKNO].filter((part) => part !== undefined).length;
  const isAcrossNewYear = by.BYWEEKNO?.some((week) => Math.abs(week) === 1 || Math.abs(week) > 51) === true;
  return ways + Number(hasDays) > 1 || (isAcrossNewYear && interval > 1);
}

/** Not what the notes list as faults of ical.js. */
function isForIcalJs(rule: RandomRule): boolean {
  const { freq, by, byDay } = rule;
  const has = (...parts: (keyof RandomRule["by"])[]) => parts.some((part) => by[part] !== undefined);
  if (has("BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND", "BYWEEKNO", "BYYEARDAY")) return false;
  if (freq === "YEARLY") return !has("BYMONTHDAY");
  if (freq === "MONTHLY") return !has("BYMONTH") && !(has("BYMONTHDAY") && byDay !== null);
  if (by.BYMONTHDAY?.some((day) => day < 0)) return false;
  // Its iterator does not return if there is no occurrence.
  return bruteStarts({ ...rule, count: null }, rule.end).length > 0;
}

function twins(): Finding[] {
  const plain: RandomRule = {
    freq: "DAILY",
    interval: 1,
    by: {},
    byDay: null,
    weekStart: 1,
    count: null,
    until: null,
    start: Date.UTC(2026, 2, 1, 2, 30),
    zone: "America/New_York",
    from: Date.UTC(2026, 2, 1),
    end: Date.UTC(2026, 2, 31),
  };
  const yearly: RandomRule = {
    ...plain,
    freq: "YEARLY",
    byDay: [
      { nth: 1, weekday: 1 },
      { nth: 0, weekday: 5 },
    ],
    start: Date.UTC(2026, 0, 2, 9),
    end: Date.UTC(2026, 0, 1) + 400 * DAY_MS,
  };
  const twin = (promise: string, rule: RandomRule, found: Starts): Finding => {
    const missing = byTheStandard(rule).filter((start) => !found.includes(start)).length;
    return { promise, figure: `${missing} starts missing`, holds: missing > 0, twin: true };
  };
  return [
    twin(
      "a rule expanded on the zone's own clock loses the skipped hour",
      plain,
      byLibraryAlone(plain, true),
    ),
    twin("a rule left to rrule-temporal as it is written loses days", yearly, byLibraryAlone(yearly, false)),
  ];
}

function areSame(one: Starts, other: Starts): boolean {
  return one.length === other.length && one.every((start, index) => start === other[index]);
}

function describe(rule: RandomRule): string {
  return `${ruleText(rule, true)} from ${new Date(rule.start).toISOString()} in ${rule.zone}`;
}

function verdict(faults: readonly string[]): string {
  return faults.length === 0 ? "no difference" : `${faults.length} differ: ${faults.slice(0, 3).join("; ")}`;
}

const notes = `Random rules with every FREQ, INTERVAL, COUNT or UNTIL and the BY parts that RFC 5545 allows with it, in thirteen zones.
The search (prove/calendars/bruteRules.ts) reads the standard's table as a question to each day and time, and finds instants with
Temporal. ical.js (2.2.1) is asked only where it follows the standard; the search showed it wrong elsewhere. It yields too many or
too few times with BYHOUR, BYMINUTE and BYSECOND; ignores or miscounts BYSETPOS; misses occurrences of yearly rules with BYMONTHDAY
or BYWEEKNO, and of rules with BYYEARDAY; yields too many of monthly ones with BYMONTH, or with BYMONTHDAY and BYDAY together; and does not end
for negative BYMONTHDAY in daily and finer rules. rrule-temporal (2.2.8) is wrong about the yearly rules that \`withoutDoubt\` in
server/calendarConnections/busyTimes/recurrenceRule.ts describes; those are rewritten, or busy too often, never too rarely.`;
