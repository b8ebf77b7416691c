/**
 * The clock changes of one zone as plain numbers.
 *
 * `Temporal` is asked once per zone and range; everything after that is integer arithmetic, which is what makes a
 * month of slots cost microseconds. A table never changes once built (a wider one replaces it), so a caller may
 * hold one for the length of a computation.
 */
export interface ZoneTable {
  /** First instant the table answers for, epoch ms. */
  readonly from: number;
  /** First instant it no longer answers for, epoch ms. */
  readonly until: number;
  /** Instants of the changes, ascending, closed by Infinity so that a forward scan needs no bounds check. */
  readonly changes: readonly number[];
  /** `offsets[i]` (ms east of UTC) holds before `changes[i]`; the last one holds after the last change. */
  readonly offsets: readonly number[];
  /**
   * Wall clock (ms since 1970-01-01T00:00 local) from which `offsets[i + 1]` is the one to use, closed by Infinity.
   * Temporal's `compatible` takes the earlier instant of a repeated hour and pushes a skipped one forward; both mean
   * "the offset before the change", up to the later of the two readings the clock shows at the change.
   */
  readonly wallChanges: readonly number[];
}

const DAY = 86_400_000;
const YEAR = 366 * DAY;
/** A table is not extended further than this; a distant range starts a new one, so its size stays bounded. */
const WIDEST = 200 * YEAR;
/** The instants ECMAScript can name, epoch ms. */
const FIRST_INSTANT = -8.64e15;
const LAST_INSTANT = 8.64e15;

const tables = new Map<string, ZoneTable>();
/** Rules that hold instead of the runtime's own, within the instants they answer for. */
const adopted = new Map<string, ZoneTable>();
let adoptions = 0;

/**
 * Makes the engine compute with other rules of a zone than the runtime has: those that every process of an installation
 * shares. `null` goes back to the runtime's own.
 * @param timeZone as `resolveTimeZone` spells it
 */
export function adoptZoneTable(timeZone: string, table: ZoneTable | null): void {
  if (table !== null) adopted.set(timeZone, table);
  else if (!adopted.delete(timeZone)) return;
  tables.delete(timeZone);
  adoptions += 1;
}

/** The rules that were adopted, for another thread to adopt. */
export function adoptedZoneTables(): [timeZone: string, table: ZoneTable][] {
  return [...adopted];
}

/** Grows with every change of rules: what was computed before is out of date. */
export function zoneRulesGeneration(): number {
  return adoptions;
}

/**
 * The name as the tz database spells it ('asia/kolkata' -> 'Asia/Kolkata'; links stay what they are), or null when
 * the runtime has no such zone. Raw offsets such as '+05:30' are refused: they know no clock changes.
 */
export function resolveTimeZone(name: string): string | null {
  if (typeof name !== "string" || !/^[A-Za-z]/.test(name)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Does the runtime know this IANA zone or link? 'UTC' counts, raw offsets do not. */
export function isTimeZone(name: string): boolean {
  return tables.has(name) || resolveTimeZone(name) !== null;
}

/**
 * A table that answers for at least [from, until), epoch ms.
 * @throws RangeError for an unknown zone, or instants ECMAScript cannot name.
 */
export function zoneTable(timeZone: string, from: number, until: number): ZoneTable {
  const known = tables.get(timeZone);
  if (known !== undefined && from >= known.from && until <= known.until) return known;
  return widen(timeZone, from, until);
}

/** The offset in force at an instant the table covers, ms east of UTC. */
export function offsetIn(table: ZoneTable, instant: number): number {
  return table.offsets[changesUpTo(table.changes, instant)]!;
}

/** Wall clock (ms since 1970-01-01T00:00 local) -> epoch ms, by Temporal's `compatible`. */
export function instantIn(table: ZoneTable, wall: number): number {
  return wall - table.offsets[changesUpTo(table.wallChanges, wall)]!;
}

/** How many of the ascending numbers are <= value: the index of the offset to use. */
export function changesUpTo(changes: readonly number[], value: number): number {
  let low = 0;
  let high = changes.length - 1; // The closing Infinity is never counted.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function widen(timeZone: string, from: number, until: number): ZoneTable {
  if (!(from >= FIRST_INSTANT && until <= LAST_INSTANT)) {
    throw new RangeError(`No instant lies outside of ${FIRST_INSTANT}..${LAST_INSTANT}: ${from}..${until}`);
  }
  // Keyed by the one right spelling: otherwise every mix of capitals a client sends would be remembered.
  const name = resolveTimeZone(timeZone);
  if (name === null) throw new RangeError(`Unknown time zone: ${timeZone}`);
  const known = tables.get(name);
  if (known !== undefined && from >= known.from && until <= known.until) return known;

  let first = Math.max(from - 2 * YEAR, FIRST_INSTANT);
  let last = Math.min(until + 4 * YEAR, LAST_INSTANT);
  if (known !== undefined && Math.max(last, known.until) - Math.min(first, known.from) <= WIDEST) {
    first = Math.min(first, known.from);
    last = Math.max(last, known.until);
  }
  const table = readAdopted(name, first, last);
  tables.set(name, table);
  return table;
}

/** The runtime's own rules of a zone. @param timeZone as `resolveTimeZone` spells it */
export function readZone(timeZone: string, from: number, until: number): ZoneTable {
  const start = new Temporal.ZonedDateTime(BigInt(Math.floor(from)) * 1_000_000n, timeZone);
  const list = new ChangeList(start.offsetNanoseconds / 1_000_000);
  let next = start.getTimeZoneTransition("next");
  while (next !== null && next.epochMilliseconds < until) {
    list.add(next.epochMilliseconds, next.offsetNanoseconds / 1_000_000);
    next = next.getTimeZoneTransition("next");
  }
  return list.close(from, until);
}

/** Runtime's rules before and after those that were adopted. */
function readAdopted(timeZone: string, from: number, until: number): ZoneTable {
  const shared = adopted.get(timeZone);
  if (shared === undefined) return readZone(timeZone, from, until);
  const before = readZone(timeZone, Math.min(from, shared.from), shared.from);
  const after = readZone(timeZone, shared.until, Math.max(until, shared.until));
  const list = new ChangeList(before.offsets[0]!);
  list.addAll(before);
  list.add(shared.from, shared.offsets[0]!);
  list.addAll(shared);
  list.add(shared.until, after.offsets[0]!);
  list.addAll(after);
  return list.close(Math.min(from, shared.from), Math.max(until, shared.until));
}

/** Changes in ascending order, of which some touch only the name of the time, not the time. */
class ChangeList {
  private readonly changes: number[] = [];
  private readonly wallChanges: number[] = [];
  private readonly offsets: number[];

  constructor(offset: number) {
    this.offsets = [offset];
  }

  add(at: number, after: number): void {
    const before = this.offsets.at(-1)!;
    if (after === before) return;
    this.changes.push(at);
    this.wallChanges.push(at + Math.max(before, after));
    this.offsets.push(after);
  }

  addAll({ changes, offsets }: ZoneTable): void {
    for (let index = 0; index < changes.length - 1; index++) this.add(changes[index]!, offsets[index + 1]!);
  }

  close(from: number, until: number): ZoneTable {
    const { changes, wallChanges, offsets } = this;
    changes.push(Number.POSITIVE_INFINITY);
    wallChanges.push(Number.POSITIVE_INFINITY);
    return { from, until, changes, offsets, wallChanges };
  }
}
