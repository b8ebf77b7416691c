import type { Channel } from "./channel.ts";

/** The inbox behind the bell. */
export const inbox: Channel = {
  name: "inbox",
  // What people did themselves is no news to them.
  wants: ({ by, facts }) => by !== facts.role,
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
