import type { z } from "zod";
import type { answerEntryQuestion, EntryQuestion } from "#contract/sessionEntries.ts";
import { type EntryQuestionKind, isAnswerTo } from "#rules/entryQuestion.ts";
import { type EpochMs, formatInstant, fromDate } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { fieldErrors } from "#words/fields.ts";
import type { Judging } from "../bookings/atRevision.ts";
import { transitionBooking } from "../bookings/changeStatus.ts";
import { type FoundBooking, findBookingById } from "../bookings/queries.ts";
import { rescheduleBooking } from "../bookings/rescheduleBooking.ts";
import { cancelSession, moveSessionTo } from "../groupSessions/commands.ts";
import { findGroupSession } from "../groupSessions/queries.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";

type Answering = Dependencies & { judging: Judging };

/** What has an entry: a booking, or a group session with its id. */
type Session = { booking: FoundBooking } | { group: string };

const idOf = (session: Session) => ("group" in session ? session.group : session.booking.id);

/** The open question about a booking, or about the group session whose seat it is; null for its student. */
export async function readEntryQuestion(
  database: Database,
  caller: Identity,
  session: Session,
): Promise<EntryQuestion | null> {
  const { rows } = await database.asUser(caller.id, ({ client }) =>
    client.query<{
      calendar_name: string;
      question_id: string;
      question: EntryQuestionKind;
      moved_to: Date | null;
      noticed_at: Date;
      seats: number | null;
    }>("select * from own_entry_questions($1, $2)", [caller.id, idOf(session)]),
  );
  const [row] = rows;
  return row
    ? {
        id: row.question_id,
        kind: row.question,
        moved_to: row.moved_to?.toISOString() ?? null,
        calendar: row.calendar_name,
        noticed_at: row.noticed_at.toISOString(),
        group_session_id: "group" in session ? session.group : null,
        seats: row.seats,
      }
    : null;
}

/**
 * Does what the mentor says about a session that they have moved or deleted in their calendar, by the commands that the
 * session's own page uses and with their rules; a group is moved or cancelled for everyone in it. Of two answers at once, one is
 * carried out; if it is refused, the question stays.
 * @throws Refusal `entry_question_closed`, `validation_failed`, and what those commands refuse
 */
export async function answerQuestion(
  dependencies: Answering,
  caller: Identity,
  session: Session,
  { question_id, answer, reason }: z.output<typeof answerEntryQuestion>,
): Promise<void> {
  const { database } = dependencies;
  const { rows } = await database.asUser(caller.id, ({ client }) =>
    client.query<{ question: EntryQuestionKind; moved_to: Date | null }>(
      "select * from claim_entry_answer($1, $2, $3)",
      [caller.id, idOf(session), question_id],
    ),
  );
  const [open] = rows;
  if (!open) throw new Refusal("entry_question_closed");
  const settle = (done: typeof answer | null) =>
    database.asUser(caller.id, ({ client }) =>
      client.query("select settle_entry_question($1, $2, $3, $4)", [
        caller.id,
        idOf(session),
        question_id,
        done,
      ]),
    );
  try {
    if (!isAnswerTo(open.question, answer)) throw refuseField("answer", fieldErrors.invalid);
    if (answer === "cancel") await cancel(dependencies, caller, session, reason);
    if (answer === "reschedule" && open.moved_to) {
      await reschedule(dependencies, caller, session, { startsAt: fromDate(open.moved_to), reason });
    }
  } catch (error) {
    await settle(null);
    throw error;
  }
  await settle(answer);
}

async function cancel(
  dependencies: Answering,
  caller: Identity,
  session: Session,
  reason: string | undefined,
): Promise<void> {
  if ("group" in session) {
    await cancelSession(dependencies, caller, session.group, reason);
    return;
  }
  const { id, status } = session.booking;
  await transitionBooking(dependencies, caller, id, status === "pending" ? "decline" : "cancel", reason);
}

async function reschedule(
  dependencies: Answering,
  caller: Identity,
  session: Session,
  { startsAt, reason }: { startsAt: EpochMs; reason: string | undefined },
): Promise<void> {
  if ("group" in session) {
    await moveSessionTo(dependencies, caller, session.group, { startsAt, reason });
    return;
  }
  const { date, time } = wallClockOf("UTC", startsAt);
  const wanted = {
    scheduled_date: date,
    scheduled_time: time,
    timezone: "UTC",
    starts_at: formatInstant(startsAt),
    reason,
  };
  await rescheduleBooking(dependencies, { id: caller.id }, session.booking.id, wanted, undefined);
}

/** @throws Refusal `booking_not_found` */
export async function sessionOfBooking(
  database: Database,
  { id }: Identity,
  bookingId: string,
): Promise<Session> {
  const booking = await database.asUser(id, (tx) => findBookingById(tx, bookingId));
  if (!booking) throw new Refusal("booking_not_found");
  const { group_session_id } = booking.entry;
  return group_session_id === null ? { booking } : { group: group_session_id };
}

/** @throws Refusal `group_session_not_found` */
export async function ownGroup(database: Database, { id }: Identity, groupId: string): Promise<Session> {
  if (!(await findGroupSession(database.public, id, groupId))) throw new Refusal("group_session_not_found");
  return { group: groupId };
}
