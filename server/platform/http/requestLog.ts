import { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import fp from "fastify-plugin";
import type { ErrorCode } from "#contract/errors.ts";

/** Long enough to be unique, without characters that could break a log line or a header. */
const saneId = /^[\w.:-]{8,64}$/;

/**
 * Returns the id that a proxy or client gave the request, so that the same id appears in all logs, or a new one. It is not
 * trusted for anything else.
 */
export function requestIdOf(headers: NodeJS.Dict<string | string[]>): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && saneId.test(given) ? given : crypto.randomUUID();
}

/** Returns the route's pattern, such as `/api/v1/bookings/:booking_id`; "none" if no route matched. */
export function routeOf({ routeOptions, is404 }: FastifyRequest): string {
  if (is404) return "none";
  // Each asset of the web app has its own route.
  if (routeOptions.url?.startsWith("/assets/")) return "/assets/*";
  return routeOptions.url ?? "none";
}

/** Sends each request's id in its response. */
export const requestIds = fp(async (app) => {
  app.decorateRequest("problemCode", undefined);
  app.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onRequestAbort", async (request) => {
    request.log.info({ method: request.method, route: routeOf(request) }, "Request abandoned by its client");
  });
});

/** Called by machines every few seconds, so logged at debug level. */
const probes: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** Logs one line per request, when it is answered. URLs and queries can hold personal text, so they are not logged. */
export class RequestLines extends LogController {
  constructor() {
    super({ requestIdLogLabel: "request_id" });
  }

  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply) {
    const route = routeOf(request);
    const line = {
      method: request.method,
      route,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(request.problemCode ? { code: request.problemCode } : {}),
      ...(error ? { err: error } : {}),
    };
    if (error || reply.statusCode >= 500) reply.log.warn(line, "Request answered");
    else reply.log[probes.has(route) ? "debug" : "info"](line, "Request answered");
  }
}

declare module "fastify" {
  interface FastifyRequest {
    /** Error code of the response, if it was a problem document. */
    problemCode: ErrorCode | undefined;
  }
}
