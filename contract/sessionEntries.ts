import { z } from "zod";
import { entryAnswers, entryQuestions } from "#rules/entryQuestion.ts";
import { textLimits } from "#rules/limits.ts";
import { text, uuid } from "./primitives.ts";

/** What I did to a session in the calendar that receives my sessions, and have not said yet what it is to mean. */
export const entryQuestion = z
  .object({
    id: uuid,
    kind: z.enum(entryQuestions),
    moved_to: z.string().nullable().describe("Of moved: the start in the calendar."),
    calendar: z.string().describe("The calendar's name."),
    noticed_at: z.string(),
    group_session_id: uuid
      .nullable()
      .describe("Of a group session, which is asked about once, on its own page. Null: no group."),
    seats: z.int().nullable().describe("Of a group session: how many are taken."),
  })
  .meta({ id: "EntryQuestion" });
export type EntryQuestion = z.infer<typeof entryQuestion>;

export const openEntryQuestion = z
  .object({ data: entryQuestion.nullable().describe("Null: there is none.") })
  .meta({ id: "OpenEntryQuestion" });
export type OpenEntryQuestion = z.infer<typeof openEntryQuestion>;

export const answerEntryQuestion = z.strictObject({
  question_id: uuid,
  answer: z
    .enum(entryAnswers)
    .describe(
      "reschedule: to where it was moved, of a group for everyone. cancel: the session, of a group for everyone. put_back: into the calendar. leave_out: of the calendar, for good.",
    ),
  reason: text(textLimits.reason)
    .optional()
    .describe("For the people in the session, of reschedule and cancel."),
});
export type AnswerEntryQuestion = z.input<typeof answerEntryQuestion>;
