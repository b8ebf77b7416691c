/**
 * An estimate of the server's clock: the device's clock, corrected by the `Date` headers of responses. A device may be hours
 * off, and the server decides what is allowed. Only this file reads the device's clock.
 */

/** A `Date` header is truncated to whole seconds (RFC 9110, 6.6.1). */
const DATE_STEP_MS = 1000;
/** A larger difference to a running timer means that the device's clock was set or that the device slept, ms. */
const JUMP_MS = 2000;

/** By how much the server's clock is ahead of the device's, ms: at least and at most. */
type Difference = { least: number; most: number };

const UNKNOWN: Difference = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/**
 * @param device the device's clock, epoch ms
 * @param running a monotonic clock, ms; it may stop while the device sleeps
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
    /** The current time by the server's clock, epoch ms. */
    now: () => device() + correction,

    /** The current time by the device's clock, epoch ms. */
    deviceNow: device,

    /**
     * Corrects the estimate by a response.
     * @param header its `Date` header
     * @param askedAt by the device's clock, epoch ms: a lower bound of when the response was written
     */
    observe(header: string | null, askedAt: number): void {
      const serverTime = Date.parse(header ?? "");
      const bounds = { least: serverTime - device(), most: serverTime + DATE_STEP_MS - askedAt };
      // Also false without a date, or if the clock was set in between.
      if (!(bounds.least <= bounds.most)) return;
      const both = {
        least: Math.max(bounds.least, known.least),
        most: Math.min(bounds.most, known.most),
      };
      known = hasJumped() || both.least > both.most ? bounds : both;
      knownFor = setTo();
      // The smallest possible correction: a clock that is right is left alone.
      const next = Math.min(Math.max(0, known.least), known.most);
      if (next === correction) return;
      correction = next;
      for (const listener of listeners) listener();
    },

    /** Whether the device's clock was set, or the device slept, since the last response. */
    isInDoubt: () => known !== UNKNOWN && hasJumped(),

    /** Calls the listener after each new correction; returns a function that unsubscribes. */
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

/** The current time by the server's clock. */
export function serverNow(): Date {
  return new Date(serverClock.now());
}
