import type { z } from "zod";
import type { answerEntryQuestion, EntryQuestion } from "#contract/sessionEntries.ts";
import { type EntryQuestionKind, isAnswerTo } from "#rules/entryQuestion.ts";
import { epochMs } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { fieldErrors } from "#words/fields.ts";
import type { Judging } from "../bookings/atRevision.ts";
import { transitionBooking } from "../bookings/changeStatus.ts";
import { findBookingById } from "../bookings/queries.ts";
import { rescheduleBooking } from "../bookings/rescheduleBooking.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";

type Answering = Dependencies & { judging: Judging };

/** The open question about a session; null for its student. @throws Refusal `booking_not_found` */
export async function readEntryQuestion(
  database: Database,
  caller: Identity,
  bookingId: string,
): Promise<EntryQuestion | null> {
  await readOwn(database, caller, bookingId);
  const { rows } = await database.asUser(caller.id, ({ client }) =>
    client.query<{
      calendar_name: string;
      question_id: string;
      question: EntryQuestionKind;
      moved_to: Date | null;
      noticed_at: Date;
    }>("select * from own_entry_questions($1, $2)", [caller.id, bookingId]),
  );
  const [row] = rows;
  return row
    ? {
        id: row.question_id,
        kind: row.question,
        moved_to: row.moved_to?.toISOString() ?? null,
        calendar: row.calendar_name,
        noticed_at: row.noticed_at.toISOString(),
      }
    : null;
}

/**
 * Does what the mentor says about a session that they have moved or deleted in their calendar, by the commands that the
 * session's own page uses and with their rules. Of two answers at once, one is carried out; if it is refused, the question
 * stays.
 * @throws Refusal `booking_not_found`, `entry_question_closed`, `validation_failed`, and what those commands refuse
 */
export async function answerQuestion(
  dependencies: Answering,
  caller: Identity,
  bookingId: string,
  { question_id, answer, reason }: z.output<typeof answerEntryQuestion>,
): Promise<void> {
  const { database } = dependencies;
  const { status } = await readOwn(database, caller, bookingId);
  const { rows } = await database.asUser(caller.id, ({ client }) =>
    client.query<{ question: EntryQuestionKind; moved_to: Date | null }>(
      "select * from claim_entry_answer($1, $2, $3)",
      [caller.id, bookingId, question_id],
    ),
  );
  const [open] = rows;
  if (!open) throw new Refusal("entry_question_closed");
  const settle = (done: typeof answer | null) =>
    database.asUser(caller.id, ({ client }) =>
      client.query("select settle_entry_question($1, $2, $3, $4)", [caller.id, bookingId, question_id, done]),
    );
  try {
    if (!isAnswerTo(open.question, answer)) throw refuseField("answer", fieldErrors.invalid);
    if (answer === "cancel") {
      const step = status === "pending" ? "decline" : "cancel";
      await transitionBooking(dependencies, caller, bookingId, step, reason);
    }
    if (answer === "reschedule" && open.moved_to) {
      const startsAt = epochMs(open.moved_to.getTime());
      const { date, time } = wallClockOf("UTC", startsAt);
      const wanted = {
        scheduled_date: date,
        scheduled_time: time,
        timezone: "UTC",
        starts_at: open.moved_to.toISOString(),
        reason,
      };
      await rescheduleBooking(dependencies, { id: caller.id }, bookingId, wanted, undefined);
    }
  } catch (error) {
    await settle(null);
    throw error;
  }
  await settle(answer);
}

async function readOwn(database: Database, { id }: Identity, bookingId: string) {
  const found = await database.asUser(id, (tx) => findBookingById(tx, bookingId));
  if (!found) throw new Refusal("booking_not_found");
  return found;
}
