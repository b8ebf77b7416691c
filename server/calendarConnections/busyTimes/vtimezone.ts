import type { ZoneTable } from "#scheduling/zoneTable.ts";
import type { RawComponent } from "./contentLines.ts";
import { readWall } from "./moments.ts";
import { type Property, readProperty } from "./properties.ts";
import { expandRule, lastWall, readRule } from "./recurrenceRule.ts";

/** From when a zone shows another time: an onset of STANDARD or DAYLIGHT. */
interface Onset {
  /** Epoch ms. */
  at: number;
  before: number;
  after: number;
}

/**
 * The clock of a VTIMEZONE in [from, until), epoch ms; before and after, its first and last offset. For zones that only their
 * file describes, such as those that Exchange lets people define.
 * @throws if it has no part with both offsets, or if its rules have too many onsets
 */
export function tableOfVtimezone({ parts }: RawComponent, from: number, until: number): ZoneTable {
  const onsets = parts.flatMap((part) => onsetsOf(part, from, until)).sort((one, other) => one.at - other.at);
  const first = onsets[0];
  if (first === undefined) throw new RangeError("A VTIMEZONE without an onset.");
  const changes: number[] = [];
  const wallChanges: number[] = [];
  const offsets = [first.before];
  for (const { at, after } of onsets) {
    const before = offsets.at(-1)!;
    if (after === before) continue;
    changes.push(at);
    wallChanges.push(at + Math.max(before, after));
    offsets.push(after);
  }
  changes.push(Number.POSITIVE_INFINITY);
  wallChanges.push(Number.POSITIVE_INFINITY);
  return { from, until, changes, wallChanges, offsets };
}

function onsetsOf({ lines }: RawComponent, from: number, until: number): Onset[] {
  const properties = lines.map(readProperty);
  const first = (name: string) => properties.find((property) => property.name === name);
  const [before, after] = [offsetOf(first("tzoffsetfrom")), offsetOf(first("tzoffsetto"))];
  const start = readWall(first("dtstart")?.values[0])?.wall;
  if (start === undefined) throw new RangeError("An onset without a start.");
  const walls = new Set([start]);
  for (const { name, values } of properties) {
    if (name === "rdate") for (const value of values) walls.add(readWall(value)?.wall ?? start);
    if (name !== "rrule") continue;
    const rule = readRule(values[0] as Record<string, unknown>);
    const last = Math.min(
      until + before,
      lastWall(rule, false, (instant) => instant + before),
    );
    const expansion = expandRule(rule, start, from, last);
    if (!expansion.isComplete) throw new RangeError("A VTIMEZONE with too many onsets.");
    for (const wall of expansion.walls) walls.add(wall);
  }
  // Onsets are written on the clock that they end.
  return Array.from(walls, (wall) => ({ at: wall - before, before, after }));
}

/** '+05:30' or '-00:25:21' in ms. */
function offsetOf(property: Property | undefined): number {
  const parts = /^([+-])(\d\d):?(\d\d):?(\d\d)?$/.exec(String(property?.values[0]));
  if (parts === null) throw new RangeError("An onset without its offsets.");
  const [hours, minutes, seconds] = [Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 0)];
  return (parts[1] === "-" ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
