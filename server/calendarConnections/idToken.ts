import { z } from "zod";
import { addMs, type EpochMs, MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";
import { readJson } from "../platform/readJson.ts";
import { CalendarProblem } from "./provider.ts";

const claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  /** Epoch seconds. */
  exp: z.number(),
  /** An account's name for good, whatever its address is. */
  sub: z.string().regex(/^[\x21-\x7e]{1,255}$/),
});

/** The clocks of vendors and ours. */
const skewMs = 5 * MINUTE_MS;

/**
 * Whose login it is. The token comes from the vendor's own token endpoint, by TLS, which stands for its signature (OpenID Connect
 * Core, 3.1.3.7, 6). @throws CalendarProblem `unreadable`
 */
export function subjectOf(
  idToken: string | null,
  { clientId, isIssuer }: { clientId: string; isIssuer: (issuer: string) => boolean },
  now: EpochMs,
): string {
  const [, payload = ""] = idToken?.split(".") ?? [];
  const read = claims.safeParse(readJson(Buffer.from(payload, "base64url").toString("utf8")));
  if (!read.success)
    throw new CalendarProblem("unreadable", { detail: "the answer does not say whose it is" });
  const { iss, aud, exp, sub } = read.data;
  const isOurs = [aud].flat().includes(clientId) && isIssuer(iss) && exp * SECOND_MS > addMs(now, -skewMs);
  if (!isOurs) throw new CalendarProblem("unreadable", { detail: "the answer is for another app" });
  return sub;
}
