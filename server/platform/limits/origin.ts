import { createHmac } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { SystemTx } from "../database/database.ts";
import { deriveKey } from "../derivedKey.ts";
import { addressOf } from "./limits.ts";

/** Names the network a request comes from, without saying which it is: the same name for the same address. */
export type OriginOf = (request: FastifyRequest) => string | undefined;

/**
 * An HMAC-SHA256 of the address in hex, shortened to 128 bits; its key is derived from the accounts' secret (RFC 5869), so
 * that the database alone cannot tell which address it was. undefined where limits are off: all come from one machine.
 */
export function openOrigins(secret: string, enabled: boolean): OriginOf {
  const key = deriveKey(secret, "origin v1");
  return (request) =>
    enabled ? createHmac("sha256", key).update(addressOf(request)).digest("hex").slice(0, 32) : undefined;
}

/** Tells the triggers of this transaction where the request comes from (private.limit_open_requests). */
export async function setOrigin(tx: SystemTx, origin: string | undefined): Promise<void> {
  if (origin === undefined) return;
  await tx.client.query({
    name: "set_origin",
    text: "select set_config('matepeak.origin', $1, true)",
    values: [origin],
  });
}
