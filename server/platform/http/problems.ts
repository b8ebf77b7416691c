import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";
import fp from "fastify-plugin";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { ErrorCode } from "#contract/errors.ts";
import type { Problem } from "#contract/problem.ts";
import { fieldErrors } from "#words/fields.ts";
import { Refusal, refusalFromDatabase, toProblem } from "../errors.ts";
import { securityHeadersOf } from "./securityHeaders.ts";

const mediaType = "application/problem+json";

/** The one place that turns errors into responses: RFC 9457 problem documents. */
export const problems = fp(async (app) => {
  const routes = new Map<string, RoutePattern>();
  app.addHook("onRoute", ({ url, method }) => {
    if (url.includes("*")) return;
    const route = routes.get(url) ?? { path: patternOf(url), methods: new Set() };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });

  const isDue = atMostEvery(outageLogInterval);
  app.setErrorHandler<FastifyError>((error, request, reply) => sendError(error, request, reply, isDue));

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const allowed = Array.from(routes.values()).flatMap((route) =>
      route.path.test(path) ? Array.from(route.methods) : [],
    );
    if (allowed.length === 0 || allowed.includes(request.method))
      return sendProblem(reply, toProblem(new Refusal("not_found"), request.id));
    reply.header("allow", Array.from(new Set(allowed)).sort().join(", "));
    return sendProblem(reply, toProblem(new Refusal("method_not_allowed"), request.id));
  });
});

interface RoutePattern {
  path: RegExp;
  methods: Set<string>;
}

function patternOf(url: string): RegExp {
  const segments = url
    .split("/")
    .map((segment) => (segment.startsWith(":") ? "[^/]+" : segment.replace(/[^\w-]/g, "\\$&")));
  return new RegExp(`^${segments.join("/")}/?$`);
}

/** How often the cause of an outage is logged, ms. Every request has its own log line anyway. */
const outageLogInterval = 10_000;

/** Returns a function that is true at most once per `interval` ms and key. */
function atMostEvery(interval: number): (key: string) => boolean {
  const lastAt = new Map<string, number>();
  return (key) => {
    const now = performance.now();
    if (now - (lastAt.get(key) ?? Number.NEGATIVE_INFINITY) < interval) return false;
    // Few causes are expected, but the keys come from other code.
    if (lastAt.size > 100) lastAt.clear();
    lastAt.set(key, now);
    return true;
  };
}

function sendError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  isDue: (key: string) => boolean = () => true,
): FastifyReply {
  const refusal = toRefusal(error);
  const problem = toProblem(refusal, request.id);
  // Expected refusals are identified by their code. Unexpected errors need the stack; an outage only needs it now and then.
  const isOurs = refusal === error || refusal === error.cause;
  if (problem.status >= 500 && !isOurs && (problem.status !== 503 || isDue(error.code ?? problem.code)))
    request.log.error({ err: error, code: problem.code }, "Request failed");
  if (problem.status === 503) reply.header("retry-after", "5");
  return sendProblem(reply, problem);
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  reply.request.problemCode = problem.code;
  return reply.status(problem.status).type(mediaType).send(JSON.stringify(problem));
}

/** How long a client whose request was unreadable has to read the response before its connection is closed, ms. */
const lingerMs = 1_000;

/** Problem documents for requests that never reach a route: an unreadable address or head. */
export function unreadableRequests(https: boolean) {
  const headers = new Map(securityHeadersOf({ https })).set("cache-control", "no-store");
  return {
    frameworkErrors: (error, request, reply) => {
      for (const [name, value] of headers) reply.header(name, value);
      reply.header("x-request-id", request.id);
      sendError(error, request, reply);
    },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === "ECONNRESET" || !socket.writable || hasBegunResponse(socket)) {
        return void socket.destroy();
      }
      const problem = toProblem(new Refusal(codeOfClientError(error)), crypto.randomUUID());
      const body = JSON.stringify(problem);
      const lines = Object.entries({
        ...Object.fromEntries(headers),
        "content-type": mediaType,
        "content-length": Buffer.byteLength(body),
        "x-request-id": problem.request_id,
        connection: "close",
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`;
      socket.end(`${status}\r\n${lines.join("")}\r\n${body}`);
      setTimeout(() => socket.destroy(), lingerMs).unref();
    },
  } satisfies Pick<FastifyServerOptions, "frameworkErrors" | "clientErrorHandler">;
}

function codeOfClientError({ code }: NodeJS.ErrnoException): ErrorCode {
  if (code === "HPE_HEADER_OVERFLOW") return "body_too_large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "request_timeout" : "malformed_request";
}

/** A second response would be read as part of the first. node:http checks the same field. */
function hasBegunResponse(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

function toRefusal(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error;
  if (hasZodFastifySchemaValidationErrors(error))
    return refusalOfInput(error.validation, error.validationContext);
  switch (error.statusCode) {
    case 400:
      return new Refusal("malformed_request");
    case 408:
      return new Refusal("request_timeout");
    case 413:
      return new Refusal("body_too_large");
    // A path segment that is longer than any existing one.
    case 414:
      return new Refusal("not_found");
    case 415:
      return new Refusal("unsupported_media_type");
    case 429:
      return new Refusal("rate_limited");
    case 503:
      return new Refusal("overloaded");
    default:
      return refusalFromDatabase(error) ?? new Refusal("internal");
  }
}
type InputIssue = Extract<FastifyError, object>["validation"] extends (infer Issue)[] | undefined
  ? Issue
  : never;

/** More would not help anyone; the names of unknown fields are the caller's own text, so they are cut. */
const maxErrors = 20;
const maxFieldName = 100;

function refusalOfInput(issues: readonly InputIssue[], context: string | undefined): Refusal {
  // A malformed id cannot exist.
  if (context === "params") return new Refusal("not_found");
  const fields = issues.slice(0, maxErrors).flatMap((issue) => {
    const path = issue.instancePath.slice(1).replaceAll("/", ".");
    const unknownKeys = issue.params.keys;
    if (issue.keyword === "unrecognized_keys" && Array.isArray(unknownKeys)) {
      return unknownKeys.slice(0, maxErrors).map((key) => ({
        field: [path, String(key).slice(0, maxFieldName)].filter(Boolean).join("."),
        message: fieldErrors.unknownField,
      }));
    }
    const missing = issue.keyword === "invalid_type" && issue.message?.endsWith("received undefined");
    return [
      // Errors of the whole input (not an object, or missing) belong to the body.
      {
        field: path || (context ?? "body"),
        message: missing ? fieldErrors.missing : (issue.message ?? fieldErrors.invalid),
      },
    ];
  });
  return new Refusal("validation_failed", {
    detail: fields[0]?.message ?? fieldErrors.invalid,
    errors: fields.slice(0, maxErrors),
  });
}
