import type { CreateBooking } from "#contract/bookings.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { book, bookingOf, readSlots } from "../../server/testing/booking.ts";
import { daily, type Mentor, type Person } from "../../server/testing/testApp.ts";
import { codesOf, type Round } from "../rounds.ts";
import type { Stage } from "../stage.ts";

/** How many equal requests are sent at the same moment. */
export const times = 50;

let keys = 0;
const newKey = () => `key ${++keys}`;

interface Sent {
  person: Person;
  body: CreateBooking;
  /** Null: every request is independent. */
  key: string | null;
}

const send = ({ person, body, key }: Sent) =>
  person.call("POST", "/bookings", body, key === null ? {} : { "idempotency-key": key });

const sendAll = (requests: readonly Sent[]) => Promise.all(requests.map(send));

/** Creates a group session with a seat for each request, and two starts of it. */
async function open(stage: Stage): Promise<{ mentor: Mentor; bodies: [CreateBooking, CreateBooking] }> {
  const mentor = await stage.test.makeMentor({
    services: [{ session_type: "groupSession", title: "Group", capacity: 100 }],
  });
  const slots = await readSlots(stage.test.visitor, mentor);
  const [one, two] = [slots[0], slots[5]].map((slot) => bookingOf(mentor, slot?.starts_at ?? ""));
  return { mentor, bodies: [one!, two!] };
}

async function checkBookings(stage: Stage, mentor: Mentor, wanted: number): Promise<string[]> {
  const { rowCount } = await stage.test.db.owner.query("select from bookings where expert_id = $1", [
    mentor.id,
  ]);
  return rowCount === wanted ? [] : [`${rowCount} bookings instead of ${wanted}`];
}

/** Compares the responses character by character, except for the request id in problems. */
function checkEqual(answers: readonly Answer[]): string[] {
  const texts = new Set(answers.map(({ text }) => text.replace(/,"request_id":"[^"]*"/, "")));
  return texts.size === 1 ? [] : [`${texts.size} different answers`];
}

const repeat = (sent: Sent, count = times) => Array.from({ length: count }, () => sent);

/** One person sends one request fifty times. */
export async function oneKey(stage: Stage, key: string | null = newKey()): Promise<Round> {
  const { mentor, bodies } = await open(stage);
  const answers = await sendAll(repeat({ person: stage.people[0]!, body: bodies[0], key }));
  const odd = answers.filter(({ status }) => status !== 201).length;
  return {
    codes: codesOf(answers),
    faults: [
      ...(await checkBookings(stage, mentor, 1)),
      ...checkEqual(answers),
      ...(odd > 0 ? [`${odd} answers are not 201`] : []),
    ],
  };
}

export const withoutKey = (stage: Stage) => oneKey(stage, null);

/** Two different requests under one key, twenty-five times each: the key belongs to one of them. */
export async function twoBodies(stage: Stage): Promise<Round> {
  const { mentor, bodies } = await open(stage);
  const key = newKey();
  const [person] = stage.people as [Person];
  const answers = await sendAll(
    Array.from({ length: times }, (_, index) => ({ person, body: bodies[index % 2]!, key })),
  );
  const halves = [0, 1].map((half) => answers.filter((_, index) => index % 2 === half));
  const codes = halves.map((half) => Object.keys(codesOf(half)).join());
  const faults = [...(await checkBookings(stage, mentor, 1)), ...halves.flatMap(checkEqual)];
  if (codes.toSorted().join(" and ") !== "created and idempotency_key_reused")
    faults.push(`the two were answered ${codes.join(" and ")}`);
  return { codes: codesOf(answers), faults };
}

/** One request for a taken time, fifty times. */
export async function refused(stage: Stage): Promise<Round> {
  const mentor = await stage.test.makeMentor({ windows: daily("09:00", "10:00") });
  const [slot] = await readSlots(stage.test.visitor, mentor);
  await book(stage.people[1]!, mentor, slot?.starts_at ?? "");
  const key = newKey();
  const body = bookingOf(mentor, slot?.starts_at ?? "");
  const answers = await sendAll(repeat({ person: stage.people[0]!, body, key }));
  const kept = await stage.test.db.owner.query("select from private.idempotency_keys where key = $1", [key]);
  const codes = codesOf(answers);
  return {
    codes,
    faults: [
      ...(await checkBookings(stage, mentor, 1)),
      ...checkEqual(answers),
      ...(codes.slot_taken === times ? [] : ["not all were told that it is taken"]),
      ...(kept.rowCount === 1 ? [] : [`remembered ${kept.rowCount} times`]),
    ],
  };
}

/** Ten people send one request each under the same key, five times each. */
export async function manyKeys(stage: Stage): Promise<Round> {
  const { mentor, bodies } = await open(stage);
  const key = newKey();
  const each = 5;
  const people = stage.people.slice(0, 10);
  const groups = await Promise.all(
    people.map((person) => sendAll(repeat({ person, body: bodies[0], key }, each))),
  );
  const codes = codesOf(groups.flat());
  return {
    codes,
    faults: [
      ...(await checkBookings(stage, mentor, people.length)),
      ...groups.flatMap(checkEqual),
      ...(codes.created === people.length * each ? [] : ["not every person got the booking"]),
    ],
  };
}
