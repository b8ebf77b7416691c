/** Something that is measured by how much of it is done in a second. */
export interface RateContender {
  readonly name: string;
  /** One short sample: how many per second. */
  readonly sample: () => Promise<number>;
}

/**
 * The best rate of each contender over samples taken in turns, for at least as long as asked and three rounds. Whatever
 * else the machine does only ever takes away, and takes from all of them alike.
 */
export async function bestRates(
  contenders: readonly RateContender[],
  totalMs: number,
): Promise<Map<string, number>> {
  const best = new Map(contenders.map(({ name }) => [name, 0]));
  const until = performance.now() + totalMs;
  for (let round = 0; round < 3 || performance.now() < until; round++) {
    for (const { name, sample } of contenders) best.set(name, Math.max(best.get(name)!, await sample()));
  }
  return best;
}
