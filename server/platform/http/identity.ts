import type { FastifyRequest } from "fastify";
import { Refusal } from "../errors.ts";

/** Who asks, as the accounts library vouches for. */
export interface Identity {
  id: string;
  email: string;
  name: string;
  sessionId: string;
}

export interface Identities {
  /** Whose session a request carries, in its cookie or as its bearer token; null for a visitor. */
  read(request: FastifyRequest): Promise<Identity | null>;
  /** Asks the library again about everybody: somebody signed out, or changed an account. */
  forget(): void;
  /** Which of these sessions have neither ended nor expired. */
  readLive(sessionIds: readonly string[]): Promise<Set<string>>;
}

/** The person who asks. @throws Refusal `unauthenticated` for a visitor. */
export async function requireIdentity(request: FastifyRequest): Promise<Identity> {
  const identity = await request.identity();
  if (!identity) throw new Refusal("unauthenticated");
  return identity;
}
