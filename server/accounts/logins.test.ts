import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../app.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { type EventReader, readEvents } from "../testing/eventReader.ts";
import { runTask } from "../testing/jobs.ts";
import {
  openTestApp,
  type Person,
  password,
  type TestApp,
  testConfig,
  testSecret,
} from "../testing/testApp.ts";
import { signLoginToken } from "./loginToken.ts";

/** Two processes of the app on one database. */
let test: TestApp;
let other: TypedApp;
let otherUrl: string;
beforeAll(async () => {
  test = await openTestApp();
  other = await openAnother(testSecret);
  otherUrl = await other.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await other.close();
  await test.close();
});

const openAnother = (authSecret: string) =>
  buildApp({
    config: { ...testConfig, authSecret },
    database: test.db.database,
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const as = (token: string) => test.visitor("GET", "/me", undefined, bearer(token));
const storedTokens = async ({ id }: Person) => {
  const { rows } = await test.db.owner.query<{ token: string }>(
    "select token from auth.sessions where user_id = $1 order by created_at",
    [id],
  );
  return rows.map(({ token }) => token);
};
const signIn = async ({ email }: Person, secret = password) =>
  test.visitor("POST", "/api/auth/sign-in/email", { email, password: secret });
const tokenOf = async (person: Person) => {
  const answer = (await signIn(person)).expect(200);
  return (answer.json as { token: string }).token;
};

describe("a stolen row of the logins", () => {
  it("is no login: neither as it is, nor as a cookie", async () => {
    const asha = await test.signUp("Asha");
    const [stored = ""] = await storedTokens(asha);
    (await as(stored)).problem("unauthenticated");
    (await as(`${stored}.`)).problem("unauthenticated");
    const cookie = `matepeak.session_token=${stored}`;
    (await test.visitor("GET", "/me", undefined, { cookie })).problem("unauthenticated");
  });

  it("is no login even for an attacker with the secret", async () => {
    const asha = await test.signUp("Asha");
    const [stored = ""] = await storedTokens(asha);
    (await as(signLoginToken(stored, testSecret))).problem("unauthenticated");
    expect(asha.token).not.toContain(stored);
    // The twin: the same signature under the token itself.
    const [plain = ""] = decodeURIComponent(asha.token).split(".");
    (await as(signLoginToken(plain, testSecret))).expect(200);
  });

  it("cannot hold a token that is not hashed", async () => {
    const asha = await test.signUp("Asha");
    const insert = test.db.owner.query(
      "insert into auth.sessions (user_id, token, expires_at) values ($1, $2, now() + interval '1 day')",
      [asha.id, "abcdefghijklmnopqrstuvwxyz012345"],
    );
    await expect(insert).rejects.toMatchObject({ constraint: "sessions_token_hashed" });
  });
});

describe("a login", () => {
  it("is opened by the token of the body as well as by the one of the header", async () => {
    const asha = await test.signUp("Asha");
    const answer = (await signIn(asha)).expect(200);
    const { token } = answer.json as { token: string };
    expect(token).toBe(answer.headers["set-auth-token"]);
    (await as(token)).expect(200);
    (await as(encodeURIComponent(token))).expect(200);
  });

  it("ends with the secret it was signed with", async () => {
    const asha = await test.signUp("Asha");
    const changed = await openAnother(`${testSecret}, changed`);
    const answer = await changed.inject({ url: "/api/v1/me", headers: bearer(asha.token) });
    expect(answer.statusCode).toBe(401);
    await changed.close();
    (await as(asha.token)).expect(200);
  });

  it("is removed once it has expired", async () => {
    const [gone, stays] = (await test.signUpCrowd(2)) as [Person, Person];
    await test.db.owner.query(
      "update auth.sessions set expires_at = now() - interval '1 second' where user_id = $1",
      [gone.id],
    );
    await test.db.owner.query(
      `insert into auth.verifications (identifier, value, expires_at)
       values ('old', 'code', now() - interval '1 second'), ('new', 'code', now() + interval '1 hour')`,
    );
    await runTask(test.db, "delete_expired_logins");
    expect(await storedTokens(gone)).toEqual([]);
    expect(await storedTokens(stays)).toHaveLength(1);
    const { rows } = await test.db.owner.query(
      "select identifier from auth.verifications where value = 'code'",
    );
    expect(rows).toEqual([{ identifier: "new" }]);
  });

  it("is listed and revoked by a name that opens nothing", async () => {
    const asha = await test.signUp("Asha");
    const elsewhere = await tokenOf(asha);
    (await as(elsewhere)).expect(200);
    const listed = (await asha.call("GET", "/api/auth/list-sessions")).expect(200).json as {
      token: string;
    }[];
    expect(listed).toHaveLength(2);
    const stored = await storedTokens(asha);
    for (const { token } of listed) {
      expect(stored).not.toContain(token);
      (await as(signLoginToken(token, testSecret))).problem("unauthenticated");
    }
    const [, second] = listed as [{ token: string }, { token: string }];
    const stranger = await test.signUp("Eve");
    (await stranger.call("POST", "/api/auth/revoke-session", second)).expect(200);
    (await as(elsewhere)).expect(200);
    (await asha.call("POST", "/api/auth/revoke-session", second)).expect(200);
    (await as(elsewhere)).problem("unauthenticated");
    (await as(asha.token)).expect(200);
    (await asha.call("POST", "/api/auth/revoke-session", { token: asha.token })).expect(200);
    (await as(asha.token)).problem("unauthenticated");
    (await stranger.call("POST", "/api/auth/revoke-session", {})).problem("validation_failed");
    (await test.visitor("POST", "/api/auth/revoke-session", second)).problem("unauthenticated");
  });
});

describe("a changed password", () => {
  it("ends every other login, in every process, and goes on in a new one", async () => {
    const asha = await test.signUp("Asha");
    const elsewhere = await tokenOf(asha);
    const inOther = () => other.inject({ url: "/api/v1/me", headers: bearer(elsewhere) });
    expect((await inOther()).statusCode).toBe(200);
    (await as(elsewhere)).expect(200);
    const newPassword = "another battery staple";
    const change = { currentPassword: password, newPassword, revokeOtherSessions: false };
    const answer = (await asha.call("POST", "/api/auth/change-password", change)).expect(200);
    (await as(elsewhere)).problem("unauthenticated");
    await expect.poll(async () => (await inOther()).statusCode).toBe(401);
    (await as(asha.token)).problem("unauthenticated");
    (await as((answer.json as { token: string }).token)).expect(200);
    (await signIn(asha)).problem("invalid_credentials");
    (await signIn(asha, newPassword)).expect(200);
  });

  it("changes nothing when the old one is wrong", async () => {
    const asha = await test.signUp("Asha");
    const elsewhere = await tokenOf(asha);
    const change = { currentPassword: "not this one", newPassword: "another battery staple" };
    const refused = await asha.call("POST", "/api/auth/change-password", change);
    expect(refused.problem("validation_failed").errors).toEqual([
      { field: "currentPassword", message: "Wrong password." },
    ]);
    (await as(elsewhere)).expect(200);
    (await as(asha.token)).expect(200);
  });
});

describe("a stream", () => {
  const watch = async (token: string): Promise<EventReader> => {
    const stream = await readEvents(`${otherUrl}/api/v1/me/events`, bearer(token));
    await stream.quiet();
    return stream;
  };
  const endsWithin = (stream: EventReader, ms: number) =>
    Promise.race([
      stream.ended.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, ms, false)),
    ]);
  const endings: [string, (asha: Person, elsewhere: string) => Promise<unknown>][] = [
    ["its user signs out", (_asha, token) => test.visitor("POST", "/api/auth/sign-out", {}, bearer(token))],
    [
      "the password changes",
      (asha) =>
        asha.call("POST", "/api/auth/change-password", {
          currentPassword: password,
          newPassword: "another battery staple",
        }),
    ],
    ["all other logins are revoked", (asha) => asha.call("POST", "/api/auth/revoke-other-sessions", {})],
    ["the account is removed", ({ id }) => test.db.owner.query("delete from auth.users where id = $1", [id])],
  ];
  it.each(endings)("of another process closes immediately when %s", async (_what, end) => {
    const asha = await test.signUp("Asha");
    const elsewhere = await tokenOf(asha);
    const stream = await watch(elsewhere);
    await end(asha, elsewhere);
    expect(await endsWithin(stream, 1_500)).toBe(true);
  });

  it("stays open when another login of the same user ends: the twin", async () => {
    const asha = await test.signUp("Asha");
    const elsewhere = await tokenOf(asha);
    const stream = await watch(asha.token);
    (await test.visitor("POST", "/api/auth/sign-out", {}, bearer(elsewhere))).expect(200);
    expect(await endsWithin(stream, 700)).toBe(false);
    stream.close();
  });

  it("closes after an interruption without notifications", async () => {
    const asha = await test.signUp("Asha");
    const stream = await watch(asha.token);
    await test.db.owner.query("alter table auth.sessions disable trigger user");
    await test.db.owner.query("delete from auth.sessions where user_id = $1", [asha.id]);
    await test.db.owner.query("alter table auth.sessions enable trigger user");
    expect(await endsWithin(stream, 300)).toBe(false);
    await test.db.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'matepeak listener' and datname = current_database()`,
    );
    expect(await endsWithin(stream, 3_000)).toBe(true);
  });
});

describe("signing out", () => {
  it.each([
    ["without a body", undefined, {}],
    ["with an empty object", {}, {}],
    ["with a type and nothing else", "", { "content-type": "application/json" }],
  ])("works %s", async (_what, body, headers) => {
    const asha = await test.signUp("Asha");
    (await asha.call("POST", "/api/auth/sign-out", body, headers)).expect(200);
    (await as(asha.token)).problem("unauthenticated");
    expect(await storedTokens(asha)).toEqual([]);
  });

  it("and every other call without a body works, too", async () => {
    const asha = await test.signUp("Asha");
    const elsewhere = await tokenOf(asha);
    (await asha.call("POST", "/api/auth/revoke-other-sessions")).expect(200);
    (await as(elsewhere)).problem("unauthenticated");
    (await asha.call("POST", "/api/auth/revoke-sessions")).expect(200);
    (await as(asha.token)).problem("unauthenticated");
  });
});
