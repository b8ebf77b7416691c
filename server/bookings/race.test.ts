import { afterAll, beforeAll, expect, it } from "vitest";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { captureLog } from "../testing/logCapture.ts";
import {
  type Attempt,
  countDeadlocks,
  countOverlaps,
  insertDirectly,
  readLedger,
  storm,
  tally,
} from "../testing/storm.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const crowd = 200;
/** RACE_ROUNDS=50 makes the figure of the design. */
const rounds = Number(process.env.RACE_ROUNDS ?? 1);

const log = captureLog("error");
let test: TestApp;
let people: Person[];
let address: string;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  people = await test.signUpCrowd(crowd);
  address = await test.listen();
});
afterAll(() => test.close());

async function startsOf(mentor: Mentor, days: number, duration: number): Promise<string[]> {
  const question = { from: dateIn(mentor, 1), to: dateIn(mentor, days), duration };
  return (await readSlots(test.visitor, mentor, question)).map(({ starts_at }) => starts_at);
}

async function expectPeace(): Promise<void> {
  expect(await countDeadlocks(test)).toBe(0);
  expect(log.text()).toBe("");
}

it(
  `${crowd} people at one slot: one books, all others are told that it is taken`,
  async () => {
    for (let round = 0; round < rounds; round++) {
      const mentor = await test.makeMentor();
      const [start = ""] = await startsOf(mentor, 1, 60);
      const body = bookingOf(mentor, start);
      const outcomes = await storm(
        address,
        people.map((person) => ({ person, body })),
      );
      expect(tally(outcomes)).toEqual({ created: 1, slot_taken: crowd - 1 });
      expect(await readLedger(test, mentor.id)).toHaveLength(1);
      const booked = await test.db.owner.query("select from bookings where expert_id = $1", [mentor.id]);
      expect(booked.rowCount).toBe(1);
    }
    await expectPeace();
  },
  20_000 + rounds * 10_000,
);

it(`${crowd} people at one group session: as many as it has seats`, async () => {
  const seats = 5;
  const mentor = await test.makeMentor({
    services: [{ session_type: "groupSession", title: "Group", capacity: seats }],
  });
  const [start = ""] = await startsOf(mentor, 1, 60);
  const body = bookingOf(mentor, start);
  const outcomes = await storm(
    address,
    people.map((person) => ({ person, body })),
  );
  expect(tally(outcomes)).toEqual({ created: seats, slot_taken: crowd - seats });
  expect((await readLedger(test, mentor.id)).map((taken) => taken.seats)).toEqual([seats]);
  await expectPeace();
});

/** 30, 60 and 90 minutes at starts a quarter of an hour apart, within a few hours. */
async function shiftedAttempts(mentor: Mentor): Promise<Attempt[]> {
  const starts = new Map<number, string[]>();
  for (const duration of [30, 60, 90]) starts.set(duration, await startsOf(mentor, 1, duration));
  return people.map((person, index) => {
    const duration = [30, 60, 90][index % 3] ?? 60;
    const list = starts.get(duration) ?? [];
    return { person, body: bookingOf(mentor, list[(index * 7) % list.length] ?? "", { duration }) };
  });
}

/** The time that an attempt would take, buffers included. */
function wantedTime({ body }: Attempt, { profile }: Mentor): { from: number; until: number } {
  // India has had no clock change since 1945: its offset may be written down.
  const start = Date.parse(`${body.scheduled_date}T${body.scheduled_time}:00+05:30`);
  return {
    from: start - profile.buffer_before * 60_000,
    until: start + (body.duration + profile.buffer_after) * 60_000,
  };
}

it.each([
  ["without buffers", { slot_interval: 15 }],
  ["with buffers", { slot_interval: 15, buffer_before: 10, buffer_after: 20 }],
])("shifted starts and lengths %s: no overlap, and nobody was refused in vain", async (_what, settings) => {
  const mentor = await test.makeMentor({ settings, windows: daily("09:00", "15:00") });
  const outcomes = await storm(address, await shiftedAttempts(mentor));
  const { created = 0, slot_taken = 0 } = tally(outcomes);
  expect(created + slot_taken).toBe(crowd);
  const taken = await readLedger(test, mentor.id);
  expect(taken).toHaveLength(created);
  expect(countOverlaps(taken)).toBe(0);
  for (const outcome of outcomes.filter(({ code }) => code === "slot_taken")) {
    const { from, until } = wantedTime(outcome, mentor);
    expect(taken.some((one) => one.from < until && from < one.until)).toBe(true);
  }
  await expectPeace();
});

it("HTTP and direct inserts into the database at once: still no overlap, still peace", async () => {
  const mentor = await test.makeMentor({ settings: { slot_interval: 15 }, windows: daily("09:00", "15:00") });
  const attempts = await shiftedAttempts(mentor);
  // Sixty connections of their own; the server takes a hundred.
  const direct = attempts.filter((_, index) => index % 5 === 0);
  const [outcomes, inserted] = await Promise.all([
    storm(
      address,
      attempts.filter((_, index) => index % 5 !== 0),
    ),
    Promise.all(direct.map((attempt) => insertDirectly(test.db.ownerUrl, attempt))),
  ]);
  const byHttp = tally(outcomes);
  const bySql = tally(inserted.map((code) => ({ code })));
  expect(Object.keys(byHttp).filter((code) => code !== "created")).toEqual(["slot_taken"]);
  expect(Object.keys(bySql).filter((code) => code !== "created")).toEqual(["occupancies_no_overlap"]);
  const taken = await readLedger(test, mentor.id);
  expect(taken).toHaveLength((byHttp.created ?? 0) + (bySql.created ?? 0));
  expect(countOverlaps(taken)).toBe(0);
  await expectPeace();
});
