import type { Database } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

/**
 * A way to reach people. `deliver` may be called again with the same message and must then do nothing. It is never called
 * in a transaction, because a channel may reach outside the database.
 */
export interface Channel {
  name: string;
  deliver(message: Message): Promise<void>;
}

/** The inbox behind the bell. */
function inbox(database: Database): Channel {
  return {
    name: "inbox",
    deliver: async ({ recipient, kind, dedupeKey, facts, bookingId, requestId }) => {
      await database.asSystem("only jobs write to inboxes", null, ({ client }) =>
        client.query("select private.write_notification($1, $2, $3, $4, $5, $6)", [
          recipient.id,
          kind,
          dedupeKey,
          JSON.stringify(facts),
          bookingId ?? null,
          requestId ?? null,
        ]),
      );
    },
  };
}

/** All channels; add a new one here. */
export function openChannels(database: Database): Channel[] {
  return [inbox(database)];
}

/** Delivers all messages on all channels. If one fails, the job runs again and the others do nothing the second time. */
export async function deliver(channels: readonly Channel[], messages: readonly Message[]): Promise<void> {
  const outcomes = await Promise.allSettled(
    channels.flatMap((channel) => messages.map((message) => channel.deliver(message))),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
