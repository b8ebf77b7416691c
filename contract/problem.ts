import { z } from "zod";
import { type ErrorCode, errors } from "./errors.ts";
import { responseDate } from "./primitives.ts";
import { refusedSession, slot } from "./slots.ts";

const codes = Object.keys(errors) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457 problem document, sent as application/problem+json. */
export const problem = z
  .object({
    type: z.string().describe("Address of this error's description."),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    next_slots: z
      .array(slot.extend({ date: responseDate }))
      .optional()
      .describe("With slot_taken and slot_unavailable: the next free starts."),
    taken_starts: z
      .array(z.string())
      .optional()
      .describe("With slot_taken, of several starts: those at which another session is in the way."),
    refused_sessions: z
      .array(refusedSession)
      .optional()
      .describe(
        "With slot_taken, of a series or a basket: the places that cannot be booked now, and free starts instead.",
      ),
    expected_amount: z.number().optional().describe("With price_mismatch: the right price."),
    currency: z.string().optional(),
    booking_id: z
      .string()
      .optional()
      .describe("With slot_taken: the caller's own booking, which holds this time until it is paid."),
    request_id: z.string().optional(),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problem>;
