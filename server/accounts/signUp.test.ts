import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import { openTestApp, password, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const signUp = (change: object) =>
  test.visitor("POST", "/api/auth/sign-up/email", {
    name: "Bina",
    email: "bina@example.com",
    password,
    ...change,
  });

describe("a password that is easy to guess", () => {
  it.each([
    "password",
    "Password1!",
    "12345678",
    "qwerty123",
    "iloveyou1",
    "matepeak1",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "Krishna123",
    "farhat.ali1",
  ])("%s is refused at its field", async (poor) => {
    const email = "farhat.ali@example.com";
    const { errors } = (await signUp({ name: "Farhat Ali", email, password: poor })).problem(
      "validation_failed",
    );
    expect(errors?.map(({ field }) => field)).toEqual(["password"]);
    const { rowCount } = await test.db.owner.query("select from auth.users where email = $1", [email]);
    expect(rowCount).toBe(0);
  });

  it("is refused when a password is changed", async () => {
    const asha = await test.signUp("Asha");
    const change = (newPassword: string) =>
      asha.call("POST", "/api/auth/change-password", { currentPassword: password, newPassword });
    const { errors } = (await change("qwerty123")).problem("validation_failed");
    expect(errors?.map(({ field }) => field)).toEqual(["newPassword"]);
    (await change("harbour lamp violet")).expect(200);
  });

  it.each(["harbour lamp violet", "xK9#mQ2v", "नमस्ते दुनिया"])("%s is none: the twin", async (good) => {
    (
      await signUp({
        email: `${encodeURIComponent(good).slice(0, 8)}@example.com`.replaceAll("%", "x"),
        password: good,
      })
    ).expect(200);
  });

  it("costs no more to judge when it is long", async () => {
    await signUp({ email: "warm@example.com", password: "password" });
    const startedAt = performance.now();
    await signUp({ email: "warm@example.com", password: "p4ssw0rd1Q@".repeat(12).slice(0, 129) });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe("an address that has an account", () => {
  it("cannot be distinguished from an address without an account", async () => {
    const asha = await test.signUp("Asha");
    const known = (await signUp({ email: asha.email, password: "harbour lamp violet" })).problem(
      "account_not_created",
    );
    expect(known.errors).toBeUndefined();
    expect(JSON.stringify(known)).not.toMatch(/already|exists/);
    // Every other refusal is the same for both.
    for (const poor of [
      { password: "short" },
      { password: "qwerty123" },
      { name: " " },
      { password: undefined },
    ]) {
      const [one, other] = [
        await signUp({ ...poor, email: asha.email }),
        await signUp({ ...poor, email: "new@example.com" }),
      ];
      expect({ ...one.problem(), request_id: "" }).toEqual({ ...other.problem(), request_id: "" });
    }
  });

  it("opens to its owner, who forgot that it has one", async () => {
    const asha = await test.signUp("Asha");
    const answer = (await signUp({ email: asha.email.toUpperCase(), name: "Asha again" })).expect(200);
    const other = (await signUp({ email: "someone.new@example.com" })).expect(200);
    expect(shapeOf(answer.json)).toEqual(shapeOf(other.json));
    const { token } = answer.json as { token: string };
    expect(token).toBe(answer.headers["set-auth-token"]);
    const who = await test.visitor("GET", "/me", undefined, { authorization: `Bearer ${token}` });
    expect(who.read(me)).toMatchObject({ id: asha.id, name: "Asha" });
  });

  it("counts as a guess at its password, with those of signing in", async () => {
    const strict = await openTestApp({ rateLimit: true });
    const known = { name: "Asha", email: "asha@example.com", password };
    (await strict.visitor("POST", "/api/auth/sign-up/email", known)).expect(200);
    const tries = [];
    for (let guess = 0; guess < 8; guess++) {
      const body = { ...known, password: `harbour lamp violet ${guess}` };
      tries.push((await strict.visitor("POST", "/api/auth/sign-up/email", body)).status);
    }
    expect(tries).toContain(429);
    expect(tries.indexOf(429)).toBeLessThanOrEqual(5);
    await strict.close();
  });
});

describe("twelve concurrent sign-ups of one address", () => {
  const atOnce = (change: (index: number) => object) =>
    Promise.all(Array.from({ length: 12 }, (_, index) => signUp(change(index))));

  it("make one account, and with one password all are signed in to it", async () => {
    const answers = await atOnce(() => ({ email: "twelve@example.com" }));
    const ids = answers.map((answer) => (answer.expect(200).json as { user: { id: string } }).user.id);
    expect(new Set(ids).size).toBe(1);
  });

  it("with other passwords the others are asked to sign in, without a failure", async () => {
    const answers = await atOnce((index) => ({
      email: "others@example.com",
      password: `harbour lamp violet ${index}`,
    }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      answer.problem("account_not_created");
  });
});

function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, shapeOf(inner)]),
  );
}
