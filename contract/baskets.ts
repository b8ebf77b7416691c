import { z } from "zod";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { numberErrors } from "#words/fields.ts";
import { booking, showsName } from "./bookings.ts";
import { typedCoupon } from "./offers.ts";
import { paymentStatus } from "./payments.ts";
import {
  decimalAmount,
  durationMinutes,
  email,
  instant,
  phone,
  requiredLine,
  text,
  timeZone,
  uuid,
} from "./primitives.ts";
import { sessionType } from "./services.ts";

/** What a student says about themselves and the sessions, for all that are booked together. */
export const togetherFields = {
  message: text(textLimits.bookingMessage).optional(),
  user_name: requiredLine(textLimits.personName).optional(),
  user_email: email.optional(),
  user_phone: phone.optional(),
  timezone: timeZone.optional().describe("The student's; the mentor's when left out."),
  shows_name: showsName,
  total_amount: decimalAmount.describe("Of all together, as it was shown."),
};

export const togetherCoupon = typedCoupon
  .optional()
  .describe("A coupon of the mentor. It is used once and applied to the sum of the sessions that it is for.");

/** One of the times in a basket. */
const basketSlot = z.strictObject({
  session_type: sessionType,
  service_id: uuid.optional().describe("When a mentor has several services of one type."),
  duration: durationMinutes,
  starts_at: instant,
  add_recording: z.boolean().default(false),
});

const { basketSlots } = numberLimits;

/** Several times of one mentor: all of them are booked, or none, and one payment is for all of them. */
export const createBasket = z.strictObject({
  expert_id: uuid,
  slots: z
    .array(basketSlot)
    .min(basketSlots.min, numberErrors.atLeastTimes(basketSlots.min))
    .max(basketSlots.max, numberErrors.atMostTimes(basketSlots.max)),
  coupon_code: togetherCoupon,
  ...togetherFields,
});
export type CreateBasket = z.input<typeof createBasket>;

export const basket = z
  .object({
    id: uuid,
    expert_id: uuid,
    user_id: uuid,
    series_id: uuid.nullable().describe("The series that it pays for, if it is for one."),
    total_amount: z.number().describe("What all of its sessions cost together."),
    currency: z.string(),
    payment_status: paymentStatus,
    held_until: z
      .string()
      .nullable()
      .describe(
        "Until when its times are held for the payment. It is paid as any of its bookings: their payment is that of all.",
      ),
    bookings: z.array(booking).describe("In the order of their starts."),
    created_at: z.string(),
  })
  .meta({ id: "Basket" });
export type Basket = z.infer<typeof basket>;

export const basketParams = z.object({ basket_id: uuid });
