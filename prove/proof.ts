/** How much of a proof runs: all of it in `npm run prove`, a short form in `npm test`. */
export type Scale = "long" | "short";

/** One promise, put to the test. */
export interface Finding {
  readonly promise: string;
  /** The result in numbers: "200 rounds, 1 booking in each, 0 deadlocks". */
  readonly figure: string;
  readonly holds: boolean;
  /**
   * A twin removes a guard and holds if the proof then fails, which shows that the proof can fail at all.
   */
  readonly twin?: boolean;
}

export interface Proof {
  readonly title: string;
  readonly findings: readonly Finding[];
  /** Markdown: the method and its limits. */
  readonly notes?: string;
}

export type Prove = (scale: Scale) => Promise<Proof>;

/** Returns the findings that do not hold, for a test's message. */
export function broken({ findings }: Proof): string[] {
  return findings.filter(({ holds }) => !holds).map(({ promise, figure }) => `${promise}: ${figure}`);
}
