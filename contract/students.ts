import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import { cursorQuery, line, untrimmedText, uuid } from "./primitives.ts";

/** A student who has or had a session with the calling mentor. */
export const student = z
  .object({
    id: uuid,
    name: z.string().describe("As in the newest booking."),
    email: z.string().describe("As in the newest booking."),
    held_sessions: z.int(),
    upcoming_sessions: z.int().describe("Confirmed or asked for, and not over."),
    last_session_at: z.string().nullable(),
    next_session_at: z.string().nullable(),
    has_note: z.boolean(),
  })
  .meta({ id: "Student" });
export type Student = z.infer<typeof student>;

export const studentPage = z.object({ data: z.array(student), next_cursor: z.string().nullable() });
export type StudentPage = z.infer<typeof studentPage>;

export const studentQuery = z.object({
  q: line(textLimits.search).optional().describe("Part of the name or the e-mail address."),
  ...cursorQuery,
});

export const studentParams = z.object({ student_id: uuid });

/** Revision 0 without text: nothing has been written yet. */
export const studentNote = z
  .object({ body: z.string(), revision: z.int(), updated_at: z.string().nullable() })
  .meta({ id: "StudentNote" });
export type StudentNote = z.infer<typeof studentNote>;

/** Blanks at the ends are kept, because the text is saved while it is being typed. */
export const saveStudentNote = z.strictObject({
  body: untrimmedText(textLimits.studentNote),
  revision: z.int().min(0).describe("The revision that was seen; 0 for none."),
});
export type SaveStudentNote = z.input<typeof saveStudentNote>;
