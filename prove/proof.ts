/** How much of a proof is run: all of it for `npm run prove`, a taste of it for `npm test`. */
export type Scale = "long" | "short";

/** One promise, put to the test. */
export interface Finding {
  readonly promise: string;
  /** What was seen, with its numbers: "200 rounds, 1 booking in each, 0 deadlocks". */
  readonly figure: string;
  readonly holds: boolean;
  /**
   * A twin takes a guard away and holds when the proof goes red without it: it shows that the proof could fail at all.
   */
  readonly twin?: boolean;
}

export interface Proof {
  readonly title: string;
  readonly findings: readonly Finding[];
  /** Markdown: how it is done, what was left out. */
  readonly notes?: string;
}

export type Prove = (scale: Scale) => Promise<Proof>;

/** What does not hold, for a test's message: empty when all is well. */
export function broken({ findings }: Proof): string[] {
  return findings.filter(({ holds }) => !holds).map(({ promise, figure }) => `${promise}: ${figure}`);
}
