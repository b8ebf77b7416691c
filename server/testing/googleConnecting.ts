import type { CalendarPermission } from "#rules/calendarSignIn.ts";
import { type Connecting, openConnecting } from "../calendarConnections/connectionKinds.ts";
import { openCookies } from "./cookies.ts";
import { type GoogleCalendarServer, googleCalendarClient } from "./googleCalendarServer.ts";
import { type Person, testPublicUrl, testSecret } from "./testApp.ts";

/** Connections to calendars of a Google that is on this machine. */
export function connectingTo(google: GoogleCalendarServer, publicUrl = testPublicUrl): Connecting {
  return openConnecting(
    {
      authSecret: testSecret,
      publicUrl,
      privateCalendarHosts: [google.host],
      googleCalendar: googleCalendarClient,
    },
    undefined,
    { google: google.endpoints },
  );
}

/** A person signs in at Google in one browser, and allows everything that is asked; of a mentor, also to write. */
export async function signInAtGoogle(
  person: Person,
  google: GoogleCalendarServer,
  email: string,
  permission: CalendarPermission = "write",
): Promise<void> {
  const cookies = openCookies();
  const start = await person.call("GET", `/me/calendar-connections/google/start?permission=${permission}`);
  const back = new URL(google.allow(String(cookies.keep(start).headers.location), email));
  (await person.call("GET", back.pathname + back.search, undefined, cookies.header())).expect(302);
}
