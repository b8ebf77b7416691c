import type { FastifyRequest } from "fastify";
import { Refusal } from "../errors.ts";

/** The signed-in person, verified by the accounts library or by Supabase Auth. */
export interface Identity {
  id: string;
  email: string;
  name: string;
  loginId: string;
  /** Epoch ms, of logins that Supabase Auth keeps: when the person last proved who they are. */
  provedAt?: number;
}

export interface Identities {
  /** Returns the person of the request's login cookie or bearer token; null for a visitor. */
  read(request: Pick<FastifyRequest, "headers">): Promise<Identity | null>;
  /** Clears the cache, after a sign-out or a change of an account. */
  forget(): void;
  /** Returns those of these logins that have neither ended nor expired. */
  readLive(loginIds: readonly string[]): Promise<Set<string>>;
}

/** Returns the signed-in person. @throws Refusal `unauthenticated` for a visitor */
export async function requireIdentity(request: FastifyRequest): Promise<Identity> {
  const identity = await request.identity();
  if (!identity) throw new Refusal("unauthenticated");
  return identity;
}
