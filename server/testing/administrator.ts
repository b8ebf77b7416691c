import type { ClientBase } from "pg";
import type { Person, TestApp } from "./testApp.ts";

/** Makes a person with two-factor sign-in an administrator, as the command line and the account page do. */
export async function makeAdministrator({ signUpCrowd, db }: TestApp): Promise<Person> {
  const [person] = await signUpCrowd(1);
  if (!person) throw new Error("signUpCrowd(1) returned no account.");
  await turnOnAdministrator(db.owner, person.id);
  return person;
}

/** The role, and two-factor sign-in that was on before the person's logins began. */
export async function turnOnAdministrator(owner: ClientBase, userId: string): Promise<void> {
  await turnOnTwoFactor(owner, userId);
  await owner.query("insert into private.administrators (user_id) values ($1)", [userId]);
}

/** Two-factor sign-in that was on before the person's logins began. */
export async function turnOnTwoFactor(owner: ClientBase, userId: string): Promise<void> {
  await owner.query(
    `insert into auth.two_factors (user_id, secret, recovery_codes, verified, created_at)
     values ($1, 'x', 'x', true, now() - interval '1 day')`,
    [userId],
  );
  await owner.query("update auth.users set two_factor_enabled = true where id = $1", [userId]);
}
