import { z } from "zod";
import { bookingStatuses } from "#rules/bookingState.ts";
import { paymentStates, paymentStatuses, refundStates, refundWhys } from "#rules/paymentState.ts";
import { priceLine } from "./priceLine.ts";
import { cursorQuery, responseMinutes, uuid } from "./primitives.ts";

export const paymentStatus = z.enum(paymentStatuses);

export const refund = z
  .object({
    id: uuid,
    amount: z.number(),
    currency: z.string(),
    why: z.enum(refundWhys),
    state: z.enum(refundStates).describe("requested, sent (on its way), done or failed."),
    requested_at: z.string(),
    settled_at: z.string().nullable(),
  })
  .meta({ id: "Refund" });
export type Refund = z.infer<typeof refund>;

/** What a student pays for a booking, as its student or its mentor sees it. */
export const payment = z
  .object({
    id: uuid,
    booking_id: uuid,
    state: z.enum(paymentStates),
    payment_status: paymentStatus,
    provider: z.enum(["sandbox", "razorpay", "stripe"]),
    capture: z.enum(["automatic", "manual"]).describe("manual: charged when the mentor confirms."),
    amount: z.number(),
    currency: z.string(),
    awaits_payment: z.boolean(),
    held_until: z.string().nullable().describe("Until when the time is held for the payment."),
    more_time: z.boolean().describe("Whether five more minutes can be had, once."),
    closed_because: z
      .enum(["lapsed", "cancelled", "taken"])
      .nullable()
      .describe("Why it is no longer wanted; taken: it was paid after its time had been given to others."),
    lapsed_at: z.string().nullable().describe("When the hold ended before it was paid; null if it did not."),
    is_underway: z.boolean().describe("An attempt has begun, and the provider does not know its end yet."),
    was_late: z.boolean().describe("It was paid after another student had booked the time, and goes back."),
    failure: z
      .string()
      .nullable()
      .describe("Why the last attempt failed, in the provider's words; null if it did not."),
    method: z.string().nullable(),
    refunded: z.number().describe("What was or is being sent back of it."),
    refund_now: z.number().describe("What would be sent back if its student cancelled now."),
    refunds: z.array(refund),
    paid_at: z.string().nullable(),
    basket: z
      .object({ id: uuid, amount: z.number(), sessions: z.int() })
      .nullable()
      .describe(
        "What it is a part of: sessions that were booked together are paid together, and amount is what is paid for all.",
      ),
    created_at: z.string(),
  })
  .meta({ id: "Payment" });
export type Payment = z.infer<typeof payment>;

/** A payment in its payer's list, with what it is for. */
export const ownPayment = payment
  .extend({
    booking_id: uuid.nullable(),
    package: z
      .object({ purchase_id: uuid, sessions: z.int() })
      .nullable()
      .describe("What was bought, if it is not a booking: then what is about a session is null."),
    service_title: z.string(),
    starts_at: z.string().nullable(),
    booking_status: z.enum(bookingStatuses).nullable(),
    mentor_name: z.string(),
    duration: responseMinutes.describe("Of the session, or of each session of the package."),
    price_lines: z
      .array(priceLine)
      .describe(
        "What the amount is made of. A booking from before lines were kept has a single one, a package none.",
      ),
  })
  .meta({ id: "OwnPayment" });
export type OwnPayment = z.infer<typeof ownPayment>;
export const paymentQuery = z.object(cursorQuery);
export const paymentPage = z.object({ data: z.array(ownPayment), next_cursor: z.string().nullable() });
export type PaymentPage = z.infer<typeof paymentPage>;

/** What the page needs to let the payer pay. */
export const checkout = z
  .discriminatedUnion("provider", [
    z.object({ provider: z.literal("sandbox"), url: z.string() }),
    z.object({ provider: z.literal("razorpay"), key_id: z.string(), order_id: z.string() }),
    z.object({ provider: z.literal("stripe"), publishable_key: z.string(), client_secret: z.string() }),
  ])
  .meta({ id: "Checkout" });
export type Checkout = z.infer<typeof checkout>;

export const webhookParams = z.object({ provider: z.enum(["sandbox", "razorpay", "stripe"]) });
export const webhookReceived = z.object({ received: z.boolean() });
