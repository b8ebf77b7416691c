import { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import fp from "fastify-plugin";
import { LruMap } from "toad-cache";
import { type RateLimit, type RateLimitName, rateLimits, slotAnswerUnits } from "#rules/rateLimits.ts";
import type { Queryable } from "../database/database.ts";
import { Refusal } from "../errors.ts";
import { requireIdentity } from "../http/identity.ts";
import { openLocalCounts, openSharedCounts } from "./counts.ts";

/** What one call counts against. `key` says whose it is. */
interface Ask {
  name: RateLimitName;
  key: string;
  /** How often it counts; once when left out. */
  amount?: number;
}

export interface Limits {
  /** Counts a call against several limits at once. @throws Refusal `rate_limited` past one of them */
  count(reply: FastifyReply, ...asks: Ask[]): Promise<void>;
  /** Counts what turned out to cost more once it was done. Refuses nothing now, but what comes next. */
  charge(ask: Ask): Promise<void>;
}

const blockedAtMost = 20_000;

function openLimits(executor: Queryable): Limits {
  const counts = { "per process": openLocalCounts(), "in the database": openSharedCounts(executor) };
  // Past its limit a key is refused from memory until the window ends: no flood of refused calls reaches the database.
  const blocked = new LruMap<number>(blockedAtMost);

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
      throw new Refusal("rate_limited", { detail: `Too many requests. Try again in ${spell(seconds)}.` });
    },
    charge: async (ask) => {
      await wait(ask);
    },
  };
}

function spell(seconds: number): string {
  if (seconds > 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

const unlimited: Limits = { count: async () => undefined, charge: async () => undefined };

/** Gives the app its limits, and counts every call of the API before anything else is done for it. */
export const limits = fp<{ enabled: boolean; executor: Queryable }>(async (app, { enabled, executor }) => {
  app.decorate("limits", enabled ? openLimits(executor) : unlimited);
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/"))
      await app.limits.count(reply, { name: "api", key: addressOf(request) });
  });
});

/** Whose calls count as one: an address, or of IPv6 a whole network, which is one customer. */
export function addressOf(request: FastifyRequest): string {
  return normalizeIP(request.ip);
}

/**
 * A hook that counts a call against its limits before its body is read or anything is validated: a call that is wrong
 * counts as well. Limits by account want a person: a visitor gets 401 and is not counted.
 */
export function limitTo(app: FastifyInstance, ...names: RateLimitName[]): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const asks: Ask[] = [];
    for (const name of names) asks.push({ name, key: await keyOf(request, rateLimits[name].by) });
    await app.limits.count(reply, ...asks);
  };
}

/** Adds what a large answer of free times costs to its limit: the call itself has been counted once. */
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
