const KiB = 1024;
const MiB = 1024 * KiB;

/** What a client may hold of the server by sending or reading slowly. Times in ms, sizes in bytes. */
export interface ClientLimits {
  /** From the connection, or from a request's first byte, to the end of its head. */
  headTime: number;
  /** From the end of the head to the end of the body. */
  bodyTime: number;
  /** Bodies that are still arriving, by the size they announce: of one address, and in all. */
  bodiesPerAddress: number;
  bodiesInAll: number;
  /** A body counts as at least this much, so that the number of small ones is limited too. */
  leastPerBody: number;
  /** When there is no room, the oldest makes room for the next, unless it is younger than this. */
  graceTime: number;
  /** After this time in which nothing could be sent or received, a connection is ended. Longer than a heartbeat of events. */
  stallTime: number;
  /** A client that takes its answer bit by bit has this long, and longer the larger it is: `slowestRead` bytes a second. */
  readGrace: number;
  slowestRead: number;
  /** How often deadlines are checked. */
  sweepEvery: number;
}

/** 20 s for a body is 1 KiB a second for the largest that the web app sends. */
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
