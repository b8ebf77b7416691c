import { Counter, collectDefaultMetrics, Histogram, Registry } from "@prometheus-io/client";

/** Seconds: from a cached response to one that its client no longer waits for. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = ReturnType<typeof openMetrics>;

/** What this process counts and measures for Prometheus; docs/metrics.md explains each figure. */
export function openMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: "matepeak_http_request_duration_seconds",
      help: "Answered requests by route pattern and status class.",
      labelNames: ["method", "route", "status"] as const,
      buckets,
      registers,
    }),
    abandoned: new Counter({
      name: "matepeak_http_requests_abandoned_total",
      help: "Requests whose client disconnected before the response.",
      registers,
    }),
    refused: new Counter({
      name: "matepeak_http_requests_refused_total",
      help: "Requests rejected because too many were in flight.",
      registers,
    }),
    problems: new Counter({
      name: "matepeak_problems_total",
      help: "Problem documents by code.",
      labelNames: ["code"] as const,
      registers,
    }),
    slotAnswers: new Histogram({
      name: "matepeak_slot_answer_duration_seconds",
      help: "Responses with a mentor's free times: computed or cached.",
      labelNames: ["source"] as const,
      buckets,
      registers,
    }),
    bookings: new Counter({
      name: "matepeak_bookings_total",
      help: "Booking attempts by outcome: created, or the error code.",
      labelNames: ["outcome"] as const,
      registers,
    }),
    calendarReads: new Counter({
      name: "matepeak_calendar_reads_total",
      help: "Reads of connected calendars in this process by kind of connection: done, a problem, fault, lost to another worker.",
      labelNames: ["kind", "outcome"] as const,
      registers,
    }),
    jobs: new Counter({
      name: "matepeak_jobs_total",
      help: "Job runs in this process: done, failed (retried later), given up.",
      labelNames: ["task", "outcome"] as const,
      registers,
    }),
  };
}

/** Adds the process's memory, CPU time, garbage collection and event loop delay. Call once per process. */
export function measureProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}
