import ICAL from "ical.js";
import { calendarLimits } from "#rules/limits.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { instantIn, type ZoneTable } from "#scheduling/zoneTable.ts";
import { type BusyFault, type FaultReason, readTitle } from "./busyInterval.ts";
import type { RawComponent } from "./contentLines.ts";
import { instantAt, type Moment, readWall, wallAt } from "./moments.ts";
import { type Property, parameterOf, readProperty } from "./properties.ts";
import { type RecurrenceRule, readRule } from "./recurrenceRule.ts";
import type { ZoneBook } from "./zoneBook.ts";

/** A VEVENT: a single event, the master of a series, or what replaces one or more occurrences of a series. */
export interface CalendarEvent {
  uid: string | null;
  sequence: number;
  title: string | null;
  isBusy: boolean;
  start: Moment;
  length: EventLength;
  rules: RecurrenceRule[];
  added: AddedOccurrence[];
  excluded: Moment[];
  replaces: Moment | null;
  /** RANGE=THISANDFUTURE: it changes all later occurrences too. */
  isRange: boolean;
}

/** RDATE; a period has its own end. */
interface AddedOccurrence {
  start: Moment;
  length: EventLength | null;
}

export interface EventLength {
  /** The end of an occurrence, epoch ms. @param startsAt of `start`, epoch ms */
  endOf(start: Moment, startsAt: number): number;
  /** In ms, on a night without a clock change. */
  usual: number;
  /** Neither DTEND nor DURATION says it. */
  isImplied: boolean;
}

export interface EventClocks {
  zones: ZoneBook;
  /** On which dates are days, and times of an unknown zone are read. */
  calendar: ZoneTable;
  /** On which floating times are read. */
  person: ZoneTable;
  ownAddresses: readonly string[];
}

/** Null if it has no start that can be read; the faults then say why. */
export function readEvent(
  component: RawComponent,
  clocks: EventClocks,
  faults: BusyFault[],
): CalendarEvent | null {
  const reader = new EventReader(component, clocks);
  const event = reader.read();
  faults.push(...reader.faults);
  return event;
}

class EventReader {
  readonly faults: BusyFault[] = [];
  private readonly clocks: EventClocks;
  private readonly properties: Property[] = [];
  private readonly uid: string | null;
  /** In which the event's own times without a zone are read, once its start is known. */
  private start: Moment | null = null;

  constructor({ lines }: RawComponent, clocks: EventClocks) {
    this.clocks = clocks;
    const unreadable: [reason: FaultReason, detail: string][] = [];
    for (const line of lines) {
      try {
        this.properties.push(readProperty(line));
      } catch (error) {
        const detail = error instanceof Error ? error.message : line;
        unreadable.push([/^rrule/i.test(line) ? "bad_rule" : "unreadable", detail]);
      }
    }
    this.uid = this.textOf("uid");
    for (const [reason, detail] of unreadable) this.report(reason, detail);
  }

  read(): CalendarEvent | null {
    const replaced = this.first("recurrence-id");
    const replaces = replaced === null ? null : this.momentOf(replaced);
    const property = this.first("dtstart");
    const start = (property === null ? null : this.momentOf(property)) ?? replaces;
    if (start === null) {
      this.report("no_start", "");
      return null;
    }
    this.start = start;
    const length = this.lengthFrom(start);
    if (length === null) return null;
    return {
      uid: this.uid,
      sequence: Number(this.textOf("sequence") ?? 0) || 0,
      title: readTitle(this.textOf("summary")),
      isBusy: this.isBusy(),
      start,
      length,
      rules: this.rules(),
      added: this.all("rdate").flatMap((rdate) => this.addedBy(rdate)),
      excluded: this.all("exdate").flatMap((exdate) => this.momentsOf(exdate)),
      // Read again on the clock of the start, which times without a zone belong to.
      replaces: replaced === null ? null : this.momentOf(replaced),
      isRange: replaced !== null && parameterOf(replaced, "range")?.toUpperCase() === "THISANDFUTURE",
    };
  }

  private isBusy(): boolean {
    const is = (name: string, value: string) => this.textOf(name)?.trim().toUpperCase() === value;
    const { ownAddresses } = this.clocks;
    const declined = this.all("attendee").some(
      (attendee) =>
        parameterOf(attendee, "partstat")?.toUpperCase() === "DECLINED" &&
        ownAddresses.some((address) => isAddress(attendee, address)),
    );
    // Outlook writes WORKINGELSEWHERE for where its owner works, which takes no time.
    const free = ["FREE", "WORKINGELSEWHERE"].some((value) => is("x-microsoft-cdo-busystatus", value));
    return !(declined || free || is("status", "CANCELLED") || is("transp", "TRANSPARENT"));
  }

  private rules(): RecurrenceRule[] {
    return this.all("rrule").flatMap(({ values }) => {
      try {
        return [readRule(values[0] as Record<string, unknown>)];
      } catch (error) {
        this.report("bad_rule", String(error));
        return [];
      }
    });
  }

  private lengthFrom(start: Moment): EventLength | null {
    const property = this.first("dtend");
    const end = property === null ? null : this.momentOf(property);
    const duration = this.textOf("duration");
    if (end === null && duration !== null) return this.lengthOf(duration, start);
    if (start.isDate) {
      // An event of one day that ends on the day it starts on is a common mistake.
      const days = end === null ? 1 : Math.max(1, Math.ceil((end.wall - start.wall) / DAY_MS));
      return lengthOfWall(days * DAY_MS, 0, end === null);
    }
    if (end === null) return lengthOfWall(0, 0, true);
    const startsAt = instantAt(start);
    const isSameClock = end.zone === start.zone && !end.isDate;
    // A start in a skipped hour is moved on, which must not make the event shorter.
    const isMoved = isSameClock && wallAt(start.zone, startsAt) !== start.wall;
    const exact = isMoved ? end.wall - start.wall : instantAt(end) - startsAt;
    if (exact < 0) {
      this.report("ends_before_start", `${instantText(start)} - ${instantText(end)}`);
      return null;
    }
    return lengthUntil(exact, isSameClock ? end.wall - start.wall : exact);
  }

  private lengthOf(text: string, start: Moment): EventLength | null {
    const parts = readDuration(text);
    if (parts === null) {
      this.report("unreadable", text);
      return lengthOfWall(start.isDate ? DAY_MS : 0, 0, true);
    }
    const { days, ms } = parts;
    if (days < 0 || ms < 0) {
      this.report("ends_before_start", text);
      return null;
    }
    if (!start.isDate) return lengthOfWall(days * DAY_MS, ms, false);
    return lengthOfWall(Math.max(1, days + Math.ceil(ms / DAY_MS)) * DAY_MS, 0, false);
  }

  private addedBy(rdate: Property): AddedOccurrence[] {
    return rdate.values.flatMap((value): AddedOccurrence[] => {
      if (!Array.isArray(value)) {
        const start = this.momentFrom(value, rdate);
        return start === null ? [] : [{ start, length: null }];
      }
      const start = this.momentFrom(value[0], rdate);
      if (start === null) return [];
      const duration = readDuration(String(value[1]));
      if (duration !== null)
        return [{ start, length: lengthOfWall(duration.days * DAY_MS, duration.ms, false) }];
      const end = this.momentFrom(value[1], rdate);
      const exact = end === null ? 0 : instantAt(end) - instantAt(start);
      return [{ start, length: exact > 0 ? lengthUntil(exact, exact) : null }];
    });
  }

  private momentOf(property: Property): Moment | null {
    return this.momentFrom(property.values[0], property);
  }

  private momentsOf(property: Property): Moment[] {
    return property.values.flatMap((value) => this.momentFrom(value, property) ?? []);
  }

  private momentFrom(value: unknown, property: Property): Moment | null {
    const read = readWall(value);
    if (read === null) {
      this.report("unreadable", `${property.name.toUpperCase()}: ${String(value)}`);
      return null;
    }
    const { wall, isDate, isUtc } = read;
    if (isDate) return { wall, isDate, zone: this.clocks.calendar, isFloating: false };
    const named = isUtc ? "UTC" : parameterOf(property, "tzid");
    if (named !== null) return { wall, isDate, zone: this.zoneOf(named), isFloating: false };
    // Some programs leave out the zone of all but the start.
    const zone = this.start === null || this.start.isDate ? this.clocks.person : this.start.zone;
    return { wall, isDate, zone, isFloating: true };
  }

  private zoneOf(name: string): ZoneTable {
    const zone = this.clocks.zones.find(name);
    if (zone !== null) return zone;
    if (!this.faults.some(({ reason, detail }) => reason === "unknown_zone" && detail === name))
      this.report("unknown_zone", name);
    return this.clocks.calendar;
  }

  private first(name: string): Property | null {
    return this.properties.find((property) => property.name === name) ?? null;
  }

  private all(name: string): Property[] {
    return this.properties.filter((property) => property.name === name);
  }

  private textOf(name: string): string | null {
    const value = this.first(name)?.values[0];
    return value === undefined || value === "" ? null : String(value);
  }

  private report(reason: FaultReason, detail: string): void {
    this.faults.push({ uid: this.uid, reason, detail: detail.slice(0, calendarLimits.title) });
  }
}

/**
 * Days on the clock, then exact time (RFC 5545, 3.3.6). A day that a clock change makes shorter still ends at the same time.
 * @param days in ms
 */
function lengthOfWall(days: number, ms: number, isImplied: boolean): EventLength {
  return {
    usual: days + ms,
    isImplied,
    endOf: (start, startsAt) =>
      (days === 0 ? startsAt : instantAt({ ...start, wall: start.wall + days })) + ms,
  };
}

/**
 * From a start to an end. RFC 5545 keeps the exact length for all occurrences, most programs the time at which they end: on
 * the night of a clock change the later of both ends counts.
 */
function lengthUntil(exact: number, onTheClock: number): EventLength {
  return {
    usual: Math.max(exact, onTheClock),
    isImplied: false,
    endOf: ({ zone, wall }, startsAt) => Math.max(startsAt + exact, instantIn(zone, wall + onTheClock)),
  };
}

function readDuration(text: string): { days: number; ms: number } | null {
  if (!/^[+-]?P[\dTWDHMS]+$/.test(text)) return null;
  const { weeks, days, hours, minutes, seconds, isNegative } = ICAL.Duration.fromString(text);
  const sign = isNegative ? -1 : 1;
  return {
    days: sign * (weeks * 7 + days),
    ms: sign * ((hours * 60 + minutes) * 60 + seconds) * 1000,
  };
}

function isAddress({ values }: Property, address: string): boolean {
  return String(values[0]).toLowerCase() === `mailto:${address.toLowerCase()}`;
}

function instantText(moment: Moment): string {
  return new Date(instantAt(moment)).toISOString();
}
