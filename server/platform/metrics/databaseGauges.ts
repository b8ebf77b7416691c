import { Counter, Gauge } from "@prometheus-io/client";
import { abortableSleep } from "../abortableSleep.ts";
import type { Database } from "../database/database.ts";
import type { Metrics } from "./metrics.ts";

/** One reading serves everybody who asks within this time, ms. */
const freshFor = 2_000;
/** ms; an answer without these figures is better than none. */
const patience = 3_000;

/** At most 10,000 jobs are looked at, so that the question stays cheap when they have piled up. */
const question = {
  name: "what_waits",
  text: `
    select w.*, j.* from private.count_what_waits() w, (
      select count(*) filter (where is_due) as due,
        count(*) filter (where is_running) as running,
        count(*) filter (where tries_left and not is_running and not is_due) as later,
        count(*) filter (where not tries_left and not is_running) as given_up,
        coalesce(date_part('epoch', now() - min(run_at) filter (where is_due)), 0) as oldest_due
      from (
        select run_at, tries_left, is_running, tries_left and not is_running and run_at <= now() as is_due
        from (
          select run_at, attempts < max_attempts as tries_left, locked_at is not null as is_running
          from graphile_worker.jobs limit 10000
        ) job
      ) judged
    ) j`,
};

interface Waiting {
  holds: number;
  requests: number;
  time_requests: number;
  due: number;
  running: number;
  later: number;
  given_up: number;
  /** Seconds. */
  oldest_due: number;
}

/**
 * Adds gauges of what waits in the database and of this process's connections to it. Answers the function that reads
 * them anew; it never throws: a database that does not answer in time is itself a figure.
 */
export function addDatabaseGauges({ registry }: Metrics, database: Database): () => Promise<void> {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers });

  const up = gauge("matepeak_database_up", "Whether the database answered the question behind these gauges.");
  const waiting = gauge(
    "matepeak_waiting",
    "Holds that stand, bookings that wait for their mentor, open requests for a time. 10000: so many or more.",
    "what",
  );
  const jobs = gauge("matepeak_jobs", "Jobs in the queue: due, running, later, given up.", "state");
  const oldest = gauge("matepeak_jobs_oldest_due_seconds", "How long the oldest job that is due has waited.");
  const connections = gauge("matepeak_pool_connections", "Connections to the database.", "pool", "state");
  const longest = gauge(
    "matepeak_pool_longest_wait_seconds",
    "How long the first of those who wait for a connection has been waiting.",
    "pool",
  );
  const retries = new Counter({
    name: "matepeak_transaction_retries_total",
    help: "Transactions done once more, because of a deadlock or a serialization failure.",
    registers,
  });

  let retriesSeen = 0;
  function showPools(): void {
    for (const [pool, load] of Object.entries(database.load())) {
      connections.set({ pool, state: "in_use" }, load.total - load.idle);
      connections.set({ pool, state: "idle" }, load.idle);
      connections.set({ pool, state: "waited_for" }, load.waiting);
      longest.set({ pool }, load.longestWaiting / 1000);
    }
    retries.inc(database.retries() - retriesSeen);
    retriesSeen = database.retries();
  }

  function showWaiting(read: Waiting | undefined): void {
    up.set(read ? 1 : 0);
    // What is not known is left out, rather than shown as it was some time ago.
    for (const one of [waiting, jobs, oldest]) one.reset();
    if (!read) return;
    for (const what of ["holds", "requests", "time_requests"] as const) waiting.set({ what }, read[what]);
    for (const state of ["due", "running", "later", "given_up"] as const) jobs.set({ state }, read[state]);
    oldest.set(read.oldest_due);
  }

  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  return async () => {
    showPools();
    if (performance.now() - readAt < freshFor) return;
    reading ??= readWaiting(database)
      .then(showWaiting)
      .finally(() => {
        readAt = performance.now();
        reading = undefined;
      });
    await reading;
  };
}

async function readWaiting(database: Database): Promise<Waiting | undefined> {
  const timeOut = new AbortController();
  const answer = database.queue.query<Waiting>(question).then(
    ({ rows }) => rows[0],
    () => undefined,
  );
  const gaveUp = abortableSleep(patience, timeOut.signal, false).then(() => undefined);
  return Promise.race([answer, gaveUp]).finally(() => timeOut.abort());
}
