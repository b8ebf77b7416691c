import { type Booking, booking, bookingEvents } from "#contract/bookings.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { book, bookingOf, dateIn, moveTo, readSlots } from "../../server/testing/booking.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import type { Mentor, Person } from "../../server/testing/testApp.ts";
import { callOver } from "../overHttp.ts";
import { codeOf, codesOf, type Round } from "../rounds.ts";
import type { Stage } from "../stage.ts";

/** A mentor who calls over HTTP as well, and the starts that are free. */
interface Scene {
  stage: Stage;
  mentor: Mentor;
  at: (index: number) => number;
  person: (index: number) => Person;
}

async function open(stage: Stage): Promise<Scene> {
  const made = await stage.test.makeMentor();
  const mentor = { ...made, call: callOver(stage.address, made.token) };
  const slots = await readSlots(stage.test.visitor, mentor, {
    from: dateIn(mentor, 7),
    to: dateIn(mentor, 8),
  });
  const starts = slots.map(({ starts_at }) => Date.parse(starts_at));
  return {
    stage,
    mentor,
    at: (index) => starts[index] ?? 0,
    person: (index) => stage.people[index] as Person,
  };
}

const move = ({ mentor }: Scene, who: Person, { id }: Pick<Booking, "id">, start: number) =>
  who.call("POST", `/bookings/${id}/reschedule`, moveTo(mentor, start));
const read = async (who: Person, id: string) => (await who.call("GET", `/bookings/${id}`)).read(booking);

/** Faults of the ledger: it must hold the times of the bookings that live, and no others. */
async function ledgerOf({ stage, mentor }: Scene, live: number): Promise<string[]> {
  const { owner } = stage.test.db;
  const { rows } = await owner.query<{ live: string[] | null; held: string[] | null }>(
    `select (select array_agg(starts_at::text order by starts_at) from bookings
             where expert_id = $1 and status <> 'cancelled') as live,
            (select array_agg(starts_at::text order by starts_at) from occupancies where expert_id = $1) as held`,
    [mentor.id],
  );
  const { live: bookings = [], held = [] } = rows[0] ?? {};
  const same = JSON.stringify(bookings) === JSON.stringify(held) && (await ledgerFaults(owner)).length === 0;
  return [
    ...(same ? [] : ["the ledger is not the bookings"]),
    ...((bookings?.length ?? 0) === live ? [] : [`${bookings?.length ?? 0} bookings are left, not ${live}`]),
  ];
}

/** Concurrent moves of one booking to six times, by student and mentor: each response was true, and it ends at one of them. */
export async function movedToMany(stage: Stage): Promise<Round> {
  const scene = await open(stage);
  const { mentor, at, person } = scene;
  const mine = await book(person(0), mentor, at(0));
  const wanted = [2, 3, 4, 5, 6, 7].map(at);
  const answers = await Promise.all(
    wanted.map((start, index) => move(scene, index % 2 ? mentor : person(0), mine, start)),
  );
  const faults = await ledgerOf(scene, 1);
  for (const [index, answer] of answers.entries()) {
    if (answer.status !== 200) faults.push(`a move was answered ${answer.status}`);
    else if (Date.parse(answer.read(booking).starts_at) !== wanted[index])
      faults.push("an answer was untrue");
  }
  // A chain: each move begins where the one before it ended.
  const { data } = (await person(0).call("GET", `/bookings/${mine.id}/events`)).read(bookingEvents);
  let now: string | null = mine.starts_at;
  for (const { from_starts_at, to_starts_at } of data.slice(1)) {
    if (from_starts_at !== now) faults.push("a move does not begin where the one before it ended");
    now = to_starts_at;
  }
  if ((await read(person(0), mine.id)).starts_at !== now) faults.push("it is not where the last move went");
  return { codes: codesOf(answers), faults };
}

type Moving = (scene: Scene, who: Person, mine: Booking, start: number) => Promise<Answer>;

/** Two bookings moved to one slot: one wins, the other keeps its old time. `moving` is how they try. */
export async function twoToOneSlot(stage: Stage, moving: Moving = move): Promise<Round> {
  const scene = await open(stage);
  const { mentor, at, person } = scene;
  const mine = await Promise.all([0, 1].map((index) => book(person(index), mentor, at(index * 2))));
  const answers = await Promise.all(mine.map((one, index) => moving(scene, person(index), one, at(8))));
  const after = await Promise.all(mine.map(({ id }, index) => read(person(index), id)));
  const faults = await ledgerOf(scene, 2);
  const loser = answers.findIndex(({ status }) => status === 409);
  if (loser === -1 || answers[1 - loser]?.status !== 200) faults.push("not one won and one lost");
  if (JSON.stringify(after[loser]) !== JSON.stringify(mine[loser])) faults.push("the loser lost its time");
  if (after[1 - loser]?.starts_at !== new Date(at(8)).toISOString()) faults.push("the winner is elsewhere");
  return { codes: codesOf(answers), faults };
}

/** How one would move without a command for it: free first, take later. */
export const cancelThenBook: Moving = async ({ mentor }, who, mine, start) => {
  (await who.call("POST", `/bookings/${mine.id}/cancel`)).expect(200);
  return who.call("POST", "/bookings", bookingOf(mentor, start));
};

/** Two bookings that swap times: neither can, and neither loses its time. */
export async function changePlaces(stage: Stage): Promise<Round> {
  const scene = await open(stage);
  const { mentor, at, person } = scene;
  const [one, two] = (await Promise.all(
    [0, 1].map((index) => book(person(index), mentor, at(index * 2))),
  )) as [Booking, Booking];
  const answers = await Promise.all([move(scene, person(0), one, at(2)), move(scene, person(1), two, at(0))]);
  const codes = codesOf(answers);
  const faults = await ledgerOf(scene, 2);
  if (codes.slot_taken !== 2) faults.push("one took what the other had not yet left");
  return { codes, faults };
}

/** Moved and cancelled concurrently: in one order or the other, and both responses are true. */
export async function movedAndCancelled(stage: Stage): Promise<Round> {
  const scene = await open(stage);
  const { mentor, at, person } = scene;
  const mine = await book(person(0), mentor, at(0));
  const [moved, cancelled] = await Promise.all([
    move(scene, person(0), mine, at(4)),
    mentor.call("POST", `/bookings/${mine.id}/cancel`, { reason: "Ill" }),
  ]);
  const faults = await ledgerOf(scene, 0);
  if (cancelled.status !== 200) faults.push(`cancelling was answered ${cancelled.status}`);
  if (moved.status !== 200 && codeOf(moved) !== "invalid_transition") faults.push(`moved: ${codeOf(moved)}`);
  const { data } = (await person(0).call("GET", `/bookings/${mine.id}/events`)).read(bookingEvents);
  if (data.some(({ kind }) => kind === "rescheduled") !== (moved.status === 200))
    faults.push("the answer to the move was untrue");
  return { codes: codesOf([moved, cancelled]), faults };
}

/** Twelve people who book, move, confirm and cancel at one mentor, all concurrently. */
export async function crowdOfMoves(stage: Stage): Promise<Round> {
  const scene = await open(stage);
  const { mentor, at } = scene;
  const students = stage.people.slice(0, 12);
  const mine = await Promise.all(
    students.slice(0, 6).map((student, index) => book(student, mentor, at(index * 2))),
  );
  const answers = await Promise.all(
    students.flatMap((student, index) => {
      const own = mine[index];
      if (!own) return [student.call("POST", "/bookings", bookingOf(mentor, at(index)))];
      return [
        move(scene, student, own, at((index * 3) % 14)),
        move(scene, index % 2 ? mentor : student, own, at((index * 5 + 1) % 14)),
        ...(index % 3 ? [] : [student.call("POST", `/bookings/${own.id}/cancel`)]),
        mentor.call("POST", `/bookings/${own.id}/confirm`),
      ];
    }),
  );
  const { created = 0 } = codesOf(answers);
  const cancelled = students.slice(0, 6).filter((_, index) => index % 3 === 0).length;
  const faults = await ledgerOf(scene, mine.length + created - cancelled);
  const odd = answers.filter(({ status }) => ![200, 201, 409].includes(status));
  return { codes: codesOf(answers), faults: [...faults, ...odd.map(({ status }) => `answered ${status}`)] };
}
