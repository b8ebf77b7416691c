/** How many sessions a mentor takes per local day and ISO week (design, "Time"). */

import type { Occupancy } from "./availability.ts";
import { epochDay, mondayOf } from "./dates.ts";
import { WEEK_REACH_MS, ZONE_SLACK_MS } from "./margins.ts";
import type { Schedule } from "./schedule.ts";
import { DAY_MS, type EpochDay } from "./units.ts";
import type { ZoneCalendar } from "./zoneCalendar.ts";

/** Room for a clock change, or for travel round the world, between the two ends of the range. */
const SLACK_DAYS = ZONE_SLACK_MS / DAY_MS;

export class BookingLimits {
  private readonly maxPerDay: number;
  private readonly maxPerWeek: number;
  /** A Monday; the counts begin with it. */
  private readonly firstDay: EpochDay;
  private readonly perDay: number[];
  private readonly perWeek: number[];

  /**
   * @param taken every occupancy of the ISO weeks that the starts in [from, until), epoch ms, lie in
   */
  constructor(
    schedule: Schedule,
    taken: readonly Occupancy[],
    calendar: ZoneCalendar,
    from: number,
    until: number,
  ) {
    const dayOf = (instant: number) => calendar.localDay(instant);
    this.maxPerDay = schedule.max_per_day ?? Number.POSITIVE_INFINITY;
    this.maxPerWeek = schedule.max_per_week ?? Number.POSITIVE_INFINITY;
    this.firstDay = mondayOf(epochDay(dayOf(from) - SLACK_DAYS));
    const weeks = Math.floor((dayOf(until) + SLACK_DAYS - this.firstDay) / 7) + 1;
    this.perDay = new Array<number>(weeks * 7).fill(0);
    this.perWeek = new Array<number>(weeks).fill(0);
    const earliest = from - WEEK_REACH_MS - ZONE_SLACK_MS;
    const latest = until + WEEK_REACH_MS + ZONE_SLACK_MS;
    for (const { startsAt, isElsewhere, isKept } of taken) {
      if ((isElsewhere && !isKept) || startsAt < earliest || startsAt > latest) continue;
      const index = dayOf(startsAt) - this.firstDay;
      if (index < 0 || index >= this.perDay.length) continue;
      // How many will be taken of what is kept is not known: its day and its week are full until then.
      this.perDay[index]! += isKept ? (schedule.max_per_day ?? 0) : 1;
      this.perWeek[Math.floor(index / 7)]! += isKept ? (schedule.max_per_week ?? 0) : 1;
    }
  }

  isDayFull(day: EpochDay): boolean {
    return this.perDay[day - this.firstDay]! >= this.maxPerDay;
  }

  isWeekFull(day: EpochDay): boolean {
    return this.perWeek[Math.floor((day - this.firstDay) / 7)]! >= this.maxPerWeek;
  }
}
