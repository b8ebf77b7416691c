import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../errors.ts";

interface Limit {
  name: string;
  max: number;
  per: string;
  /** Whose requests are counted together. */
  by: "address" | "account" | "email";
}

/** Counters live in each app process; a limit is therefore per process. */
export const rateLimits = fp<{ enabled: boolean }>(async (app, { enabled }) => {
  app.decorate("rateLimitsEnabled", enabled);
  if (enabled) await app.register(rateLimit, { global: false });
});

/** A hook that counts and, past the limit, answers 429 with Retry-After. A route may have several. */
export function limitTo(app: FastifyInstance, { name, max, per, by }: Limit): preHandlerAsyncHookHandler {
  if (!app.rateLimitsEnabled) return async () => undefined;
  // Not app.rateLimit(): of those hooks only the first of a request counts.
  const count = app.createRateLimit({
    max,
    timeWindow: per,
    keyGenerator: async (request) => `${name}:${await keyOf(request, by)}`,
  });
  return async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header("retry-after", counted.ttlInSeconds);
    throw new Refusal("rate_limited", {
      detail: `Too many requests. Try again in ${spell(counted.ttlInSeconds)}.`,
    });
  };
}

function spell(seconds: number): string {
  if (seconds > 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

async function keyOf(request: FastifyRequest, by: Limit["by"]): Promise<string> {
  switch (by) {
    case "address":
      // Of IPv6 a whole network is one customer.
      return normalizeIP(request.ip);
    case "account":
      return (await request.identity())?.id ?? request.ip;
    case "email": {
      const { email } = (request.body ?? {}) as { email?: unknown };
      return typeof email === "string" ? email.trim().toLowerCase().slice(0, 254) : request.ip;
    }
    default:
      return by satisfies never;
  }
}

declare module "fastify" {
  interface FastifyInstance {
    rateLimitsEnabled: boolean;
  }
}
