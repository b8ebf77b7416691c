/** Measures contenders against each other in one run, so that a busy machine slows all of them alike. */

export interface Contender {
  readonly name: string;
  /** Returns something that depends on all of its work, so that none of it can be left out. */
  readonly run: () => number;
}

/** How long one sample of a contender may take: short enough to fall between two disturbances. */
const sampleMs = 2;

/**
 * The time of one run of each contender, in µs: the fastest of many short samples taken in turns. Whatever else the
 * machine does only ever adds time, so the least disturbed sample is the closest one.
 */
export function fastestRuns(contenders: readonly Contender[], totalMs: number): Map<string, number> {
  const batches = contenders.map(({ run }) => runsPerSample(run));
  const best = new Map(contenders.map(({ name }) => [name, Number.POSITIVE_INFINITY]));
  const until = performance.now() + totalMs;
  do {
    for (const [index, { name, run }] of contenders.entries()) {
      const runs = batches[index]!;
      best.set(name, Math.min(best.get(name)!, timeOf(run, runs) / runs));
    }
  } while (performance.now() < until);
  return best;
}

/** µs of that many runs. */
function timeOf(run: () => number, runs: number): number {
  let answers = 0;
  const startedAt = performance.now();
  for (let i = 0; i < runs; i++) answers += run();
  const took = (performance.now() - startedAt) * 1000;
  if (Number.isNaN(answers)) throw new Error("A contender returned no number.");
  return took;
}

/** Runs long enough for the compiler to have seen everything, then as many as fit one sample. */
function runsPerSample(run: () => number): number {
  let runs = 1;
  for (let warm = 0; warm < 300_000; ) {
    const took = timeOf(run, runs);
    warm += took;
    runs = Math.max(1, Math.round((runs * sampleMs * 1000) / Math.max(took, 1)));
  }
  return runs;
}
