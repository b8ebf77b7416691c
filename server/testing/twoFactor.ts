import { recoveryCodes, type TwoFactorSetup, twoFactorSetup } from "#contract/signInMethods.ts";
import { totpCode, totpStep } from "../accounts/totp.ts";
import type { Person, TestApp } from "./testApp.ts";

/** As if the person had entered the code of a mail. */
export async function confirmAddress({ db }: TestApp, { id }: Pick<Person, "id">): Promise<void> {
  await db.owner.query("update auth.users set email_verified = true where id = $1", [id]);
}

export async function confirmedPerson(test: TestApp, name: string): Promise<Person> {
  const person = await test.signUp(name);
  await confirmAddress(test, person);
  return person;
}

/** What an authenticator app computes from the QR code; `later` in steps of 30 s. */
export function appCode({ secret }: Pick<TwoFactorSetup, "secret">, later = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  return totpCode(Buffer.from(bytes).toString(), totpStep(Date.now()) + later);
}

export async function switchTwoFactorOn(person: Person) {
  const setup = (await person.call("POST", "/me/two-factor")).read(twoFactorSetup);
  const answer = await person.call("POST", "/me/two-factor/confirm", { code: appCode(setup, -1) });
  return { setup, codes: answer.read(recoveryCodes).recovery_codes };
}

/** As if the person had signed in longer ago than a proof counts. */
export async function letProofAge({ db }: TestApp, { id }: Pick<Person, "id">): Promise<void> {
  const age = "update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1";
  await db.owner.query(age, [id]);
}

/** The changes that a person was told of by mail, in their order. */
export async function changesMailed({ db }: TestApp, { id }: Pick<Person, "id">): Promise<string[]> {
  const { rows } = await db.owner.query<{ change: string }>(
    `select coalesce(content -> 'facts' ->> 'change', kind) as change from private.deliveries
     where user_id = $1 and kind in ('login_methods_changed', 'password_changed') order by id`,
    [id],
  );
  return rows.map(({ change }) => change);
}
