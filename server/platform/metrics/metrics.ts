import { Counter, collectDefaultMetrics, Histogram, Registry } from "@prometheus-io/client";

/** Seconds: from an answer out of memory to one that somebody gave up on. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = ReturnType<typeof openMetrics>;

/** What this process counts and measures, for Prometheus. docs/metrics.md says what each is for. */
export function openMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: "matepeak_http_request_duration_seconds",
      help: "Answered requests by the pattern of their route and the class of their status.",
      labelNames: ["method", "route", "status"] as const,
      buckets,
      registers,
    }),
    abandoned: new Counter({
      name: "matepeak_http_requests_abandoned_total",
      help: "Requests whose client went away before the answer.",
      registers,
    }),
    refused: new Counter({
      name: "matepeak_http_requests_refused_total",
      help: "Requests that were not let in because too many were being worked on.",
      registers,
    }),
    problems: new Counter({
      name: "matepeak_problems_total",
      help: "Problem documents by their code.",
      labelNames: ["code"] as const,
      registers,
    }),
    slotAnswers: new Histogram({
      name: "matepeak_slot_answer_duration_seconds",
      help: "Answers about a mentor's free times: computed, or kept from an earlier one.",
      labelNames: ["source"] as const,
      buckets,
      registers,
    }),
    bookings: new Counter({
      name: "matepeak_bookings_total",
      help: "Attempts to book by their outcome: created, or the code of the refusal.",
      labelNames: ["outcome"] as const,
      registers,
    }),
    jobs: new Counter({
      name: "matepeak_jobs_total",
      help: "Runs of jobs in this process: done, failed (and tried again later), given up.",
      labelNames: ["task", "outcome"] as const,
      registers,
    }),
  };
}

/** Adds this process's memory, processor time, garbage collection and the delay of its event loop. Once per process. */
export function measureProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}
