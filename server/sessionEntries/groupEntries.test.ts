/** A group session is one entry in its mentor’s calendar for all seats. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { newCalendarFeed } from "#contract/calendarFeed.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import { notificationPage } from "#contract/notifications.ts";
import { type EntryQuestion, openEntryQuestion } from "#contract/sessionEntries.ts";
import { syncNext } from "../calendarConnections/sync.ts";
import { plainEvent } from "../calendarConnections/testing/plainEvents.ts";
import { book, dateIn, readSlots } from "../testing/booking.ts";
import { readCalendarFile } from "../testing/calendarFile.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { type Person, testPublicUrl } from "../testing/testApp.ts";
import { type Act, faultsOf, stopsWorking } from "./testing/entryOrders.ts";
import { EntryWorld, type Receiver, writtenGroup } from "./testing/entryWorld.ts";

let world: EntryWorld;
let receiver: Receiver;
let group: GroupSession;
let people: [Person, Person, Person];
beforeAll(async () => {
  world = await EntryWorld.open("radicale");
  people = world.crowd as typeof people;
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await world.openReceiver();
  group = await world.scheduleGroup(receiver);
});

const join = (person: Person) => world.join(person, receiver, group);
const shown = (changes: Partial<GroupSession> = {}, status?: string) =>
  writtenGroup({ ...group, ...changes }, status);
const entryText = async () => {
  const [address = ""] = await world.addresses(receiver);
  return (await world.send("GET", address)).replaceAll("\r\n ", "");
};
const readAs = async (who: Person, { id }: Booking) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);

describe("the entry of a group session", () => {
  it("is there without a seat taken, and says who has one; it moves and goes with the session", async () => {
    await world.run();
    expect(await world.entries(receiver)).toEqual([shown()]);
    const seats = [await join(people[0]), await join(people[1])];
    await world.run();
    expect(await world.entries(receiver)).toEqual([shown({ seats_taken: 2 })]);
    const names = seats.map(({ user_name }) => user_name);
    expect(await entryText()).toContain(`Booked: ${names.join("\\, ")}`);
    expect(await entryText()).toContain(`${testPublicUrl}/mentor/groups/${group.id}`);

    (await people[0].call("POST", `/bookings/${seats[0]?.id}/cancel`)).expect(200);
    (await receiver.mentor.call("PATCH", `/mentors/me/group-sessions/${group.id}`, { capacity: 5 })).expect(
      200,
    );
    await world.run();
    expect(await world.entries(receiver)).toEqual([shown({ seats_taken: 1, capacity: 5 })]);
    expect(await entryText()).not.toContain(names[0]);

    const to = { scheduled_date: dateIn(receiver.mentor, 20), scheduled_time: "18:00" };
    await world.changeGroup(receiver, group, "move", to);
    await world.run();
    const [moved] = await world.groups(receiver);
    expect(moved?.starts_at).not.toBe(group.starts_at);
    expect(await world.entries(receiver)).toEqual([shown(moved)]);
    await world.changeGroup(receiver, group, "cancel", {});
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
  });

  it("that a booking opened is a request first, and goes with the last seat", async () => {
    await world.changeGroup(receiver, group, "cancel", {});
    const { mentor } = receiver;
    const { service_id } = group;
    (await mentor.call("PATCH", `/mentors/me/services/${service_id}`, { instant_confirm: false })).expect(
      200,
    );
    const [slot] = await readSlots(world.test.visitor, mentor, { service_id });
    const wishes = { serviceIndex: mentor.services.findIndex(({ id }) => id === service_id) };
    const seat = await book(people[0], mentor, slot?.starts_at ?? "", wishes);
    await world.run();
    const [opened] = await world.groups(receiver);
    if (!opened) throw new Error("No group was opened.");
    expect(await world.entries(receiver)).toEqual([writtenGroup({ ...opened, seats_taken: 0 }, "TENTATIVE")]);
    expect(await entryText()).toContain("1 request");
    (await mentor.call("POST", `/bookings/${seat.id}/confirm`)).expect(200);
    await world.run();
    expect(await world.entries(receiver)).toEqual([writtenGroup(opened)]);
    (await people[0].call("POST", `/bookings/${seat.id}/cancel`)).expect(200);
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
    // It is no session that was cancelled for others.
    (await world.test.visitor("GET", `/mentors/${mentor.id}/group-sessions/${opened.id}`)).problem(
      "group_session_not_found",
    );
    const { json } = (await mentor.call("GET", "/mentors/me/group-sessions")).expect(200);
    expect(JSON.stringify(json)).not.toContain(opened.id);
  });

  it("is one after a worker was killed, and with several workers at once", async () => {
    await expect(world.write(receiver, world.dying())).rejects.toThrow("killed");
    await join(people[0]);
    await world.endLeases(receiver);
    await Promise.all([1, 2, 3].map(() => world.write(receiver)));
    await world.run();
    expect(await world.entries(receiver)).toEqual([shown({ seats_taken: 1 })]);
  });

  it("agrees with the mentor's feed and file: one UID, one SEQUENCE; each attendee has an own one", async () => {
    const { mentor } = receiver;
    const feedOf = async (who: Person) => {
      const { url } = (await who.call("POST", "/me/calendar-feed")).expect(201).read(newCalendarFeed);
      const { text } = await world.test.visitor("GET", url.slice(testPublicUrl.length));
      return readCalendarFile(text).events;
    };
    const fileOf = async (who: Person, { id }: Booking) =>
      readCalendarFile((await who.call("GET", `/bookings/${id}/calendar.ics`)).expect(200).text).events;
    const said = ({ uid, sequence, start, text }: Awaited<ReturnType<typeof feedOf>>[number]) => ({
      uid,
      sequence,
      start,
      summary: text("summary"),
      description: text("description"),
    });
    expect((await feedOf(mentor)).map(({ uid }) => uid)).toEqual([`${group.id}@matepeak`]);
    const seats = [await join(people[0]), await join(people[1])] as const;
    await world.run();
    const inCalendar = readCalendarFile(await entryText()).events.map(said);
    expect(inCalendar).toMatchObject([{ uid: `${group.id}@matepeak`, summary: "Circle: 2 of 8 seats" }]);
    expect((await feedOf(mentor)).map(said)).toEqual(inCalendar);
    for (const seat of seats) expect((await fileOf(mentor, seat)).map(said)).toEqual(inCalendar);
    for (const [index, seat] of seats.entries()) {
      const person = people[index]!;
      const own = [`${seat.id}@matepeak`];
      expect((await fileOf(person, seat)).map(({ uid }) => uid)).toEqual(own);
      expect((await feedOf(person)).map(({ uid }) => uid)).toContain(own[0]);
    }
  });
});

describe("the entry of a group session in a calendar that counts as busy", () => {
  /** As a mail brings it, so that nothing but its UID says whose it is. */
  async function isFreeOnceCancelled() {
    const start = await world.freeStart(receiver.mentor);
    await world.send("PUT", `${receiver.calendar}mail.ics`, plainEvent(`${group.id}@matepeak`, start));
    await syncNext(world.syncing(), receiver.connection.id);
    const slots = await readSlots(world.test.visitor, receiver.mentor);
    return slots.some(({ starts_at }) => starts_at === start);
  }

  it("makes no time busy", async () => {
    expect(await isFreeOnceCancelled()).toBe(true);
  });

  it("would, if groups were not known by their UID (twin)", async () => {
    const line =
      "or exists (select from public.group_sessions g where g.id = left(o.uid, 36)::uuid and g.expert_id = person)";
    const found = await whileRewritten(world.test.db, ["private.own_objects", line], "", isFreeOnceCancelled);
    expect(found).toBe(false);
  });
});

describe("an order of changes in which seats change", () => {
  const act = (what: Act["what"]): Act => ({ what, which: 0 });
  const order = ["schedule a group", "write", "join", "write", "leave", "move the group", "write"] as const;
  const play = () => faultsOf(world, order.map(act), stopsWorking(world));

  it("ends in agreement", async () => {
    expect(await play()).toEqual([]);
  });

  it("would not, if seats were not counted (twin)", async () => {
    const line =
      "set entry_revision = g.entry_revision + 1, entry_changed_at = now()\n    where g.expert_id = new.expert_id";
    const faults = await whileRewritten(
      world.test.db,
      ["private.follow_seat", line],
      "set entry_changed_at = now()\n    where g.expert_id = new.expert_id",
      () =>
        faultsOf(
          world,
          [act("schedule a group"), act("write"), act("join"), act("write")],
          stopsWorking(world),
        ),
    );
    expect(faults).not.toEqual([]);
  });
});

describe("a group session that its mentor has moved or deleted in the calendar", () => {
  let seats: Booking[];
  beforeEach(async () => {
    seats = [await join(people[0]), await join(people[1])];
    await world.run();
  });

  const groupPath = () => `/mentors/me/group-sessions/${group.id}/entry-question`;
  const ask = async (path = groupPath(), who: Person = receiver.mentor) =>
    (await who.call("GET", path)).expect(200).read(openEntryQuestion).data;
  const answer = (question: EntryQuestion | null, what: string, path = groupPath()) =>
    receiver.mentor.call("POST", `${path}/answer`, {
      question_id: question?.id,
      answer: what,
      reason: "The room is taken.",
    });
  async function moveIt() {
    const [address = ""] = await world.addresses(receiver);
    const to = new Date(Date.parse(group.starts_at) + 26 * 3_600_000).toISOString();
    await world.send("PUT", address, plainEvent(`${group.id}@matepeak`, to));
    await world.read(receiver);
    return to;
  }
  async function deleteIt() {
    const [address = ""] = await world.addresses(receiver);
    await world.send("DELETE", address);
    await world.read(receiver);
  }

  it("is asked about once for all seats; only the mentor sees the question", async () => {
    const moved_to = await moveIt();
    const question = await ask();
    expect(question).toMatchObject({ kind: "moved", moved_to, group_session_id: group.id, seats: 2 });
    for (const { id } of seats) expect(await ask(`/bookings/${id}/entry-question`)).toEqual(question);
    expect(await ask(`/bookings/${seats[0]?.id}/entry-question`, people[0])).toBeNull();
    (await people[0].call("GET", groupPath())).problem("group_session_not_found");
    (
      await people[0].call("POST", `${groupPath()}/answer`, { question_id: question?.id, answer: "cancel" })
    ).problem("group_session_not_found");
    await world.read(receiver);
    const { data } = (await receiver.mentor.call("GET", "/notifications")).read(notificationPage);
    expect(data.filter(({ kind }) => /entry/.test(kind))).toMatchObject([
      { kind: "group_entry_moved", facts: { group_session_id: group.id, moved_to } },
    ]);
    const { rows: mails } = await world.test.db.owner.query(
      "select kind from private.deliveries where user_id = $1 and kind like '%entry_%'",
      [receiver.mentor.id],
    );
    expect(mails).toEqual([{ kind: "group_entry_moved" }]);
  });

  it("moves for everyone if that is the answer, with the reason", async () => {
    const starts_at = await moveIt();
    (await answer(await ask(), "reschedule")).expect(204);
    for (const [index, seat] of seats.entries()) {
      expect(await readAs(people[index]!, seat)).toMatchObject({ status: "confirmed", starts_at });
      const { json } = await people[index]!.call("GET", `/bookings/${seat.id}/events`);
      expect(JSON.stringify(json)).toContain("The room is taken.");
    }
    await world.run();
    expect(await world.entries(receiver)).toEqual([shown({ starts_at, seats_taken: 2 })]);
    expect(await ask()).toBeNull();
    expect(await world.read(receiver)).toMatchObject([{ question: null }]);
  });

  it("stays if the time is taken, and the question stays; it can be put back", async () => {
    const starts_at = await moveIt();
    await world.scheduleGroup(receiver, 11);
    const [other] = (await world.groups(receiver)).filter(({ id }) => id !== group.id);
    if (!other) throw new Error("No other session.");
    const at = new Date(starts_at);
    const date = at.toISOString();
    await world.changeGroup(receiver, other, "move", {
      scheduled_date: date.slice(0, 10),
      scheduled_time: date.slice(11, 16),
    });
    const question = await ask();
    (await answer(question, "reschedule")).problem("slot_taken");
    expect(await ask()).toEqual(question);
    (await answer(question, "put_back")).expect(204);
    await world.run();
    expect(await world.entries(receiver)).toContain(shown({ seats_taken: 2 }));
  });

  it("is cancelled for everyone, or left out, if that is the answer", async () => {
    await deleteIt();
    (await answer(await ask(), "leave_out")).expect(204);
    await join(people[2]);
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
    expect(await readAs(people[0], seats[0]!)).toMatchObject({ status: "confirmed" });

    receiver = await world.openReceiver();
    group = await world.scheduleGroup(receiver);
    const seat = await join(people[0]);
    await world.run();
    await deleteIt();
    (await answer(await ask(), "cancel", `/bookings/${seat.id}/entry-question`)).expect(204);
    expect(await readAs(people[0], seat)).toMatchObject({ status: "cancelled" });
    expect(await world.groups(receiver)).toEqual([]);
    await world.run();
    expect(await ask()).toBeNull();
  });

  it("is asked about without a seat, too", async () => {
    receiver = await world.openReceiver();
    group = await world.scheduleGroup(receiver);
    await world.run();
    expect(await world.entries(receiver)).toEqual([shown()]);
    await deleteIt();
    expect(await ask()).toMatchObject({ kind: "deleted", seats: 0 });
  });
});
