import { z } from "zod";
import { bookingRoles } from "#rules/bookingState.ts";
import { textLimits } from "#rules/limits.ts";
import { noShowAnswers, noShowStates } from "#rules/noShow.ts";
import { text } from "./primitives.ts";

/** One party of a session reports that the other did not attend. */
export const noShow = z
  .object({
    claimed_by: z.enum(bookingRoles).describe("Who says so: the other one did not come."),
    state: z
      .enum(noShowStates)
      .describe("agreed and unanswered reports count; disputed and withdrawn ones do not."),
    reason: z.string().nullable().describe("The claimer's words."),
    answer: z.string().nullable().describe("The other side's words to its answer."),
    answer_until: z.string().describe("Instant, UTC: until when the other side may answer."),
    created_at: z.string(),
    settled_at: z.string().nullable(),
  })
  .meta({ id: "NoShow" });
export type NoShow = z.infer<typeof noShow>;

/** Reports that the other party did not attend. */
export const claimNoShow = z.strictObject({ reason: text(textLimits.reason).optional() }).nullish();
export type ClaimNoShow = z.input<typeof claimNoShow>;

export const answerNoShow = z.strictObject({
  answer: z
    .enum(noShowAnswers)
    .describe("Agree: it is so. Dispute: neither word counts, and the session took place."),
  reason: text(textLimits.reason).optional(),
});
export type AnswerNoShow = z.input<typeof answerNoShow>;
