import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { requestRefusals } from "#words/refusals.ts";
import { Refusal } from "../errors.ts";

/** RFC 9110, 4.2: a name or an address, with or without a port. */
const hostAndPort = /^(?<name>\[[\da-f:.]+\]|[\w.-]+)(?::(?<port>\d{0,5}))?$/i;
const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const loopbackAddress = /^(::ffff:)?127\.|^::1$/;

/**
 * Rejects requests for any host but that of PUBLIC_URL. Requests over the loopback interface may also name a loopback host
 * with the port they arrived on. Otherwise, browsers would treat a page of another site whose name resolves to this server
 * as same-origin (DNS rebinding). Probes are exempt: load balancers send them to an IP address.
 */
export const ownHosts = fp<{ publicUrl: string }>(async (app, { publicUrl }) => {
  const { hostname, port, protocol } = new URL(publicUrl);
  const usualPort = protocol === "https:" ? "443" : "80";
  const publicPort = port || usualPort;

  const isOurs = ({ raw: { socket } }: FastifyRequest, name: string, asked: string) => {
    if (name === hostname && (asked || usualPort) === publicPort) return true;
    if (!loopbackNames.has(name) || !loopbackAddress.test(socket.remoteAddress ?? "")) return false;
    // Requests injected by tests have no port.
    return socket.localPort === undefined || Number(asked || 80) === socket.localPort;
  };

  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.load === "always answered") return;
    const { name, port: asked = "" } = hostAndPort.exec(request.host)?.groups ?? {};
    if (name === undefined || countHosts(request) !== 1 || Number(asked) > 65_535) {
      throw new Refusal("malformed_request", { detail: requestRefusals.host });
    }
    if (!isOurs(request, name.toLowerCase(), asked)) throw new Refusal("unknown_host");
  });
});

/** node:http keeps the first of several; a proxy may have used another one. */
function countHosts({ raw: { rawHeaders } }: FastifyRequest): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === "host") count += 1;
  return count;
}
