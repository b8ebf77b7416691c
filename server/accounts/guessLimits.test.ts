import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  openTestApp,
  type Person,
  password,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { openKnownDevices } from "./knownDevices.ts";

let test: TestApp;
let owner: Person;
beforeEach(async () => {
  test = await openTestApp({ rateLimit: true });
  owner = await test.signUp("Asha");
});
afterEach(() => test.close());

interface Try {
  email?: string;
  password?: string;
  from?: string;
  cookie?: string;
  path?: string;
}

async function signIn({ email = owner.email, path = "/api/auth/sign-in/email", ...how }: Try) {
  return test.app.inject({
    method: "POST",
    url: path,
    remoteAddress: how.from ?? "198.51.100.7",
    headers: { host: new URL(testPublicUrl).host, ...(how.cookie ? { cookie: how.cookie } : {}) },
    payload: { email, password: how.password ?? "not this one" },
  });
}

const right = { password };

/** Guesses from one address until the response is 429; returns how many guesses were accepted. */
async function guess(most: number, how: (turn: number) => Try): Promise<number> {
  for (let turn = 0; turn < most; turn++) {
    const { statusCode } = await signIn(how(turn));
    if (statusCode === 429) return turn;
    expect([401, 422]).toContain(statusCode);
  }
  return most;
}

function deviceCookie(answer: Awaited<ReturnType<typeof signIn>>): string {
  const found = answer.cookies.find(({ name }) => name === "matepeak.device");
  return `matepeak.device=${found?.value}`;
}

/** As if the minute were over, or with "1 hour" the hour. */
const pass = (time: string) =>
  test.db.owner.query(`update private.call_counts set ends_at = ends_at - interval '${time}'`);

describe("guesses", () => {
  it("at one account from one address: 5 a minute, however the account is written", async () => {
    const spellings = [owner.email, ` ${owner.email} `, owner.email.toUpperCase()];
    expect(await guess(20, (turn) => ({ email: spellings[turn % 3]! }))).toBe(5);
    expect((await signIn({ email: "somebody.else@example.com" })).statusCode).toBe(401);
  });

  it("do not lock the owner out, neither on a known device nor on a new one elsewhere", async () => {
    const cookie = deviceCookie(await signIn({ ...right, from: "192.0.2.1" }));
    expect(await guess(30, () => ({ from: "203.0.113.9" }))).toBe(5);
    expect((await signIn({ ...right, from: "192.0.2.1", cookie })).statusCode).toBe(200);
    expect((await signIn({ ...right, from: "192.0.2.200" })).statusCode).toBe(200);
    // Even at the stranger's own address.
    expect((await signIn({ ...right, from: "203.0.113.9", cookie })).statusCode).toBe(200);
    expect((await signIn({ ...right, from: "203.0.113.9" })).statusCode).toBe(429);
  });

  it("from many addresses: 100 an hour at one account, and known devices still get in", async () => {
    const cookie = deviceCookie(await signIn({ ...right, from: "192.0.2.1" }));
    // No password, so that none is hashed: the guess counts all the same.
    let allowed = 0;
    for (let turn = 0; turn < 130; turn++) {
      const answer = await test.app.inject({
        method: "POST",
        url: "/api/auth/sign-in/email",
        remoteAddress: `203.0.113.${turn}`,
        headers: { host: new URL(testPublicUrl).host },
        payload: { email: owner.email },
      });
      if (answer.statusCode !== 429) allowed += 1;
    }
    expect(allowed).toBe(99);
    expect((await signIn({ ...right, from: "192.0.2.200" })).statusCode).toBe(429);
    expect((await signIn({ ...right, from: "192.0.2.200", cookie })).statusCode).toBe(200);
  });

  it("that were rejected don't use up the account's total: one address alone cannot reach it", async () => {
    await guess(6, () => ({ from: "203.0.113.9" }));
    for (let turn = 0; turn < 50; turn++) await signIn({ from: "203.0.113.9" });
    const { rows } = await test.db.owner.query("select max(total)::int as most from private.call_counts");
    expect(rows[0].most).toBeLessThan(60);
    expect((await signIn({ ...right, from: "192.0.2.200" })).statusCode).toBe(200);
  });

  it("on a known device have limits of their own", async () => {
    const cookie = deviceCookie(await signIn({ ...right, from: "192.0.2.1" }));
    expect(await guess(20, (turn) => ({ cookie, from: `192.0.2.${turn}` }))).toBe(10);
    await pass("1 minute");
    // A stranger's guesses elsewhere are none of the device's.
    expect((await signIn({ ...right, from: "203.0.113.9" })).statusCode).toBe(200);
  });

  it("from one address: 60 accounts a minute", async () => {
    const ask = (turn: number) =>
      test.visitor("POST", "/api/auth/sign-in/email", { email: `person${turn}@example.com` });
    let allowed = 0;
    while (allowed < 100 && (await ask(allowed)).status !== 429) allowed += 1;
    expect(allowed).toBe(60);
  });

  it("count under every spelling of the address that leads to sign-in", async () => {
    const paths = [
      "/api/auth/sign-in/email/",
      "/api/auth/sign-in/%65mail",
      "/api/auth//sign-in/email",
      "/api/auth/sign-in//email",
    ];
    let tried = 0;
    for (let turn = 0; turn < 24; turn++) {
      const { statusCode } = await signIn({ path: paths[turn % paths.length]! });
      if (statusCode === 401) tried += 1;
    }
    expect(tried).toBeLessThanOrEqual(5);
  });

  it("at the password of a login that is open are slowed too", async () => {
    const change = () =>
      owner.call("POST", "/api/auth/change-password", {
        currentPassword: "a guess",
        newPassword: "another password",
      });
    let tried = 0;
    while (tried < 20 && (await change()).status !== 429) tried += 1;
    expect(tried).toBe(10);
  });
});

describe("a device cookie", () => {
  const devices = openKnownDevices(testSecret);

  it("is out of reach of scripts and goes to sign-in only", async () => {
    const answer = await signIn({ ...right });
    const cookie = answer.cookies.find(({ name }) => name === "matepeak.device");
    expect(cookie).toMatchObject({
      httpOnly: true,
      sameSite: "Lax",
      path: "/api/auth",
      maxAge: 400 * 86_400,
    });
  });

  it("contains the accounts that signed in on it, and no others", () => {
    let cookie = devices.remember(undefined, "a@example.com");
    cookie = devices.remember(cookie, "b@example.com");
    const device = devices.recognise(cookie, "a@example.com");
    expect(device).toMatch(/^[\w-]{22}$/);
    expect(devices.recognise(cookie, "b@example.com")).toBe(device);
    expect(devices.recognise(cookie, "c@example.com")).toBeUndefined();
    for (const one of ["c", "d", "e", "f"]) cookie = devices.remember(cookie, `${one}@example.com`);
    expect(devices.recognise(cookie, "a@example.com")).toBeUndefined();
    expect(devices.recognise(cookie, "f@example.com")).toBe(device);
  });

  it("cannot be made up", () => {
    const cookie = devices.remember(undefined, "a@example.com");
    const [device = "", proof = ""] = cookie.split("~");
    const elsewhere = openKnownDevices("another secret for tests that is long enough");
    for (const forged of [
      undefined,
      "",
      device,
      `${device}~`,
      `${"x".repeat(22)}~${proof}`,
      `${device}~${"x".repeat(22)}`,
      `${cookie}~${"x".repeat(500)}`,
      elsewhere.remember(undefined, "a@example.com"),
    ]) {
      expect(devices.recognise(forged, "a@example.com")).toBeUndefined();
    }
  });

  it("does not sign in by itself, and a forged one counts as a stranger's", async () => {
    const cookie = `matepeak.device=${"x".repeat(22)}~${"y".repeat(22)}`;
    expect(await guess(20, () => ({ cookie }))).toBe(5);
    expect((await test.visitor("GET", "/me", undefined, { cookie })).status).toBe(401);
  });
});
