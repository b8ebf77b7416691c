import { setTimeout as sleep } from "node:timers/promises";
import { mentorPage } from "#contract/mentors.ts";
import { dateIn, readSlots } from "../../server/testing/booking.ts";
import { readEvents } from "../../server/testing/eventReader.ts";
import type { Mentor, Person, TestApp } from "../../server/testing/testApp.ts";
import { type Attempt, ask, planAttempts } from "../crashes/attempts.ts";
import { startVictim, type Victim } from "../crashes/victim.ts";
import { callOver } from "../overHttp.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";
import type { Pair, Server } from "./pair.ts";

const metricsToken = "a token for metrics that is long enough";
const delay = 300;
const counts = { asked: 200, told: 30, own: 20 };

/** One app books, another one reads from a standby that is 300 ms behind. */
export async function readFromReplica(pair: Pair, test: TestApp, standby: Server): Promise<Finding[]> {
  const name = new URL(test.db.ownerUrl).pathname.slice(1);
  const url = pair.urlOf(name, pair.primary);
  const onStandby = pair.urlOf(name, standby);
  const usual = { MIGRATE: "off", METRICS_TOKEN: metricsToken };
  const apps: Victim[] = [];
  const start = async (settings: Record<string, string> = {}) => {
    const app = await startVictim("main", url, { ...usual, ...settings });
    apps.push(app);
    return app.address;
  };
  try {
    const people = await test.signUpCrowd(30);
    const writing = await start();
    const checked = await played(test, people, writing, await start({ REPLICA_URL: onStandby }), counts);
    const some = { asked: 20, told: 5, own: 0 };
    const naive = await played(test, people, writing, await start({ VISITORS_URL: onStandby }), some);
    return [
      {
        promise: `With a replica that is ${delay} ms behind, no time that is taken is offered, at once or after a live update, and own writes are read back`,
        ...checked,
      },
      asTwin("without the revision of the primary, times that are taken are offered", {
        promise: "naive",
        ...naive,
      }),
    ];
  } finally {
    for (const app of apps) await app.kill();
  }
}

type Played = Pick<Finding, "figure" | "holds">;

async function played(
  test: TestApp,
  people: readonly Person[],
  writing: string,
  reading: string,
  { asked, told, own }: typeof counts,
): Promise<Played> {
  const visitor = callOver(reading);
  // The replica is looked at from the first read on.
  await visitor("GET", "/mentors");
  await sleep(1_500);
  const stale = { asked: 0, told: 0, own: 0 };
  const plan = { left: [] as Attempt[], mentor: undefined as Mentor | undefined };
  const next = async (): Promise<{ attempt: Attempt; mentor: Mentor }> => {
    const attempt = plan.left.shift();
    if (attempt && plan.mentor) return { attempt, mentor: plan.mentor };
    const { mentor, attempts } = await planAttempts(test, people, 60);
    plan.mentor = mentor;
    plan.left = attempts;
    // A standby that has not heard of the mentor yet would say so.
    await sleep(2 * delay + 200);
    return next();
  };
  const book = async (attempt: Attempt) => {
    const answer = await ask(attempt, writing);
    if (typeof answer === "string") throw new Error(`A booking was ${answer}`);
    return answer;
  };
  const offers = async (mentor: Mentor, start: string) => {
    const date = start.slice(0, 10);
    // By the username: the route answers and asks for the revision. By the id an answer may come from memory, which hears of
    // other processes some milliseconds after their commit, with a replica and without.
    const named = { ...mentor, id: mentor.profile.username };
    const slots = await readSlots(visitor, named, { from: date, to: date, timezone: "UTC" });
    return slots.some(({ starts_at }) => Date.parse(starts_at) === Date.parse(start));
  };
  for (let round = 0; round < asked; round++) {
    const { attempt, mentor } = await next();
    const { starts_at } = await book(attempt);
    if (await offers(mentor, starts_at)) stale.asked += 1;
  }
  for (let round = 0; round < told; round++) {
    const { attempt, mentor } = await next();
    const stream = await readEvents(`${reading}/api/v1/mentors/${mentor.id}/events`);
    await stream.quiet(50);
    stream.clear();
    const { starts_at } = await book(attempt);
    await stream.next(1, 10_000);
    if (await offers(mentor, starts_at)) stale.told += 1;
    stream.close();
  }
  for (let round = 0; round < own; round++) {
    const { mentor } = await next();
    const call = callOver(reading, mentor.token);
    const headline = `Written ${round}`;
    (await callOver(writing, mentor.token)("PATCH", "/mentors/me", { headline })).expect(200);
    const page = (await call("GET", "/mentors")).expect(200).read(mentorPage);
    const profile = (await call("GET", `/mentors/${mentor.id}`)).expect(200).json as { headline: string };
    const listed = page.data.find(({ id }) => id === mentor.id);
    if (profile.headline !== headline || listed?.headline !== headline) stale.own += 1;
  }
  // Half a second later nothing changes any more, and the replica answers.
  for (let round = 0; round < 10 && plan.mentor; round++) {
    await sleep(delay + 100);
    await readSlots(visitor, plan.mentor, { from: dateIn(plan.mentor, 1 + round), timezone: "UTC" });
  }
  return {
    figure:
      `${stale.asked} stale of ${asked} asked at once, ${stale.told} of ${told} told by a live update, ` +
      `${stale.own} of ${own} own writes not read back${await readsOf(reading)}`,
    holds: stale.asked + stale.told + stale.own === 0,
  };
}

/** How many reads the replica and the primary have answered, as the app shows it. */
async function readsOf(address: string): Promise<string> {
  const answer = await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  const found = [
    ...(await answer.text()).matchAll(/^matepeak_replica_reads_total\{outcome="(\w+)"\} (\d+)$/gm),
  ];
  const reads = found.map(([, outcome, count]) => `${count} ${outcome}`);
  return reads.length > 0 ? ` · reads: ${reads.join(", ")}` : "";
}
