import type { Person, TestApp } from "./testApp.ts";

/** Makes a person with two-factor sign-in an administrator, as the command line and the account page do. */
export async function makeAdministrator({ signUpCrowd, db }: TestApp): Promise<Person> {
  const [person] = await signUpCrowd(1);
  if (!person) throw new Error("signUpCrowd(1) returned no account.");
  await turnOnTwoFactor({ db }, person);
  await db.owner.query("insert into private.administrators (user_id) values ($1)", [person.id]);
  return person;
}

/** Two-factor sign-in that was on before the person's logins began. */
export async function turnOnTwoFactor({ db }: Pick<TestApp, "db">, { id }: { id: string }): Promise<void> {
  await db.owner.query(
    `insert into auth.two_factors (user_id, secret, recovery_codes, verified, created_at)
     values ($1, 'x', 'x', true, now() - interval '1 day')`,
    [id],
  );
  await db.owner.query("update auth.users set two_factor_enabled = true where id = $1", [id]);
}
