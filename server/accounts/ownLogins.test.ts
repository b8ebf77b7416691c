import { afterAll, beforeAll, expect, it } from "vitest";
import { ownLogins } from "#contract/accounts.ts";
import { openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const android =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36";
const signInOn = async ({ email }: Person, userAgent: string) => {
  const body = { email, password };
  const answer = await test.visitor("POST", "/api/auth/sign-in/email", body, { "user-agent": userAgent });
  return (answer.expect(200).json as { token: string }).token;
};
const listOf = async (person: Person) => (await person.call("GET", "/me/logins")).read(ownLogins).data;
const as = (token: string) => test.visitor("GET", "/me", undefined, { authorization: `Bearer ${token}` });

it("lists a person's devices with this one first and marked, and no one else's", async () => {
  const [asha, ben] = [await test.signUp("Asha"), await test.signUp("Ben")];
  await signInOn(ben, android);
  expect(await listOf(asha)).toMatchObject([{ browser: null, system: null, current: true }]);
  await signInOn(asha, android);
  expect(await listOf(asha)).toMatchObject([
    { browser: null, system: null, current: true },
    { browser: "Chrome", system: "Android", current: false },
  ]);
});

it("reveals no token and no address", async () => {
  const asha = await test.signUp("Asha");
  const [login] = await listOf(asha);
  expect(Object.keys(login ?? {}).sort()).toEqual([
    "browser",
    "current",
    "id",
    "last_used_at",
    "signed_in_at",
    "system",
  ]);
});

it("leaves out logins that have expired", async () => {
  const asha = await test.signUp("Asha");
  await signInOn(asha, android);
  await test.db.owner.query(
    "update auth.sessions set expires_at = now() where user_id = $1 and user_agent = $2",
    [asha.id, android],
  );
  expect(await listOf(asha)).toHaveLength(1);
});

it("signs out one device by its id, but only the person's own", async () => {
  const [asha, ben] = [await test.signUp("Asha"), await test.signUp("Ben")];
  const elsewhere = await signInOn(asha, android);
  const other = (await listOf(asha)).find(({ current }) => !current);
  (await ben.call("POST", "/api/auth/revoke-session", { token: other?.id })).expect(200);
  (await as(elsewhere)).expect(200);
  (await asha.call("POST", "/api/auth/revoke-session", { token: other?.id })).expect(200);
  (await as(elsewhere)).problem("unauthenticated");
  expect(await listOf(asha)).toHaveLength(1);
});

it("knows a login's last use to within an hour", async () => {
  const asha = await test.signUp("Asha");
  const setBack = (minutes: number) =>
    test.db.owner.query(
      `update auth.sessions set updated_at = now() - make_interval(mins => $2),
         expires_at = expires_at - make_interval(mins => $2) where user_id = $1`,
      [asha.id, minutes],
    );
  await setBack(61);
  const age = async () => Date.now() - Date.parse((await listOf(asha))[0]?.last_used_at ?? "");
  await asha.call("GET", "/me");
  expect(await age()).toBeLessThan(60_000);
});
