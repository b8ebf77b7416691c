import { PassThrough } from "node:stream";
import type { FastifyRequest, RequestPayload } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../errors.ts";
import { addressOf } from "../limits/limits.ts";
import type { ClientLimits } from "./clientLimits.ts";

interface UnfinishedBody {
  since: number;
  address: string;
  /** Announced size, bytes. */
  size: number;
  end(refusal: Refusal): void;
}

type Limits = Pick<
  ClientLimits,
  "bodyTime" | "bodiesPerAddress" | "bodiesInAll" | "leastPerBody" | "graceTime" | "sweepEvery"
>;

/**
 * Gives each request body a deadline, and each address a limited share of the memory for bodies still arriving. Bodies that
 * arrive together with their head, as nearly all do, cost nothing here.
 */
export const unfinishedBodies = fp<{ limits: Limits }>(async (app, { limits }) => {
  /** By request, oldest first. */
  const open = new Map<FastifyRequest, UnfinishedBody>();
  const largest = app.initialConfig.bodyLimit ?? Number.POSITIVE_INFINITY;

  app.addHook("preParsing", (request, reply, payload, done) => {
    if (isWhole(request)) return done(null, payload);
    const address = addressOf(request);
    const size = Math.max(limits.leastPerBody, announcedSize(request, largest));
    const refusal = makeRoom(address, size);
    if (!refusal) return done(null, watch(request, payload, address, size));
    reply.header("connection", "close");
    done(refusal);
  });

  function makeRoom(address: string, size: number): Refusal | undefined {
    const all = Array.from(open.values());
    const same = all.filter((body) => body.address === address);
    if (!endOldest(same, limits.bodiesPerAddress - size)) return new Refusal("rate_limited");
    if (!endOldest(all, limits.bodiesInAll - size)) return new Refusal("overloaded");
    return undefined;
  }

  /** Aborts bodies older than the grace time, oldest first, until the rest fits. Returns false if that is not enough. */
  function endOldest(bodies: readonly UnfinishedBody[], room: number): boolean {
    let total = bodies.reduce((sum, { size }) => sum + size, 0);
    const latest = performance.now() - limits.graceTime;
    for (const body of bodies) {
      if (total <= room) return true;
      if (body.since > latest) return false;
      body.end(new Refusal("request_timeout"));
      total -= body.size;
    }
    return true;
  }

  function watch(
    request: FastifyRequest,
    payload: RequestPayload,
    address: string,
    size: number,
  ): RequestPayload {
    const body = new PassThrough();
    // Errors before the parser listens, and after it has finished.
    body.on("error", () => undefined);
    payload.on("error", (error) => body.destroy(error));
    payload.pipe(body);
    body.once("end", () => open.delete(request));
    open.set(request, {
      since: performance.now(),
      address,
      size,
      end: (refusal) => {
        open.delete(request);
        discard(request);
        body.destroy(refusal);
      },
    });
    return body;
  }

  app.addHook("onSend", async (request) => {
    if (open.delete(request)) discard(request);
  });
  app.addHook("onRequestAbort", async (request) => {
    open.delete(request);
  });

  const sweep = setInterval(() => {
    const latest = performance.now() - limits.bodyTime;
    for (const body of open.values()) {
      if (body.since > latest) return;
      body.end(new Refusal("request_timeout"));
    }
  }, limits.sweepEvery).unref();
  app.addHook("onClose", async () => clearInterval(sweep));
});

/** Whether the body has arrived completely, or will not be read at all. */
function isWhole({ raw, method, headers }: FastifyRequest): boolean {
  if (method === "GET" || method === "HEAD" || raw.complete) return true;
  // node:http sets `complete` slightly later.
  return (
    headers["transfer-encoding"] === undefined && raw.readableLength >= Number(headers["content-length"] ?? 0)
  );
}

function announcedSize({ headers }: FastifyRequest, largest: number): number {
  const length = headers["content-length"];
  return length === undefined ? largest : Math.min(Number(length), largest);
}

/** Discards the rest of the body until the request's deadline closes the connection. */
function discard({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}
