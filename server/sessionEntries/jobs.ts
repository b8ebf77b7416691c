import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type Parting, removeEntries, writeEntries } from "./writeEntries.ts";

const payloadOfMentor = z.object({ mentor_id: z.uuid() });

/** What writes sessions to calendars. Each may run again, and at the same time as a second run of itself. */
export function sessionEntryTasks(
  { database, now }: Pick<Dependencies, "database" | "now">,
  connecting: Connecting | null,
): TaskList {
  if (!connecting) {
    return {
      write_session_entries: async () => undefined,
      remove_session_entries: async () => undefined,
    };
  }
  const writing = { database, ...connecting };
  return {
    write_session_entries: async (payload) => {
      const { mentor_id } = payloadOfMentor.parse(payload);
      const due = await writeEntries(writing, mentor_id);
      if (!due) return;
      await database.asSystem("a calendar is written later", null, ({ last }) =>
        last.client.query("select private.enqueue_session_entries($1, $2)", [mentor_id, due]),
      );
    },
    // Enqueued by the database with all that it is made of (private.part_from_calendars).
    remove_session_entries: (payload) => removeEntries(writing, payload as Parting, new Date(now())),
  };
}
