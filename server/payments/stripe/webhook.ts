import Stripe from "stripe";
import { z } from "zod";
import type { WebhookRequest, WebhookVerdict } from "../provider.ts";

/** Seconds between signing and arrival. */
const tolerance = 300;
/** Of the SDK: no limit. */
const anyAge = 0;

const event = z.object({
  id: z.string().min(1),
  type: z.string(),
  data: z.object({
    object: z.object({
      object: z.string(),
      id: z.string().optional(),
      payment_intent: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
    }),
  }),
});

/** Checks the HMAC-SHA256 of time and body. https://docs.stripe.com/webhooks/signature */
export function readStripeWebhook(
  webhooks: Stripe["webhooks"],
  { body, headers, receivedAt }: WebhookRequest,
  secret: string,
): WebhookVerdict {
  const signature = headers["stripe-signature"];
  if (typeof signature !== "string" || !isWellFormed(signature)) return { kind: "refused", why: "forged" };
  const read = (maxAge: number) =>
    webhooks.constructEvent(Buffer.from(body), signature, secret, maxAge, undefined, receivedAt);
  const given = attempt(() => read(tolerance));
  if (given === "badSignature") {
    return { kind: "refused", why: attempt(() => read(anyAge)) === "badSignature" ? "forged" : "stale" };
  }
  const parsed = event.safeParse(given);
  if (!parsed.success) return { kind: "refused", why: "unreadable" };
  const { id: eventId, type, data } = parsed.data;
  return { kind: "genuine", eventId, type, orderId: orderOf(data.object) };
}

/** The SDK throws other errors than its own for a signature that is empty or not ASCII. */
function isWellFormed(header: string): boolean {
  return header.split(",").every((item) => !/^v1(=|$)/.test(item) || /^v1=[0-9a-f]{64}$/.test(item));
}

/** The event, or why there is none. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Stripe.errors.StripeSignatureVerificationError ? "badSignature" : "unreadable";
  }
}

function orderOf({
  object,
  id,
  payment_intent: intent,
}: z.infer<typeof event>["data"]["object"]): string | null {
  if (object === "payment_intent") return id ?? null;
  return typeof intent === "object" ? (intent?.id ?? null) : (intent ?? null);
}
