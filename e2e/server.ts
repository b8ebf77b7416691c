// The server of the journeys: the app as `npm start` runs it, but the password of each new account is hashed at no cost, and
// Google is a server of the tests, and calendar servers may be on this machine.
import { start } from "../server/start.ts";
import { googleClient, startGoogleServer } from "../server/testing/googleServer.ts";
import { openQuickPasswords } from "../server/testing/quickPasswords.ts";

const { endpoints } = await startGoogleServer();
const { clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET } = googleClient;
await start(
  { ...process.env, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, PRIVATE_CALENDAR_HOSTS: "127.0.0.1" },
  { passwords: openQuickPasswords(), googleEndpoints: endpoints },
);
