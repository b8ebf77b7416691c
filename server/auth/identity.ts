import { hash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { LruMap } from "toad-cache";
import { Refusal } from "../errors.ts";
import type { Accounts } from "./accounts.ts";

/** Who asks, as the accounts library vouches for. */
export interface Identity {
  id: string;
  email: string;
  name: string;
}

export interface Identities {
  /** Whose session a request carries, in its cookie or as its bearer token; null for a visitor. */
  read(request: FastifyRequest): Promise<Identity | null>;
  /** Asks the library again about everybody: somebody signed out, or changed an account. */
  forget(): void;
}

/** ms; so long a session that is revoked elsewhere lives on. */
const rememberedFor = 30_000;
const rememberedAtMost = 10_000;

/**
 * Remembers for half a minute whom a credential belongs to: the library verifies and signs several times for each
 * request, which costs more than all the rest of it. What this process changes is forgotten at once.
 */
export function openIdentities(accounts: Accounts): Identities {
  const known = new LruMap<Identity>(rememberedAtMost, rememberedFor);
  let changes = 0;
  return {
    async read(request) {
      const { cookie, authorization } = request.headers;
      if (!cookie && !authorization) return null;
      const key = hash("sha256", `${authorization ?? ""}\n${cookie ?? ""}`, "base64");
      const remembered = known.get(key);
      if (remembered) return remembered;
      const changesBefore = changes;
      const session = await accounts.api.getSession({ headers: toWebHeaders(request) });
      if (!session) return null;
      const identity = { id: session.user.id, email: session.user.email, name: session.user.name };
      // Not what was read while somebody signed out.
      if (changes === changesBefore) known.set(key, identity);
      return identity;
    },
    forget() {
      changes += 1;
      known.clear();
    },
  };
}

/** The person who asks. @throws Refusal `unauthenticated` for a visitor. */
export async function requireIdentity(request: FastifyRequest): Promise<Identity> {
  const identity = await request.identity();
  if (!identity) throw new Refusal("unauthenticated");
  return identity;
}

export function toWebHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string") headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}
