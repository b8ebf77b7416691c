import { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import fp from "fastify-plugin";
import { LruMap } from "toad-cache";
import { type RateLimit, type RateLimitName, rateLimits, slotAnswerUnits } from "#rules/rateLimits.ts";
import { requestRefusals } from "#words/refusals.ts";
import type { Queryable } from "../database/database.ts";
import { Refusal } from "../errors.ts";
import { requireIdentity } from "../http/identity.ts";
import { openLocalCounts, openSharedCounts } from "./counts.ts";

/** A limit that a call counts against. `key` identifies the caller. */
interface Ask {
  name: RateLimitName;
  key: string;
  /** How many calls it counts as; default 1. */
  amount?: number;
}

export interface Limits {
  /** Counts a call against all these limits. @throws Refusal `rate_limited` if one of them is exceeded */
  count(reply: FastifyReply, ...asks: Ask[]): Promise<void>;
  /** Counts extra cost after the call. Affects only later calls. */
  charge(ask: Ask): Promise<void>;
  /**
   * As `count`, without waiting, for limits that are counted per process. Returns false if one of them is exceeded or is
   * counted elsewhere: then `count` must decide.
   */
  countNow(...asks: Ask[]): boolean;
}

const maxBlockedKeys = 20_000;

function openLimits(executor: Queryable): Limits {
  const counts = { "per process": openLocalCounts(), "in the database": openSharedCounts(executor) };
  // A key over its limit is rejected from memory until the window ends, so a flood never reaches the database.
  const blocked = new LruMap<number>(maxBlockedKeys);

  const blockedFor = (id: string) => (blocked.get(id) ?? 0) - performance.now();

  async function wait({ name, key, amount }: Ask): Promise<number> {
    const { max, seconds, counted }: RateLimit = rateLimits[name];
    const id = `${name}:${key}`;
    const { count, endsIn } = await counts[counted].add(id, seconds, amount);
    if (count <= max) return 0;
    blocked.set(id, performance.now() + endsIn);
    return endsIn;
  }

  return {
    async count(reply, ...asks) {
      const known = Math.max(...asks.map(({ name, key }) => blockedFor(`${name}:${key}`)));
      const ms = known > 0 ? known : Math.max(...(await Promise.all(asks.map(wait))));
      if (ms <= 0) return;
      const seconds = Math.max(1, Math.ceil(ms / 1000));
      reply.header("retry-after", seconds);
      throw new Refusal("rate_limited", { detail: requestRefusals.rate(seconds) });
    },
    charge: async (ask) => {
      await wait(ask);
    },
    countNow: (...asks) => {
      const isKnownHere = ({ name, key }: Ask) =>
        rateLimits[name].counted === "per process" && blockedFor(`${name}:${key}`) <= 0;
      if (!asks.every(isKnownHere)) return false;
      let isWithin = true;
      for (const { name, key, amount } of asks) {
        const { max, seconds } = rateLimits[name];
        const { count } = counts["per process"].addNow(`${name}:${key}`, seconds, amount);
        if (count > max) isWithin = false;
      }
      return isWithin;
    },
  };
}

const unlimited: Limits = {
  count: async () => undefined,
  charge: async () => undefined,
  countNow: () => true,
};

/** Adds `app.limits` and counts every API call before any other work. */
export const limits = fp<{ enabled: boolean; executor: Queryable }>(async (app, { enabled, executor }) => {
  app.decorate("limits", enabled ? openLimits(executor) : unlimited);
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/"))
      await app.limits.count(reply, { name: "api", key: addressOf(request) });
  });
});

/** The client that calls are counted for: an IPv4 address, or an IPv6 /64, which counts as one client. */
export function addressOf(request: FastifyRequest): string {
  return normalizeIP(request.ip);
}

/**
 * Returns a hook that counts a call before its body is read and validated, so that invalid calls count too. With limits
 * by account, a visitor gets 401 and is not counted.
 */
export function limitTo(app: FastifyInstance, ...names: RateLimitName[]): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const asks: Ask[] = [];
    for (const name of names) asks.push({ name, key: await keyOf(request, rateLimits[name].by) });
    await app.limits.count(reply, ...asks);
  };
}

/** Charges a large response for its size; the call itself has already been counted once. */
export async function chargeForSize(
  request: FastifyRequest,
  name: "slots" | "booking-slots" | "hours",
  length: number,
): Promise<void> {
  const amount = slotAnswerUnits(length) - 1;
  if (amount > 0) await request.server.limits.charge({ name, key: addressOf(request), amount });
}

async function keyOf(request: FastifyRequest, by: RateLimit["by"]): Promise<string> {
  switch (by) {
    case "address":
      return addressOf(request);
    case "account":
      return (await requireIdentity(request)).id;
    case "address and account":
      return `${addressOf(request)} ${(await requireIdentity(request)).id}`;
    case "device and account":
      throw new Error("Only sign-in knows devices.");
    default:
      return by satisfies never;
  }
}

declare module "fastify" {
  interface FastifyInstance {
    limits: Limits;
  }
}
