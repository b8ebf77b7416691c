import { twoFactor } from "better-auth/plugins";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recoveryCodes, signInMethods, twoFactorSetup } from "#contract/signInMethods.ts";
import { type Cookies, openCookies } from "../testing/cookies.ts";
import { openTestApp, type Person, password, type TestApp, testPublicUrl } from "../testing/testApp.ts";
import {
  appCode,
  changesMailed,
  confirmedPerson,
  letProofAge,
  switchTwoFactorOn,
} from "../testing/twoFactor.ts";
import { secondFactor } from "./secondFactor.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const ownSite = { origin: testPublicUrl, "sec-fetch-site": "same-origin" };
const wrong = "000000";

async function personWithTwoFactor(name: string) {
  const person = await confirmedPerson(test, name);
  return { person, ...(await switchTwoFactorOn(person)) };
}

const post = async (cookies: Cookies, path: string, body: unknown) =>
  cookies.keep(await test.visitor("POST", `/api/auth${path}`, body, { ...ownSite, ...cookies.header() }));
const begin = async ({ email }: Person, cookies = openCookies()) => {
  const answer = await post(cookies, "/sign-in/email", { email, password });
  return { answer, cookies };
};
const isSignedIn = async (cookies: Cookies) =>
  (await test.visitor("GET", "/me", undefined, cookies.header())).status === 200;
describe("switching two-factor on", () => {
  it("needs a code of the app, gives ten recovery codes once, and sends a mail", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const setup = (await asha.call("POST", "/me/two-factor")).read(twoFactorSetup);
    expect(setup.uri).toContain(`secret=${setup.secret}&issuer=MatePeak`);
    expect((await asha.call("GET", "/me/sign-in-methods")).read(signInMethods).two_factor).toBeNull();
    const refused = await asha.call("POST", "/me/two-factor/confirm", { code: wrong });
    expect(refused.problem("validation_failed").errors?.[0]?.field).toBe("code");
    const answer = await asha.call("POST", "/me/two-factor/confirm", { code: appCode(setup) });
    const { recovery_codes } = answer.read(recoveryCodes);
    expect(new Set(recovery_codes).size).toBe(10);
    for (const code of recovery_codes) expect(code).toMatch(/^[2-9a-z]{5}-[2-9a-z]{5}$/);
    const { two_factor } = (await asha.call("GET", "/me/sign-in-methods")).read(signInMethods);
    expect(two_factor).toEqual({ recovery_codes_left: 10 });
    expect(await changesMailed(test, asha)).toEqual(["two_factor_on"]);
    (await asha.call("POST", "/me/two-factor")).problem("two_factor_already_on");
    (await asha.call("POST", "/me/two-factor/confirm", { code: appCode(setup, 1) })).problem(
      "two_factor_already_on",
    );
  });

  it("stores neither the secret nor the codes as they are", async () => {
    const { person, setup, codes } = await personWithTwoFactor("Asha");
    const { rows } = await test.db.owner.query<{ row: string }>(
      "select to_jsonb(t)::text as row from auth.two_factors t where user_id = $1",
      [person.id],
    );
    expect(rows[0]?.row).not.toContain(setup.secret);
    expect(rows[0]?.row).not.toContain(codes[0]);
  });

  it("needs a confirmed address and a recent sign-in", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    (await asha.call("POST", "/me/two-factor")).problem("address_not_confirmed");
    const ben = await confirmedPerson(test, "Ben");
    await letProofAge(test, ben);
    (await ben.call("POST", "/me/two-factor")).problem("proof_required");
    (await ben.call("POST", "/me/proof", { password: "not this one" })).problem("validation_failed");
    (await ben.call("POST", "/me/two-factor")).problem("proof_required");
    (await ben.call("POST", "/me/proof", { password })).expect(204);
    (await ben.call("POST", "/me/two-factor")).expect(200);
  });

  it("is not done by the library's own calls", async () => {
    const { person } = await personWithTwoFactor("Asha");
    for (const path of [
      "/two-factor/enable",
      "/two-factor/disable",
      "/two-factor/get-totp-uri",
      "/two-factor/generate-backup-codes",
      "/two-factor/send-otp",
    ]) {
      (await person.call("POST", `/api/auth${path}`, { password })).problem("not_found");
    }
  });
});

describe("signing in with two-factor on", () => {
  it("takes the password and then a code of the app", async () => {
    const { person, setup } = await personWithTwoFactor("Asha");
    const { answer, cookies } = await begin(person);
    expect(answer.expect(200).json).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
    expect(answer.headers["set-auth-token"]).toBeUndefined();
    expect(await isSignedIn(cookies)).toBe(false);
    const refused = await post(cookies, "/two-factor/verify-totp", { code: wrong });
    expect(refused.problem("validation_failed").errors?.[0]?.field).toBe("code");
    (await post(cookies, "/two-factor/verify-totp", { code: appCode(setup) })).expect(200);
    expect(await isSignedIn(cookies)).toBe(true);
  });

  it("gives no login to a script either, in none of its headers and fields", async () => {
    const { person } = await personWithTwoFactor("Asha");
    const body = { email: person.email, password };
    const answer = (await test.visitor("POST", "/api/auth/sign-in/email", body)).expect(200);
    expect(answer.json).not.toHaveProperty("token");
    expect(JSON.stringify(answer.headers)).not.toMatch(/session_token=[^;]/);
    const { rows } = await test.db.owner.query("select from auth.sessions where user_id = $1", [person.id]);
    expect(rows).toHaveLength(1);
  });

  it("also follows a sign-up with the address and password of the account", async () => {
    const { person } = await personWithTwoFactor("Asha");
    const body = { name: "Asha", email: person.email, password };
    const answer = (await test.visitor("POST", "/api/auth/sign-up/email", body)).expect(200);
    expect(answer.json).toMatchObject({ twoFactorRedirect: true });
    expect(JSON.stringify(answer.headers)).not.toMatch(/session_token=[^;]/);
  });

  it("accepts each code of the app once, also if it arrives twice at the same time", async () => {
    const { person, setup } = await personWithTwoFactor("Asha");
    const [first, second] = [await begin(person), await begin(person)];
    const code = appCode(setup);
    const answers = await Promise.all(
      [first, second].map(({ cookies }) => post(cookies, "/two-factor/verify-totp", { code })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    const third = await begin(person);
    (await post(third.cookies, "/two-factor/verify-totp", { code })).problem("validation_failed");
    // Nor an older one that has not been used.
    (await post(third.cookies, "/two-factor/verify-totp", { code: appCode(setup, -1) })).problem(
      "validation_failed",
    );
    (await post(third.cookies, "/two-factor/verify-totp", { code: appCode(setup, 1) })).expect(200);
  });

  it("ends the second step after five wrong codes, also for the right one", async () => {
    const { person, setup } = await personWithTwoFactor("Asha");
    const { cookies } = await begin(person);
    for (let guess = 0; guess < 5; guess++) {
      (await post(cookies.copy(), "/two-factor/verify-totp", { code: wrong })).problem("validation_failed");
    }
    (await post(cookies.copy(), "/two-factor/verify-totp", { code: appCode(setup) })).problem(
      "second_step_over",
    );
  });

  it("accepts no code for a while after ten wrong ones, however many sign-ins they are spread over", async () => {
    const { person, setup, codes } = await personWithTwoFactor("Asha");
    for (let round = 0; round < 2; round++) {
      const { cookies } = await begin(person);
      for (let guess = 0; guess < 5; guess++) {
        const [path, code] =
          guess % 2 === 0
            ? ["/two-factor/verify-totp", wrong]
            : ["/two-factor/verify-backup-code", "abcde-fghjk"];
        (await post(cookies.copy(), path, { code })).problem("validation_failed");
      }
    }
    const { cookies } = await begin(person);
    (await post(cookies.copy(), "/two-factor/verify-totp", { code: appCode(setup) })).problem("rate_limited");
    (await post(cookies.copy(), "/two-factor/verify-backup-code", { code: codes[0] })).problem(
      "rate_limited",
    );
    await test.db.owner.query("update auth.two_factors set locked_until = now() where user_id = $1", [
      person.id,
    ]);
    (await post(cookies, "/two-factor/verify-backup-code", { code: codes[0] })).expect(200);
  });

  it("cannot be finished by a person who has not begun it, nor with another person's code", async () => {
    const [asha, ben] = [await personWithTwoFactor("Asha"), await personWithTwoFactor("Ben")];
    const stranger = openCookies();
    (await post(stranger, "/two-factor/verify-totp", { code: appCode(asha.setup) })).problem(
      "second_step_over",
    );
    const { cookies } = await begin(asha.person);
    (await post(cookies, "/two-factor/verify-totp", { code: appCode(ben.setup) })).problem(
      "validation_failed",
    );
    (await post(cookies, "/two-factor/verify-backup-code", { code: ben.codes[0] })).problem(
      "validation_failed",
    );
    expect(await isSignedIn(cookies)).toBe(false);
  });

  it("is no place to try codes for a person who is signed in", async () => {
    const { person, setup } = await personWithTwoFactor("Asha");
    for (const code of [wrong, appCode(setup)]) {
      (await person.call("POST", "/api/auth/two-factor/verify-totp", { code })).problem("second_step_over");
      (await person.call("POST", "/api/auth/two-factor/verify-backup-code", { code })).problem(
        "second_step_over",
      );
    }
  });

  it("keeps people signed in when they change their password or their name", async () => {
    const { person } = await personWithTwoFactor("Asha");
    (await person.call("POST", "/api/auth/update-user", { name: "Asha Devi" })).expect(200);
    (await person.call("GET", "/api/auth/get-session")).expect(200);
    const next = "another battery staple";
    const changed = await person.call("POST", "/api/auth/change-password", {
      currentPassword: password,
      newPassword: next,
    });
    const token = String(changed.expect(200).headers["set-auth-token"]);
    (await test.visitor("GET", "/me", undefined, { authorization: `Bearer ${token}` })).expect(200);
  });
});

describe("a login of a person with two-factor on", () => {
  it("is prolonged without a second step, by cookie and by token", async () => {
    const { person, setup } = await personWithTwoFactor("Asha");
    const { cookies } = await begin(person);
    (await post(cookies, "/two-factor/verify-totp", { code: appCode(setup) })).expect(200);
    const age = "update auth.sessions set expires_at = now() + interval '5 days' where user_id = $1";
    await test.db.owner.query(age, [person.id]);
    expect(await isSignedIn(cookies)).toBe(true);
    (await person.call("GET", "/api/auth/get-session")).expect(200);
    (await person.call("GET", "/me")).expect(200);
    const { rows } = await test.db.owner.query(
      "select from auth.sessions where user_id = $1 and expires_at > now() + interval '6 days'",
      [person.id],
    );
    expect(rows).toHaveLength(2);
  });
});

describe("a sign-in that waits for its second step", () => {
  it.each([
    [
      "a new password",
      (person: Person) =>
        person.call("POST", "/api/auth/change-password", {
          currentPassword: password,
          newPassword: "another battery staple",
        }),
    ],
    [
      "a sign-out everywhere else",
      (person: Person) => person.call("POST", "/api/auth/revoke-other-sessions", {}),
    ],
  ] as const)("ends with %s", async (_what, end) => {
    const { person, setup } = await personWithTwoFactor("Asha");
    const { cookies } = await begin(person);
    (await end(person)).expect(200);
    (await post(cookies, "/two-factor/verify-totp", { code: appCode(setup) })).problem("second_step_over");
  });
});

describe("twins", () => {
  it("the library's plugin alone would let Google, codes by e-mail and new passwords pass", () => {
    const alone = twoFactor().hooks.after.map(({ matcher }) => matcher);
    const ours = secondFactor(test.db.database.accounts, testPublicUrl).hooks.after.map(
      ({ matcher }) => matcher,
    );
    for (const path of ["/callback/:id", "/sign-in/email-otp", "/verify-email", "/sign-in/anything-new"]) {
      const context = { path } as Parameters<(typeof alone)[0]>[0];
      expect(alone.some((matches) => matches(context))).toBe(false);
      expect(ours.some((matches) => matches(context))).toBe(true);
    }
  });

  it("without the step of the last code, a code works again", async () => {
    const { person, setup } = await personWithTwoFactor("Asha");
    const code = appCode(setup);
    for (const _ of ["first", "second"]) {
      const { cookies } = await begin(person);
      (await post(cookies, "/two-factor/verify-totp", { code })).expect(200);
      await test.db.owner.query("update auth.two_factors set last_step = null where user_id = $1", [
        person.id,
      ]);
    }
  });
});

describe("two-factor", () => {
  it("cannot be switched by a field of another call", async () => {
    const { person } = await personWithTwoFactor("Asha");
    await person.call("POST", "/api/auth/update-user", { twoFactorEnabled: false, name: "Asha" });
    await person.call("PATCH", "/me", { two_factor_enabled: false });
    expect((await begin(person)).answer.json).toMatchObject({ twoFactorRedirect: true });
    const body = { name: "Eve", email: "eve.two@example.com", password, twoFactorEnabled: true };
    await test.visitor("POST", "/api/auth/sign-up/email", body);
    const { rows } = await test.db.owner.query(
      "select from auth.users where email = $1 and two_factor_enabled",
      [body.email],
    );
    expect(rows).toEqual([]);
  });
});

describe("a recovery code", () => {
  it("works once, in whatever way it is typed", async () => {
    const { person, codes } = await personWithTwoFactor("Asha");
    const code = ` ${codes[3]?.toUpperCase().replace("-", " ")} `;
    const first = await begin(person);
    (await post(first.cookies, "/two-factor/verify-backup-code", { code })).expect(200);
    expect(await isSignedIn(first.cookies)).toBe(true);
    const second = await begin(person);
    (await post(second.cookies, "/two-factor/verify-backup-code", { code })).problem("validation_failed");
    const { two_factor } = (await person.call("GET", "/me/sign-in-methods")).read(signInMethods);
    expect(two_factor).toEqual({ recovery_codes_left: 9 });
  });

  it("opens one login if it arrives ten times at once", async () => {
    const { person, codes } = await personWithTwoFactor("Asha");
    const sign = await Promise.all(Array.from({ length: 10 }, () => begin(person)));
    const answers = await Promise.all(
      sign.map(({ cookies }) => post(cookies, "/two-factor/verify-backup-code", { code: codes[0] })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it("stops working when new ones are made", async () => {
    const { person, codes } = await personWithTwoFactor("Asha");
    const made = (await person.call("POST", "/me/two-factor/recovery-codes")).read(recoveryCodes);
    const { cookies } = await begin(person);
    (await post(cookies, "/two-factor/verify-backup-code", { code: codes[0] })).problem("validation_failed");
    (await post(cookies, "/two-factor/verify-backup-code", { code: made.recovery_codes[0] })).expect(200);
    expect(await changesMailed(test, person)).toEqual(["two_factor_on", "recovery_codes_made"]);
  });
});

describe("a trusted device", () => {
  const trusted = async () => {
    const made = await personWithTwoFactor("Asha");
    const { cookies } = await begin(made.person);
    const body = { code: appCode(made.setup), trustDevice: true };
    (await post(cookies, "/two-factor/verify-totp", body)).expect(200);
    await post(cookies, "/sign-out", {});
    return { ...made, cookies };
  };
  const needsSecondStep = async (person: Person, cookies: Cookies) =>
    "twoFactorRedirect" in ((await begin(person, cookies)).answer.expect(200).json as object);

  it("needs the password only", async () => {
    const { person, cookies } = await trusted();
    expect(await needsSecondStep(person, cookies)).toBe(false);
    expect(await isSignedIn(cookies)).toBe(true);
    expect(await needsSecondStep(person, openCookies())).toBe(true);
  });

  it("is trusted for its own person only", async () => {
    const { cookies } = await trusted();
    const { person: ben } = await personWithTwoFactor("Ben");
    expect(await needsSecondStep(ben, cookies)).toBe(true);
  });

  it.each([
    [
      "after thirty days",
      (person: Person) =>
        test.db.owner.query(
          "update auth.verifications set expires_at = expires_at - interval '30 days' where value = $1",
          [person.id],
        ),
    ],
    [
      "after a new password",
      async (person: Person) => {
        const body = { currentPassword: password, newPassword: "another battery staple" };
        (await person.call("POST", "/api/auth/change-password", body)).expect(200);
        await test.db.owner.query(
          `update auth.accounts a set password = b.password from auth.accounts b
           where a.user_id = $1 and b.user_id = $2`,
          [person.id, (await test.signUp("Same Password")).id],
        );
      },
    ],
    [
      "after a sign-out everywhere else",
      (person: Person) => person.call("POST", "/api/auth/revoke-other-sessions", {}),
    ],
    [
      "after two-factor was switched off and on again",
      async (person: Person) => {
        (await person.call("DELETE", "/me/two-factor")).expect(204);
        const setup = (await person.call("POST", "/me/two-factor")).read(twoFactorSetup);
        (await person.call("POST", "/me/two-factor/confirm", { code: appCode(setup) })).expect(200);
      },
    ],
  ] as const)("is so no longer %s", async (_what, end) => {
    const { person, cookies } = await trusted();
    await end(person);
    expect(await needsSecondStep(person, cookies)).toBe(true);
  });
});

describe("switching two-factor off", () => {
  it("needs a recent sign-in, sends a mail, and leaves the password", async () => {
    const { person } = await personWithTwoFactor("Asha");
    await letProofAge(test, person);
    (await person.call("DELETE", "/me/two-factor")).problem("proof_required");
    (await person.call("POST", "/me/two-factor/recovery-codes")).problem("proof_required");
    (await person.call("POST", "/me/proof", { password })).expect(204);
    (await person.call("DELETE", "/me/two-factor")).expect(204);
    expect(await changesMailed(test, person)).toEqual(["two_factor_on", "two_factor_off"]);
    const { cookies } = await begin(person);
    expect(await isSignedIn(cookies)).toBe(true);
    (await person.call("POST", "/me/two-factor/recovery-codes")).problem("not_found");
  });
});
