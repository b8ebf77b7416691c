import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { calendarConnectionList } from "#contract/calendarConnections.ts";
import { CalendarProblem } from "../calendarConnections/provider.ts";
import { syncNext } from "../calendarConnections/sync.ts";
import { plainEvent } from "../calendarConnections/testing/plainEvents.ts";
import { bookAny, readSlots } from "../testing/booking.ts";
import { anyOrder, faultsOf, stopsWorking } from "./testing/entryOrders.ts";
import { EntryWorld, step, written } from "./testing/entryWorld.ts";

describe.each(["radicale", "xandikos"] as const)("sessions in %s", (name) => {
  let world: EntryWorld;
  beforeAll(async () => {
    world = await EntryWorld.open(name);
  });
  afterAll(() => world.close());

  it("a request is tentative; what is confirmed, moved or renamed follows, and what is cancelled is gone", async () => {
    const receiver = await world.openReceiver();
    const { mentor } = receiver;
    const asked = await bookAny(world.student, mentor);
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(asked, "TENTATIVE")]);
    const agreed = await step(mentor, asked, "confirm");
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(agreed)]);
    const moved = await world.move(receiver, agreed);
    expect(moved.starts_at).not.toBe(agreed.starts_at);
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(moved)]);
    const room = { meeting_url: "https://meet.example.com/x" };
    (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
    await world.run();
    expect(await world.send("GET", await world.addressOf(receiver, moved))).toContain(
      "LOCATION:https://meet.example.com/x",
    );
    await step(world.student, moved, "cancel");
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
    expect(await world.rows(receiver)).toEqual([]);
  });

  it("another calendar that is chosen receives all coming sessions, and the former one loses them", async () => {
    const receiver = await world.openReceiver();
    const sessions = [await world.bookAgreed(receiver), await world.bookAgreed(receiver)];
    await world.run();
    const all = sessions.map((one) => written(one)).sort();
    expect(await world.entries(receiver)).toEqual(all);
    const other = await world.makeCalendar();
    const second = await world.connect(receiver.mentor, other);
    await world.receive(receiver.mentor, second);
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
    expect(await world.entries({ calendar: other })).toEqual(all);
    (await receiver.mentor.call("DELETE", `/me/calendar-connections/${second.id}`)).expect(204);
    await world.run();
    expect(await world.entries({ calendar: other })).toEqual([]);
    expect(await world.rows(receiver)).toEqual([]);
  });

  it("a worker that is killed between the write and our note of it leaves one entry, which is found again", async () => {
    const receiver = await world.openReceiver();
    const session = await world.bookAgreed(receiver);
    await expect(world.write(receiver, world.dying())).rejects.toThrow("killed");
    expect(await world.entries(receiver)).toEqual([written(session)]);
    // Until the lease ends no other worker writes.
    expect(await world.write(receiver)).toBeInstanceOf(Date);
    await world.endLeases(receiver);
    expect(await world.write(receiver)).toBeNull();
    expect(await world.entries(receiver)).toEqual([written(session)]);
    const moved = await world.move(receiver, session);
    await world.run();
    expect(await world.entries(receiver)).toEqual([written(moved)]);
  });

  it("what a killed worker has written of a session that is cancelled meanwhile is removed", async () => {
    const receiver = await world.openReceiver();
    const session = await world.bookAgreed(receiver);
    await expect(world.write(receiver, world.dying())).rejects.toThrow("killed");
    await step(world.student, session, "cancel");
    await world.endLeases(receiver);
    await world.run();
    expect(await world.entries(receiver)).toEqual([]);
  });

  it("a provider that fails is asked again later, not before it wants to be, and once for all sessions", async () => {
    const receiver = await world.openReceiver();
    await world.bookAgreed(receiver);
    await world.bookAgreed(receiver);
    let asked = 0;
    const limited = world.writingBy(() => ({
      put: async () => {
        asked += 1;
        throw new CalendarProblem("limited", { retryAfterMs: 600_000 });
      },
    }));
    const due = await world.write(receiver, limited);
    expect(asked).toBe(1);
    expect((due?.getTime() ?? 0) - Date.now()).toBeGreaterThan(590_000);
    // Its owner sees why, and mends it: then nothing waits any more.
    const problemOf = async () => {
      const answer = await receiver.mentor.call("GET", "/me/calendar-connections");
      return answer.read(calendarConnectionList).data[0]?.calendars[0]?.sessions_problem;
    };
    expect(await problemOf()).toBe("limited");
    const { password } = world.server;
    const path = `/me/calendar-connections/${receiver.connection.id}`;
    (await receiver.mentor.call("PATCH", path, { password })).expect(200);
    await world.run();
    expect(await world.entries(receiver)).toHaveLength(2);
    expect(await problemOf()).toBeNull();
  });

  it("an entry that its owner deletes or moves is noticed at the next read, and not written over", async () => {
    const receiver = await world.openReceiver();
    const [one, other] = [await world.bookAgreed(receiver), await world.bookAgreed(receiver)];
    await world.run();
    expect(await world.read(receiver)).toMatchObject([{ question: null }, { question: null }]);
    const otherAddress = await world.addressOf(receiver, other);
    await world.send("DELETE", await world.addressOf(receiver, one));
    const later = new Date(Date.parse(other.starts_at) + 14 * 86_400_000).toISOString();
    await world.send("PUT", otherAddress, plainEvent(`${other.id}@matepeak`, later));
    const asked = await world.read(receiver);
    expect(asked.find(({ session_id }) => session_id === one.id)).toMatchObject({ question: "deleted" });
    expect(asked.find(({ session_id }) => session_id === other.id)).toMatchObject({
      question: "moved",
      moved_to: new Date(later),
    });
    expect(await world.read(receiver)).toEqual(asked);
    expect(await world.entries(receiver)).toHaveLength(1);
    // Neither session has changed.
    for (const { id, starts_at } of [one, other]) {
      expect((await world.student.call("GET", `/bookings/${id}`)).read(booking)).toMatchObject({
        status: "confirmed",
        starts_at,
      });
    }
    // Moved back by hand, it is no question any more.
    await world.send("PUT", otherAddress, plainEvent(`${other.id}@matepeak`, other.starts_at));
    const after = await world.read(receiver);
    expect(after.find(({ session_id }) => session_id === other.id)).toMatchObject({ question: null });
  });

  it("an entry that its owner deletes before it was ever read is noticed", async () => {
    const receiver = await world.openReceiver();
    await world.read(receiver);
    const session = await world.bookAgreed(receiver);
    await world.run();
    await world.send("DELETE", await world.addressOf(receiver, session));
    expect(await world.read(receiver)).toMatchObject([{ question: "deleted" }]);
  });

  it("an entry that its owner moves and then deletes before it was ever read is noticed", async () => {
    const receiver = await world.openReceiver();
    await world.read(receiver);
    const session = await world.bookAgreed(receiver);
    await world.run();
    const address = await world.addressOf(receiver, session);
    const later = new Date(Date.parse(session.starts_at) + 14 * 86_400_000).toISOString();
    await world.send("PUT", address, plainEvent(`${session.id}@matepeak`, later));
    // To write the new link finds the move.
    (
      await receiver.mentor.call("PUT", "/mentors/me/room", { meeting_url: "https://meet.example.com/x" })
    ).expect(200);
    await world.run();
    expect(await world.rows(receiver)).toMatchObject([{ question: "moved" }]);
    await world.send("DELETE", address);
    expect(await world.read(receiver)).toMatchObject([{ question: "deleted" }]);
  });

  it("our entries make no time busy, through a second connection neither; a session at another mentor does", async () => {
    const receiver = await world.openReceiver();
    const { mentor, calendar } = receiver;
    const session = await world.bookAgreed(receiver);
    // Written and read before our note of it.
    await expect(world.write(receiver, world.dying())).rejects.toThrow("killed");
    const again = { mentor, connection: await world.connect(mentor, calendar) };
    for (const { connection } of [receiver, again]) await syncNext(world.syncing(), connection.id);
    await world.endLeases(receiver);
    await world.run();
    await step(world.student, session, "cancel");
    const isFree = async (start: string) =>
      (await readSlots(world.test.visitor, mentor)).some(({ starts_at }) => starts_at === start);
    // The entry is still there: no job has run since.
    expect(await world.entries(receiver)).toHaveLength(1);
    await world.test.db.owner.query("update connected_calendars set sync_state = null where user_id = $1", [
      mentor.id,
    ]);
    await syncNext(world.syncing(), again.connection.id);
    expect(await isFree(session.starts_at)).toBe(true);
    const start = await world.freeStart(mentor);
    await world.send("PUT", `${calendar}learnt.ics`, plainEvent(`${crypto.randomUUID()}@matepeak`, start));
    await world.read(receiver);
    expect(await isFree(start)).toBe(false);
  });

  it("any order of changes, of killed workers and of what the owner does ends in agreement", async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder(10), async (order) => {
        expect(await faultsOf(world, order, stopsWorking(world))).toEqual([]);
      }),
      { numRuns: 2 },
    );
  });
});
