/** Slow 4G as Chromium's developer tools have it ("Slow 4G", Lighthouse's mobile default), and a phone's processor. */
export const slowPhone = {
  /** Bits per second. */
  down: 1.6e6,
  up: 0.75e6,
  roundTripMs: 150,
  /** Times slower than this machine's. */
  cpu: 4,
};

export const budgets = { timesMs: 800, appMs: 1800, scriptKilobytes: 125, layoutShift: 0.1 };
