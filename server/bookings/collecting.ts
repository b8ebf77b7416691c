/** Whether students pay through the app, and the platform's share of what they pay. */
export interface Collecting {
  /** null: prices are shown, and students pay their mentors elsewhere. */
  collecting: { /** Hundredths of a percent. */ feeBasisPoints: number } | null;
}
