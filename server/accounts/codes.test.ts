import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import type { Answer } from "../testing/answer.ts";
import { captureLog } from "../testing/logCapture.ts";
import { codesTo, codeTo, wrongCode } from "../testing/mailedCodes.ts";
import { openTestApp, password, type TestApp } from "../testing/testApp.ts";
import { changesMailed, switchTwoFactorOn } from "../testing/twoFactor.ts";

let test: TestApp;
const log = captureLog();
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
});
afterAll(() => test.close());

const newPassword = "four unrelated words again";
const ask = (email: string, type = "sign-in") =>
  test.visitor("POST", "/api/auth/email-otp/send-verification-otp", { email, type });
const signIn = (email: string, otp: unknown) =>
  test.visitor("POST", "/api/auth/sign-in/email-otp", { email, otp });
const reset = (email: string, otp: string, to = newPassword) =>
  test.visitor("POST", "/api/auth/email-otp/reset-password", { email, otp, password: to });
const signInWith = (email: string, secret: string) =>
  test.visitor("POST", "/api/auth/sign-in/email", { email, password: secret });
const as = (answer: Answer) => ({ authorization: `Bearer ${(answer.json as { token: string }).token}` });
const whoIs = async (answer: Answer) =>
  (await test.visitor("GET", "/me", undefined, as(answer.expect(200)))).read(me);

const confirmed = (name: string) => test.signUp(name);

/** What a stranger sees of a response. */
const seen = ({ status, text, headers }: Answer) => ({
  status,
  text: text.replace(/"request_id":"[^"]+"/, ""),
  headers: Object.keys(headers).sort(),
});

describe("signing in with a code", () => {
  it("works once, for the address that it was sent to", async () => {
    const [asha, ben] = [await confirmed("Asha"), await confirmed("Ben")];
    (await ask(asha.email)).expect(200);
    const code = await codeTo(test, asha.email);
    expect(code).toMatch(/^\d{6}$/);
    (await signIn(ben.email, code)).problem("code_not_accepted");
    const answer = await signIn(asha.email.toUpperCase(), ` ${code.slice(0, 3)} ${code.slice(3)} `);
    expect(await whoIs(answer)).toMatchObject({ id: asha.id, email_confirmed: true });
    (await signIn(asha.email, code)).problem("code_not_accepted");
    // The password still works.
    (await signInWith(asha.email, password)).expect(200);
  });

  it("succeeds once where the same code arrives many times at once", async () => {
    const { email } = await confirmed("Race");
    await ask(email);
    const code = await codeTo(test, email);
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(email, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(422)]);
  });

  it("accepts only the newest code", async () => {
    const { email } = await confirmed("Twice");
    await ask(email);
    await ask(email);
    const [newest, older] = await codesTo(test, email);
    (await signIn(email, older?.code)).problem("code_not_accepted");
    (await signIn(email, newest?.code)).expect(200);
  });

  it("accepts no code after five wrong ones, nor one that is ten minutes old", async () => {
    const { email } = await confirmed("Guess");
    await ask(email);
    const code = await codeTo(test, email);
    for (let turn = 0; turn < 5; turn++) (await signIn(email, wrongCode(code))).problem("code_not_accepted");
    (await signIn(email, code)).problem("code_not_accepted");

    await ask(email);
    const fourWrong = await codeTo(test, email);
    for (let turn = 0; turn < 4; turn++) await signIn(email, wrongCode(fourWrong));
    (await signIn(email, fourWrong)).expect(200);

    await ask(email);
    const old = await codeTo(test, email);
    await test.db.owner.query("update auth.verifications set expires_at = now() - interval '1 second'");
    (await signIn(email, old)).problem("code_not_accepted");
  });

  it("counts wrong tries that arrive at once: at most five are compared", async () => {
    const { email } = await confirmed("Burst");
    await ask(email);
    const code = await codeTo(test, email);
    await Promise.all(Array.from({ length: 20 }, () => signIn(email, wrongCode(code))));
    // Some lost the race for the code and were not compared; five more are enough in any case.
    for (let turn = 0; turn < 5; turn++) await signIn(email, wrongCode(code));
    (await signIn(email, code)).problem("code_not_accepted");
  });

  it("asks for the second step where two-factor is on", async () => {
    const asha = await confirmed("Two Factors");
    await switchTwoFactorOn(asha);
    await ask(asha.email);
    const answer = (await signIn(asha.email, await codeTo(test, asha.email))).expect(200);
    expect(answer.json).toMatchObject({ twoFactorRedirect: true });
    expect(answer.headers["set-auth-token"]).toBeUndefined();
    const cookies = [answer.headers["set-cookie"] ?? []].flat().join();
    const session = /matepeak\.session_token=([^;]*)/.exec(cookies)?.[1] ?? "";
    expect(session).toBe("");
  });

  it("of an address that was never confirmed, ends what a stranger may have prepared", async () => {
    // Someone else may have signed up with this address and a password of their own.
    const squatter = await test.signUp("Squatter", "unconfirmed");
    await ask(squatter.email);
    const answer = await signIn(squatter.email, await codeTo(test, squatter.email, "code_sign_in"));
    expect(await whoIs(answer)).toMatchObject({ id: squatter.id, email_confirmed: true });
    (await squatter.call("GET", "/me")).problem("unauthenticated");
    (await signInWith(squatter.email, password)).problem("invalid_credentials");
  });
});

describe("an address without an account", () => {
  it("gets the same response, and neither mail nor account", async () => {
    const { email } = await confirmed("Known");
    const unknown = "no-one@example.com";
    for (const type of ["sign-in", "forget-password"]) {
      const started = performance.now();
      const answers = [await ask(email, type), await ask(unknown, type)];
      expect(performance.now() - started).toBeGreaterThan(195);
      expect(seen(answers[1] as Answer)).toEqual(seen(answers[0] as Answer));
    }
    expect(seen(await signIn(unknown, "123456"))).toEqual(seen(await signIn(email, "123456")));
    expect(seen(await reset(unknown, "123456"))).toEqual(seen(await reset(email, "123456")));
    const { rows } = await test.db.owner.query(
      "select from auth.users where email = $1 union all select from private.deliveries where address = $1",
      [unknown],
    );
    expect(rows).toEqual([]);
  });

  it("answers the same for a code that is dead, used or old as for none", async () => {
    const { email } = await confirmed("States");
    await ask(email);
    const code = await codeTo(test, email);
    const none = seen(await signIn("no-one@example.com", "123456"));
    for (let turn = 0; turn < 7; turn++) expect(seen(await signIn(email, wrongCode(code)))).toEqual(none);
    await ask(email);
    await test.db.owner.query("update auth.verifications set expires_at = now() - interval '1 second'");
    expect(seen(await signIn(email, await codeTo(test, email)))).toEqual(none);
  });
});

describe("a forgotten password", () => {
  it("is replaced with a code: the person is signed in here, and nowhere else", async () => {
    const asha = await test.signUp("Forgetful", "unconfirmed");
    (await asha.call("GET", "/me")).expect(200);
    await ask(asha.email, "forget-password");
    const code = await codeTo(test, asha.email, "code_reset_password");
    const answer = await reset(asha.email, code);
    expect(await whoIs(answer)).toMatchObject({ id: asha.id, email_confirmed: true });
    (await asha.call("GET", "/me")).problem("unauthenticated");
    (await signInWith(asha.email, password)).problem("invalid_credentials");
    (await signInWith(asha.email, newPassword)).expect(200);
    expect(await changesMailed(test, asha)).toEqual(["password_changed"]);
    (await reset(asha.email, code)).problem("code_not_accepted");
  });

  it("leaves everything as it was where the code or the new password is rejected", async () => {
    const asha = await confirmed("Careful");
    await ask(asha.email, "forget-password");
    const code = await codeTo(test, asha.email, "code_reset_password");
    expect((await reset(asha.email, code, "password1")).problem("validation_failed").errors).toMatchObject([
      { field: "password" },
    ]);
    expect((await reset(asha.email, code, "short")).problem("validation_failed").errors).toMatchObject([
      { field: "password" },
    ]);
    (await reset(asha.email, wrongCode(code))).problem("code_not_accepted");
    (await asha.call("GET", "/me")).expect(200);
    (await signInWith(asha.email, password)).expect(200);
    expect(await changesMailed(test, asha)).toEqual([]);
    (await reset(asha.email, code)).expect(200);
  });

  it("is replaced once where two requests use one code", async () => {
    const { email } = await confirmed("Two Resets");
    await ask(email, "forget-password");
    const code = await codeTo(test, email, "code_reset_password");
    const words = ["violet tractor seven moons", "copper lantern nine rivers"];
    const answers = await Promise.all(words.map((word) => reset(email, code, word)));
    const won = words.filter((_, index) => answers[index]?.status === 200);
    expect(won).toHaveLength(1);
    for (const word of words)
      expect((await signInWith(email, word)).status).toBe(won.includes(word) ? 200 : 401);
  });

  it("does not get past the second step", async () => {
    const asha = await confirmed("Reset Two Factors");
    await switchTwoFactorOn(asha);
    await ask(asha.email, "forget-password");
    const answer = await reset(asha.email, await codeTo(test, asha.email, "code_reset_password"));
    expect(answer.expect(200).json).toMatchObject({ twoFactorRedirect: true });
    expect(answer.headers["set-auth-token"]).toBeUndefined();
  });
});

describe("a code", () => {
  it("works for its own purpose only", async () => {
    const asha = await test.signUp("Purposes", "unconfirmed");
    const confirm = await codeTo(test, asha.email, "code_confirm_address");
    (await signIn(asha.email, confirm)).problem("code_not_accepted");
    (await reset(asha.email, confirm)).problem("code_not_accepted");
    await ask(asha.email);
    const enter = await codeTo(test, asha.email, "code_sign_in");
    (await reset(asha.email, enter)).problem("code_not_accepted");
    (await asha.call("POST", "/me/address/confirm", { code: enter })).problem("code_not_accepted");
    await ask(asha.email, "forget-password");
    const forgot = await codeTo(test, asha.email, "code_reset_password");
    (await signIn(asha.email, forgot)).problem("code_not_accepted");
    // All of them were still good.
    (await asha.call("POST", "/me/address/confirm", { code: confirm })).expect(200);
    (await signIn(asha.email, enter)).expect(200);
    (await reset(asha.email, forgot)).expect(200);
  });

  it("is neither in the database as it is, nor behind a hash that can be undone, nor in the log", async () => {
    const { email } = await confirmed("Secret");
    await ask(email);
    const code = await codeTo(test, email);
    const { rows } = await test.db.owner.query(
      "select value from auth.verifications where identifier like $1",
      [`%${email}`],
    );
    const plainHash = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(code))).toString(
      "base64url",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { value } of rows) {
      expect(value).not.toContain(code);
      expect(value).not.toContain(plainHash);
    }
    (await signIn(email, code)).expect(200);
    expect(log.text()).toContain("/api/auth/sign-in/email-otp");
    expect(log.text()).not.toContain(code);
  });

  it("must be six digits", async () => {
    for (const otp of [
      "",
      "12345",
      "1234567",
      "12345x",
      "١٢٣٤٥٦",
      "1".repeat(100_000),
      123456,
      null,
      ["1"],
      { $ne: 1 },
    ])
      (await signIn("asha@example.com", otp)).problem("validation_failed");
    for (const email of ["", "no address", "a".repeat(10_000), 7, null, { a: 1 }])
      (await signIn(email as string, "123456")).problem("validation_failed");
    for (const type of ["change-email", "email-verification", "", "x".repeat(5000), 1, null])
      (await ask("asha@example.com", type as string)).problem("validation_failed");
  });

  it("reaches addresses that the library does not know as such", async () => {
    const body = { name: "Odd", email: "odd&one@example.com", password };
    (await test.visitor("POST", "/api/auth/sign-up/email", body)).expect(200);
    (await ask(body.email)).expect(200);
    expect(
      await whoIs(await signIn(body.email, await codeTo(test, body.email, "code_sign_in"))),
    ).toMatchObject({
      email: body.email,
    });
  });
});

it("closes the library's other calls with codes", async () => {
  const { email } = await confirmed("Closed");
  for (const path of [
    "/email-otp/check-verification-otp",
    "/email-otp/verify-email",
    "/email-otp/request-password-reset",
    "/email-otp/request-email-change",
    "/email-otp/change-email",
    "/forget-password/email-otp",
  ]) {
    const body = { email, newEmail: "new@example.com", otp: "123456", type: "sign-in" };
    (await test.visitor("POST", `/api/auth${path}`, body)).problem("not_found");
  }
});
