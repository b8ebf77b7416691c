// The server of the journeys: the app as `npm start` runs it, but the password of each new account is hashed at no cost.
import { start } from "../server/start.ts";
import { openQuickPasswords } from "../server/testing/quickPasswords.ts";

await start(process.env, { passwords: openQuickPasswords() });
