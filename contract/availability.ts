import { z } from "zod";
import { localDate, localEndTime, localTime, text, uuid } from "./primitives.ts";

/** A row of `availability_slots`: a weekly or a dated window in the mentor's wall clock. */
export const availabilitySlot = z
  .object({
    id: uuid,
    expert_id: uuid,
    day_of_week: z
      .int()
      .min(0)
      .max(6)
      .nullable()
      .describe("0 Sunday to 6 Saturday; null for a dated window."),
    start_time: z.string(),
    end_time: z.string(),
    is_recurring: z.boolean(),
    specific_date: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "AvailabilitySlot" });
export type AvailabilitySlot = z.infer<typeof availabilitySlot>;

export const blockedDate = z
  .object({
    id: uuid,
    expert_id: uuid,
    date: z.string(),
    reason: z.string().nullable().describe("Only its mentor sees the reason; for everyone else it is null."),
    created_at: z.string(),
  })
  .meta({ id: "BlockedDate" });
export type BlockedDate = z.infer<typeof blockedDate>;

export const availability = z
  .object({
    timezone: z.string().describe("The mentor's zone, in which all these times are meant."),
    recurringSlots: z.array(availabilitySlot),
    specificSlots: z.array(availabilitySlot),
    blockedDates: z.array(blockedDate),
  })
  .meta({ id: "Availability" });
export type Availability = z.infer<typeof availability>;

export const availabilityQuery = z
  .object({ start_date: localDate, end_date: localDate })
  .refine((range) => range.start_date <= range.end_date, {
    message: "The end lies before the start.",
    path: ["end_date"],
  });

const dayOfWeek = z
  .number()
  .int()
  .min(0, "Use 0 (Sunday) to 6 (Saturday).")
  .max(6, "Use 0 (Sunday) to 6 (Saturday).");

export const createAvailabilitySlot = z
  .strictObject({
    day_of_week: dayOfWeek.nullish(),
    specific_date: localDate.nullish(),
    start_time: localTime,
    end_time: localEndTime,
  })
  .refine((slot) => (slot.day_of_week == null) !== (slot.specific_date == null), {
    message: "Give either a day of the week or a date.",
    path: ["day_of_week"],
  });
export type CreateAvailabilitySlot = z.input<typeof createAvailabilitySlot>;

export const updateAvailabilitySlot = z
  .strictObject({
    day_of_week: dayOfWeek,
    specific_date: localDate,
    start_time: localTime,
    end_time: localEndTime,
  })
  .partial();
export type UpdateAvailabilitySlot = z.input<typeof updateAvailabilitySlot>;

export const weeklyWindow = z.strictObject({
  day_of_week: dayOfWeek,
  start_time: localTime,
  end_time: localEndTime,
});

/** The whole week at once: replaces every recurring window. */
export const replaceWeek = z.strictObject({ recurringSlots: z.array(weeklyWindow).max(84) });
export type ReplaceWeek = z.input<typeof replaceWeek>;

export const availabilitySlotList = z.object({ data: z.array(availabilitySlot) });
export const availabilitySlotParams = z.object({ availability_slot_id: uuid });

export const createBlockedDate = z.strictObject({ date: localDate, reason: text(500).nullish() });
export type CreateBlockedDate = z.input<typeof createBlockedDate>;

export const blockedDateList = z.object({ data: z.array(blockedDate) });
export const blockedDateParams = z.object({ blocked_date_id: uuid });
