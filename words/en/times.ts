/** Dates, clocks and time zones. Dates and times come formatted. */

/** From one day to another. */
export const dateRange = (from: string, to: string) => `${from} to ${to}`;
