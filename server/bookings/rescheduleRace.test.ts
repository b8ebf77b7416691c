import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingEvents } from "../../contract/bookings.ts";
import type { Answer } from "../testing/answer.ts";
import { book, bookingOf, dateIn, moveTo, readSlots } from "../testing/booking.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const rounds = 8;

let test: TestApp;
let students: Person[];
let mentor: Mentor;
let starts: number[];
beforeAll(async () => {
  test = await openTestApp({ poolSize: 12 });
  students = await test.signUpCrowd(12);
  const name = new URL(test.db.ownerUrl).pathname.slice(1);
  await test.db.owner.query(`alter role matepeak_app in database ${name} set deadlock_timeout = '20ms'`);
});
beforeEach(async () => {
  mentor = await test.makeMentor();
  const slots = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 7), to: dateIn(mentor, 8) });
  starts = slots.map(({ starts_at }) => Date.parse(starts_at));
});
afterAll(async () => {
  expect(await ledgerFaults(test.db.owner)).toEqual([]);
  await test.close();
});

const at = (index: number) => starts[index] ?? 0;
const person = (index: number) => students[index] as Person;
const move = (who: Person, { id }: Pick<Booking, "id">, start: number) =>
  who.call("POST", `/bookings/${id}/reschedule`, moveTo(mentor, start));
const read = async (who: Person, id: string) => (await who.call("GET", `/bookings/${id}`)).read(booking);
const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();

/** The times that the ledger says are taken, and those of the bookings that live: always the same. */
async function takenTimes(): Promise<string[]> {
  const { rows } = await test.db.owner.query<{ live: string[] | null; held: string[] | null }>(
    `select (select array_agg(starts_at::text order by starts_at) from bookings
             where expert_id = $1 and status <> 'cancelled') as live,
            (select array_agg(starts_at::text order by starts_at) from occupancies where expert_id = $1) as held`,
    [mentor.id],
  );
  expect(rows[0]?.held).toEqual(rows[0]?.live);
  return rows[0]?.live ?? [];
}

/** Two people at one slot, each with a time already; `moving` is how they try to move. Answers what is left of them. */
async function twoAtOneSlot(moving: (who: Person, mine: Booking, start: number) => Promise<Answer>) {
  const mine = await Promise.all([0, 1].map((index) => book(person(index), mentor, at(index * 2))));
  const answers = await Promise.all(mine.map((one, index) => moving(person(index), one, at(8))));
  const after = await Promise.all(mine.map(({ id }, index) => read(person(index), id)));
  return { mine, answers, after };
}

describe("at the same moment", () => {
  it("one booking moved to many times: each answer was true, and it ends at one of them", async () => {
    for (let round = 0; round < rounds; round++) {
      const day = await test.makeMentor();
      mentor = day;
      const mine = await book(person(0), mentor, at(0));
      const wanted = [2, 3, 4, 5, 6, 7].map(at);
      const answers = await Promise.all(
        wanted.map((start, index) => move(index % 2 ? day : person(0), mine, start)),
      );
      expect(statuses(answers)).toEqual(wanted.map(() => 200));
      const told = answers.map((answer) => Date.parse(answer.read(booking).starts_at));
      expect(told).toEqual(wanted);
      const { data } = (await person(0).call("GET", `/bookings/${mine.id}/events`)).read(bookingEvents);
      // A chain: each move begins where the one before it ended.
      let now: string | null = mine.starts_at;
      for (const { from_starts_at, to_starts_at } of data.slice(1)) {
        expect(from_starts_at).toBe(now);
        now = to_starts_at;
      }
      expect((await read(person(0), mine.id)).starts_at).toBe(now);
      expect(await takenTimes()).toHaveLength(1);
    }
  });

  it("two bookings moved to one slot: one wins, the other keeps its old time", async () => {
    for (let round = 0; round < rounds; round++) {
      mentor = await test.makeMentor();
      const { mine, answers, after } = await twoAtOneSlot(move);
      expect(statuses(answers)).toEqual([200, 409]);
      const loser = answers.findIndex(({ status }) => status === 409);
      expect(answers[loser]?.problem("slot_taken").next_slots).toHaveLength(5);
      expect(after[loser]).toEqual(mine[loser]);
      expect(after[1 - loser]?.starts_at).toBe(new Date(at(8)).toISOString());
      expect(await takenTimes()).toHaveLength(2);
    }
  });

  it("two bookings that change places: nobody can, and nobody loses", async () => {
    const [one, two] = await Promise.all([0, 1].map((index) => book(person(index), mentor, at(index * 2))));
    if (!one || !two) throw new Error("Not booked.");
    const answers = await Promise.all([move(person(0), one, at(2)), move(person(1), two, at(0))]);
    expect(statuses(answers)).toEqual([409, 409]);
    expect(await takenTimes()).toHaveLength(2);
  });

  it("moved and cancelled: one order or the other, both answers true", async () => {
    for (let round = 0; round < rounds; round++) {
      mentor = await test.makeMentor();
      const mine = await book(person(0), mentor, at(0));
      const [moved, cancelled] = await Promise.all([
        move(person(0), mine, at(4)),
        mentor.call("POST", `/bookings/${mine.id}/cancel`, { reason: "Ill" }),
      ]);
      expect(cancelled?.status).toBe(200);
      if (moved?.status !== 200) moved?.problem("invalid_transition");
      expect((await read(person(0), mine.id)).status).toBe("cancelled");
      expect(await takenTimes()).toEqual([]);
      const { data } = (await person(0).call("GET", `/bookings/${mine.id}/events`)).read(bookingEvents);
      expect(data.some(({ kind }) => kind === "rescheduled")).toBe(moved?.status === 200);
    }
  });

  it("a crowd that books, moves and cancels: no fault, no deadlock, and the ledger is the bookings", async () => {
    const mine = await Promise.all(
      students.slice(0, 6).map((student, index) => book(student, mentor, at(index * 2))),
    );
    const everything = students.flatMap((student, index) => {
      const own = mine[index];
      if (!own) return [student.call("POST", "/bookings", bookingOf(mentor, at(index)))];
      return [
        move(student, own, at((index * 3) % 14)),
        move(index % 2 ? mentor : student, own, at((index * 5 + 1) % 14)),
        ...(index % 3 ? [] : [student.call("POST", `/bookings/${own.id}/cancel`)]),
        mentor.call("POST", `/bookings/${own.id}/confirm`),
      ];
    });
    const answers = await Promise.all(everything);
    expect(answers.filter(({ status }) => ![200, 201, 409].includes(status))).toEqual([]);
    await takenTimes();
  });
});

it("twin: to free first and take later loses the time that one had", async () => {
  const { answers, after } = await twoAtOneSlot(async (who, mine, start) => {
    (await who.call("POST", `/bookings/${mine.id}/cancel`)).expect(200);
    return who.call("POST", "/bookings", bookingOf(mentor, start));
  });
  expect(statuses(answers)).toEqual([201, 409]);
  const loser = answers.findIndex(({ status }) => status === 409);
  // What the test above would have caught: the loser has no session at all.
  expect(after[loser]?.status).toBe("cancelled");
  expect(await takenTimes()).toHaveLength(1);
});
