import { z } from "zod";
import { calendarVendors } from "#rules/calendarSignIn.ts";
import { addMs, fromDate, HOUR_MS } from "#scheduling/units.ts";
import type { LoginSecret } from "./provider.ts";
import type { Syncing } from "./sync.ts";

/** Of private.release_login(). */
export const released = z.object({
  connection_id: z.uuid(),
  kind: z.enum(calendarVendors),
  /** Hexadecimal. */
  credential: z.string(),
  ended_at: z.coerce.date(),
});

/** After that it is left to the vendor, which ends logins that are not used. */
const triedForMs = HOUR_MS;

/** Ends the login of a connection that is gone. @throws CalendarProblem if it has to be tried again */
export async function releaseLogin(
  { oauth, logins, now }: Pick<Syncing, "oauth" | "logins" | "now">,
  { connection_id, kind, credential, ended_at }: z.infer<typeof released>,
): Promise<void> {
  if (now() > addMs(fromDate(ended_at), triedForMs)) return;
  const secret = openOrNull(() => logins.open(Buffer.from(credential, "hex"), connection_id));
  if (secret?.kind === "tokens") await oauth[kind]?.revoke(secret);
}

/** A key that was taken away: nothing can be done with it any more. */
function openOrNull(open: () => LoginSecret): LoginSecret | null {
  try {
    return open();
  } catch {
    return null;
  }
}
