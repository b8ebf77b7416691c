import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/** An answer that is the same for everybody, made and compressed once: to give it again costs nothing. */
export interface PreparedAnswer {
  plain: Buffer;
  gzip: Buffer;
  /** RFC 9110, 8.8.3. Weak: both forms share it. */
  etag: string;
}

export function prepareAnswer(text: string): PreparedAnswer {
  const plain = Buffer.from(text);
  const digest = hash("sha256", plain, "base64url").slice(0, 22);
  return { plain, gzip: gzipSync(plain, { level: 9 }), etag: `W/"${digest}"` };
}

/** The caller sets the type. Browsers ask again each time, and mostly hear that theirs is still right. */
export function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  { plain, gzip, etag }: PreparedAnswer,
): FastifyReply {
  reply.header("etag", etag).header("cache-control", "no-cache").header("vary", "accept-encoding");
  if (request.headers["if-none-match"] === etag) return reply.status(304).send();
  if (!takesGzip(request)) return reply.send(plain);
  return reply.header("content-encoding", "gzip").send(gzip);
}

function takesGzip({ headers }: FastifyRequest): boolean {
  return /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(headers["accept-encoding"] ?? ""));
}
