/** Messages between the bench and its load generator, a child process. */

export interface LoadOrder {
  port: number;
  /** Whole HTTP/1.1 requests, head and body. Used in turn, and again from the first when they run out. */
  requests: string[];
  connections: number;
  /** Ends after this time … */
  milliseconds: number;
  /** … or after this many requests. */
  limit?: number;
}

export interface LoadResult {
  /** Answers per second, between the first request and the last answer. */
  perSecond: number;
  answers: number;
  /** ms: one answer in twenty came sooner. */
  low: number;
  median: number;
  /** How many answers had which status. */
  statuses: Record<number, number>;
  /** Bytes of the last answer's body, as it came over the wire. */
  bodyBytes: number;
}

// Messages between `npm run load` and its process of arrivals.

/** Requests of one kind that come at an even pace, whether earlier ones have been answered or not. */
interface Stream {
  name: string;
  perSecond: number;
}

export interface Phase {
  name: string;
  seconds: number;
  streams: Stream[];
}

export interface ArrivalOrder {
  port: number;
  /** One after the other, without a pause. */
  phases: Phase[];
  /** Of each stream: whole HTTP/1.1 requests, used in turn, and again from the first where they may be repeated. */
  requests: Record<string, { texts: string[]; mayRepeat: boolean }>;
  /** More are opened while all are busy, up to so many. */
  mostConnections: number;
  /** ms after which a client gives up: the request counts as lost, and its connection is closed. */
  timeout: number;
}

export interface StreamResult {
  /** How many were due, and so were sent. */
  sent: number;
  /** How many had which outcome: "200", "409 slot_taken", "cut", "lost". */
  outcomes: Record<string, number>;
  /** ms from the instant at which each was due to its whole answer, of answers of success; sorted. */
  latencies: number[];
  /** The same of refusals (503). */
  refusals: number[];
  refusalsWithoutRetryAfter: number;
  /** Of each second of the phase in which requests were due: the 95th percentile of success, ms, and the share of it. */
  seconds: { p95: number; success: number }[];
}

export interface ArrivalResult {
  /** As long as the phases, in their order; of each its streams by name. */
  phases: Record<string, StreamResult>[];
  /** Processor time of the generator itself in seconds per phase. */
  cpuSeconds: number[];
  /** How late it was itself, ms: the 99th percentile, per phase. */
  lateness: number[];
}

/** Sent by the process of arrivals when a phase begins. */
export interface PhaseBegins {
  begins: number;
}
