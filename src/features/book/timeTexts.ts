import { formatShortDay, formatTime, type Instant, sameClock, wallClock } from "@/lib/time.ts";

/** A start as a button shows it: by the viewer's clock, and by the mentor's where the two differ. */
export interface TimeTexts {
  day: string;
  time: string;
  /** With the day if the mentor's date is another one; null if both clocks show the same. */
  mentorTime: string | null;
}

/** @param mentorTimeZone the zone that the mentor is in at that time, who may be travelling */
export function timeTexts(startsAt: Instant, timeZone: string, mentorTimeZone: string): TimeTexts {
  const isOtherDate = wallClock(startsAt, mentorTimeZone).date !== wallClock(startsAt, timeZone).date;
  const theirs = [
    formatTime(startsAt, mentorTimeZone),
    ...(isOtherDate ? [formatShortDay(startsAt, mentorTimeZone)] : []),
  ];
  return {
    day: formatShortDay(startsAt, timeZone),
    time: formatTime(startsAt, timeZone),
    mentorTime: sameClock(timeZone, mentorTimeZone, startsAt) ? null : theirs.join(" "),
  };
}
