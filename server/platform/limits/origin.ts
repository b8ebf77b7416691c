import { createHmac } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { SystemTx } from "../database/database.ts";
import { deriveKey } from "../derivedKey.ts";
import { addressOf } from "./limits.ts";

/** A pseudonym for the network that a request comes from: the same one for the same address. */
export type OriginOf = (request: FastifyRequest) => string | undefined;

/**
 * An HMAC-SHA256 of the address in hex, truncated to 128 bits. The key is derived from the accounts' secret (RFC 5869), so
 * the address cannot be recovered from the database alone. Returns undefined when rate limits are off, as in tests, where
 * all requests come from one machine.
 */
export function openOrigins(secret: string, enabled: boolean): OriginOf {
  const key = deriveKey(secret, "origin v1");
  return (request) =>
    enabled ? createHmac("sha256", key).update(addressOf(request)).digest("hex").slice(0, 32) : undefined;
}

/** Sets the origin for this transaction's triggers (private.limit_new_booking). */
export async function setOrigin(tx: SystemTx, origin: string | undefined): Promise<void> {
  if (origin === undefined) return;
  await tx.client.query({
    name: "set_origin",
    text: "select set_config('matepeak.origin', $1, true)",
    values: [origin],
  });
}
