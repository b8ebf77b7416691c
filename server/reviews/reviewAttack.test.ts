import { afterAll, beforeAll, expect, it } from "vitest";
import { mentorPage } from "#contract/mentors.ts";
import type { CreateService } from "#contract/services.ts";
import { book, dateIn, readSlots } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const freeGroup: Partial<CreateService> = {
  session_type: "groupSession",
  title: "Everyone welcome",
  capacity: 20,
  durations: [{ minutes: 60, price: 0 }],
};

interface Attack {
  mentor: Mentor;
  puppets: Person[];
  bookings: string[];
}

/** A mentor with a free group session and twelve fake accounts in it. */
async function prepare(name: string): Promise<Attack> {
  const mentor = await test.makeMentor({
    name,
    services: [freeGroup],
    settings: { instant_confirm: true },
  });
  const puppets = await test.signUpCrowd(12, "unconfirmed");
  const date = dateIn(mentor, 1);
  const [slot] = await readSlots(test.visitor, mentor, { from: date, to: dateIn(mentor, 3) });
  const bookings: string[] = [];
  for (const puppet of puppets) bookings.push((await book(puppet, mentor, slot?.starts_at ?? "")).id);
  return { mentor, puppets, bookings };
}

/** Moves the session, seats and all, to where it ended so long ago; a negative interval ends ahead. */
async function endAgo({ mentor }: Attack, interval: string): Promise<void> {
  const { owner } = test.db;
  await owner.query("set session_replication_role = replica");
  for (const table of ["bookings", "occupancies"]) {
    const during = table === "occupancies" ? ", during = tstzrange(starts_at + by, ends_at + by)" : "";
    await owner.query(
      `update ${table} t set starts_at = starts_at + by, ends_at = ends_at + by ${during}
       from (select now() - $2::interval - max(ends_at) as by from ${table} where expert_id = $1) moved
       where t.expert_id = $1`,
      [mentor.id, interval],
    );
  }
  await owner.query("reset session_replication_role");
}

async function completeAll({ mentor, bookings }: Attack): Promise<number[]> {
  const statuses: number[] = [];
  for (const id of bookings) statuses.push((await mentor.call("POST", `/bookings/${id}/complete`)).status);
  return statuses;
}

async function reviewAll({ puppets, bookings }: Attack): Promise<number[]> {
  const statuses: number[] = [];
  for (const [seat, puppet] of puppets.entries()) {
    const path = `/bookings/${bookings[seat]}/review`;
    statuses.push((await puppet.call("POST", path, { rating: 5, comment: "The best!" })).status);
  }
  return statuses;
}

const twelve = (status: number) => Array<number>(12).fill(status);

it("a session that has just begun is neither completed nor reviewed", async () => {
  const attack = await prepare("Early Bird");
  await endAgo(attack, "-58 minutes");
  expect(await completeAll(attack)).toEqual(twelve(409));
  expect(await reviewAll(attack)).toEqual(twelve(409));
});

it("once it is over, accounts with an unconfirmed address wait a day, others do not", async () => {
  const attack = await prepare("Late Bird");
  await endAgo(attack, "1 second");
  expect(await completeAll(attack)).toEqual(twelve(200));
  expect(await reviewAll(attack)).toEqual(twelve(409));
  const [first] = attack.puppets;
  await test.db.owner.query("update auth.users set email_verified = true where id = $1", [first?.id]);
  expect(await reviewAll(attack)).toEqual([201, ...Array<number>(11).fill(409)]);
  await endAgo(attack, "24 hours 1 minute");
  expect(await reviewAll(attack)).toEqual([409, ...Array<number>(11).fill(201)]);
});

it("twelve seats of one session weigh as one session, so an honest mentor stays ahead", async () => {
  const attack = await prepare("Puppet Master");
  await endAgo(attack, "25 hours");
  await completeAll(attack);
  expect(await reviewAll(attack)).toEqual(twelve(201));
  const honest = await test.makeMentor({ name: "Honest Master" });
  const unrated = await test.makeMentor({ name: "New Master" });
  await test.db.owner.query(
    "update expert_profiles set rating = 4.8, review_count = 40, review_weight = 40 where id = $1",
    [honest.id],
  );
  const { data } = (await test.visitor("GET", "/mentors?q=master")).read(mentorPage);
  expect(data.map(({ id }) => id)).toEqual([honest.id, attack.mentor.id, unrated.id]);
  expect(data[1]).toMatchObject({ rating: 5, review_count: 12 });
});
