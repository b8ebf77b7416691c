import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import { goOnWithDeletion } from "../../personalData/deletion.ts";
import { StartupError } from "../../platform/startupError.ts";
import type { Answer } from "../../testing/answer.ts";
import { openCookies } from "../../testing/cookies.ts";
import { factorCode, openSupabaseApp, type SupabaseApp } from "../../testing/supabaseApp.ts";
import { openTestApp, password } from "../../testing/testApp.ts";
import { checkAccounts } from "../chooseSignIn.ts";
import { openForgetAccount } from "../forgetAccount.ts";

let test: SupabaseApp;
beforeAll(async () => {
  test = await openSupabaseApp();
});
afterAll(() => test?.close());
afterEach(() => {
  test.answerWith("as usual");
  test.issuer.behave("answers");
  test.platform.confirmsByMail = false;
});

const bearer = (token: string) => test.call({ authorization: `Bearer ${token}` });
/** A browser: it sends the cookies that it was given. */
function openBrowser() {
  const cookies = openCookies();
  return async (method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> =>
    cookies.keep(await test.call(cookies.header().cookie ? cookies.header() : {})(method, path, body));
}
const signIn = (ask: ReturnType<typeof openBrowser>, email: string, typed = password) =>
  ask("POST", "/api/auth/sign-in/email", { email, password: typed });

describe("with the access token that supabase-js sends", () => {
  it("a person whom Supabase created is a person here from the first request on", async () => {
    const person = await test.createUser({ raw_user_meta_data: { full_name: "  Asha\u202E Rao\u0007 " } });
    const { token } = await test.signIn(person);
    const answer = (await bearer(token)("GET", "/me")).read(me);
    expect(answer).toMatchObject({
      id: person.id,
      email: person.email,
      email_confirmed: true,
      name: "Asha  Rao",
    });
    const { rows } = await test.project.admin.query("select full_name from profiles where id = $1", [
      person.id,
    ]);
    expect(rows).toEqual([{ full_name: "Asha  Rao" }]);
    (await bearer(token)("PATCH", "/me", { name: "Asha" })).expect(200);
    expect((await bearer(token)("GET", "/me")).read(me).name).toBe("Asha");
  });

  it.each([
    [{}],
    [{ full_name: "\u200B\u2066" }],
    [{ full_name: 7 }],
    [{ name: { x: 1 } }],
    [{ full_name: "x".repeat(900) }],
    [null],
  ])("whatever people write about themselves at Supabase: %j", async (raw_user_meta_data) => {
    const person = await test.createUser({ raw_user_meta_data });
    const answer = await bearer((await test.signIn(person)).token)("GET", "/me");
    expect(answer.read(me).name).toMatch(/^.{1,120}$/);
  });

  it("becoming a mentor, being booked and booking work as ever", async () => {
    const [mentor, student] = [await test.createUser(), await test.createUser()];
    const asMentor = bearer((await test.signIn(mentor)).token);
    const asStudent = bearer((await test.signIn(student)).token);
    const username = `m-${mentor.id.slice(0, 8)}`;
    (
      await asMentor("POST", "/mentors", { username, full_name: "Asha Rao", timezone: "Asia/Kolkata" })
    ).expect(201);
    const recurringSlots = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({
      day_of_week,
      start_time: "00:00",
      end_time: "24:00",
    }));
    (await asMentor("PUT", "/availability-slots", { recurringSlots })).expect(200);
    const offer = { session_type: "oneOnOneSession", title: "1:1", durations: [{ minutes: 60, price: 0 }] };
    (await asMentor("POST", "/mentors/me/services", offer)).expect(201);
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const booked = await asStudent("POST", "/bookings", {
      expert_id: mentor.id,
      session_type: "oneOnOneSession",
      scheduled_date: day,
      scheduled_time: "10:00",
      duration: 60,
      total_amount: 0,
    });
    booked.expect(201);
    expect((await asMentor("GET", "/bookings?as=mentor")).expect(200).json).toMatchObject({
      data: [{ user_name: "Asha Rao" }],
    });
  });

  it.each([
    ["anonymous people", { is_anonymous: true }],
    ["people who were banned", { banned_until: new Date(Date.now() + 60_000) }],
    ["people whom the platform has deleted", { deleted_at: new Date() }],
    ["people without an address", { email: null, phone: "911234567890" }],
  ])("%s are visitors", async (_, changes) => {
    const person = await test.createUser(changes);
    const call = bearer((await test.signIn(person)).token);
    expect((await call("GET", "/session")).expect(200).json).toEqual({ me: null });
    expect((await call("GET", "/me")).problem().code).toBe("unauthenticated");
  });

  it("a login that has ended counts for nothing, although its token is valid", async () => {
    const person = await test.createUser();
    const past = await test.signIn(person, { not_after: new Date(Date.now() - 1000) });
    const gone = await test.signIn(person);
    await test.project.admin.query("delete from auth.sessions where id = $1", [gone.loginId]);
    for (const { token } of [past, gone]) expect((await bearer(token)("GET", "/me")).status).toBe(401);
  });

  it("the login of one person does not count for another", async () => {
    const [one, other] = [await test.createUser(), await test.createUser()];
    const { loginId } = await test.signIn(one);
    const token = await test.issuer.tokenFor(other, { key: test.key, loginId });
    expect((await bearer(token)("GET", "/me")).status).toBe(401);
  });

  it("signing out ends it, here at once and in another process", async () => {
    const another = await test.openAnother();
    await another.ready();
    try {
      const { token } = await test.signIn(await test.createUser());
      const headers = { authorization: `Bearer ${token}` };
      const elsewhere = async () => (await another.inject({ url: "/api/v1/me", headers })).statusCode;
      expect(await elsewhere()).toBe(200);
      (await bearer(token)("GET", "/me")).expect(200);
      (await bearer(token)("POST", "/api/auth/sign-out")).expect(200);
      expect((await bearer(token)("GET", "/me")).status).toBe(401);
      await expect.poll(elsewhere).toBe(401);
    } finally {
      await another.close();
    }
  });

  it("an issuer that cannot be reached is 503 with a code, and visitors are served", async () => {
    const another = await test.openAnother();
    await another.ready();
    try {
      test.issuer.behave("fails");
      const { token } = await test.signIn(await test.createUser());
      const answer = await another.inject({
        url: "/api/v1/me",
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: "sign_in_unavailable", status: 503 });
      expect((await another.inject({ url: "/api/v1/mentors" })).statusCode).toBe(200);
    } finally {
      await another.close();
    }
  });
});

describe("with the pages", () => {
  it("a person signs in and out, and the browser keeps no token of Supabase", async () => {
    const person = await test.createUser();
    const browser = openBrowser();
    const entered = (await signIn(browser, person.email)).expect(200);
    const [cookie] = [entered.headers["set-cookie"] ?? []]
      .flat()
      .map(String)
      .filter((set) => set.includes("matepeak.login"));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).not.toMatch(/eyJ/);
    expect((await browser("GET", "/session")).json).toMatchObject({ me: { id: person.id } });
    const logins = () =>
      test.project.admin.query("select from auth.sessions where user_id = $1", [person.id]);
    expect((await logins()).rowCount).toBe(1);
    (await browser("POST", "/api/auth/sign-out", {})).expect(200);
    expect((await logins()).rowCount).toBe(0);
    expect((await browser("GET", "/session")).json).toEqual({ me: null });
    // A copy of the cookie is worth nothing.
    const copy = test.call({ cookie: cookie?.split(";")[0] ?? "" });
    expect((await copy("GET", "/me")).status).toBe(401);
  });

  it.each([["changed"], ["sealed with another secret"]])("a cookie that was %s is none", async (how) => {
    const person = await test.createUser();
    const entered = await signIn(openBrowser(), person.email);
    const cookies = [entered.headers["set-cookie"] ?? []].flat().map(String);
    const value = /matepeak\.login=([^;]+)/.exec(cookies.join("\n"))?.[1] ?? "";
    const wrong = how === "changed" ? `${value.slice(0, -4)}AAAA` : Buffer.alloc(80, 7).toString("base64url");
    expect((await test.call({ cookie: `matepeak.login=${wrong}` })("GET", "/me")).status).toBe(401);
    expect((await test.call({ cookie: `matepeak.login=${value}` })("GET", "/me")).status).toBe(200);
  });

  it("a wrong password and an unknown address answer the same", async () => {
    const person = await test.createUser();
    const answers = [
      await signIn(openBrowser(), person.email, "wrong"),
      await signIn(openBrowser(), "x@example.com"),
    ];
    for (const answer of answers)
      expect(answer.problem()).toMatchObject({ code: "invalid_credentials", status: 401 });
  });

  it("a second factor is asked for, and a login without it counts for nothing", async () => {
    const person = await test.createUser();
    await test.addFactor(person.id);
    expect((await bearer((await test.signIn(person)).token)("GET", "/me")).status).toBe(401);
    const browser = openBrowser();
    expect((await signIn(browser, person.email)).expect(200).json).toEqual({ twoFactorRedirect: true });
    expect((await browser("GET", "/me")).status).toBe(401);
    const step = (code: string) => browser("POST", "/api/auth/two-factor/verify-totp", { code });
    expect((await step("000000")).problem().code).toBe("code_not_accepted");
    (await step(factorCode)).expect(200);
    expect((await browser("GET", "/me")).read(me).id).toBe(person.id);
    expect(
      (await openBrowser()("POST", "/api/auth/two-factor/verify-totp", { code: factorCode })).problem().code,
    ).toBe("second_step_over");
  });

  it("a password that is too short or too long is refused in our words", async () => {
    const account = { name: "Ravi Nair", email: "ravi@example.com", password: "short" };
    const messageOf = async (path: string, body: object) =>
      (await openBrowser()("POST", `/api/auth/${path}`, body)).problem("validation_failed").errors?.[0]
        ?.message;
    const long = "x".repeat(129);
    expect(await messageOf("sign-up/email", account)).toBe("Use at least 8 characters.");
    for (const path of ["sign-up/email", "sign-in/email"])
      expect(await messageOf(path, { ...account, password: long })).toBe("Use at most 128 characters.");
  });

  it("a person signs up, with or without a mail that confirms the address", async () => {
    const account = { name: "Ravi Nair", email: "ravi@example.com", password };
    const browser = openBrowser();
    (await browser("POST", "/api/auth/sign-up/email", account)).expect(200);
    expect((await browser("GET", "/me")).read(me)).toMatchObject({ name: "Ravi Nair", email: account.email });
    expect((await browser("POST", "/api/auth/sign-up/email", account)).problem().code).toBe(
      "account_not_created",
    );
    test.platform.confirmsByMail = true;
    const waiting = { ...account, email: "ravi2@example.com" };
    const sent = (await openBrowser()("POST", "/api/auth/sign-up/email", waiting)).problem();
    expect(sent.code).toBe("address_not_confirmed");
    // The same for an address that has an account.
    expect((await openBrowser()("POST", "/api/auth/sign-up/email", waiting)).problem()).toMatchObject({
      code: sent.code,
      detail: sent.detail,
    });
    expect(
      (await openBrowser()("POST", "/api/auth/sign-up/email", { ...waiting, password: "password" })).status,
    ).toBe(422);
  });

  it.each([
    [400, "email_not_confirmed", "address_not_confirmed"],
    [400, "user_banned", "account_closed"],
    [422, "weak_password", "validation_failed"],
    [429, "over_request_rate_limit", "rate_limited"],
    [500, "unexpected_failure", "sign_in_unavailable"],
    [404, "not_found", "sign_in_unavailable"],
  ])("what Supabase refuses has a code of ours: %i %s", async (status, error_code, code) => {
    test.answerWith({ status, error_code });
    expect((await signIn(openBrowser(), "asha@example.com")).problem().code).toBe(code);
  });

  it("an Auth that cannot be reached is 503, and the person stays signed in", async () => {
    const person = await test.createUser();
    const browser = openBrowser();
    (await signIn(browser, person.email)).expect(200);
    test.issuer.behave("closes");
    expect((await signIn(openBrowser(), person.email)).problem()).toMatchObject({
      code: "sign_in_unavailable",
      status: 503,
    });
    expect((await browser("POST", "/api/auth/sign-out", {})).problem().code).toBe("sign_in_unavailable");
    (await browser("GET", "/me")).expect(200);
  });
});

describe("a fresh proof", () => {
  it("is a sign-in of the last ten minutes, by the token's own word", async () => {
    const person = await test.createUser();
    const stale = { amr: [{ method: "password", timestamp: Math.floor(Date.now() / 1000) - 11 * 60 }] };
    const old = bearer((await test.signIn(person, {}, stale)).token);
    expect((await old("POST", "/me/delete", { confirmed: true })).problem().code).toBe("proof_required");
    expect(
      (
        await bearer((await test.signIn(person, {}, { amr: [] })).token)("POST", "/me/delete", {
          confirmed: true,
        })
      ).problem().code,
    ).toBe("proof_required");
  });

  it("in the browser is the password, which opens a new login in place of the old one", async () => {
    const person = await test.createUser();
    const browser = openBrowser();
    (await signIn(browser, person.email)).expect(200);
    expect((await browser("POST", "/me/proof", { password: "wrong" })).problem().code).toBe(
      "invalid_credentials",
    );
    (await browser("POST", "/me/proof", { password })).expect(204);
    (await browser("GET", "/me")).expect(200);
    const { rowCount } = await test.project.admin.query("select from auth.sessions where user_id = $1", [
      person.id,
    ]);
    expect(rowCount).toBe(1);
  });

  it("a deleted account is closed here, and cannot be signed in to", async () => {
    const person = await test.createUser();
    const { token } = await test.signIn(person);
    (await bearer(token)("POST", "/me/delete", { confirmed: true })).expect(202);
    expect((await bearer(token)("GET", "/me")).status).toBe(401);
    expect((await signIn(openBrowser(), person.email)).problem().code).toBe("account_closed");
  });
});

describe("a deleted account is forgotten at Supabase too", () => {
  const sizes = { cancelled: 10, erased: 10, patience: 0 };
  const rest = async () => undefined;
  const rowOf = async (id: string) =>
    (
      await test.project.admin.query(
        "select email, raw_user_meta_data as meta, deleted_at from auth.users where id = $1",
        [id],
      )
    ).rows[0];

  async function deleted(): Promise<string> {
    const person = await test.createUser();
    const { token } = await test.signIn(person);
    (await bearer(token)("POST", "/me/delete", { confirmed: true })).expect(202);
    await test.project.admin.query("delete from private.deliveries where kind = 'account_deleted'");
    return person.id;
  }

  it("with the secret key, and its id stays", async () => {
    const id = await deleted();
    test.answerWith({ status: 500, error_code: "unexpected_failure" });
    const forget = openForgetAccount({ supabase: test.supabase });
    await expect(goOnWithDeletion(test.database, id, rest, sizes, forget)).rejects.toThrow(/answered 500/);
    expect((await rowOf(id)).deleted_at).toBeNull();
    test.answerWith("as usual");
    expect(await goOnWithDeletion(test.database, id, rest, sizes, forget)).toBeUndefined();
    expect(await rowOf(id)).toMatchObject({ email: "obfuscated", meta: {} });
    // A second worker, or a person whom an administrator has deleted before.
    await forget(id);
    await forget("00000000-0000-4000-8000-000000000000");
  });

  it("twin: without the key Supabase keeps the address", async () => {
    const id = await deleted();
    const forget = openForgetAccount({ supabase: { ...test.supabase, secretKey: undefined } });
    expect(await goOnWithDeletion(test.database, id, rest, sizes, forget)).toBeUndefined();
    expect((await rowOf(id)).email).toMatch(/@example.com$/);
  });
});

describe("our own accounts", () => {
  it.each([
    ["POST", "/api/auth/sign-in/email-otp"],
    ["POST", "/api/auth/change-password"],
    ["GET", "/api/auth/get-session"],
    ["POST", "/api/auth/passkey/challenge"],
    ["POST", "/me/address/code"],
    ["GET", "/me/logins"],
    ["POST", "/me/two-factor"],
    ["POST", "/me/passkeys"],
  ] as const)("are absent: %s %s", async (method, path) => {
    const { token } = await test.signIn(await test.createUser());
    expect((await bearer(token)(method, path, method === "POST" ? {} : undefined)).problem()).toMatchObject({
      status: 404,
      code: "not_found",
    });
  });

  it("and the description of the API does not list them", async () => {
    const { paths, components } = (await test.call()("GET", "/api/v1/openapi.json")).json as {
      paths: object;
      components: { securitySchemes: object };
    };
    expect(components.securitySchemes).toMatchObject({ session: { in: "cookie", name: "matepeak.login" } });
    expect(Object.keys(paths)).toContain("/api/v1/me/proof");
    expect(Object.keys(paths).filter((path) => /passkeys|two-factor$|logins|address/.test(path))).toEqual([]);
  });

  it("pages know it", async () => {
    expect((await test.call()("GET", "/sign-in-options")).json).toEqual({ google: false, elsewhere: true });
  });

  it("the app refuses a database of the other kind", async () => {
    await checkAccounts(test.database, { supabase: {} });
    await expect(checkAccounts(test.database, {})).rejects.toThrow(StartupError);
    const own = await openTestApp();
    try {
      await checkAccounts(own.db.database, {});
      await expect(checkAccounts(own.db.database, { supabase: {} })).rejects.toThrow(StartupError);
    } finally {
      await own.close();
    }
  });
});
