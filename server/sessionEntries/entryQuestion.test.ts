import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { type EntryQuestion, openEntryQuestion } from "#contract/sessionEntries.ts";
import { plainEvent } from "../calendarConnections/testing/plainEvents.ts";
import { bookAny } from "../testing/booking.ts";
import type { Person } from "../testing/testApp.ts";
import { EntryWorld, type Receiver, step, written } from "./testing/entryWorld.ts";

let world: EntryWorld;
let receiver: Receiver;
let session: Booking;
beforeAll(async () => {
  world = await EntryWorld.open("radicale");
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await world.openReceiver();
  session = await world.bookAgreed(receiver);
  await world.run();
});

const questionPath = ({ id }: Booking) => `/bookings/${id}/entry-question`;
const ask = async (who: Person = receiver.mentor, about = session) =>
  (await who.call("GET", questionPath(about))).expect(200).read(openEntryQuestion).data;
const answer = (question: EntryQuestion | null, what: string, reason?: string) =>
  receiver.mentor.call("POST", `${questionPath(session)}/answer`, {
    question_id: question?.id,
    answer: what,
    reason,
  });
const readSession = async () => (await world.student.call("GET", `/bookings/${session.id}`)).read(booking);
const inbox = async (kind: string) => {
  const { data } = (await receiver.mentor.call("GET", "/notifications")).read(notificationPage);
  return data.filter((one) => one.kind === kind).map(({ facts }) => facts);
};

/** As the owner, in the calendar; then the calendar is read. */
async function deleteIt(): Promise<EntryQuestion | null> {
  await world.send("DELETE", await world.addressOf(receiver, session));
  await world.read(receiver);
  return ask();
}
async function moveIt(to: string): Promise<EntryQuestion | null> {
  const address = await world.addressOf(receiver, session);
  await world.send("PUT", address, plainEvent(`${session.id}@matepeak`, to));
  await world.read(receiver);
  return ask();
}
const hoursLater = (hours: number) =>
  new Date(Date.parse(session.starts_at) + hours * 3_600_000).toISOString();

describe("a session that its mentor has moved in the calendar", () => {
  it("is asked about, once, in the inbox and by mail; only the mentor sees the question", async () => {
    expect(await ask()).toBeNull();
    const to = await world.freeStart(receiver.mentor);
    const question = await moveIt(to);
    expect(question).toMatchObject({ kind: "moved", moved_to: to });
    await world.read(receiver);
    expect(await ask()).toEqual(question);
    const facts = { moved_to: to, starts_at: session.starts_at, calendar: question?.calendar };
    expect(await inbox("entry_moved")).toEqual([expect.objectContaining(facts)]);
    const { rows: mails } = await world.test.db.owner.query(
      "select kind from private.deliveries where user_id = $1 and kind like 'entry_%'",
      [receiver.mentor.id],
    );
    expect(mails).toEqual([{ kind: "entry_moved" }]);
    expect(await ask(world.student)).toBeNull();
    const stranger = await world.test.makeMentor();
    (await stranger.call("GET", questionPath(session))).problem("booking_not_found");
    (
      await stranger.call("POST", `${questionPath(session)}/answer`, {
        question_id: question?.id,
        answer: "put_back",
      })
    ).problem("booking_not_found");
  });

  it("is rescheduled if that is the answer, by the rules of every reschedule", async () => {
    const to = await world.freeStart(receiver.mentor);
    const question = await moveIt(to);
    (await answer(question, "reschedule")).expect(204);
    expect(await readSession()).toMatchObject({ status: "confirmed", starts_at: to });
    await world.run();
    expect(await world.entries(receiver)).toEqual([written({ ...session, starts_at: to })]);
    expect(await ask()).toBeNull();
    // What was written is no new question.
    expect(await world.read(receiver)).toMatchObject([{ question: null }]);
  });

  it("stays where it is if the rules refuse the time, and the question stays", async () => {
    const question = await moveIt(hoursLater(24 * 400));
    (await answer(question, "reschedule")).problem("slot_unavailable");
    expect(await readSession()).toMatchObject({ starts_at: session.starts_at });
    expect(await ask()).toEqual(question);
    (await answer(question, "cancel")).problem("validation_failed");
    expect(await ask()).toEqual(question);
  });

  it("is put back", async () => {
    const question = await moveIt(hoursLater(3));
    (await answer(question, "put_back")).expect(204);
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(session)]);
    expect(await world.read(receiver)).toMatchObject([{ question: null }]);
    (await answer(question, "put_back")).problem("entry_question_closed");
  });

  it("is no question any more once the session is moved on its page, and follows that", async () => {
    await moveIt(hoursLater(3));
    const moved = await world.move(receiver, session);
    expect(await ask()).toBeNull();
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(moved)]);
  });
});

describe("a session that its mentor has deleted in the calendar", () => {
  it("is put back, and can be deleted and asked about again", async () => {
    const question = await deleteIt();
    expect(question).toMatchObject({ kind: "deleted", moved_to: null });
    (await answer(question, "put_back")).expect(204);
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(session)]);
    const again = await deleteIt();
    expect(again?.id).not.toBe(question?.id);
    expect(await inbox("entry_deleted")).toHaveLength(2);
  });

  it("is no question any more once its owner has brought it back", async () => {
    const file = `${session.id}.ics`;
    const text = await world.server.read(`${receiver.calendar}${file}`);
    await deleteIt();
    await world.server.put(receiver.calendar, file, text ?? "");
    await world.read(receiver);
    expect(await ask()).toBeNull();
    const moved = await world.move(receiver, session);
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(moved)]);
  });

  it("is left out for good, and takes place", async () => {
    (await answer(await deleteIt(), "leave_out")).expect(204);
    await world.move(receiver, session);
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
    expect(await ask()).toBeNull();
    expect((await readSession()).status).toBe("confirmed");
  });

  it("is cancelled if that is the answer, with the reason for the student", async () => {
    (await answer(await deleteIt(), "cancel", "I am ill.")).expect(204);
    expect((await readSession()).status).toBe("cancelled");
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
    expect(await ask()).toBeNull();
  });

  it("is declined if it was a request", async () => {
    session = await bookAny(world.student, receiver.mentor);
    await world.run();
    (await answer(await deleteIt(), "cancel")).expect(204);
    expect((await readSession()).status).toBe("cancelled");
  });

  it("is answered once by two tabs at once", async () => {
    const question = await deleteIt();
    const answers = await Promise.all([answer(question, "cancel"), answer(question, "put_back")]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 409]);
    const isCancelled = (await readSession()).status === "cancelled";
    expect(isCancelled).toBe(answers[0]?.status === 204);
    await world.run();
    expect(await world.entries(receiver)).toEqual(isCancelled ? [] : [written(session)]);
  });

  it("is no question any more once the student has cancelled it", async () => {
    const question = await deleteIt();
    await step(world.student, session, "cancel");
    expect(await ask()).toBeNull();
    (await answer(question, "put_back")).problem("entry_question_closed");
  });

  it("is not asked about if the whole calendar is gone", async () => {
    const address = await world.addressOf(receiver, session);
    await world.test.db.owner.query(
      "update session_entries set suspicions = suspicions + 1 where expert_id = $1",
      [receiver.mentor.id],
    );
    await world.send("DELETE", receiver.calendar);
    expect(await world.write(receiver)).toBeInstanceOf(Date);
    expect(await world.rows(receiver)).toMatchObject([{ question: null }]);
    expect(address).not.toBe("");
  });
});
