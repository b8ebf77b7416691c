import type { EpochMs } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { writeMessages } from "./channels.ts";
import type { Message } from "./message.ts";

/** An event of a history whose messages are not written yet. */
interface EventKey {
  event_id: number;
  mentor_id: string;
}

/** A history that is its own outbox: `notified_at` of an event says when its messages were written. */
export interface Outbox {
  /** The job that takes over an event whose messages could not be written. */
  retryTask: string;
  /** SQL function of the most events to return: the oldest of those that are due. */
  find: string;
  /** SQL function of mentors and events: marks those that no other worker has claimed, and returns them. */
  claim: string;
  /** SQL function of mentors and events, called after their messages are written. */
  afterwards?: string;
  /** @param payload an `EventKey` */
  messagesOf(tx: SystemTx, payload: unknown, now: EpochMs): Promise<Message[]>;
}

const reason = "messages are about both parties";
export const maxBatch = 100;

/**
 * Writes the messages about the oldest events of a history that have none yet, all in one transaction, which also marks the
 * events. If one of them cannot be written, each gets a transaction of its own, and a job retries that one. Returns how many
 * events there were. Several processes may do this at the same time.
 */
export async function writeFrom(outbox: Outbox, dependencies: Dependencies): Promise<number> {
  const { rows: events } = await dependencies.database.asSystem(reason, null, ({ client }) =>
    client.query<EventKey>({
      name: outbox.find,
      text: `select * from private.${outbox.find}($1)`,
      values: [maxBatch],
    }),
  );
  if (events.length === 0) return 0;
  try {
    await writeMessagesOf(outbox, dependencies, events);
  } catch {
    for (const event of events)
      await writeMessagesOf(outbox, dependencies, [event]).catch(() => retry(outbox, dependencies, event));
  }
  return events.length;
}

async function writeMessagesOf(
  { claim, afterwards, messagesOf }: Outbox,
  { database, now }: Dependencies,
  events: readonly EventKey[],
): Promise<void> {
  await database.asSystem(reason, null, async (tx) => {
    const { rows: claimed } = await tx.client.query<EventKey>({
      name: claim,
      text: `select * from private.${claim}($1, $2)`,
      values: keysOf(events),
    });
    // An inbox is in the order of the events.
    claimed.sort((one, other) => one.event_id - other.event_id);
    const messages = await Promise.all(claimed.map((event) => messagesOf(tx, event, now())));
    await writeMessages(tx, messages.flat(), now());
    if (!afterwards) return;
    await tx.client.query({
      name: afterwards,
      text: `select private.${afterwards}($1, $2)`,
      values: keysOf(claimed),
    });
  });
}

function keysOf(events: readonly EventKey[]): [mentors: string[], events: number[]] {
  return [events.map(({ mentor_id }) => mentor_id), events.map(({ event_id }) => event_id)];
}

/** @throws if the database is out of reach; then the event is found again */
async function retry(
  { claim, retryTask }: Outbox,
  { database }: Dependencies,
  event: EventKey,
): Promise<void> {
  await database.asSystem(reason, null, async ({ client }) => {
    const { rowCount } = await client.query(`select from private.${claim}($1, $2)`, keysOf([event]));
    if (rowCount === 1) {
      await client.query("select private.enqueue($1, $2)", [retryTask, JSON.stringify(event)]);
    }
  });
}
