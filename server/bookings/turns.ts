/** A call that has waited this long for others of its mentor, ms, goes the locked way, whose waiting is bounded. */
const longestTurnMs = 250;

/** Calls that concern one mentor take turns here instead of making each other's revision out of date. */
export interface Turns {
  /** Runs the work when all earlier work for this mentor is done; returns undefined, without running it, if that takes too long. */
  take<T>(mentorId: string, work: () => Promise<T>): Promise<T | undefined>;
}

export function openTurns(): Turns {
  const queues = new Map<string, Promise<unknown>>();
  return {
    take: (mentorId, work) => {
      const before = queues.get(mentorId);
      const mine = before
        ? comesWithin(before, longestTurnMs).then((isMyTurn) => (isMyTurn ? work() : undefined))
        : work();
      const settled = Promise.allSettled([before, mine]);
      queues.set(mentorId, settled);
      void settled.then(() => {
        if (queues.get(mentorId) === settled) queues.delete(mentorId);
      });
      return mine;
    },
  };
}

function comesWithin(event: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void event.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
