/** Dates and times in mails, which cannot know whether a reader's clock has 12 or 24 hours. */

interface Day {
  weekday: string;
  day: string;
  month: string;
}

export const mailTimes = {
  day: ({ weekday, day, month }: Day) => `${weekday} ${day} ${month}`,
  dayAndYear: ({ weekday, day, month, year }: Day & { year: string }) => `${weekday} ${day} ${month} ${year}`,
  /** In a subject. */
  dayTime: (day: string, time: string) => `${day} ${time}`,
  dayAndTime: (day: string, time: string) => `${day}, ${time}`,
  range: (from: string, until: string) => `${from}–${until}`,
  /** Between two days, or two offsets of one clock. */
  longRange: (from: string, until: string) => `${from} – ${until}`,
  timeAtOffset: (time: string, offset: string) => `${time} (${offset})`,
  /** Such as "Kathmandu, UTC+05:45". */
  zone: (city: string, offset: string) => `${city}, ${offset}`,
  /** After a time. @param zone as above */
  yours: (zone: string) => `your time (${zone})`,
  theirs: (name: string, zone: string) => `for ${name} (${zone})`,
  both: (zone: string) => `for both of you (${zone})`,
};
