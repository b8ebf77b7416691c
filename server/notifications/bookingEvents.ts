import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { Log } from "../platform/queue/queueLogger.ts";
import { messagesOfEvent } from "./bookingMessages.ts";
import { writeMessages } from "./channels.ts";

/** Of private.events_to_notify(). */
interface EventKey {
  event_id: number;
  mentor_id: string;
}

/** The job that takes over an event whose messages could not be written. */
const retryTask = "notify_booking_event";
const reason = "messages are about both parties";
const maxBatch = 100;
/** How often events are looked for without an announcement, ms. */
const sweepMs = 1_000;
/** Announcements within this time are answered by one look, ms. */
const collectMs = 20;
const longestPause = 30_000;

/**
 * Writes the messages about the oldest booking events that have none yet, all in one transaction, which also marks the
 * events: the history is its own outbox. If one of them cannot be written, each gets a transaction of its own, and a job
 * retries that one. Returns how many events there were. Several processes may do this at the same time.
 */
export async function notifyOfEvents(dependencies: Dependencies): Promise<number> {
  const { database } = dependencies;
  const { rows: events } = await database.asSystem(reason, null, ({ client }) =>
    client.query<EventKey>({
      name: "events_to_notify",
      text: "select * from private.events_to_notify($1)",
      values: [maxBatch],
    }),
  );
  if (events.length === 0) return 0;
  try {
    await writeMessagesOf(dependencies, events);
  } catch {
    for (const event of events)
      await writeMessagesOf(dependencies, [event]).catch(() => retry(dependencies, event));
  }
  return events.length;
}

async function writeMessagesOf({ database, now }: Dependencies, events: readonly EventKey[]): Promise<void> {
  await database.asSystem(reason, null, async (tx) => {
    const { rows: claimed } = await tx.client.query<EventKey>({
      name: "claim_events",
      text: "select * from private.claim_events($1, $2)",
      values: keysOf(events),
    });
    // An inbox is in the order of the events.
    claimed.sort((one, other) => one.event_id - other.event_id);
    const messages = await Promise.all(claimed.map((event) => messagesOfEvent(tx, event, now())));
    await writeMessages(tx, messages.flat(), now());
    await tx.client.query({
      name: "announce_late_events",
      text: "select private.announce_late_events($1, $2)",
      values: keysOf(claimed),
    });
  });
}

function keysOf(events: readonly EventKey[]): [mentors: string[], events: number[]] {
  return [events.map(({ mentor_id }) => mentor_id), events.map(({ event_id }) => event_id)];
}

/** @throws if the database is out of reach; then the event is found again */
async function retry({ database }: Dependencies, event: EventKey): Promise<void> {
  await database.asSystem(reason, null, async ({ client }) => {
    const { rowCount } = await client.query("select from private.claim_events($1, $2)", keysOf([event]));
    if (rowCount === 1) {
      await client.query("select private.enqueue($1, $2)", [retryTask, JSON.stringify(event)]);
    }
  });
}

export interface EventNotifier {
  stop(): Promise<void>;
}

/** Writes messages about booking events until stopped: as soon as one is announced, and every second. */
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
        const count = await notifyOfEvents(dependencies);
        metrics?.jobs.inc({ task: retryTask, outcome: "done" }, count);
        pause = sweepMs;
        if (count === maxBatch) continue;
      } catch (error) {
        log.warn({ err: error }, "Messages about bookings could not be written; they will be");
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
