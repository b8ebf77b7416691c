const KiB = 1024;
const MiB = 1024 * KiB;

/** How much of the server a slow client may occupy. Times in ms, sizes in bytes. */
export interface ClientLimits {
  /** From the connection, or from a request's first byte, to the end of its head. */
  headTime: number;
  /** From the end of the head to the end of the body. */
  bodyTime: number;
  /** Announced size of the bodies still arriving: per address, and in total. */
  bodiesPerAddress: number;
  bodiesInAll: number;
  /** Each body counts as at least this much, which limits the number of small ones too. */
  leastPerBody: number;
  /** If there is no room, the oldest body is aborted in favour of the new one, unless it is younger than this. */
  graceTime: number;
  /** A connection is closed after this time without any traffic. Longer than an event stream's heartbeat. */
  stallTime: number;
  /** A slow reader has this long, plus the time for what it has read at `slowestRead` bytes a second. */
  readGrace: number;
  slowestRead: number;
  /** How often deadlines are checked. */
  sweepEvery: number;
}

/** 20 s per body means 1 KiB a second for the largest one that the web app sends. */
export const usualClientLimits: ClientLimits = {
  headTime: 10_000,
  bodyTime: 20_000,
  bodiesPerAddress: 8 * MiB,
  bodiesInAll: 64 * MiB,
  leastPerBody: 128 * KiB,
  graceTime: 2_000,
  stallTime: 30_000,
  readGrace: 20_000,
  slowestRead: 4 * KiB,
  sweepEvery: 1_000,
};
