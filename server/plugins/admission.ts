import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../errors.ts";

export interface AdmissionOptions {
  /** How many requests may be worked on at once. */
  mostInFlight: number;
  onRefused?: () => void;
}

/**
 * Lets only so many requests in at once and answers 503 `overloaded` to the others, at once: whoever is let in is
 * answered soon, and memory is bounded. Counted, not sampled: a machine that stalls for a second refuses nobody.
 */
export const admission = fp<AdmissionOptions>(async (app, { mostInFlight, onRefused = () => undefined }) => {
  const admitted = new WeakSet<FastifyRequest>();
  let inFlight = 0;
  app.decorate("requestsInFlight", () => inFlight);

  app.addHook("onRequest", async (request) => {
    const { load = "counted" } = request.routeOptions.config;
    if (load === "always answered") return;
    if (inFlight >= mostInFlight) {
      onRefused();
      throw new Refusal("overloaded");
    }
    if (load === "stays open") return;
    inFlight += 1;
    admitted.add(request);
  });

  // Also comes when the client has gone: until here, his request was work.
  app.addHook("onSend", async (request) => {
    if (admitted.delete(request)) inFlight -= 1;
  });
});

declare module "fastify" {
  interface FastifyInstance {
    requestsInFlight(): number;
  }
  interface FastifyContextConfig {
    /**
     * Whether a request of this route counts among those that are worked on at once. Probes are always answered; a
     * stream of events may be refused but does not count while it is open.
     */
    load?: "counted" | "always answered" | "stays open";
  }
}
