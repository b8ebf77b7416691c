import type { Connecting } from "../../calendarConnections/connectionKinds.ts";
import type { EntryWriter } from "../../calendarConnections/provider.ts";

/** The same servers with another way of writing. */
export function writingBy(
  connecting: Connecting,
  change: (writer: EntryWriter) => Partial<EntryWriter>,
): Connecting {
  const { providers } = connecting;
  const { caldav } = providers;
  if (!caldav?.entries) throw new Error("CalDAV calendars can be written.");
  const entries = { ...caldav.entries, ...change(caldav.entries) };
  return { ...connecting, providers: { ...providers, caldav: { ...caldav, entries } } };
}
