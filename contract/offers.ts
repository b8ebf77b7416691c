import { z } from "zod";
import { numberLimits, ownedCaps } from "#rules/limits.ts";
import { offerLimits } from "#rules/moneyLimits.ts";
import { paymentStates, paymentStatuses } from "#rules/paymentState.ts";
import { numberErrors, offerErrors } from "#words/fields.ts";
import { priceLine } from "./priceLine.ts";
import {
  decimalAmount,
  durationMinutes,
  instant,
  requiredLine,
  responseMinutes,
  uuid,
} from "./primitives.ts";
import { serviceCurrency } from "./services.ts";

/** A coupon's code as a student types it; the case does not matter. */
export const typedCoupon = requiredLine(offerLimits.couponCodeCharacters.max);

const whole = ({ min, max }: { min: number; max: number }) =>
  z.number().int(numberErrors.whole).min(min, offerErrors.atLeast(min)).max(max, offerErrors.atMost(max));

const couponFields = {
  percent: z
    .number()
    .min(offerLimits.couponPercent.min, offerErrors.percent)
    .max(offerLimits.couponPercent.max, offerErrors.percent)
    .multipleOf(0.01, offerErrors.percent)
    .nullable()
    .describe("Percent off; or else amount is taken off."),
  amount: decimalAmount.nullable().describe("Taken off, in major units; or else percent."),
  active_from: instant.nullable(),
  active_until: instant.nullable(),
  max_uses: whole(offerLimits.couponUses).nullable().describe("null: no limit."),
  max_uses_per_student: whole(offerLimits.couponUses).nullable().describe("null: no limit."),
  service_ids: z.array(uuid).min(1).max(ownedCaps.services).nullable().describe("null: all services."),
  first_session_only: z.boolean().describe("Only for students without another session with the mentor."),
  enabled: z.boolean(),
};

export const couponCode = requiredLine(offerLimits.couponCodeCharacters.max)
  .transform((text) => text.toUpperCase())
  .refine((text) => /^[A-Z0-9][A-Z0-9-]{2,31}$/.test(text), offerErrors.code);

/** A coupon as its mentor sees it. */
export const coupon = z
  .object({
    id: uuid,
    code: z.string(),
    ...couponFields,
    percent: z.number().nullable(),
    amount: z.number().nullable(),
    max_uses: z.int().nullable(),
    max_uses_per_student: z.int().nullable(),
    active_from: z.string().nullable(),
    active_until: z.string().nullable(),
    currency: serviceCurrency,
    uses: z.int().describe("How often it is used; without those that were given back."),
    created_at: z.string(),
  })
  .meta({ id: "Coupon" });
export type Coupon = z.infer<typeof coupon>;
export const couponList = z.object({ data: z.array(coupon) });

const oneDiscount = ({ percent, amount }: { percent: number | null; amount: number | null }) =>
  (percent === null) !== (amount === null);

export const createCoupon = z
  .strictObject({
    code: couponCode,
    percent: couponFields.percent.default(null),
    amount: couponFields.amount.default(null),
    active_from: couponFields.active_from.default(null),
    active_until: couponFields.active_until.default(null),
    max_uses: couponFields.max_uses.default(null),
    max_uses_per_student: couponFields.max_uses_per_student.default(1),
    service_ids: couponFields.service_ids.default(null),
    first_session_only: couponFields.first_session_only.default(false),
    enabled: couponFields.enabled.default(true),
  })
  .refine(oneDiscount, { message: offerErrors.oneDiscount, path: ["percent"] });
export type CreateCoupon = z.input<typeof createCoupon>;

/** The discount itself does not change: students have been told of it. */
export const updateCoupon = z
  .strictObject({
    active_from: couponFields.active_from,
    active_until: couponFields.active_until,
    max_uses: couponFields.max_uses,
    max_uses_per_student: couponFields.max_uses_per_student,
    service_ids: couponFields.service_ids,
    first_session_only: couponFields.first_session_only,
    enabled: couponFields.enabled,
  })
  .partial();
export type UpdateCoupon = z.input<typeof updateCoupon>;
export const couponParams = z.object({ coupon_id: uuid });

const packageFields = {
  sessions: whole(offerLimits.packageSessions),
  price: decimalAmount,
  valid_days: whole(offerLimits.packageDays).describe(
    "For so many days after the payment sessions can be booked with it.",
  ),
  enabled: z.boolean(),
};

export const sessionPackage = z
  .object({
    id: uuid,
    expert_id: uuid,
    service_id: uuid,
    service_title: z.string(),
    minutes: responseMinutes,
    sessions: z.int(),
    price: z.number(),
    list_price: z
      .number()
      .nullable()
      .describe("Of as many single sessions; null if the length is not offered."),
    currency: serviceCurrency,
    valid_days: z.int(),
    enabled: z.boolean(),
  })
  .meta({ id: "Package" });
export type SessionPackage = z.infer<typeof sessionPackage>;
export const packageList = z.object({ data: z.array(sessionPackage) });

/** A package as its mentor sees it. */
export const ownPackage = sessionPackage
  .extend({
    sold: z.int().describe("How often it was bought."),
    sessions_sold: z.int(),
    sessions_booked: z.int().describe("Of those that were sold; without those that came back."),
  })
  .meta({ id: "OwnPackage" });
export type OwnPackage = z.infer<typeof ownPackage>;
export const ownPackageList = z.object({ data: z.array(ownPackage) });

export const createPackage = z.strictObject({
  service_id: uuid,
  minutes: durationMinutes,
  sessions: packageFields.sessions,
  price: packageFields.price,
  valid_days: packageFields.valid_days,
  enabled: packageFields.enabled.default(true),
});
export type CreatePackage = z.input<typeof createPackage>;
/** Of what is bought from now on: bought packages keep their terms. */
export const updatePackage = z.strictObject(packageFields).partial();
export type UpdatePackage = z.input<typeof updatePackage>;
export const packageParams = z.object({ package_id: uuid });

export const purchaseStates = ["unpaid", "lapsed", "active", "expired", "refunded"] as const;

/** A package that a student has bought, on the terms of that moment. */
export const packagePurchase = z
  .object({
    id: uuid,
    package_id: uuid,
    expert_id: uuid,
    mentor_name: z.string(),
    mentor_username: z.string(),
    service_id: uuid,
    service_title: z.string(),
    minutes: responseMinutes,
    sessions: z.int(),
    sessions_left: z.int().describe("That can still be booked; reserved ones are not among them."),
    sessions_reserved: z.int().describe("Booked, and not held yet."),
    refunded: z.number().describe("What was or is being sent back of the price."),
    disputed: z.boolean().describe("The payer's bank has not decided yet: until then nothing can be booked."),
    price: z.number(),
    currency: serviceCurrency,
    valid_days: z.int(),
    state: z.enum(purchaseStates),
    expires_at: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: "PackagePurchase" });
export type PackagePurchase = z.infer<typeof packagePurchase>;
export const purchaseList = z.object({ data: z.array(packagePurchase) });
export const purchaseParams = z.object({ purchase_id: uuid });

export const purchasePayment = z
  .object({
    id: uuid,
    package_purchase_id: uuid,
    state: z.enum(paymentStates),
    payment_status: z.enum(paymentStatuses),
    provider: z.enum(["sandbox", "razorpay", "stripe"]),
    amount: z.number(),
    currency: serviceCurrency,
    failure: z.string().nullable().describe("Why the last attempt failed; null if it did not."),
    is_underway: z.boolean().describe("An attempt has begun, and the provider does not know its end yet."),
    refunded: z.number(),
    created_at: z.string(),
  })
  .meta({ id: "PurchasePayment" });
export type PurchasePayment = z.infer<typeof purchasePayment>;

export const quoteRequest = z.strictObject({
  service_id: uuid,
  duration: durationMinutes,
  add_recording: z.boolean().default(false),
  coupon_code: typedCoupon.optional(),
  package_purchase_id: uuid.optional(),
});
export type QuoteRequest = z.input<typeof quoteRequest>;

/** Several sessions that are to be booked together, as a basket or a series. */
export const quoteTogetherRequest = z.strictObject({
  sessions: z
    .array(
      z.strictObject({
        service_id: uuid,
        duration: durationMinutes,
        add_recording: z.boolean().default(false),
      }),
    )
    .min(numberLimits.seriesSessions.min, numberErrors.atLeastTimes(numberLimits.seriesSessions.min))
    .max(numberLimits.seriesSessions.max, numberErrors.atMostTimes(numberLimits.seriesSessions.max))
    .describe("In the order of their starts."),
  coupon_code: typedCoupon.optional(),
  package_purchase_id: uuid.optional(),
});
export type QuoteTogetherRequest = z.input<typeof quoteTogetherRequest>;

export const quoteProgrammeRequest = z.strictObject({ coupon_code: typedCoupon.optional() });
export type QuoteProgrammeRequest = z.input<typeof quoteProgrammeRequest>;

/** What several sessions would cost the caller together now. */
export const quoteTogether = z
  .object({
    lines: z.array(priceLine).describe("Of all sessions, by kind; they add up to total."),
    total: z.number(),
    currency: serviceCurrency,
    sessions: z.array(
      z
        .object({ lines: z.array(priceLine), total: z.number() })
        .describe("Its part, which is paid and refunded."),
    ),
  })
  .meta({ id: "QuoteTogether" });
export type QuoteTogether = z.infer<typeof quoteTogether>;

/** What a session would cost the caller now. */
export const quote = z
  .object({
    lines: z.array(priceLine).describe("They add up to total."),
    total: z.number(),
    currency: serviceCurrency,
    refund_tiers: z
      .array(
        z.object({
          kind: z.enum(["full", "partial", "none"]),
          percent: z.number(),
          amount: z.number(),
          cutoff: responseMinutes
            .nullable()
            .describe("Minutes before the start at which the tier ends; null: it has no end."),
        }),
      )
      .describe(
        "What a cancellation by the student gives back, in the order of time; empty if nothing is paid through the app.",
      ),
  })
  .meta({ id: "Quote" });
export type Quote = z.infer<typeof quote>;
