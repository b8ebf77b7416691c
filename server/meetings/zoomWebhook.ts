import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { cleanLine } from "#contract/text.ts";
import { textLimits } from "#rules/limits.ts";
import { addMs, type EpochMs, epochMs, MINUTE_MS, SECOND_MS } from "#scheduling/units.ts";
import { readJsonBytes } from "../platform/readJson.ts";

/** What a report of Zoom means. */
export type ZoomReport =
  | { kind: "refused" }
  /** Zoom asks whether the address is ours: the answer proves that we know the secret. */
  | { kind: "question"; answer: { plainToken: string; encryptedToken: string } }
  | {
      kind: "join";
      meeting: string;
      how: "zoom_joined" | "zoom_left";
      email: string;
      name: string | null;
      at: EpochMs;
    }
  /** Genuine, and about something else. */
  | { kind: "other" };

/** A report that is older, or from further ahead, may be one that was listened in on and is sent again. */
const newestMs = 5 * MINUTE_MS;

const question = z.object({
  event: z.literal("endpoint.url_validation"),
  payload: z.object({ plainToken: z.string().min(1) }),
});
const participant = z.object({
  event: z.enum(["meeting.participant_joined", "meeting.participant_left"]),
  payload: z.object({
    object: z.object({
      id: z.union([z.number(), z.string()]).transform(String),
      participant: z.object({
        user_name: z.string().nullish(),
        email: z.string().nullish(),
        join_time: z.string().nullish(),
        leave_time: z.string().nullish(),
      }),
    }),
  }),
});

/**
 * Checks the HMAC-SHA256 of `v0:<timestamp>:<body>`, over the bytes as they came, before anything is read of them.
 * https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events
 */
export function readZoomReport(
  { body, headers }: { body: Uint8Array; headers: IncomingHttpHeaders },
  secret: string,
  now: EpochMs,
): ZoomReport {
  const { "x-zm-signature": signature, "x-zm-request-timestamp": timestamp } = headers;
  if (typeof signature !== "string" || typeof timestamp !== "string" || !/^\d{1,12}$/.test(timestamp))
    return { kind: "refused" };
  const expected = Buffer.from(zoomSignature(body, timestamp, secret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: "refused" };
  const sentAt = epochMs(Number(timestamp) * SECOND_MS);
  if (Math.abs(now - sentAt) > newestMs) return { kind: "refused" };
  const report = readJsonBytes(body);
  const asked = question.safeParse(report);
  if (asked.success) {
    const { plainToken } = asked.data.payload;
    const encryptedToken = createHmac("sha256", secret).update(plainToken).digest("hex");
    return { kind: "question", answer: { plainToken, encryptedToken } };
  }
  const seen = participant.safeParse(report);
  if (!seen.success) return { kind: "other" };
  const { event, payload } = seen.data;
  const { id, participant: person } = payload.object;
  const isJoin = event === "meeting.participant_joined";
  const at = Date.parse((isJoin ? person.join_time : person.leave_time) ?? "");
  const name = cleanLine(person.user_name ?? "")
    .trim()
    .slice(0, textLimits.personName)
    .normalize("NFC");
  return {
    kind: "join",
    meeting: id,
    how: isJoin ? "zoom_joined" : "zoom_left",
    email: person.email ?? "",
    name: name || null,
    // Of a time in another form it is at least known when it was reported.
    at: epochMs(Number.isNaN(at) ? sentAt : Math.min(at, addMs(now, newestMs))),
  };
}

export function zoomSignature(body: Uint8Array, timestamp: string, secret: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
}
