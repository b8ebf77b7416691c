import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../errors.ts";

export interface AdmissionOptions {
  /** How many requests may be in flight at once. */
  maxInFlight: number;
  /** While more than `stalledThreshold` requests have been in flight for longer than this, new ones are rejected. */
  maxAgeMs?: number;
  stalledThreshold?: number;
  onRejected?: () => void;
}

/**
 * Admits requests while they can be answered soon and rejects the others at once with 503 `overloaded`. The number in
 * flight bounds the memory; their age tells a stalled queue from a burst, on slow machines as on fast ones. Requests are
 * counted rather than sampled, so neither a one-second pause of the machine nor a few slow requests reject anything.
 */
export const admission = fp<AdmissionOptions>(
  async (app, { maxInFlight, maxAgeMs = 2_000, stalledThreshold = 50, onRejected = () => undefined }) => {
    /** When each request was admitted (performance.now()), oldest first. */
    const inFlight = new Map<FastifyRequest, number>();
    app.decorate("requestsInFlight", () => inFlight.size);

    const isStalled = () => {
      if (inFlight.size <= stalledThreshold) return false;
      const latest = performance.now() - maxAgeMs;
      let older = 0;
      for (const since of inFlight.values()) {
        if (since > latest) return false;
        older += 1;
        if (older > stalledThreshold) return true;
      }
      return false;
    };

    const loadOf = ({ routeOptions }: FastifyRequest) => routeOptions.config.load ?? "counted";
    const rejectWhenOverloaded = (request: FastifyRequest) => {
      if (loadOf(request) === "always answered") return;
      if (inFlight.size < maxInFlight && !isStalled()) return;
      onRejected();
      throw new Refusal("overloaded");
    };

    // Before the body is read, so that a rejected request doesn't wait for it.
    app.addHook("onRequest", async (request) => rejectWhenOverloaded(request));
    // A request counts once it has arrived completely: half-sent requests don't keep others out.
    app.addHook("preValidation", async (request) => {
      rejectWhenOverloaded(request);
      if (loadOf(request) === "counted") inFlight.set(request, performance.now());
    });

    // Runs even if the client has disconnected: the request was in flight until now.
    app.addHook("onSend", async (request) => {
      inFlight.delete(request);
    });
  },
);

declare module "fastify" {
  interface FastifyInstance {
    requestsInFlight(): number;
  }
  interface FastifyContextConfig {
    /**
     * Whether requests of this route count as in flight. Probes are always answered. Event streams and requests with a
     * queue of their own can be rejected, but don't count while they are open.
     */
    load?: "counted" | "always answered" | "stays open";
  }
}
