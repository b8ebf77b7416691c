import ICAL from "ical.js";
import { RRuleTemporal } from "rrule-temporal";
import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import { busyTimes } from "../../server/calendarConnections/busyTimes/busyTimes.ts";
import { bruteStarts } from "./bruteRules.ts";
import { compact, type RandomRule, ruleText } from "./randomRules.ts";

/** Ascending instants, epoch ms. */
export type Starts = readonly number[];

/** A calendar with one event of an hour. */
function calendarOf(rule: RandomRule): string {
  const [start, end] = [compact(rule.start), compact(rule.start + HOUR_MS)];
  const zone = rule.zone === "UTC" ? "" : `;TZID=${rule.zone}`;
  const utc = rule.zone === "UTC" ? "Z" : "";
  const event = [
    "UID:1",
    `DTSTART${zone}:${start}${utc}`,
    `DTEND${zone}:${end}${utc}`,
    `RRULE:${ruleText(rule, true)}`,
  ];
  return ["BEGIN:VCALENDAR", "BEGIN:VEVENT", ...event, "END:VEVENT", "END:VCALENDAR"].join("\r\n");
}

export function ours(rule: RandomRule): Starts {
  const reading = busyTimes(calendarOf(rule), {
    from: epochMs(rule.from),
    until: epochMs(rule.end),
    calendarZone: null,
    personZone: "UTC",
  });
  if (typeof reading === "string" || reading.faults.length > 0) throw new Error(JSON.stringify(reading));
  return inRange(
    rule,
    reading.busy.map(({ startsAt }) => startsAt),
  );
}

/** By the search through all days and times. */
export function byTheStandard(rule: RandomRule): Starts {
  return onTheClock(rule, bruteStarts(rule, rule.end + 2 * 24 * HOUR_MS));
}

/** By ical.js's own iterator, on a clock without changes; "gave up" if it rejects the rule. */
export function byIcalJs(rule: RandomRule, mostSteps = 20_000): Starts | "gave up" {
  const walls: number[] = [];
  try {
    const recur = ICAL.Recur.fromString(ruleText({ ...rule, until: null }, true));
    const iterator = recur.iterator(
      ICAL.Time.fromDateTimeString(new Date(rule.start).toISOString().slice(0, 19)),
    );
    for (let step = 0; step < mostSteps; step++) {
      const time = iterator.next();
      if (!time) break;
      const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
      if (wall > rule.end + 2 * 24 * HOUR_MS) break;
      walls.push(wall);
    }
  } catch {
    return "gave up";
  }
  return onTheClock(rule, walls);
}

/** The instants of wall clocks by Temporal, with the start itself, until the rule's end. */
function onTheClock(rule: RandomRule, walls: readonly number[]): Starts {
  const isSubdaily = ["HOURLY", "MINUTELY", "SECONDLY"].includes(rule.freq);
  const instants = new Set<number>();
  const add = (wall: number, disambiguation: "earlier" | "later" | "compatible") => {
    const text = new Date(wall).toISOString().slice(0, 19);
    const instant = Temporal.PlainDateTime.from(text).toZonedDateTime(rule.zone, { disambiguation });
    return instant.epochMilliseconds;
  };
  for (const wall of walls) {
    const [earlier, later, usual] = [add(wall, "earlier"), add(wall, "later"), add(wall, "compatible")];
    if (usual > (rule.until ?? Number.POSITIVE_INFINITY)) continue;
    instants.add(usual);
    // Of an hour that passes twice, both count for what repeats within a day.
    if (isSubdaily && usual === earlier && later <= (rule.until ?? Number.POSITIVE_INFINITY))
      instants.add(later);
  }
  instants.add(add(rule.start, "compatible"));
  return inRange(rule, [...instants]);
}

function inRange({ from, end }: RandomRule, instants: readonly number[]): Starts {
  return instants.filter((instant) => instant >= from && instant < end).sort((one, other) => one - other);
}

/** The starts of rrule-temporal alone: of its rule as it is written, or on the zone's own clock. */
export function byLibraryAlone(rule: RandomRule, isOnZonesClock: boolean): Starts {
  const zone = isOnZonesClock ? rule.zone : "UTC";
  const wall = Temporal.PlainDateTime.from(new Date(rule.start).toISOString().slice(0, 19));
  const [from, until] = [rule.start - 48 * HOUR_MS, rule.end + 48 * HOUR_MS];
  const found = new RRuleTemporal({
    rruleString: `RRULE:${ruleText({ ...rule, until: null }, true)}`,
    dtstart: wall.toZonedDateTime(zone),
  }).between(new Date(from), new Date(until), true);
  const instants = found.map(({ epochMilliseconds }) => epochMilliseconds);
  return isOnZonesClock ? inRange(rule, instants) : onTheClock(rule, instants);
}
