import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { MINUTE_MS } from "#scheduling/units.ts";
import { deriveKey } from "../../platform/derivedKey.ts";
import { readJsonBytes } from "../../platform/readJson.ts";
import type { WebhookRequest, WebhookVerdict } from "../provider.ts";

const signatureHeader = "sandbox-signature";
const eventIdHeader = "sandbox-event-id";
/** How old a signature may be, and how far ahead of our clock, ms. */
const toleranceMs = 5 * MINUTE_MS;
/** How long the app may take to answer, ms. */
const answerMs = 5_000;

/** What has happened, as private.sandbox_note() enqueues it. */
export const sandboxEvent = z.object({ id: z.string(), type: z.string(), order_id: z.string() });
type SandboxEvent = z.infer<typeof sandboxEvent>;

export interface SandboxWebhooks {
  read(request: WebhookRequest): WebhookVerdict;
  /** An event as it is sent: signed at this time. */
  write(event: SandboxEvent, atSeconds: number): { body: string; headers: Record<string, string> };
  /** Sends an event. Resolves to whether the app has taken it. */
  send(event: SandboxEvent, signal?: AbortSignal): Promise<boolean>;
}

/** Webhooks with an HMAC-SHA256 over the time and the body: `Sandbox-Signature: t=<s since the epoch>,v1=<hex>`. */
export function sandboxWebhooks(secret: string, publicUrl: string): SandboxWebhooks {
  const key = deriveKey(secret, "sandbox webhooks v1");
  const sign = (seconds: string, body: Uint8Array | string) =>
    createHmac("sha256", key).update(`${seconds}.`).update(body).digest();

  const write: SandboxWebhooks["write"] = (event, atSeconds) => {
    const body = JSON.stringify(event);
    return {
      body,
      headers: {
        "content-type": "application/json",
        [eventIdHeader]: event.id,
        [signatureHeader]: `t=${atSeconds},v1=${sign(String(atSeconds), body).toString("hex")}`,
      },
    };
  };

  return {
    write,
    read({ body, headers, receivedAt }) {
      const { seconds, hex } = /^t=(?<seconds>\d{1,12}),v1=(?<hex>[0-9a-f]{64})$/.exec(
        String(headers[signatureHeader] ?? ""),
      )?.groups ?? { seconds: "", hex: "" };
      const given = Buffer.from(hex ?? "", "hex");
      const expected = sign(seconds ?? "", body);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        return { kind: "refused", why: "forged" };
      }
      if (Math.abs(receivedAt - Number(seconds) * 1000) > toleranceMs) {
        return { kind: "refused", why: "stale" };
      }
      const event = sandboxEvent.safeParse(readJsonBytes(body));
      if (!event.success) return { kind: "refused", why: "unreadable" };
      const { id, type, order_id } = event.data;
      return { kind: "genuine", eventId: id, type, orderId: order_id };
    },
    async send(event, signal) {
      const { body, headers } = write(event, Math.floor(Date.now() / 1000));
      const limits = [AbortSignal.timeout(answerMs), ...(signal ? [signal] : [])];
      try {
        const response = await fetch(`${publicUrl}/api/v1/webhooks/sandbox`, {
          method: "POST",
          body,
          headers,
          redirect: "error",
          signal: AbortSignal.any(limits),
        });
        await response.body?.cancel();
        return response.ok;
      } catch {
        // Out of reach, too slow, or the worker stops: sent again later.
        return false;
      }
    },
  };
}
