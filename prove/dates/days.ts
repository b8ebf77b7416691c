/** An instant at which the tests must pass as on any other day. */
export interface ShiftedDay {
  readonly at: Temporal.Instant;
  readonly why: string;
}

const day = (at: string, why: string): ShiftedDay => ({ at: Temporal.Instant.from(at), why });

/**
 * All weekdays, the ends of months and years, the hours around clock changes, and ten minutes before midnight of the
 * zones of the tests (Kolkata, where most of their mentors live, and Kathmandu, where their machine is).
 */
export const shiftedDays: readonly ShiftedDay[] = [
  day("2026-12-30T18:05:00Z", "Wednesday, 23:50 in Kathmandu, two days before the new year"),
  day("2026-12-31T18:20:00Z", "Thursday, 23:50 in Kolkata, New Year's Eve"),
  day("2027-01-01T00:30:00Z", "Friday, New Year's Day"),
  day("2027-01-02T06:00:00Z", "Saturday, the last day of the year's first week"),
  day("2027-02-28T18:20:00Z", "Sunday, 23:50 in Kolkata, 28 February before 1 March"),
  day("2027-03-14T06:50:00Z", "Sunday, ten minutes before New York's clocks go forward"),
  day("2027-03-28T00:50:00Z", "Sunday, ten minutes before Europe's clocks go forward"),
  day("2027-10-31T00:50:00Z", "Sunday, ten minutes before Europe's clocks go back"),
  day("2027-11-07T05:50:00Z", "Sunday, ten minutes before New York's clocks go back"),
  day("2028-02-28T18:05:00Z", "Monday, 23:50 in Kathmandu, before 29 February"),
  day("2028-02-29T10:00:00Z", "Tuesday, 29 February"),
  day("2028-03-01T01:00:00Z", "Wednesday, 1 March of a leap year"),
];

/** The day of the short form: the end of a week's day, a month and a year at once in the tests' own zones. */
export const shortDay: ShiftedDay = shiftedDays[1]!;
