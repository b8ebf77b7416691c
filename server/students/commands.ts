import type { SaveStudentNote, StudentNote } from "#contract/students.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { findStudent, readNote } from "./queries.ts";

/**
 * Saves the caller's notes about a student if the revision that was seen is the current one. An empty text deletes them. Of
 * two tabs that saw the same revision, the second is rejected.
 * @throws Refusal `student_not_found`, `note_changed`
 */
export async function saveNote(
  database: Database,
  caller: Identity,
  studentId: string,
  note: SaveStudentNote,
): Promise<StudentNote> {
  return database.asUser(caller.id, async (tx) => {
    if (!(await findStudent(tx, caller.id, studentId))) throw new Refusal("student_not_found");
    const isSaved = await write(tx, caller.id, studentId, note);
    const now = await readNote(tx, caller.id, studentId);
    // The same text is already stored: a retry whose first response was lost.
    if (!isSaved && now.body !== note.body) throw new Refusal("note_changed");
    return now;
  });
}

/** Writes with one statement that checks the revision. Returns false if it has changed. */
async function write(
  tx: UserTx,
  mentorId: string,
  studentId: string,
  { body, revision }: SaveStudentNote,
): Promise<boolean> {
  if (revision === 0) {
    if (body === "") return false;
    const { numInsertedOrUpdatedRows } = await tx.db
      .insertInto("student_notes")
      .values({ expert_id: mentorId, student_id: studentId, body })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { rowCount } = await tx.client.query(
    body === ""
      ? {
          text: "delete from student_notes where expert_id = $1 and student_id = $2 and revision = $3",
          values: [mentorId, studentId, revision],
        }
      : {
          text: "update student_notes set body = $4 where expert_id = $1 and student_id = $2 and revision = $3",
          values: [mentorId, studentId, revision, body],
        },
  );
  return rowCount === 1;
}
