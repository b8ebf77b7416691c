import { calendarLimits } from "#rules/limits.ts";
import { DAY_MS, epochMs } from "#scheduling/units.ts";
import type { BusyFault, BusyTime } from "./busyInterval.ts";
import type { CalendarEvent, EventLength } from "./calendarEvent.ts";
import { instantAt, type Moment, secondReading, wallAt } from "./moments.ts";
import { expandRule, lastWall, type RecurrenceRule } from "./recurrenceRule.ts";

/** The events of one UID. */
export interface Series {
  masters: CalendarEvent[];
  /** With a RECURRENCE-ID. */
  replacements: CalendarEvent[];
}

/** What is left for all series of a calendar. */
export interface Effort {
  occurrences: number;
  /** Series that may still be too long to be expanded. */
  failures: number;
}

interface Range {
  from: number;
  until: number;
}

/** Around ranges on a clock: more than any zone's offset and a clock change together. */
const ZONE_REACH = 2 * DAY_MS;

/** The busy times of a series that overlap [from, until), epoch ms. */
export function expandSeries(series: Series, range: Range, effort: Effort, faults: BusyFault[]): BusyTime[] {
  const masters = latestOf(series.masters, () => "");
  const replacements = latestOf(series.replacements, replacedKey);
  const found: BusyTime[] = [];
  for (const master of masters) {
    const changes = new Changes(master, replacements);
    found.push(...new Expander(master, changes, range, effort, faults).expand());
  }
  for (const event of replacements) {
    // A series that is split in two may have the rule of its second half here; so does one whose master is missing.
    const isSeries = event.isRange || masters.length === 0;
    const own = isSeries ? event : { ...event, rules: [], added: [] };
    const length =
      event.length.isImplied && masters[0] && masters[0].start.isDate === event.start.isDate
        ? masters[0].length
        : event.length;
    const single = { ...own, length };
    found.push(...new Expander(single, new Changes(single, []), range, effort, faults).expand());
  }
  return found;
}

/** The events with the highest SEQUENCE for each key: older ones are outdated, and of equals none is known to be. */
function latestOf(events: readonly CalendarEvent[], keyOf: (event: CalendarEvent) => string) {
  if (events.length < 2) return events;
  const highest = new Map<string, number>();
  for (const event of events)
    highest.set(keyOf(event), Math.max(event.sequence, highest.get(keyOf(event)) ?? event.sequence));
  return events.filter((event) => event.sequence === highest.get(keyOf(event)));
}

function replacedKey({ replaces, start }: CalendarEvent): string {
  const moment = replaces ?? start;
  return `${moment.isDate ? "date" : "time"} ${instantAt(moment)}`;
}

/** What happens to the occurrences that a master's rule yields. */
class Changes {
  /** From when on, ascending, and how. */
  readonly ranges: { from: number; shift: number; event: CalendarEvent }[] = [];
  private readonly master: CalendarEvent;
  /** Instants and whole days of occurrences that do not take place, or are events of their own. */
  private readonly instants = new Set<number>();
  private readonly days = new Set<number>();

  constructor(master: CalendarEvent, replacements: readonly CalendarEvent[]) {
    this.master = master;
    for (const moment of master.excluded) this.leaveOut(moment);
    for (const event of replacements) {
      if (event.replaces === null) continue;
      this.leaveOut(event.replaces);
      if (!event.isRange) continue;
      const from = instantAt(event.replaces);
      const { start } = master;
      const wall = event.replaces.isDate ? event.replaces.wall : wallAt(start.zone, from);
      this.ranges.push({ from, shift: event.start.wall - wall, event });
    }
    this.ranges.sort((one, other) => one.from - other.from);
  }

  isLeftOut(wall: number, startsAt: number): boolean {
    return this.instants.has(startsAt) || (this.days.size > 0 && this.days.has(Math.floor(wall / DAY_MS)));
  }

  /** The last THISANDFUTURE before an occurrence. */
  rangeAt(startsAt: number) {
    return this.ranges.findLast(({ from }) => from <= startsAt);
  }

  /** A date leaves out the occurrences of that day, and a time those of its day from a series of dates. */
  private leaveOut(moment: Moment): void {
    if (moment.isDate === this.master.start.isDate) this.instants.add(instantAt(moment));
    else this.days.add(Math.floor(moment.wall / DAY_MS));
  }
}

class Expander {
  private readonly master: CalendarEvent;
  private readonly changes: Changes;
  private readonly range: Range;
  private readonly effort: Effort;
  private readonly faults: BusyFault[];
  /** Ends by start, so that what RRULE and RDATE both name is found once. */
  private readonly ends = new Map<number, BusyTime>();

  constructor(master: CalendarEvent, changes: Changes, range: Range, effort: Effort, faults: BusyFault[]) {
    this.master = master;
    this.changes = changes;
    this.range = range;
    this.effort = effort;
    this.faults = faults;
  }

  expand(): Iterable<BusyTime> {
    const { master, changes } = this;
    if (!master.isBusy && !changes.ranges.some(({ event }) => event.isBusy)) return [];
    if (this.isInstantaneous()) return [];
    this.occur(master.start, null);
    for (const { start, length } of master.added) this.occur(start, length);
    for (const rule of master.rules) this.addRule(rule);
    return this.ends.values();
  }

  /** An event of no length is a note at a time: it takes none. */
  private isInstantaneous(): boolean {
    const { master, changes } = this;
    const lasts = ({ usual }: EventLength) => usual > 0;
    return !(
      lasts(master.length) ||
      master.added.some(({ length }) => length !== null && lasts(length)) ||
      changes.ranges.some(({ event }) => lasts(event.length))
    );
  }

  private addRule(rule: RecurrenceRule): void {
    const { master, changes, range, effort } = this;
    const { start } = master;
    let [back, forward] = [master.length.usual, 0];
    for (const { shift, event } of changes.ranges) {
      back = Math.max(back, event.length.usual + shift);
      forward = Math.max(forward, -shift);
    }
    const last = lastWall(rule, start.isDate, (instant) => wallAt(start.zone, instant));
    const from = Math.max(start.wall, range.from - back - ZONE_REACH);
    const until = Math.min(last, range.until + forward + ZONE_REACH);
    if (until < from) return;
    const expansion =
      effort.occurrences > 0 && effort.failures > 0
        ? this.expandSafely(rule, from, until)
        : { walls: [], isComplete: false };
    effort.occurrences -= expansion.walls.length;
    const isSubdaily = /^(HOURLY|MINUTELY|SECONDLY)$/.test(rule.parts.freq);
    for (const wall of expansion.walls) {
      this.occur({ ...start, wall }, null);
      // Hours that pass twice, on a night when the clocks go back.
      const second = isSubdaily && !start.isDate ? secondReading(start.zone, wall) : null;
      if (second !== null) this.place({ ...start, wall }, second, master, master.length);
    }
    if (!expansion.isComplete) this.coverRest(from, until);
  }

  private expandSafely(rule: RecurrenceRule, from: number, until: number) {
    try {
      return expandRule(rule, this.master.start.wall, from, until);
    } catch (error) {
      this.report("bad_rule", String(error));
      return { walls: [], isComplete: true };
    }
  }

  /** All of the time in which occurrences were not counted out is busy. */
  private coverRest(from: number, until: number): void {
    const { master, range, effort } = this;
    const { zone } = master.start;
    effort.failures -= 1;
    this.report("too_many_occurrences", "");
    if (!master.isBusy) return;
    const startsAt = Math.max(range.from, instantAt({ wall: from, zone, isDate: false }));
    const endsAt = Math.min(
      range.until,
      instantAt({ wall: until, zone, isDate: false }) + master.length.usual,
    );
    this.add(startsAt, endsAt, { title: master.title, isAllDay: false });
  }

  private occur(start: Moment, length: EventLength | null): void {
    const startsAt = instantAt(start);
    const { master, changes } = this;
    if (changes.isLeftOut(start.wall, startsAt)) return;
    const change = changes.rangeAt(startsAt);
    if (change === undefined) this.place(start, startsAt, master, length ?? master.length);
    else {
      const { event, shift } = change;
      const own =
        event.length.isImplied && event.start.isDate === start.isDate ? master.length : event.length;
      const moved = { ...event.start, wall: start.wall + shift };
      this.place(moved, instantAt(moved), event, length ?? own);
    }
  }

  private place(start: Moment, startsAt: number, by: CalendarEvent, length: EventLength): void {
    if (by.isBusy)
      this.add(startsAt, length.endOf(start, startsAt), { title: by.title, isAllDay: start.isDate });
  }

  private add(startsAt: number, endsAt: number, facts: Pick<BusyTime, "title" | "isAllDay">): void {
    const { range, ends, master } = this;
    if (!(startsAt < endsAt && startsAt < range.until && endsAt > range.from)) return;
    if ((ends.get(startsAt)?.endsAt ?? 0) >= endsAt) return;
    ends.set(startsAt, { startsAt: epochMs(startsAt), endsAt: epochMs(endsAt), uid: master.uid, ...facts });
  }

  private report(reason: BusyFault["reason"], detail: string): void {
    this.faults.push({ uid: this.master.uid, reason, detail: detail.slice(0, calendarLimits.title) });
  }
}
