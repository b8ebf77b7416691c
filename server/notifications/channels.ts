import type { SystemTx } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

/** A way to reach people. `write` may be called again with the same message and must then do nothing. */
interface Channel {
  name: string;
  /** In the transaction that also records that the messages were written; what reaches outside of it is sent later. */
  write(tx: SystemTx, messages: readonly Message[]): Promise<void>;
}

/** The inbox behind the bell. */
const inbox: Channel = {
  name: "inbox",
  write: async ({ client }, messages) => {
    await client.query({
      name: "write_notifications",
      text: "select private.write_notifications($1, $2, $3, $4, $5, $6)",
      values: [
        messages.map(({ recipient }) => recipient.id),
        messages.map(({ kind }) => kind),
        messages.map(({ dedupeKey }) => dedupeKey),
        messages.map(({ facts }) => JSON.stringify(facts)),
        messages.map(({ bookingId }) => bookingId ?? null),
        messages.map(({ requestId }) => requestId ?? null),
      ],
    });
  },
};

/** All channels; add a new one here. */
const channels: readonly Channel[] = [inbox];

/** Writes all messages on all channels. */
export async function writeMessages(tx: SystemTx, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  await Promise.all(channels.map((channel) => channel.write(tx, messages)));
}
