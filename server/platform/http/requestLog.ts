import { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import fp from "fastify-plugin";
import type { ErrorCode } from "#contract/errors.ts";

/** Long enough to be one of many, and nothing that could break a line of the log or of a header. */
const saneId = /^[\w.:-]{8,64}$/;

/**
 * The id of a request: the one that a proxy or a client gave it, so that one id leads through all logs, or a new one.
 * It says nothing about who asks and decides nothing.
 */
export function requestIdOf(headers: NodeJS.Dict<string | string[]>): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && saneId.test(given) ? given : crypto.randomUUID();
}

/** The pattern that led to the handler, `/api/v1/bookings/:booking_id`; "none" when no route took the request. */
export function routeOf({ routeOptions, is404 }: FastifyRequest): string {
  if (is404) return "none";
  // Each built file of the web app is a route of its own.
  if (routeOptions.url?.startsWith("/assets/")) return "/assets/*";
  return routeOptions.url ?? "none";
}

/** Answers each request's id. */
export const requestIds = fp(async (app) => {
  app.decorateRequest("problemCode", undefined);
  app.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onRequestAbort", async (request) => {
    request.log.info({ method: request.method, route: routeOf(request) }, "Request abandoned by its client");
  });
});

/** Probes come every few seconds, from machines. */
const probes: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** One line per request, when it is answered. Addresses and queries hold people's words: it has neither. */
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
    /** The code of the problem it was answered with. */
    problemCode: ErrorCode | undefined;
  }
}
