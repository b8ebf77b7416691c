import { Counter, Gauge } from "@prometheus-io/client";
import { abortableSleep } from "../abortableSleep.ts";
import type { Database } from "../database/database.ts";
import type { Metrics } from "./metrics.ts";
import { addReplicaFigures } from "./replicaFigures.ts";

/** How long a reading is reused, ms. */
const maxAgeMs = 2_000;
/** ms; after this time /metrics responds without these figures. */
const timeoutMs = 3_000;

/** Looks at no more than 10,000 jobs, so that it stays cheap when jobs have piled up. */
const pendingWork = {
  name: "what_waits",
  text: `
    select w.*, m.*, c.*, j.* from private.count_pending_work() w, private.count_money_troubles() m,
      private.count_calendar_connections() c, (
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
  events: number;
  mails: number;
  undeliverable_mails: number;
  /** Seconds. */
  oldest_mail: number;
  orphaned: number;
  refunds_overdue: number;
  payments_attention: number;
  payment_events: number;
  /** Seconds. */
  oldest_payment_event: number;
  calendars_fine: number;
  calendars_late: number;
  calendars_broken: number;
  /** Seconds. */
  oldest_calendar_read: number;
  due: number;
  running: number;
  later: number;
  given_up: number;
  /** Seconds. */
  oldest_due: number;
}

/**
 * Adds gauges of pending work in the database and of this process's connections to it. Returns the function that updates
 * them, which never throws: a database that does not respond in time is a figure too.
 */
export function addDatabaseGauges({ registry }: Metrics, database: Database): () => Promise<void> {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers });

  const up = gauge("matepeak_database_up", "Whether the database answered the query behind these gauges.");
  const waiting = gauge(
    "matepeak_waiting",
    "Active holds, bookings awaiting their mentor, open time requests, booking events whose messages are not written, mails that are due, mails that could not be delivered. 10000 means 10000 or more.",
    "what",
  );
  const jobs = gauge("matepeak_jobs", "Jobs in the queue: due, running, later, given up.", "state");
  const oldest = gauge("matepeak_jobs_oldest_due_seconds", "How long the oldest due job has been waiting.");
  const oldestMail = gauge("matepeak_mails_oldest_due_seconds", "How long the oldest mail has been due.");
  const orphaned = gauge(
    "matepeak_orphaned_payments",
    "Captured payments that have had neither a booking nor the refund owed for ten minutes. 1000 means 1000 or more.",
  );
  const refundsOverdue = gauge(
    "matepeak_refunds_overdue",
    "Refunds that the provider has not taken for an hour, or that have been on their way for ten days.",
  );
  const attention = gauge("matepeak_payments_attention", "Payments that an administrator must look at.");
  const webhooks = gauge(
    "matepeak_webhooks_unprocessed",
    "Genuine webhooks of the payment provider about which it has not been asked since. 10000 means 10000 or more.",
  );
  const oldestWebhook = gauge(
    "matepeak_webhooks_oldest_unprocessed_seconds",
    "How long the oldest of them has been waiting.",
  );
  const calendars = gauge(
    "matepeak_calendar_connections",
    "Calendar connections by health: fine, late, broken. 100,000 are counted at most.",
    "health",
  );
  const oldestCalendarRead = gauge(
    "matepeak_calendar_reads_oldest_due_seconds",
    "How long the oldest read of a calendar connection has been due.",
  );
  const money = [orphaned, refundsOverdue, attention, webhooks, oldestWebhook];
  const connections = gauge("matepeak_pool_connections", "Connections to the database.", "pool", "state");
  const longest = gauge(
    "matepeak_pool_longest_wait_seconds",
    "Longest current wait for a connection.",
    "pool",
  );
  const retries = new Counter({
    name: "matepeak_transaction_retries_total",
    help: "Transactions retried after a deadlock or a serialization failure.",
    registers,
  });

  const showReplica = database.replica && addReplicaFigures(registry, database.replica);
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
    // Unknown figures are omitted rather than shown with an old value.
    for (const one of [waiting, jobs, oldest, oldestMail, calendars, oldestCalendarRead, ...money])
      one.reset();
    if (!read) return;
    const whats = ["holds", "requests", "time_requests", "events", "mails", "undeliverable_mails"] as const;
    for (const what of whats) waiting.set({ what }, read[what]);
    for (const state of ["due", "running", "later", "given_up"] as const) jobs.set({ state }, read[state]);
    for (const health of ["fine", "late", "broken"] as const)
      calendars.set({ health }, read[`calendars_${health}`]);
    oldestCalendarRead.set(read.oldest_calendar_read);
    oldest.set(read.oldest_due);
    oldestMail.set(read.oldest_mail);
    orphaned.set(read.orphaned);
    refundsOverdue.set(read.refunds_overdue);
    attention.set(read.payments_attention);
    webhooks.set(read.payment_events);
    oldestWebhook.set(read.oldest_payment_event);
  }

  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  return async () => {
    showPools();
    showReplica?.();
    if (performance.now() - readAt < maxAgeMs) return;
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
  const answer = database.queue.query<Waiting>(pendingWork).then(
    ({ rows }) => rows[0],
    () => undefined,
  );
  const gaveUp = abortableSleep(timeoutMs, timeOut.signal, false).then(() => undefined);
  return Promise.race([answer, gaveUp]).finally(() => timeOut.abort());
}
