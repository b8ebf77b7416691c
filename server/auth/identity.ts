import type { FastifyRequest } from "fastify";
import { Refusal } from "../errors.ts";
import type { Accounts } from "./accounts.ts";

/** Who asks, as the accounts library vouches for. */
export interface Identity {
  id: string;
  email: string;
  name: string;
}

/** Reads the session of a request: from its cookie or its bearer token; null for a visitor. */
export async function readIdentity(accounts: Accounts, request: FastifyRequest): Promise<Identity | null> {
  const { cookie, authorization } = request.headers;
  if (!cookie && !authorization) return null;
  const session = await accounts.api.getSession({ headers: toWebHeaders(request) });
  return session ? { id: session.user.id, email: session.user.email, name: session.user.name } : null;
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
