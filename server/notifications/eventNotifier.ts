import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { Log } from "../platform/queue/queueLogger.ts";
import { messagesOfEvent } from "./bookingMessages.ts";
import { messagesOfMoney } from "./moneyMessages.ts";
import { maxBatch, type Outbox, writeFrom } from "./outbox.ts";

/** All histories from which messages are written; add a new one here. */
export const outboxes: readonly Outbox[] = [
  {
    retryTask: "notify_booking_event",
    find: "events_to_notify",
    claim: "claim_events",
    afterwards: "announce_late_events",
    messagesOf: messagesOfEvent,
  },
  {
    retryTask: "notify_money_event",
    find: "money_to_notify",
    claim: "claim_money_events",
    messagesOf: messagesOfMoney,
  },
];

/** How often events are looked for without an announcement, ms. */
const sweepMs = 1_000;
/** Announcements within this time are answered by one look, ms. */
const collectMs = 20;
const longestPause = 30_000;

/**
 * Writes the messages about the events that have none yet, at most a batch of each history: about a booking before those about
 * its money. Returns how many events there were. @throws if a history could not be read; the others were
 */
export async function notifyOfEvents(
  dependencies: Dependencies,
  metrics?: Pick<Metrics, "jobs">,
): Promise<number> {
  let total = 0;
  const failures: unknown[] = [];
  for (const outbox of outboxes) {
    try {
      const count = await writeFrom(outbox, dependencies);
      metrics?.jobs.inc({ task: outbox.retryTask, outcome: "done" }, count);
      total += count;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return total;
}

export interface EventNotifier {
  stop(): Promise<void>;
}

/** Writes messages about bookings and money until stopped: as soon as an event is announced, and every second. */
export function startEventNotifier(
  dependencies: Dependencies & { feed: LiveFeed },
  log: Log,
  metrics?: Pick<Metrics, "jobs">,
): EventNotifier {
  const stopping = new AbortController();
  let nudge = new AbortController();
  const unsubscribe = dependencies.feed.subscribe("person", anyId, () => nudge.abort());

  async function work(): Promise<void> {
    let pause = sweepMs;
    while (!stopping.signal.aborted) {
      nudge = new AbortController();
      try {
        const count = await notifyOfEvents(dependencies, metrics);
        pause = sweepMs;
        if (count >= maxBatch) continue;
      } catch (error) {
        log.warn({ err: error }, "Messages about bookings and money could not be written; they will be");
        pause = Math.min(pause * 2, longestPause);
      }
      await abortableSleep(pause, AbortSignal.any([stopping.signal, nudge.signal]));
      await abortableSleep(collectMs, stopping.signal);
    }
  }

  const working = work();
  return {
    stop: async () => {
      unsubscribe();
      stopping.abort();
      await working;
    },
  };
}
