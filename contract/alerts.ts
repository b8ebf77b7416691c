import { z } from "zod";
import { countLimits } from "#rules/limits.ts";
import { parseDate } from "#scheduling/dates.ts";
import { dateErrors } from "#words/fields.ts";
import { bookingMentor } from "./bookings.ts";
import { durationMinutes, localDate, responseDate, responseMinutes, timeZone, uuid } from "./primitives.ts";

export const alertStatus = z.enum(["active", "fired", "expired"]);

/** A student's request for a notification when a mentor has a free time on some days. */
export const availabilityAlert = z
  .object({
    id: uuid,
    expert_id: uuid,
    service_id: uuid,
    service_title: z.string(),
    duration: responseMinutes,
    from: responseDate.describe("Date in `timezone`."),
    to: responseDate,
    timezone: z.string(),
    status: alertStatus,
    fired_at: z.string().nullable(),
    created_at: z.string(),
    mentor: bookingMentor,
  })
  .meta({ id: "AvailabilityAlert" });
export type AvailabilityAlert = z.infer<typeof availabilityAlert>;

export const createAvailabilityAlert = z
  .strictObject({
    expert_id: uuid,
    service_id: uuid,
    duration: durationMinutes,
    from: localDate,
    to: localDate,
    timezone: timeZone.describe("The zone in which the two dates are meant."),
  })
  .refine(({ from, to }) => from <= to, { message: dateErrors.endBeforeStart, path: ["to"] })
  .refine(({ from, to }) => (parseDate(to) ?? 0) - (parseDate(from) ?? 0) < countLimits.slotDays, {
    message: dateErrors.tooManyDays(countLimits.slotDays),
    path: ["to"],
  });
export type CreateAvailabilityAlert = z.input<typeof createAvailabilityAlert>;

export const availabilityAlertList = z.object({ data: z.array(availabilityAlert) });
export const availabilityAlertParams = z.object({ alert_id: uuid });
