/** What the bench and its load generator, a child process, say to each other. */

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
