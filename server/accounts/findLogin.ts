import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { openBatches } from "../platform/database/batches.ts";
import type { Queryable } from "../platform/database/database.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Accounts } from "./accounts.ts";
import { storedLoginToken } from "./loginToken.ts";

type Headers = Pick<IncomingHttpHeaders, "authorization" | "cookie">;

/** A token and its signature in base64, not yet verified. */
interface Signed {
  token: string;
  signature: string;
}

const signedToken = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9+/]{43}=)$/;

interface FoundLogin extends Identity {
  expiresAt: Date;
}

/** What the accounts library has to decide: its `getSession` is the judge of anything unusual. */
export const libraryDecides = "library decides";

/**
 * Finds the login of a request as the accounts library's `getSession` does, with one statement and without its layers,
 * which cost ten times as much. Credentials of another form, and logins that have expired or are due to be prolonged, are
 * left to the library (findLogin.test.ts compares the two).
 */
export async function openFindLogin(accounts: Accounts, executor: Queryable, secret: string) {
  const { authCookies, sessionConfig } = await accounts.$context;
  const key = createSecretKey(secret, "utf8");

  function isGenuine({ token, signature }: Signed): boolean {
    const expected = createHmac("sha256", key).update(token).digest();
    return timingSafeEqual(Buffer.from(signature, "base64"), expected);
  }

  /** Returns the verified token; null if there is none, and so no login. */
  function tokenOf({ authorization, cookie }: Headers): string | null | typeof libraryDecides {
    const bearer = bearerOf(authorization);
    if (bearer === libraryDecides) return bearer;
    if (bearer && isGenuine(bearer)) return bearer.token;
    // Like the library: a bearer token that is not genuine doesn't keep the cookie from counting.
    const sent = cookieOf(cookie, authCookies.sessionToken.name);
    if (sent === libraryDecides) return sent;
    return sent && isGenuine(sent) ? sent.token : null;
  }

  /** By stored tokens. */
  const batches = openBatches<string, FoundLogin | undefined>(async (tokens) => {
    const { rows } = await executor.query<FoundLogin & { token: string }>({
      name: "find_logins",
      text: `select s.token, u.id, u.email, u.name, s.id as "loginId", s.expires_at as "expiresAt"
             from auth.sessions s join auth.users u on u.id = s.user_id where s.token = any ($1)`,
      values: [tokens],
    });
    const byToken = new Map(rows.map(({ token, ...found }) => [token, found]));
    return tokens.map((token) => byToken.get(token));
  });

  return async (headers: Headers): Promise<Identity | null | typeof libraryDecides> => {
    const token = tokenOf(headers);
    if (token === null || token === libraryDecides) return token;
    const found = await batches.send(storedLoginToken(token));
    if (!found) return null;
    const { expiresAt, ...identity } = found;
    const prolongedAt = expiresAt.getTime() - (sessionConfig.expiresIn - sessionConfig.updateAge) * 1000;
    return prolongedAt <= Date.now() ? libraryDecides : identity;
  };
}

function bearerOf(authorization: string | undefined): Signed | null | typeof libraryDecides {
  if (authorization?.slice(0, 7).toLowerCase() !== "bearer ") return null;
  const token = authorization.slice(7).trim();
  // Without a signature it counts for nothing.
  return token.includes(".") ? signedIn(token) : null;
}

function cookieOf(cookies: string | undefined, name: string): Signed | null | typeof libraryDecides {
  for (const cookie of cookies?.includes(name) ? cookies.split(";") : []) {
    const end = cookie.indexOf("=");
    if (end === -1 || cookie.slice(0, end).trim() !== name) continue;
    const value = cookie.slice(end + 1).trim();
    return value === "" ? null : signedIn(value);
  }
  return null;
}

function signedIn(text: string): Signed | typeof libraryDecides {
  const [, token, signature] = signedToken.exec(decoded(text)) ?? [];
  return token !== undefined && signature !== undefined ? { token, signature } : libraryDecides;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
