// The server of the journeys: the app as `npm start` runs it, but the password of each new account is hashed at no cost, Google
// is two servers of the tests and Microsoft one, of which those with calendars allow what is asked, and calendar servers may be on
// this machine.
import { start } from "../server/start.ts";
import { googleCalendarClient, startGoogleCalendarServer } from "../server/testing/googleCalendarServer.ts";
import { googleClient, startGoogleServer } from "../server/testing/googleServer.ts";
import { microsoftClient, startMicrosoftCalendarServer } from "../server/testing/microsoftCalendarServer.ts";
import { openQuickPasswords } from "../server/testing/quickPasswords.ts";

const { endpoints } = await startGoogleServer();
const { clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET } = googleClient;
const google = await startGoogleCalendarServer();
const microsoft = await startMicrosoftCalendarServer();
await start(
  {
    ...process.env,
    GOOGLE_CLIENT_ID,
    GOOGLE_CLIENT_SECRET,
    GOOGLE_CALENDAR_CLIENT_ID: googleCalendarClient.clientId,
    GOOGLE_CALENDAR_CLIENT_SECRET: googleCalendarClient.clientSecret,
    MICROSOFT_CALENDAR_CLIENT_ID: microsoftClient.clientId,
    MICROSOFT_CALENDAR_CLIENT_SECRET: microsoftClient.clientSecret,
    PRIVATE_CALENDAR_HOSTS: "127.0.0.1",
  },
  {
    passwords: openQuickPasswords(),
    googleEndpoints: endpoints,
    calendarVendors: { google: google.endpoints, microsoft: microsoft.endpoints },
  },
);
