import { z } from "zod";
import { numberLimits, ownedCaps, textLimits } from "#rules/limits.ts";
import { currencies } from "#rules/money.ts";
import { shareLimits } from "#rules/moneyLimits.ts";
import { defaultRefunds } from "#rules/refundPolicy.ts";
import { asMinutes } from "#scheduling/units.ts";
import { fieldErrors, listErrors, numberErrors } from "#words/fields.ts";
import { decimalAmount, durationMinutes, inMinutes, requiredLine, text, uuid } from "./primitives.ts";

/** The guide's session types. */
export const sessionTypes = ["oneOnOneSession", "groupSession", "chatAdvice"] as const;
export const sessionType = z.enum(sessionTypes, fieldErrors.sessionType);
export type SessionType = z.infer<typeof sessionType>;

export const serviceCurrency = z.enum(currencies, numberErrors.currency);

export const serviceDuration = z.object({ minutes: durationMinutes, price: decimalAmount });

const { cutoffMinutes: cutoff, decideMinutes, lateJoinMinutes, seats } = numberLimits;
const { refundPercent } = shareLimits;
const cutoffMinutes = inMinutes(z.number().int(numberErrors.wholeMinutes).min(cutoff.min).max(cutoff.max));

/** When a group session takes place, and for whom it is still open. */
export const groupTerms = {
  min_attendees: z
    .number()
    .int(numberErrors.whole)
    .min(1, numberErrors.atLeastSeats(1))
    .max(seats.max, numberErrors.atMostSeats(seats.max))
    .describe(
      "With fewer at the time of the decision a group session is cancelled, and everything refunded.",
    ),
  decide_minutes: inMinutes(
    z.number().int(numberErrors.wholeMinutes).min(decideMinutes.min).max(decideMinutes.max),
  ).describe("Minutes before the start at which that is decided."),
  late_join_minutes: inMinutes(
    z.number().int(numberErrors.wholeMinutes).min(lateJoinMinutes.min).max(lateJoinMinutes.max),
  ).describe("Minutes after the start until which a seat of a scheduled session can be booked."),
};

const serviceFields = {
  session_type: sessionType,
  title: requiredLine(textLimits.serviceTitle),
  description: text(textLimits.serviceDescription),
  durations: z
    .array(serviceDuration)
    .min(1, listErrors.noLength)
    .max(ownedCaps.service_durations, listErrors.tooManyLengths(ownedCaps.service_durations))
    .refine(
      (list) => new Set(list.map((entry) => entry.minutes)).size === list.length,
      listErrors.lengthTwice,
    ),
  currency: serviceCurrency,
  capacity: z
    .number()
    .int(numberErrors.whole)
    .min(seats.min, numberErrors.atLeastSeats(seats.min))
    .max(seats.max, numberErrors.atMostSeats(seats.max)),
  recording_price: decimalAmount
    .nullable()
    .describe("Price of the recording add-on; null when it is not offered."),
  enabled: z.boolean(),
  instant_confirm: z.boolean().nullable().describe("null: as the mentor's profile says."),
  cancel_cutoff: cutoffMinutes.describe("Minutes before the start until which the student may cancel."),
  reschedule_cutoff: cutoffMinutes.describe("Minutes before the start until which the student may move it."),
  refund_full_cutoff: cutoffMinutes.describe(
    "Minutes before the start until which a student who cancels gets everything back.",
  ),
  refund_partial_cutoff: cutoffMinutes.describe(
    "Minutes before the start until which a student who cancels gets refund_partial_percent back; at most refund_full_cutoff.",
  ),
  refund_partial_percent: z
    .number()
    .int(numberErrors.whole)
    .min(refundPercent.min, numberErrors.percent)
    .max(refundPercent.max, numberErrors.percent),
  opens_by_booking: z
    .boolean()
    .describe("false: there are only the group sessions that the mentor schedules."),
  ...groupTerms,
};

export const service = z.object({ id: uuid, expert_id: uuid, ...serviceFields }).meta({ id: "Service" });
export type Service = z.infer<typeof service>;

export const serviceList = z.object({ data: z.array(service) });

export const ownServiceList = serviceList.extend({
  fee_percent: z
    .number()
    .nullable()
    .describe("The platform's part of what students pay; null: they pay elsewhere, and nothing is charged."),
});
export type OwnServiceList = z.infer<typeof ownServiceList>;

export const createService = z.strictObject({
  session_type: serviceFields.session_type,
  title: serviceFields.title,
  durations: serviceFields.durations,
  description: serviceFields.description.optional(),
  currency: serviceFields.currency.default("INR"),
  capacity: serviceFields.capacity.default(1),
  recording_price: serviceFields.recording_price.default(null),
  enabled: serviceFields.enabled.default(true),
  instant_confirm: serviceFields.instant_confirm.default(null),
  cancel_cutoff: serviceFields.cancel_cutoff.default(asMinutes(0)),
  reschedule_cutoff: serviceFields.reschedule_cutoff.default(asMinutes(0)),
  refund_full_cutoff: serviceFields.refund_full_cutoff.default(defaultRefunds.fullCutoff),
  refund_partial_cutoff: serviceFields.refund_partial_cutoff.default(defaultRefunds.partialCutoff),
  refund_partial_percent: serviceFields.refund_partial_percent.default(defaultRefunds.partialPercent),
  opens_by_booking: serviceFields.opens_by_booking.default(true),
  min_attendees: serviceFields.min_attendees.default(1),
  decide_minutes: serviceFields.decide_minutes.default(asMinutes(1440)),
  late_join_minutes: serviceFields.late_join_minutes.default(asMinutes(0)),
});
export type CreateService = z.input<typeof createService>;

export const updateService = z.strictObject(serviceFields).partial();
export type UpdateService = z.input<typeof updateService>;

export const serviceParams = z.object({ service_id: uuid });
