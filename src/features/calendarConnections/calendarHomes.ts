/** Where people have their calendars, and how each is connected. */
import { calendarHomes } from "#words/calendarConnections.ts";

export type CalendarHomeId = keyof typeof calendarHomes;

export interface CalendarHome {
  id: CalendarHomeId;
  name: string;
  steps: readonly string[];
  kind: "caldav" | "feed";
  /** Of a CalDAV server, if it is the same for all. */
  server: string;
  takesAppPassword: boolean;
  /** Whether its name says enough to call the connection by. */
  isNamed: boolean;
}

const home = (
  id: CalendarHomeId,
  kind: CalendarHome["kind"],
  server = "",
  takesAppPassword = false,
): CalendarHome => ({
  id,
  ...calendarHomes[id],
  kind,
  server,
  takesAppPassword,
  isNamed: id !== "caldav" && id !== "feed",
});

export const homes: readonly CalendarHome[] = [
  home("apple", "caldav", "https://caldav.icloud.com", true),
  home("google", "feed"),
  home("fastmail", "caldav", "https://caldav.fastmail.com/dav/", true),
  home("nextcloud", "caldav", "", true),
  home("microsoft", "feed"),
  home("caldav", "caldav"),
  home("feed", "feed"),
];
