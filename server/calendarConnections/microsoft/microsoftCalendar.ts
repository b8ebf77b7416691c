import { z } from "zod";
import type { CalendarProvider, RemoteCalendar } from "../provider.ts";
import { microsoftEntries } from "./entries.ts";
import { type Graph, readAs } from "./graph.ts";
import { readCalendar } from "./readCalendar.ts";
import { microsoftWatcher } from "./watcher.ts";

const owner = z.object({ address: z.string().nullish() }).nullish();
const calendarRow = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  hexColor: z.string().nullish(),
  canEdit: z.boolean().nullish(),
  isDefaultCalendar: z.boolean().nullish(),
  owner,
});
type CalendarRow = z.output<typeof calendarRow>;

/** Calendars of Microsoft 365 and Outlook.com. https://learn.microsoft.com/graph/api/resources/calendar */
export function openMicrosoftCalendar(graph: Graph): CalendarProvider {
  return {
    accountOf: async (login, signal) => {
      const answer = await graph.ask(login, "/me/calendar?$select=owner", { signal });
      const { address } = readAs(z.object({ owner: z.object({ address: z.string().min(1) }) }), answer).owner;
      return address;
    },

    listCalendars: async (login, signal) => {
      const fields = "id,name,hexColor,canEdit,isDefaultCalendar,owner";
      const found = await graph.list(login, `/me/calendars?$top=100&$select=${fields}`, { signal });
      const rows = (found?.items ?? []).map((json) => readAs(calendarRow, { status: 200, json }));
      const own = rows.find(({ isDefaultCalendar }) => isDefaultCalendar)?.owner?.address ?? null;
      const isOwn = ({ isDefaultCalendar, owner: of }: CalendarRow) =>
        isDefaultCalendar === true || of?.address?.toLowerCase() === own?.toLowerCase();
      // Those of other people are when these are busy, and cannot be read without a further permission.
      return rows.filter(isOwn).map(calendarOf);
    },

    readBusy: (login, calendar, reach, signal) => readCalendar({ graph, login, calendar, reach, signal }),

    entries: microsoftEntries(graph),
    watcher: microsoftWatcher(graph),
  };
}

function calendarOf({ id, name, hexColor, canEdit, isDefaultCalendar }: CalendarRow): RemoteCalendar {
  return {
    remoteId: id,
    name: name ?? "",
    color: /^#[0-9a-f]{6}$/.exec(hexColor?.toLowerCase() ?? "")?.[0] ?? null,
    // That of the mailbox would need a further permission; events of whole days are read on the person's clock.
    timezone: null,
    isWritable: canEdit === true,
    // Others are of birthdays, holidays and subscriptions.
    countsAsBusy: canEdit === true,
    isMain: isDefaultCalendar === true,
  };
}
