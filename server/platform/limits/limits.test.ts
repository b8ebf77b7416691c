import { afterEach, describe, expect, it } from "vitest";
import { slotAnswer } from "#contract/slots.ts";
import { buildApp } from "../../app.ts";
import type { Answer } from "../../testing/answer.ts";
import { askSlots, bookingOf, dateIn, readSlots } from "../../testing/booking.ts";
import {
  type Call,
  callWith,
  daily,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../../testing/testApp.ts";
import type { Config } from "../config.ts";
import type { TypedApp } from "../http/route.ts";

let test: TestApp;
let second: TypedApp | undefined;
afterEach(async () => {
  await second?.close();
  second = undefined;
  await test.close();
});

/** Repeats a call until the response is 429; returns how many were accepted. */
async function countAllowed(ask: (turn: number) => Promise<Answer>, most: number): Promise<number> {
  for (let turn = 0; turn < most; turn++) {
    const answer = await ask(turn);
    if (answer.status !== 429) continue;
    const { detail } = answer.problem("rate_limited");
    const wait = Number(answer.headers["retry-after"]);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);
    expect(detail).toMatch(/^Too many requests\. Try again in \d+ (second|minute|hour)s?\.$/);
    return turn;
  }
  return most;
}

/** A second app process on the same database. */
async function openSecond(trustProxy: Config["trustProxy"] = false): Promise<TypedApp> {
  second = await buildApp({
    config: {
      publicUrl: testPublicUrl,
      rateLimit: true,
      trustProxy,
      authSecret: testSecret,
      maxInFlight: 10_000,
    },
    database: test.db.database,
    maxRequestAgeMs: 60_000,
  });
  return second;
}

describe("with limits", () => {
  it("lets one account book 20 times an hour, and leaves the next account alone", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
    const poor = bookingOf(mentor, Date.now(), { total_amount: 1 });
    expect(await countAllowed(() => student.call("POST", "/bookings", poor), 50)).toBe(20);
    const [slot] = await readSlots(other.call, mentor);
    (await other.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? ""))).expect(201);
  });

  it("lets one address send 120 bookings an hour, from all accounts together", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const people = await test.signUpCrowd(10);
    const poor = bookingOf(mentor, Date.now(), { total_amount: 1 });
    const ask = (turn: number) => people[turn % 10]!.call("POST", "/bookings", poor);
    expect(await countAllowed(ask, 200)).toBe(120);
  });

  it("allows one address 240 requests a minute for slots", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    expect(await countAllowed(() => askSlots(test.visitor, mentor), 300)).toBe(240);
  });

  it("takes the many addresses of one IPv6 network for one", async () => {
    test = await openTestApp({ rateLimit: true });
    const { host } = new URL(testPublicUrl);
    const from = async (remoteAddress: string) =>
      (await test.app.inject({ url: "/api/v1/mentors", remoteAddress, headers: { host } })).statusCode;
    for (let turn = 0; turn < 240; turn++) await from(`2001:db8:0:1::${turn.toString(16)}`);
    expect(await from("2001:db8:0:1::ffff")).toBe(429);
    expect(await from("2001:db8:0:2::1")).toBe(200);
  });
});

describe("what is counted", () => {
  it("is each call, before anything is validated: wrong ones too", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const [student] = (await test.signUpCrowd(1)) as [Person];
    expect(await countAllowed(() => test.visitor("GET", `/mentors/${mentor.id}/slots?from=x`), 300)).toBe(
      240,
    );
    expect(await countAllowed(() => student.call("POST", "/bookings", { nonsense: true }), 50)).toBe(20);
    expect(await countAllowed(() => student.call("POST", "/time-requests", "{ no JSON"), 50)).toBe(20);
    expect(await countAllowed(() => test.visitor("POST", "/api/auth/sign-up/email", { name: "" }), 50)).toBe(
      30,
    );
  });

  it("is not charged for a visitor's call that needs a person", async () => {
    test = await openTestApp({ rateLimit: true });
    for (let turn = 0; turn < 130; turn++) {
      (await test.visitor("POST", "/bookings", { nonsense: true })).problem("unauthenticated");
    }
  });

  it("is every call of the API together as well, whether it leads anywhere or not", async () => {
    test = await openTestApp({ rateLimit: true });
    expect(await countAllowed(() => test.visitor("GET", "/nowhere"), 3100)).toBe(3000);
    (await test.visitor("GET", "/healthz")).expect(200);
  });

  it("is a quote with a code, which could guess codes, apart from others", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const plain = { service_id: mentor.services[0]?.id, duration: 60 };
    const ask = (body: object) => student.call("POST", `/mentors/${mentor.id}/quote`, body);
    (await ask(plain)).expect(200);
    expect(await countAllowed(() => ask({ ...plain, coupon_code: "GUESS" }), 70)).toBe(60);
    (await ask(plain)).expect(200);
  });

  it("is charged for a large response with free times by its size", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor({
      windows: daily("00:00", "24:00"),
      settings: { slot_interval: 5, booking_window_days: 200 },
      services: [{ durations: [{ minutes: 5, price: 1 }] }],
    });
    const days = (first: number) => ({
      from: dateIn(mentor, first),
      to: dateIn(mentor, first + 61),
      duration: 5,
    });
    let largest = 0;
    const allowed = await countAllowed(async (turn) => {
      const answer = await askSlots(test.visitor, mentor, days(1 + turn));
      if (answer.status === 200) {
        largest = Math.max(largest, answer.text.length);
        expect(answer.read(slotAnswer).days).toHaveLength(62);
      }
      return answer;
    }, 60);
    expect(largest).toBeGreaterThan(1_200_000);
    expect(allowed).toBe(12);
  });
});

describe("two processes on one database", () => {
  it("count bookings together, also fifty concurrent ones", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const elsewhere = callWith(await openSecond(), { authorization: `Bearer ${student.token}` });
    const poor = bookingOf(mentor, Date.now(), { total_amount: 1 });
    const ask = (turn: number): Promise<Answer> =>
      (turn % 2 ? elsewhere : student.call)("POST", "/bookings", poor);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, turn) => ask(turn)));
    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(20);
    (await elsewhere("POST", "/bookings", poor)).problem("rate_limited");
  });

  it("would let through more if each counted for itself", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const ask: Call[] = [test.visitor, callWith(await openSecond(), {})];
    const both = (turn: number) => askSlots(ask[turn % 2]!, mentor);
    // Free times are counted per process on purpose: the question costs no more than the count would.
    expect(await countAllowed(both, 600)).toBe(480);
  });

  it("forget windows that are over, and start new ones", async () => {
    test = await openTestApp({ rateLimit: true });
    const { counting } = test.db.database;
    const key = Buffer.from("a key");
    const count = async (seconds: number) => {
      const { rows } = await counting.query("select total from private.count_calls($1, $2, $3)", [
        [key],
        [2],
        [seconds],
      ]);
      return rows[0].total;
    };
    expect([await count(60), await count(60)]).toEqual([2, 4]);
    await test.db.owner.query("update private.call_counts set ends_at = now() - interval '1 second'");
    expect([await count(-1), await count(60)]).toEqual([2, 2]);
    await counting.query("select private.count_calls($1, $2, $3)", [[Buffer.from("over")], [1], [-1]]);
    expect((await counting.query("select private.delete_call_counts(1000) as n")).rows[0].n).toBe(1);
  });
});

describe("behind a proxy", () => {
  /** Asks 80 times as a client that claims another address each time; the proxy adds the address it sees. */
  async function askClaiming(trustProxy: Config["trustProxy"]): Promise<number> {
    test = await openTestApp({ rateLimit: true });
    const app = await openSecond(trustProxy);
    let allowed = 0;
    for (let turn = 0; turn < 80; turn++) {
      const headers = { "x-forwarded-for": `10.0.${turn}.1, 203.0.113.9` };
      const { statusCode } = await app.inject({ url: `/api/v1/usernames/name${turn}`, headers });
      if (statusCode === 200) allowed += 1;
    }
    return allowed;
  }

  it.each([
    ["a hop count", 1],
    ["its address", ["127.0.0.1"]],
    ["its network", ["127.0.0.0/8"]],
    ["nothing", false],
  ] as const)("told by %s, no client chooses its own address", async (_what, trustProxy) => {
    expect(await askClaiming(typeof trustProxy === "object" ? [...trustProxy] : trustProxy)).toBe(60);
  });

  it("would bypass the limit if every client were trusted (twin)", async () => {
    expect(await askClaiming(["0.0.0.0/1", "128.0.0.0/1"])).toBe(80);
  });

  it("with a hop count, clients behind the proxy are counted separately", async () => {
    test = await openTestApp({ rateLimit: true });
    const app = await openSecond(1);
    const from = async (seen: string) =>
      (
        await app.inject({
          url: "/api/v1/usernames/name",
          headers: { "x-forwarded-for": `192.0.2.1, ${seen}` },
        })
      ).statusCode;
    for (let turn = 0; turn < 60; turn++) await from("203.0.113.9");
    expect([await from("203.0.113.9"), await from("203.0.113.10")]).toEqual([429, 200]);
  });
});

it("without limits no request is rejected", async () => {
  test = await openTestApp({ rateLimit: false });
  expect(await countAllowed(() => test.visitor("GET", "/mentors"), 300)).toBe(300);
});
