import type { Database } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

/**
 * A way to tell people. `deliver` may be called again with the same message and must then do nothing; it is never
 * called inside a transaction, as a channel may reach outside the database.
 */
export interface Channel {
  name: string;
  deliver(message: Message): Promise<void>;
}

/** The inbox behind the bell. */
function inbox(database: Database): Channel {
  return {
    name: "inbox",
    deliver: async ({ recipientId, kind, dedupeKey, facts, bookingId, requestId }) => {
      await database.asSystem("nobody writes into an inbox but jobs", null, ({ client }) =>
        client.query("select private.write_notification($1, $2, $3, $4, $5, $6)", [
          recipientId,
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

/** Every channel there is; a new one is a line here. */
export function openChannels(database: Database): Channel[] {
  return [inbox(database)];
}

/** Tells everybody on every channel. If one fails, the job runs again and the others find that they have done it. */
export async function deliver(channels: readonly Channel[], messages: readonly Message[]): Promise<void> {
  const outcomes = await Promise.allSettled(
    channels.flatMap((channel) => messages.map((message) => channel.deliver(message))),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
