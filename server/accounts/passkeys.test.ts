import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { passkey, passkeyChallenge, signInMethods } from "#contract/signInMethods.ts";
import { countLimits } from "#rules/limits.ts";
import { type Cookies, openCookies } from "../testing/cookies.ts";
import { makeSoftPasskey, type SoftPasskey } from "../testing/softPasskey.ts";
import { openTestApp, type Person, password, type TestApp, testPublicUrl } from "../testing/testApp.ts";
import {
  changesMailed,
  confirmAddress,
  confirmedPerson,
  letProofAge,
  switchTwoFactorOn,
} from "../testing/twoFactor.ts";

import { requireWayIn } from "./waysIn.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const ownSite = { origin: testPublicUrl, "sec-fetch-site": "same-origin" };
const site = { origin: testPublicUrl, host: "localhost" };

const challengeFor = async (person: Person, path = "/me/passkeys/challenge") =>
  (await person.call("POST", path)).read(passkeyChallenge).challenge;
async function addPasskey(person: Person, key = makeSoftPasskey()) {
  const challenge = await challengeFor(person);
  const answer = await person.call("POST", "/me/passkeys", key.create({ ...site, challenge }));
  return { key, passkey: answer.expect(201).read(passkey) };
}
const post = async (cookies: Cookies, path: string, body: unknown) =>
  cookies.keep(await test.visitor("POST", `/api/auth${path}`, body, { ...ownSite, ...cookies.header() }));
async function begin(cookies = openCookies()) {
  const answer = await post(cookies, "/passkey/challenge", {});
  return { cookies, challenge: (answer.expect(200).json as { challenge: string }).challenge };
}
async function signInWith(key: SoftPasskey, ceremony: Partial<Parameters<SoftPasskey["get"]>[0]> = {}) {
  const { cookies, challenge } = await begin();
  const answer = await post(cookies, "/passkey/sign-in", {
    passkey: key.get({ ...site, challenge, ...ceremony }),
  });
  return { cookies, answer };
}
const me = async (cookies: Cookies) => test.visitor("GET", "/me", undefined, cookies.header());
const methodsOf = async (person: Person) =>
  (await person.call("GET", "/me/sign-in-methods")).read(signInMethods);

describe("a passkey", () => {
  it("is added, signs its person in, and a mail tells of it", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const { key, passkey: added } = await addPasskey(asha);
    expect(added).toMatchObject({ name: "Passkey", last_used_at: null });
    const { cookies, answer } = await signInWith(key);
    expect(answer.expect(200).json).toMatchObject({ user: { id: asha.id } });
    expect((await me(cookies)).expect(200).json).toMatchObject({ id: asha.id });
    const [listed] = (await methodsOf(asha)).passkeys;
    expect(Date.parse(listed?.last_used_at ?? "")).toBeGreaterThan(Date.now() - 60_000);
    expect(await changesMailed(test, asha)).toEqual(["passkey_added"]);
  });

  it("counts as both factors", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const { key } = await addPasskey(asha);
    await switchTwoFactorOn(asha);
    const { cookies } = await signInWith(key);
    (await me(cookies)).expect(200);
    // The twin: the password does not.
    const answer = await post(openCookies(), "/sign-in/email", { email: asha.email, password });
    expect(answer.json).toMatchObject({ twoFactorRedirect: true });
  });

  it("gives a script a bearer token", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const { key } = await addPasskey(asha);
    const { answer } = await signInWith(key);
    const { token } = answer.json as { token: string };
    (await test.visitor("GET", "/me", undefined, { authorization: `Bearer ${token}` })).expect(200);
  });

  it.each<[string, Partial<Parameters<SoftPasskey["get"]>[0]>]>([
    ["another site", { origin: "https://evil.example", host: "evil.example" }],
    ["another site with our host's name", { origin: "https://localhost.evil.example" }],
    ["another host", { host: "evil.example" }],
    ["a device that did not check who holds it", { verified: false }],
    ["another challenge", { challenge: Buffer.from("not the one").toString("base64url") }],
    ["the answer to another question", { type: "webauthn.create" }],
  ])("is refused with the answer of %s", async (_what, ceremony) => {
    const asha = await confirmedPerson(test, "Asha");
    const { key } = await addPasskey(asha);
    const { answer, cookies } = await signInWith(key, ceremony);
    answer.problem("passkey_not_accepted");
    expect((await me(cookies)).status).toBe(401);
  });

  it("cannot be replayed, also not at the same time", async () => {
    const asha = await confirmedPerson(test, "Asha");
    for (const counts of [true, false]) {
      const { key } = await addPasskey(asha, makeSoftPasskey({ counts }));
      const { cookies, challenge } = await begin();
      const body = { passkey: key.get({ ...site, challenge }) };
      const browsers = Array.from({ length: 5 }, () => cookies.copy());
      const answers = await Promise.all(browsers.map((one) => post(one, "/passkey/sign-in", body)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const answer of answers) if (answer.status !== 200) answer.problem("passkey_not_accepted");
    }
  });

  it("is not accepted for a challenge of another browser, or one that has expired", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const { key } = await addPasskey(asha);
    const [one, other] = [await begin(), await begin()];
    const body = { passkey: key.get({ ...site, challenge: one.challenge }) };
    (await post(other.cookies, "/passkey/sign-in", body)).problem("passkey_not_accepted");
    (await post(openCookies(), "/passkey/sign-in", body)).problem("passkey_not_accepted");
    await test.db.owner.query("update auth.verifications set expires_at = now()");
    (await post(one.cookies, "/passkey/sign-in", body)).problem("passkey_not_accepted");
  });

  it("that was copied is found by its count", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const { key } = await addPasskey(asha);
    for (const _ of [1, 2]) (await signInWith(key)).answer.expect(200);
    key.setBack(2);
    (await signInWith(key)).answer.problem("passkey_not_accepted");
  });

  it("that no one has added, or that was removed, signs no one in", async () => {
    const asha = await confirmedPerson(test, "Asha");
    (await signInWith(makeSoftPasskey())).answer.problem("passkey_not_accepted");
    const { key, passkey: added } = await addPasskey(asha);
    (await asha.call("DELETE", `/me/passkeys/${added.id}`)).expect(204);
    (await signInWith(key)).answer.problem("passkey_not_accepted");
    expect(await changesMailed(test, asha)).toEqual(["passkey_added", "passkey_removed"]);
  });

  it("with another person's id does not sign in as them", async () => {
    const [asha, eve] = [await confirmedPerson(test, "Asha"), await confirmedPerson(test, "Eve")];
    const { key: hers } = await addPasskey(asha);
    const { key: mine } = await addPasskey(eve);
    const { cookies, challenge } = await begin();
    const forged = { ...mine.get({ ...site, challenge }), id: hers.id, rawId: hers.id };
    (await post(cookies, "/passkey/sign-in", { passkey: forged })).problem("passkey_not_accepted");
  });

  it.each([[{}], [{ passkey: null }], [{ passkey: "x" }], [{ passkey: { id: "a", response: {} } }], [null]])(
    "cannot be %j",
    async (body) => {
      const { cookies } = await begin();
      (await post(cookies, "/passkey/sign-in", body)).problem("validation_failed");
    },
  );
});

describe("adding a passkey", () => {
  it("needs a recent proof and a confirmed address", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    (await asha.call("POST", "/me/passkeys/challenge")).problem("address_not_confirmed");
    await confirmAddress(test, asha);
    const challenge = await challengeFor(asha);
    await letProofAge(test, asha);
    (await asha.call("POST", "/me/passkeys/challenge")).problem("proof_required");
    const body = makeSoftPasskey().create({ ...site, challenge });
    (await asha.call("POST", "/me/passkeys", body)).problem("proof_required");
    (await asha.call("POST", "/me/proof", { password })).expect(204);
    (await asha.call("POST", "/me/passkeys", body)).expect(201);
  });

  it("needs a challenge of the same login, once", async () => {
    const [asha, eve] = [await confirmedPerson(test, "Asha"), await confirmedPerson(test, "Eve")];
    const challenge = await challengeFor(asha);
    const key = makeSoftPasskey();
    const body = key.create({ ...site, challenge });
    (await eve.call("POST", "/me/passkeys", body)).problem("passkey_not_accepted");
    (await asha.call("POST", "/me/passkeys", body)).expect(201);
    (await asha.call("POST", "/me/passkeys", body)).problem("passkey_not_accepted");
  });

  it("does not take over a passkey that another person has", async () => {
    const [asha, eve] = [await confirmedPerson(test, "Asha"), await confirmedPerson(test, "Eve")];
    const { key } = await addPasskey(asha);
    const challenge = await challengeFor(eve);
    (await eve.call("POST", "/me/passkeys", key.create({ ...site, challenge }))).problem(
      "passkey_not_accepted",
    );
    expect((await signInWith(key)).answer.expect(200).json).toMatchObject({ user: { id: asha.id } });
  });

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["a device that did not check who holds it", { verified: false }],
    ["a sign-in", { type: "webauthn.get" }],
  ])("is refused with the answer of %s", async (_what, ceremony) => {
    const asha = await confirmedPerson(test, "Asha");
    const challenge = await challengeFor(asha);
    const body = makeSoftPasskey().create({ ...site, challenge, ...ceremony });
    (await asha.call("POST", "/me/passkeys", body)).problem("passkey_not_accepted");
  });

  it("ends at a number that is enough for anyone, also if they are added at once", async () => {
    const asha = await confirmedPerson(test, "Asha");
    await test.db.owner.query(
      `insert into auth.passkeys (user_id, name, credential_id, public_key, counter, transports)
       select $1::uuid, 'Key', $1::text || n, '', 0, '{}' from generate_series(1, $2) n`,
      [asha.id, countLimits.passkeys - 1],
    );
    const browsers = [asha, await again(asha), await again(asha)];
    const bodies = await Promise.all(
      browsers.map(async (one) => makeSoftPasskey().create({ ...site, challenge: await challengeFor(one) })),
    );
    const answers = await Promise.all(
      browsers.map((one, index) => one.call("POST", "/me/passkeys", bodies[index])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    (await asha.call("POST", "/me/passkeys/challenge")).problem("cap_reached");
  });
});

/** The same person, signed in once more. */
async function again(person: Person): Promise<Person> {
  const answer = await test.visitor("POST", "/api/auth/sign-in/email", { email: person.email, password });
  const authorization = `Bearer ${(answer.expect(200).json as { token: string }).token}`;
  return {
    ...person,
    call: (method, path, body, headers) => test.visitor(method, path, body, { authorization, ...headers }),
  };
}

describe("removing a passkey", () => {
  it("is for its owner, after a recent proof", async () => {
    const [asha, eve] = [await confirmedPerson(test, "Asha"), await confirmedPerson(test, "Eve")];
    const { key, passkey: added } = await addPasskey(asha);
    (await eve.call("DELETE", `/me/passkeys/${added.id}`)).problem("not_found");
    await letProofAge(test, asha);
    (await asha.call("DELETE", `/me/passkeys/${added.id}`)).problem("proof_required");
    (await signInWith(key)).answer.expect(200);
  });

  it("never removes the last way in, also if two are removed at once", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const [one, two] = [await addPasskey(asha), await addPasskey(asha)];
    await test.db.owner.query("delete from auth.accounts where user_id = $1", [asha.id]);
    const answers = await Promise.all(
      [one, two].map(({ passkey: { id } }) => asha.call("DELETE", `/me/passkeys/${id}`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    answers.find(({ status }) => status === 409)?.problem("last_sign_in_method");
    const { passkeys } = await methodsOf(asha);
    expect(passkeys).toHaveLength(1);
  });
});

describe("twin: without the lock", () => {
  it("two removals at once leave no way in", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const keys = [await addPasskey(asha), await addPasskey(asha)];
    await test.db.owner.query("delete from auth.accounts where user_id = $1", [asha.id]);
    const clients = await Promise.all(keys.map(() => test.db.database.accounts.connect()));
    for (const [index, client] of clients.entries()) {
      await client.query("begin");
      await client.query("delete from auth.passkeys where id = $1", [keys[index]?.passkey.id]);
    }
    for (const client of clients) await requireWayIn(client, asha.id);
    for (const client of clients) {
      await client.query("commit");
      client.release();
    }
    expect((await methodsOf(asha)).passkeys).toEqual([]);
  });
});

describe("a proof by passkey", () => {
  it("renews the login that made it, and no other", async () => {
    const asha = await confirmedPerson(test, "Asha");
    const elsewhere = await again(asha);
    const { key } = await addPasskey(asha);
    await letProofAge(test, asha);
    const challenge = await challengeFor(asha, "/me/proof/challenge");
    const body = { passkey: key.get({ ...site, challenge }) };
    (await elsewhere.call("POST", "/me/proof", body)).problem("passkey_not_accepted");
    (await asha.call("POST", "/me/proof", body)).expect(204);
    (await asha.call("POST", "/me/passkeys/challenge")).expect(200);
    (await elsewhere.call("POST", "/me/passkeys/challenge")).problem("proof_required");
    (await asha.call("POST", "/me/proof", body)).problem("passkey_not_accepted");
  });

  it("needs a passkey of the same person", async () => {
    const [asha, eve] = [await confirmedPerson(test, "Asha"), await confirmedPerson(test, "Eve")];
    const { key } = await addPasskey(eve);
    await letProofAge(test, asha);
    const challenge = await challengeFor(asha, "/me/proof/challenge");
    const body = { passkey: key.get({ ...site, challenge }) };
    (await asha.call("POST", "/me/proof", body)).problem("passkey_not_accepted");
    (await asha.call("POST", "/me/two-factor")).problem("proof_required");
  });
});

describe("a first password", () => {
  it("is set by a person who has none, once, who gets a mail", async () => {
    const asha = await confirmedPerson(test, "Asha");
    await addPasskey(asha);
    await test.db.owner.query("delete from auth.accounts where user_id = $1", [asha.id]);
    expect((await methodsOf(asha)).password).toBe(false);
    const easy = await asha.call("POST", "/me/password", { password: "qwerty123" });
    expect(easy.problem("validation_failed").errors?.[0]?.field).toBe("password");
    const both = await Promise.all(
      ["harbour lamp violet", "another lamp violet"].map((one) =>
        asha.call("POST", "/me/password", { password: one }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([204, 422]);
    expect((await methodsOf(asha)).password).toBe(true);
    expect(await changesMailed(test, asha)).toEqual(["passkey_added", "password_changed"]);
  });
});
