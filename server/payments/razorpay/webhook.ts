import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { readJsonBytes } from "../../platform/readJson.ts";
import type { WebhookRequest, WebhookVerdict } from "../provider.ts";

const event = z.object({
  event: z.string(),
  payload: z.object({
    order: z.object({ entity: z.object({ id: z.string() }) }).optional(),
    payment: z.object({ entity: z.object({ order_id: z.string().nullish() }) }).optional(),
  }),
});

const longestId = 100;

/**
 * Checks the HMAC-SHA256 of the body. Razorpay signs no time, so a delivery is never stale; one that is played again has an id
 * that the inbox knows, or, with another id, only makes us look at an order. Events of refunds and disputes hold the payment.
 * https://razorpay.com/docs/webhooks/validate-test/
 */
export function readRazorpayWebhook(
  { body, headers }: Pick<WebhookRequest, "body" | "headers">,
  secret: string,
): WebhookVerdict {
  const signature = headers["x-razorpay-signature"];
  if (typeof signature !== "string" || !/^[0-9a-f]{64}$/i.test(signature)) {
    return { kind: "refused", why: "forged" };
  }
  const expected = createHmac("sha256", secret).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, "hex"))) return { kind: "refused", why: "forged" };
  const parsed = event.safeParse(readJsonBytes(body));
  if (!parsed.success) return { kind: "refused", why: "unreadable" };
  const { event: type, payload } = parsed.data;
  return {
    kind: "genuine",
    eventId: idOf(headers["x-razorpay-event-id"], body),
    type,
    orderId: payload.order?.entity.id ?? payload.payment?.entity.order_id ?? null,
  };
}

/** A proxy may drop the header; the body is then its own name. */
function idOf(header: string | string[] | undefined, body: Uint8Array): string {
  if (typeof header === "string" && header !== "" && header.length <= longestId) return header;
  return createHash("sha256").update(body).digest("hex");
}
