import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import { codesTo, codeTo, wrongCode } from "../testing/mailedCodes.ts";
import { openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";
import { switchTwoFactorOn } from "../testing/twoFactor.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const readMe = async (person: Person) => (await person.call("GET", "/me")).read(me);
const confirm = (person: Person, code: string) => person.call("POST", "/me/address/confirm", { code });
const signIn = (email: string) => test.visitor("POST", "/api/auth/sign-in/email", { email, password });

let count = 0;
const freshAddress = () => `new-${++count}@example.com`;
const change = (person: Person, email: string, proof: object = { password }) =>
  person.call("POST", "/me/address/change", { email, ...proof });
const confirmChange = (person: Person, email: string, code: string) =>
  person.call("POST", "/me/address/change/confirm", { email, code });

/** The mails about a changed address. */
async function toldOfChange(person: Person) {
  const { rows } = await test.db.owner.query(
    `select address, content -> 'facts' as facts from private.deliveries
     where user_id = $1 and kind = 'address_changed' order by address`,
    [person.id],
  );
  return rows;
}

describe("confirming the own address", () => {
  it("begins with a code at sign-up", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    expect(await readMe(asha)).toMatchObject({ email_confirmed: false });
    const code = await codeTo(test, asha.email, "code_confirm_address");
    expect((await confirm(asha, code)).read(me)).toMatchObject({ email_confirmed: true });
    expect(await readMe(asha)).toMatchObject({ email_confirmed: true });
  });

  it("works with a new code, and sends none once confirmed", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    (await asha.call("POST", "/me/address/code")).expect(204);
    const [newest, first] = await codesTo(test, asha.email);
    (await confirm(asha, first?.code ?? "")).problem("code_not_accepted");
    (await confirm(asha, newest?.code ?? "")).expect(200);
    (await asha.call("POST", "/me/address/code")).expect(204);
    expect(await codesTo(test, asha.email)).toHaveLength(2);
  });

  it("sends a code only if the last one no longer works, where that is asked for", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    const askOnce = () => asha.call("POST", "/me/address/code", { unless_sent: true });
    (await askOnce()).expect(204);
    const [first, ...others] = await codesTo(test, asha.email);
    expect(others).toEqual([]);
    for (let turn = 0; turn < 5; turn++) await confirm(asha, wrongCode(first?.code ?? ""));
    (await askOnce()).expect(204);
    expect(await codesTo(test, asha.email)).toHaveLength(2);
    await test.db.owner.query("update auth.verifications set expires_at = now() + interval '1 minute'");
    (await askOnce()).expect(204);
    (await askOnce()).expect(204);
    expect(await codesTo(test, asha.email)).toHaveLength(3);
    (await confirm(asha, await codeTo(test, asha.email))).expect(200);
  });

  it("rejects another person's code", async () => {
    const [asha, ben] = [await test.signUp("Asha", "unconfirmed"), await test.signUp("Ben", "unconfirmed")];
    (await confirm(ben, await codeTo(test, asha.email))).problem("code_not_accepted");
    expect(await readMe(ben)).toMatchObject({ email_confirmed: false });
  });

  it("ends after five wrong codes", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    const code = await codeTo(test, asha.email);
    for (let turn = 0; turn < 5; turn++) (await confirm(asha, wrongCode(code))).problem("code_not_accepted");
    (await confirm(asha, code)).problem("code_not_accepted");
  });

  it("clears the mark of an address that could not be reached", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await test.db.owner.query("insert into private.unreachable_addresses values ($1, '550 no such user')", [
      asha.email,
    ]);
    (await confirm(asha, await codeTo(test, asha.email))).expect(200);
    const { rows } = await test.db.owner.query("select from private.unreachable_addresses");
    expect(rows).toEqual([]);
  });
});

describe("changing the address", () => {
  it("takes the password and a code from the new address, and tells both addresses", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    const to = freshAddress();
    (await change(asha, to.toUpperCase())).expect(204);
    expect(await readMe(asha)).toMatchObject({ email: asha.email });
    const code = await codeTo(test, to, "code_change_address");
    expect((await confirmChange(asha, to, code)).read(me)).toMatchObject({
      email: to,
      email_confirmed: true,
    });
    expect(await readMe(asha)).toMatchObject({ email: to, email_confirmed: true });
    const facts = { old_address: asha.email, new_address: to };
    expect(await toldOfChange(asha)).toEqual([asha.email, to].sort().map((address) => ({ address, facts })));
    (await signIn(asha.email)).problem("invalid_credentials");
    (await signIn(to)).expect(200);
    (await confirmChange(asha, to, code)).problem("code_not_accepted");
  });

  it("asks for the password where there is one", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    const to = freshAddress();
    (await change(asha, to, {})).problem("validation_failed");
    (await change(asha, to, { password: "not this one" })).problem("validation_failed");
    // A code does not replace it.
    (await asha.call("POST", "/me/address/change-code")).expect(204);
    (await change(asha, to, { code: await codeTo(test, asha.email, "code_change_address") })).problem(
      "validation_failed",
    );
    expect(await codesTo(test, to)).toEqual([]);
  });

  it("takes a code from the present address where there is no password, once", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    await test.db.owner.query("delete from auth.accounts where user_id = $1", [asha.id]);
    const to = freshAddress();
    (await change(asha, to, {})).problem("validation_failed");
    // A code for confirming the address allows nothing else.
    (await change(asha, to, { code: await codeTo(test, asha.email, "code_confirm_address") })).problem(
      "code_not_accepted",
    );
    (await asha.call("POST", "/me/address/change-code")).expect(204);
    const code = await codeTo(test, asha.email, "code_change_address");
    (await change(asha, to, { code: wrongCode(code) })).problem("code_not_accepted");
    const answers = await Promise.all([1, 2, 3].map(() => change(asha, to, { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422, 422]);
    (await confirmChange(asha, to, await codeTo(test, to))).expect(200);
  });

  it("does not take the code for the present address as one from the new address", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    (await asha.call("POST", "/me/address/change-code")).expect(204);
    const code = await codeTo(test, asha.email, "code_change_address");
    (await confirmChange(asha, asha.email, code)).problem("code_not_accepted");
    (await confirmChange(asha, freshAddress(), code)).problem("code_not_accepted");
  });

  it("does not reveal whether the new address has an account", async () => {
    const [asha, ben] = [await test.signUp("Asha", "unconfirmed"), await test.signUp("Ben", "unconfirmed")];
    const before = await codesTo(test, ben.email);
    const [free, taken] = [await change(asha, freshAddress()), await change(asha, ben.email)];
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    expect(await codesTo(test, ben.email)).toEqual(before);
    (await confirmChange(asha, ben.email, "123456")).problem("code_not_accepted");
  });

  it("is rejected where the address was taken meanwhile", async () => {
    const [asha, ben] = [await test.signUp("Asha", "unconfirmed"), await test.signUp("Ben", "unconfirmed")];
    const to = freshAddress();
    for (const person of [asha, ben]) (await change(person, to)).expect(204);
    const codes = (await codesTo(test, to)).map(({ code }) => code);
    const [bens = "", ashas = ""] = codes;
    const answers = await Promise.all([confirmChange(asha, to, ashas), confirmChange(ben, to, bens)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    answers.find(({ status }) => status === 422)?.problem("code_not_accepted");
  });

  it("takes a code only from the person who asked for it", async () => {
    const [asha, ben] = [await test.signUp("Asha", "unconfirmed"), await test.signUp("Ben", "unconfirmed")];
    const to = freshAddress();
    (await change(asha, to)).expect(204);
    (await confirmChange(ben, to, await codeTo(test, to))).problem("code_not_accepted");
  });

  it("keeps the login of a person with two-factor", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    (await confirm(asha, await codeTo(test, asha.email))).expect(200);
    await switchTwoFactorOn(asha);
    const to = freshAddress();
    (await change(asha, to)).expect(204);
    (await confirmChange(asha, to, await codeTo(test, to))).expect(200);
    expect(await readMe(asha)).toMatchObject({ email: to });
  });

  it("rejects the present address, and what is none", async () => {
    const asha = await test.signUp("Asha", "unconfirmed");
    for (const email of [asha.email, asha.email.toUpperCase(), "none", `${"a".repeat(300)}@example.com`])
      expect((await change(asha, email)).problem("validation_failed").errors?.[0]?.field).toBe("email");
  });
});
