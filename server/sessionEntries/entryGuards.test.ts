import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { plainEvent } from "../calendarConnections/testing/plainEvents.ts";
import { moveTo, readSlots } from "../testing/booking.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
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
});

const without = <T>(name: string, line: string, work: () => Promise<T>, instead = "") =>
  whileRewritten(world.test.db, [name, line], instead, work);
const questions = async () => (await world.rows(receiver)).map(({ question }) => question);

describe("a write whose end is not known", () => {
  /** A worker is killed once it has moved the entry, and the session moves back. */
  async function moveDieAndMoveBack() {
    await world.run();
    const moved = await world.move(receiver, session);
    await expect(world.write(receiver, world.dying())).rejects.toThrow("killed");
    await step(world.student, moved, "reschedule", moveTo(receiver.mentor, session.starts_at));
    await world.endLeases(receiver);
    await world.run();
    return { there: await world.entries(receiver), asked: await questions() };
  }

  it("is no move by the calendar's owner", async () => {
    expect(await moveDieAndMoveBack()).toEqual({ there: [written(session)], asked: [null] });
  });

  it("would be one if what is about to be written were not stored before (twin)", async () => {
    const line = "writing_starts_at = at_start, ";
    const { asked } = await without("private.begin_entry_write", line, moveDieAndMoveBack);
    expect(asked).toEqual(["moved"]);
  });
});

describe("a worker whose lease has ended", () => {
  /** While it writes, the session moves and another worker writes that. Returns how often the late one writes. */
  async function writeLate() {
    let puts = 0;
    const late = world.writingBy(({ put }) => ({
      put: async (...given) => {
        puts += 1;
        const result = await put(...given);
        if (puts > 1) return result;
        await world.endLeases(receiver);
        await world.move(receiver, session);
        await world.write(receiver);
        return result;
      },
    }));
    await world.write(receiver, late);
    return puts;
  }

  it("notes nothing", async () => {
    expect(await writeLate()).toBe(1);
  });

  it("would note what is no longer there, and write again (twin)", async () => {
    const line = " and e.lease = held";
    expect(await without("private.note_entry_written", line, writeLate)).toBeGreaterThan(1);
  });
});

describe("two workers at once", () => {
  it("write a session once", async () => {
    let puts = 0;
    const counted = world.writingBy(({ put }) => ({
      put: async (...given) => {
        puts += 1;
        return put(...given);
      },
    }));
    await Promise.all([1, 2, 3].map(() => world.write(receiver, counted)));
    expect(puts).toBe(1);
    expect(await world.entries(receiver)).toEqual([written(session)]);
  });

  const takeTwice = async () => {
    const take = () =>
      world.test.db.owner.query("select from private.take_session_entry($1)", [receiver.mentor.id]);
    return [(await take()).rowCount, (await take()).rowCount];
  };

  it("do not take the same entry", async () => {
    expect(await takeTwice()).toEqual([1, 0]);
  });

  it("would take it without leases (twin)", async () => {
    const line = "where w.due_at is null or w.due_at <= now() limit 1";
    expect(await without("private.take_session_entry", line, takeTwice, "limit 1")).toEqual([1, 1]);
  });
});

describe("what the owner has changed", () => {
  /** Moved there; before that is read, what the entry says changes here. */
  async function changeBoth(connecting = world.connecting) {
    await world.run();
    const to = new Date(Date.parse(session.starts_at) + 50 * 86_400_000).toISOString();
    const address = await world.addressOf(receiver, session);
    await world.send("PUT", address, plainEvent(`${session.id}@matepeak`, to));
    const room = { meeting_url: "https://meet.example.com/x" };
    (await receiver.mentor.call("PUT", "/mentors/me/room", room)).expect(200);
    await world.run(connecting);
    return { there: await world.entries(receiver), to };
  }

  it("is not written over, and asked about", async () => {
    const { there, to } = await changeBoth();
    expect(there).toEqual([written({ ...session, starts_at: to }, "undefined")]);
    expect(await questions()).toEqual(["moved"]);
  });

  it("would be written over by writes without conditions (twin)", async () => {
    const careless = world.writingBy(({ put }) => ({
      put: (login, calendar, entry, known, signal) =>
        put(login, calendar, entry, known && { ...known, etag: null }, signal),
    }));
    expect((await changeBoth(careless)).there).toEqual([written(session)]);
  });
});

describe("our own sessions in a calendar that counts as busy", () => {
  async function isFreeOnceCancelled() {
    await world.run();
    await world.test.db.owner.query("update connected_calendars set sync_state = null where user_id = $1", [
      receiver.mentor.id,
    ]);
    await world.read(receiver);
    await step(world.student, session, "cancel");
    const slots = await readSlots(world.test.visitor, receiver.mentor);
    return slots.some(({ starts_at }) => starts_at === session.starts_at);
  }

  it("make no time busy", async () => {
    expect(await isFreeOnceCancelled()).toBe(true);
  });

  it("would, if they were not known (twin)", async () => {
    const line = " and not e.ref = any (own)";
    expect(await without("private.write_connected_calendar", line, isFreeOnceCancelled)).toBe(false);
  });
});

describe("an answer that is being carried out", () => {
  async function claimTwice() {
    await world.run();
    await world.send("DELETE", await world.addressOf(receiver, session));
    await world.read(receiver);
    const [asked] = await world.rows(receiver);
    const claim = async () => {
      const { rowCount } = await world.test.db.as(
        receiver.mentor.id,
        (client) =>
          client.query("select from claim_entry_answer($1, $2, $3)", [
            receiver.mentor.id,
            session.id,
            asked?.question_id,
          ]),
        { keep: true },
      );
      return rowCount;
    };
    return [await claim(), await claim()];
  }

  it("is the only one", async () => {
    expect(await claimTwice()).toEqual([1, 0]);
  });

  it("would not be without the claim (twin)", async () => {
    const line = " and (e.answering_until is null or e.answering_until < now())";
    expect(await without("public.claim_entry_answer", line, claimTwice)).toEqual([1, 1]);
  });
});
