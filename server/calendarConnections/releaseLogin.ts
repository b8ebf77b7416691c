import { z } from "zod";
import { calendarVendors } from "#rules/calendarSignIn.ts";
import { addMs, fromDate, HOUR_MS } from "#scheduling/units.ts";
import { CalendarProblem, type Login, type LoginSecret } from "./provider.ts";
import type { Syncing } from "./sync.ts";

/** Of private.release_login(). */
export const released = z.object({
  connection_id: z.uuid(),
  kind: z.enum(calendarVendors),
  /** Hexadecimal. */
  credential: z.string(),
  channels: z.array(z.object({ id: z.string(), resource: z.string().nullable() })),
  ended_at: z.coerce.date(),
});

/** After that it is left to the vendor, which ends logins that are not used. */
const triedForMs = HOUR_MS;

const longestAskMs = 30_000;

/** Ends the login of a connection that is gone, and first its reports of changes. @throws CalendarProblem if it has to be tried again */
export async function releaseLogin(
  { oauth, logins, now, providers }: Pick<Syncing, "oauth" | "logins" | "now" | "providers">,
  { connection_id, kind, credential, channels, ended_at }: z.infer<typeof released>,
): Promise<void> {
  if (now() > addMs(fromDate(ended_at), triedForMs)) return;
  const secret = openOrNull(() => logins.open(Buffer.from(credential, "hex"), connection_id));
  if (secret?.kind !== "tokens") return;
  const login: Login = {
    connectionId: connection_id,
    serverUrl: null,
    username: null,
    secret,
    save: async () => {},
  };
  try {
    for (const channel of channels) {
      await providers[kind]?.watcher?.end(login, channel, AbortSignal.timeout(longestAskMs));
    }
  } catch (error) {
    // With the login its channels end.
    if (!(error instanceof CalendarProblem) || error.code !== "login_refused") throw error;
  }
  await oauth[kind]?.revoke(login.secret.kind === "tokens" ? login.secret : secret);
}

/** A key that was taken away: nothing can be done with it any more. */
function openOrNull(open: () => LoginSecret): LoginSecret | null {
  try {
    return open();
  } catch {
    return null;
  }
}
