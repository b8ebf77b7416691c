import { z } from "zod";
import { bookingRoles } from "#rules/bookingState.ts";
import { countLimits, textLimits } from "#rules/limits.ts";
import { listErrors } from "#words/fields.ts";
import { bookingMentor } from "./bookings.ts";
import {
  cursorQuery,
  decimalAmount,
  durationMinutes,
  instant,
  requiredLine,
  responseMinutes,
  text,
  timeZone,
  uuid,
} from "./primitives.ts";
import { sessionType } from "./services.ts";

export const timeRequestStatuses = ["open", "accepted", "declined", "expired", "withdrawn"] as const;
export const timeRequestStatus = z.enum(timeRequestStatuses);
export type TimeRequestStatus = z.infer<typeof timeRequestStatus>;

const { proposedTimes } = countLimits;
const party = z.enum(bookingRoles);

export const timeProposal = z
  .object({
    id: uuid,
    proposed_by: party,
    round: z.int().describe("Only proposals of the request's current round can be accepted."),
    starts_at: z.string(),
    accepted_at: z.string().nullable(),
  })
  .meta({ id: "TimeProposal" });
export type TimeProposal = z.infer<typeof timeProposal>;

/** A student's request for a time that is not offered, as either party sees it. It holds no time. */
export const timeRequest = z
  .object({
    id: uuid,
    user_id: uuid,
    expert_id: uuid,
    service_id: uuid,
    session_type: sessionType,
    service_title: z.string(),
    duration: responseMinutes,
    total_amount: z
      .number()
      .describe("The price when the student requested; it is never booked at another price."),
    currency: z.string(),
    message: z.string().nullable(),
    user_name: z.string(),
    student_timezone: z.string(),
    mentor_timezone: z.string(),
    status: timeRequestStatus,
    awaiting: party.describe("Whose answer is awaited while it is open."),
    round: z.int(),
    expires_at: z.string(),
    reason: z
      .string()
      .nullable()
      .describe("The mentor's message with a decline, or with the times suggested instead of a booking."),
    booking_id: uuid.nullable(),
    replaces_booking_id: uuid
      .nullable()
      .describe(
        "The booking request that the mentor answered with other times; null when the student asked.",
      ),
    created_at: z.string(),
    updated_at: z.string(),
    mentor: bookingMentor,
    proposals: z.array(timeProposal).describe("All rounds, the oldest first."),
  })
  .meta({ id: "TimeRequest" });
export type TimeRequest = z.infer<typeof timeRequest>;

const proposedStarts = z
  .array(instant)
  .min(1, listErrors.noProposal)
  .max(proposedTimes, listErrors.tooManyProposals(proposedTimes))
  .refine(
    (starts) => new Set(starts.map((start) => Date.parse(start))).size === starts.length,
    listErrors.proposalTwice,
  );

export const createTimeRequest = z.strictObject({
  expert_id: uuid,
  service_id: uuid,
  duration: durationMinutes,
  total_amount: decimalAmount,
  starts_at: proposedStarts,
  timezone: timeZone.optional().describe("The student's zone; the mentor's when left out."),
  message: text(textLimits.bookingMessage).optional(),
  user_name: requiredLine(textLimits.personName).optional(),
});
export type CreateTimeRequest = z.input<typeof createTimeRequest>;

export const proposeTimes = z.strictObject({ starts_at: proposedStarts });
export type ProposeTimes = z.input<typeof proposeTimes>;

/** Other times in reply to a booking request. */
export const proposeInstead = z.strictObject({
  starts_at: proposedStarts,
  message: text(textLimits.reason).optional().describe("Words for the student."),
});
export type ProposeInstead = z.input<typeof proposeInstead>;

export const acceptProposal = z.strictObject({ proposal_id: uuid });
export type AcceptProposal = z.input<typeof acceptProposal>;

export const timeRequestQuery = z.object({
  as: party.default("student"),
  status: timeRequestStatus.optional(),
  ...cursorQuery,
});
export const timeRequestPage = z.object({ data: z.array(timeRequest), next_cursor: z.string().nullable() });
export type TimeRequestPage = z.infer<typeof timeRequestPage>;
export const timeRequestParams = z.object({ request_id: uuid });
