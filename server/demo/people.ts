import { DAY_MS, type EpochMs } from "#scheduling/units.ts";
import type { NewAccount } from "../accounts/createPasswordAccounts.ts";
import { demoMentors } from "./mentors/index.ts";
import { demoStudents } from "./students.ts";

/** The password of all demo people. Not secret: the server prints it. */
export const demoPassword = "matepeak-demo";

export interface Person {
  id: string;
  email: string;
  full_name: string;
  timezone: string;
  joinedDaysAgo: number;
}

/** Prefix of every demo person's id, in every version of the demo; no other account has such an id. */
export const demoIdStart = "5eed0000-0000-4000-8000-";

/** Fixed ids, so that a link to a demo mentor works in every demo. */
function demoId(index: number): string {
  return `${demoIdStart}${String(index + 1).padStart(12, "0")}`;
}

/** SQL: whether an id is a demo person's. A range, so that it can use an index. */
export function isDemoId(column: string): string {
  return `${column} between '${demoIdStart}000000000000' and '${demoIdStart}ffffffffffff'`;
}

const people: ReadonlyMap<string, Person> = new Map(
  [...demoStudents, ...demoMentors].map(({ handle, full_name, timezone, joinedDaysAgo }, index) => [
    handle,
    { id: demoId(index), email: `${handle}@example.com`, full_name, timezone, joinedDaysAgo },
  ]),
);

export const demoPeople: readonly Person[] = Array.from(people.values());

/** @throws Error for an unknown handle: a mistake in the data */
export function personOf(handle: string): Person {
  const person = people.get(handle);
  if (!person) throw new Error(`There is no demo person ${handle}.`);
  return person;
}

/** @param now epoch ms */
export function joinedAt({ joinedDaysAgo }: { joinedDaysAgo: number }, now: EpochMs): Date {
  return new Date(now - joinedDaysAgo * DAY_MS);
}

export function toAccount(person: Person, now: EpochMs): NewAccount {
  return { id: person.id, name: person.full_name, email: person.email, createdAt: joinedAt(person, now) };
}

/** The logins that the server prints at start; all demo people have the demo password. */
export const demoLogins: readonly { email: string; role: string }[] = [
  { email: personOf("meera").email, role: "student" },
  { email: personOf("asha").email, role: "mentor who confirms automatically" },
  { email: personOf("rohan").email, role: "mentor with requests to answer" },
];
