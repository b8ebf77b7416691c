import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../errors.ts";

export interface AdmissionOptions {
  /** How many requests may be worked on at once. */
  mostInFlight: number;
  /** ms: while more than `few` requests have been in for longer than this, nobody is let in. */
  longestStay?: number;
  few?: number;
  onRefused?: () => void;
}

/**
 * Lets requests in as long as they will be answered soon and answers 503 `overloaded` to the others, at once. How many
 * are in bounds the memory; how long they have been in tells a queue that stands from a burst, on a slow machine as on a
 * fast one. Counted, not sampled: a machine that stalls for a second, or a few slow requests, refuse nobody.
 */
export const admission = fp<AdmissionOptions>(
  async (app, { mostInFlight, longestStay = 2_000, few = 50, onRefused = () => undefined }) => {
    /** Since when each is in, on the clock of performance.now(), the first of them first. */
    const inFlight = new Map<FastifyRequest, number>();
    app.decorate("requestsInFlight", () => inFlight.size);

    const queueStands = () => {
      if (inFlight.size <= few) return false;
      const latest = performance.now() - longestStay;
      let older = 0;
      for (const since of inFlight.values()) {
        if (since > latest) return false;
        older += 1;
        if (older > few) return true;
      }
      return false;
    };

    const loadOf = ({ routeOptions }: FastifyRequest) => routeOptions.config.load ?? "counted";
    const refuseOverload = (request: FastifyRequest) => {
      if (loadOf(request) === "always answered") return;
      if (inFlight.size < mostInFlight && !queueStands()) return;
      onRefused();
      throw new Refusal("overloaded");
    };

    // Before the body, which is then not waited for.
    app.addHook("onRequest", async (request) => refuseOverload(request));
    // A request is work once all of it is here: what a client has sent by halves keeps nobody else out.
    app.addHook("preValidation", async (request) => {
      refuseOverload(request);
      if (loadOf(request) === "counted") inFlight.set(request, performance.now());
    });

    // Also comes when the client has gone: until here, his request was work.
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
     * Whether a request of this route counts among those that are worked on at once. Probes are always answered; a
     * stream of events, and a request that waits in a line of its own, may be refused but does not count while it is open.
     */
    load?: "counted" | "always answered" | "stays open";
  }
}
