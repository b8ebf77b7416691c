import { hash, timingSafeEqual } from "node:crypto";
import { Gauge } from "@prometheus-io/client";
import fp from "fastify-plugin";
import { requestRefusals } from "#words/refusals.ts";
import type { Database } from "../database/database.ts";
import { Refusal } from "../errors.ts";
import { routeOf } from "../http/requestLog.ts";
import { addDatabaseGauges } from "./databaseGauges.ts";
import type { Metrics } from "./metrics.ts";

interface MetricsOptions {
  metrics: Metrics;
  database: Database;
  /** Bearer token required to read the metrics; undefined disables /metrics. */
  token: string | undefined;
}

/** Measures every request and serves the figures to Prometheus at `/metrics`. */
export const metricsPlugin = fp<MetricsOptions>(async (app, { metrics, database, token }) => {
  app.addHook("onResponse", async (request, reply) => {
    const labels = {
      method: request.method,
      route: routeOf(request),
      status: `${Math.floor(reply.statusCode / 100)}xx`,
    };
    metrics.requests.observe(labels, reply.elapsedTime / 1000);
    if (request.problemCode) metrics.problems.inc({ code: request.problemCode });
  });
  app.addHook("onRequestAbort", async (_request) => metrics.abandoned.inc());

  const inFlight = new Gauge({
    name: "matepeak_http_requests_in_flight",
    help: "Requests in flight.",
    registers: [metrics.registry],
  });
  if (token === undefined) {
    // Declared here, or the web app would serve it as one of its pages.
    app.get("/metrics", { schema: { hide: true } }, (_request, reply) => reply.callNotFound());
    return;
  }
  const readDatabase = addDatabaseGauges(metrics, database);
  const expected = hash("sha256", `Bearer ${token}`, "buffer");

  app.get("/metrics", {
    exposeHeadRoute: false,
    config: { load: "always answered" },
    schema: { hide: true },
    handler: async (request, reply) => {
      const given = hash("sha256", request.headers.authorization ?? "", "buffer");
      if (!timingSafeEqual(given, expected)) {
        reply.header("www-authenticate", "Bearer");
        throw new Refusal("unauthenticated", { detail: requestRefusals.operatorToken });
      }
      await readDatabase();
      inFlight.set(app.requestsInFlight());
      reply.header("cache-control", "no-store").type(metrics.registry.contentType);
      return metrics.registry.metrics();
    },
  });
});
