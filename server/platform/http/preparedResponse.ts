import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/** A response that is the same for every caller, serialised and compressed once. */
export interface PreparedResponse {
  plain: Buffer;
  gzip: Buffer;
  /** RFC 9110, 8.8.3. Weak, as both encodings share it. */
  etag: string;
}

export function prepareResponse(text: string): PreparedResponse {
  const plain = Buffer.from(text);
  const digest = hash("sha256", plain, "base64url").slice(0, 22);
  return { plain, gzip: gzipSync(plain, { level: 9 }), etag: `W/"${digest}"` };
}

/** Sends the response, or 304 if the client's copy is current. The caller sets the content type. */
export function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  { plain, gzip, etag }: PreparedResponse,
): FastifyReply {
  reply.header("etag", etag).header("cache-control", "no-cache").header("vary", "accept-encoding");
  if (request.headers["if-none-match"] === etag) return reply.status(304).send();
  if (!acceptsGzip(request)) return reply.send(plain);
  return reply.header("content-encoding", "gzip").send(gzip);
}

function acceptsGzip({ headers }: FastifyRequest): boolean {
  return /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(headers["accept-encoding"] ?? ""));
}
