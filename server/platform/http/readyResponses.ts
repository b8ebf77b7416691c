import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { LruMap } from "toad-cache";
import type { RateLimitName } from "#rules/rateLimits.ts";
import { addressOf } from "../limits/limits.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { type Coding, chooseCoding, type PreparedResponse } from "./preparedResponse.ts";
import { requestIdOf, routeOf } from "./requestLog.ts";
import { securityHeadersOf } from "./securityHeaders.ts";

/** The response to a public GET request, ready to be sent again to any caller. */
export interface ReadyResponse {
  response: PreparedResponse;
  /** Whether it is still the right response; otherwise the route answers. */
  isCurrent(): boolean;
  /** The route's limit by address, and how many calls a response of this size counts as. */
  limit: RateLimitName;
  units: number;
  /** Called after each response with the seconds that it took. */
  onSent(seconds: number): void;
}

interface Entry extends ReadyResponse {
  route: string;
  heads: Partial<Record<Coding | "unchanged", string[]>>;
}

interface ReadyResponsesOptions {
  https: boolean;
  metrics: Metrics;
}

const maxEntries = 2_000;
const longestUrl = 500;
const maxClients = 20_000;
const longestClient = 300;

/**
 * Sends responses that are known before any routing, with the log line, figures, limits and headers that the routes' hooks
 * would give them (docs/decisions/0043). Admission control is not asked: such a response is sent at once and is never in flight.
 */
export const readyResponses = fp<ReadyResponsesOptions>(async (app, { https, metrics }) => {
  const entries = new LruMap<Entry>(maxEntries);
  /**
   * The address that limits count for, of clients whose requests have passed the hooks that check hosts and proxies. These
   * decide by nothing but what the key names.
   */
  const clients = new LruMap<string>(maxClients);
  let isOpen = true;

  const common = [
    ...Array.from(securityHeadersOf({ https })).flat(),
    ...[
      "content-type",
      "application/json; charset=utf-8",
      "cache-control",
      "no-store",
      "vary",
      "accept-encoding",
    ],
  ];
  function headOf(entry: Entry, kind: Coding | "unchanged"): string[] {
    entry.heads[kind] ??= [
      ...common,
      ...["etag", entry.response.etag],
      ...(kind === "unchanged" ? [] : ["content-length", String(entry.response.body(kind).length)]),
      ...(kind === "unchanged" || kind === "identity" ? [] : ["content-encoding", kind]),
      ...["x-request-id", ""],
    ];
    return entry.heads[kind].slice();
  }

  /** Returns false, and has done nothing but count, if the route must answer. */
  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = "", headers } = request;
    if (method !== "GET") return false;
    const entry = entries.get(url);
    if (entry === undefined || !isOpen || app.isStopping() || hasBody(request)) return false;
    const startedAt = performance.now();
    const address = clients.get(clientOf(request));
    if (address === undefined) return false;
    if (!entry.isCurrent()) {
      entries.delete(url);
      return false;
    }
    const { limit, units, route } = entry;
    // A call that is over its limit is counted once more by the route, which refuses it.
    if (!app.limits.countNow({ name: "api", key: address }, { name: limit, key: address, amount: units }))
      return false;

    const id = requestIdOf(headers);
    const isUnchanged = headers["if-none-match"] === entry.response.etag;
    const coding = chooseCoding(headers["accept-encoding"]);
    const head = headOf(entry, isUnchanged ? "unchanged" : coding);
    head[head.length - 1] = id;
    const status = isUnchanged ? 304 : 200;
    response.writeHead(status, head);
    response.end(isUnchanged ? undefined : entry.response.body(coding));

    const ms = performance.now() - startedAt;
    entry.onSent(ms / 1000);
    metrics.requests.observe({ method, route, status: isUnchanged ? "3xx" : "2xx" }, ms / 1000);
    app.log.info(
      { request_id: id, method, route, status, duration_ms: Math.round(ms * 10) / 10 },
      "Request answered",
    );
    return true;
  }

  app.decorate("keepReady", (request: FastifyRequest, ready: ReadyResponse) => {
    const { raw, url } = request;
    if (request.method !== "GET" || url.length > longestUrl) return;
    const client = clientOf(raw);
    if (client.length > longestClient) return;
    clients.set(client, addressOf(request));
    entries.set(url, { ...ready, route: routeOf(request), heads: {} });
  });

  app.addHook("onReady", async () => {
    const [routing] = app.server.listeners("request");
    if (!routing) throw new Error("The server has no handler.");
    app.server.removeAllListeners("request");
    app.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      if (!answer(request, response)) routing.call(app.server, request, response);
    });
  });
  app.addHook("preClose", async () => {
    isOpen = false;
  });
});

/** Everything by which hooks tell clients apart: the connection, the host that is asked for, and what proxies add. */
function clientOf({ socket, headers, rawHeaders }: IncomingMessage): string {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === "host") hosts += 1;
  }
  const { host, "x-forwarded-for": addresses = "", "x-forwarded-host": asked = "" } = headers;
  return `${socket.remoteAddress} ${socket.localPort} ${hosts} ${host}\n${asked}\n${addresses}`;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Sends the response to equal requests from now on, for as long as it is current. */
    keepReady(request: FastifyRequest, ready: ReadyResponse): void;
  }
}
