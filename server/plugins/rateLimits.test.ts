import { afterEach, describe, expect, it } from "vitest";
import type { Answer } from "../testing/answer.ts";
import { askSlots, bookingOf, readSlots } from "../testing/booking.ts";
import { openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
afterEach(() => test.close());

/** Asks until the answer is 429; answers how often it was let through. */
async function countAllowed(ask: (turn: number) => Promise<Answer>, most: number): Promise<number> {
  for (let turn = 0; turn < most; turn++) {
    const answer = await ask(turn);
    if (answer.status !== 429) continue;
    const { detail } = answer.problem("rate_limited");
    const wait = Number(answer.headers["retry-after"]);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);
    expect(detail).toMatch(/^Too many requests\. Try again in \d+ (second|minute)s?\.$/);
    return turn;
  }
  return most;
}

const wrong = { password: "not this one" };
const signIn = (email: string) => test.visitor("POST", "/api/auth/sign-in/email", { email, ...wrong });

describe("with limits", () => {
  it("lets one account be tried 5 times a minute, however the address is written", async () => {
    test = await openTestApp({ rateLimit: true });
    const spellings = ["Asha@example.com", "asha@example.com ", "ASHA@EXAMPLE.COM"];
    expect(await countAllowed((turn) => signIn(spellings[turn % 3]!), 20)).toBe(5);
    (await signIn("somebody.else@example.com")).problem("invalid_credentials");
  });

  it("lets one address try 60 accounts a minute", async () => {
    test = await openTestApp({ rateLimit: true });
    // Without a password, so that none is hashed sixty times.
    const ask = (turn: number) =>
      test.visitor("POST", "/api/auth/sign-in/email", { email: `person${turn}@example.com` });
    expect(await countAllowed(ask, 100)).toBe(60);
  });

  it("lets one account book 20 times an hour, and leaves the next account alone", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
    const poor = bookingOf(mentor, Date.now(), { total_amount: 1 });
    expect(await countAllowed(() => student.call("POST", "/bookings", poor), 50)).toBe(20);
    const [slot] = await readSlots(other.call, mentor);
    (await other.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? ""))).expect(201);
  });

  it("lets one address send 120 bookings an hour, whoever they are from", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    const people = await test.signUpCrowd(10);
    const poor = bookingOf(mentor, Date.now(), { total_amount: 1 });
    const ask = (turn: number) => people[turn % 10]!.call("POST", "/bookings", poor);
    expect(await countAllowed(ask, 200)).toBe(120);
  });

  it("lets one address ask 240 times a minute for slots", async () => {
    test = await openTestApp({ rateLimit: true });
    const mentor = await test.makeMentor();
    expect(await countAllowed(() => askSlots(test.visitor, mentor), 300)).toBe(240);
  });

  it("takes the many addresses of one IPv6 network for one", async () => {
    test = await openTestApp({ rateLimit: true });
    const from = async (remoteAddress: string) =>
      (await test.app.inject({ url: "/api/v1/mentors", remoteAddress })).statusCode;
    for (let turn = 0; turn < 240; turn++) await from(`2001:db8:0:1::${turn.toString(16)}`);
    expect(await from("2001:db8:0:1::ffff")).toBe(429);
    expect(await from("2001:db8:0:2::1")).toBe(200);
  });
});

it("without limits nobody waits", async () => {
  test = await openTestApp({ rateLimit: false });
  const { email } = await test.signUp("Asha");
  for (let turn = 0; turn < 8; turn++) (await signIn(email)).problem("invalid_credentials");
  (await test.visitor("POST", "/api/auth/sign-in/email", { email, password })).expect(200);
  expect(await countAllowed(() => test.visitor("GET", "/mentors"), 300)).toBe(300);
});
