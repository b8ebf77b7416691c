import { hash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { LruMap } from "toad-cache";
import { z } from "zod";

/** Content codings (RFC 9110, 8.4.1), the one that is preferred first. */
const codings = ["br", "gzip", "identity"] as const;
export type Coding = (typeof codings)[number];

/** A response that is the same for every caller, serialised once, and compressed once for each coding that is asked for. */
export interface PreparedResponse {
  /** RFC 9110, 8.8.3. Weak, as all codings share it. */
  readonly etag: string;
  body(coding: Coding): Buffer;
}

export function prepareResponse(text: string): PreparedResponse {
  const plain = Buffer.from(text);
  const digest = hash("sha256", plain, "base64url").slice(0, 22);
  const bodies: Partial<Record<Coding, Buffer>> = { identity: plain };
  return {
    etag: `W/"${digest}"`,
    body: (coding) => {
      bodies[coding] ??= encode(plain, coding);
      return bodies[coding];
    },
  };
}

function encode(plain: Buffer, coding: Coding): Buffer {
  if (coding === "gzip") return gzipSync(plain, { level: 9 });
  if (coding === "identity") return plain;
  return brotliCompressSync(plain, {
    // As gzip in time, and smaller; the best quality takes a hundred times as long.
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
}

/** What routes that use `sendPrepared` add to their responses. */
export const notModified = { 304: z.null().describe("The copy named by If-None-Match is current") };

/**
 * Sends the response, or 304 if the client's copy is current. The caller sets the content type.
 * @param cacheControl whether clients may store it: by default they may, and must ask whether it is current
 */
export function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  response: PreparedResponse,
  cacheControl: "no-cache" | "no-store" = "no-cache",
): FastifyReply {
  const { "if-none-match": seen, "accept-encoding": accepted } = request.headers;
  reply.header("etag", response.etag).header("cache-control", cacheControl).header("vary", "accept-encoding");
  if (seen === response.etag) return reply.status(304).send();
  const coding = chooseCoding(accepted);
  if (coding !== "identity") reply.header("content-encoding", coding);
  return reply.send(response.body(coding));
}

/** Browsers send a handful of values. */
const chosen = new LruMap<Coding>(100);
const longestAccept = 200;

/** The coding to send for an Accept-Encoding header (RFC 9110, 12.5.3): of those that a client likes best, the smallest. */
export function chooseCoding(accepted: string | string[] | undefined): Coding {
  const text = String(accepted ?? "");
  if (text === "" || text.length > longestAccept) return "identity";
  const known = chosen.get(text);
  if (known !== undefined) return known;
  const weights = new Map<string, number>();
  for (const part of text.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((word) => word.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    weights.set(coding, Number(weight) || 0);
  }
  const weightOf = (coding: Coding) =>
    weights.get(coding) ?? (coding === "identity" ? 0.0001 : (weights.get("*") ?? 0));
  const best = Math.max(...codings.map(weightOf));
  const coding = codings.find((one) => weightOf(one) === best) ?? "identity";
  chosen.set(text, coding);
  return coding;
}
