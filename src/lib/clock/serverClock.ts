/**
 * The server's clock as far as this page knows it: the device's own, corrected by what answers say of the server's. A
 * device may be hours off, and what a person may do is decided by the server. Only this file asks the device for the time.
 */

/** An answer's `Date` is cut off to whole seconds (RFC 9110, 6.6.1). */
const DATE_STEP_MS = 1000;
/** By so much more than a running timer the device's clock moves only when it is set, or when the device has slept, ms. */
const JUMP_MS = 2000;

/** By how much the server's clock is ahead of the device's, ms: at least and at most. */
type Difference = { least: number; most: number };

const UNKNOWN: Difference = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/**
 * @param device the device's clock, epoch ms
 * @param running a clock that nobody sets, ms; it may stop while the device sleeps
 */
export function makeServerClock(device: () => number, running: () => number) {
  const setTo = () => device() - running();
  let known = UNKNOWN;
  let knownFor = setTo();
  let correction = 0;
  const listeners = new Set<() => void>();

  function hasJumped(): boolean {
    return Math.abs(setTo() - knownFor) > JUMP_MS;
  }

  return {
    /** The present by the server's clock, epoch ms. */
    now: () => device() + correction,

    /** By the device's clock, epoch ms. */
    deviceNow: device,

    /**
     * An answer said what time it was.
     * @param date its `Date` header
     * @param askedAt by the device's clock, epoch ms: the answer was made after this
     */
    hear(date: string | null, askedAt: number): void {
      const said = Date.parse(date ?? "");
      const heard = { least: said - device(), most: said + DATE_STEP_MS - askedAt };
      // Also false where there is no date, or where the clock was set in between.
      if (!(heard.least <= heard.most)) return;
      const both = {
        least: Math.max(heard.least, known.least),
        most: Math.min(heard.most, known.most),
      };
      known = hasJumped() || both.least > both.most ? heard : both;
      knownFor = setTo();
      // The smallest correction that agrees with what was said: a clock that is right stays as it is.
      const next = Math.min(Math.max(0, known.least), known.most);
      if (next === correction) return;
      correction = next;
      for (const listener of listeners) listener();
    },

    /** Whether the device's clock was set since the server was last heard, or may have been while the device slept. */
    isInDoubt: () => known !== UNKNOWN && hasJumped(),

    /** Told of every new correction, until the function it answers is called. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const serverClock = makeServerClock(
  () => Date.now(),
  () => performance.now(),
);

/** The present by the server's clock. */
export function serverNow(): Date {
  return new Date(serverClock.now());
}
