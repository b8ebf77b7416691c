import type { FastifyReply, FastifyRequest } from "fastify";
import type { TypedApp } from "../platform/http/route.ts";
import { addressOf } from "../platform/limits/limits.ts";

/** Counts a quote with a code: only such a question can guess codes. */
export async function countGuess(
  app: TypedApp,
  request: FastifyRequest,
  reply: FastifyReply,
  code: string | undefined,
): Promise<void> {
  if (code !== undefined) await app.limits.count(reply, { name: "quotes", key: addressOf(request) });
}
