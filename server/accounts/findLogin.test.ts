import fc from "fast-check";
import type { QueryConfig } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Queryable } from "../platform/database/database.ts";
import type { Identity } from "../platform/http/identity.ts";
import { openTestApp, type TestApp, testPublicUrl, testSecret } from "../testing/testApp.ts";
import { type Accounts, openAccounts } from "./accounts.ts";
import { libraryDecides, openFindLogin } from "./findLogin.ts";
import { openIdentities } from "./identities.ts";
import { newLoginToken, signLoginToken } from "./loginToken.ts";

type Headers = { authorization?: string; cookie?: string };
type Find = (headers: Headers) => Promise<Identity | null>;

let test: TestApp;
let accounts: Accounts;
let ours: Find;
const cookieName = "matepeak.session_token";
beforeAll(async () => {
  test = await openTestApp();
  accounts = openAccounts({
    pool: test.db.database.accounts,
    secret: testSecret,
    publicUrl: testPublicUrl,
    sendCode: async () => undefined,
  });
  ours = openOurs();
});
afterAll(() => test.close());

/** As the app reads logins, but without its cache: a feed that is always silent. */
function openOurs(secret = testSecret): Find {
  const silent = { subscribe: () => () => undefined, silentFor: () => Number.POSITIVE_INFINITY };
  const identities = openIdentities({ accounts, secret, pool: test.db.database.accounts, feed: silent });
  return (headers) => identities.read({ headers });
}

/** The judge: the library's own look-up. */
async function library({ authorization, cookie }: Headers): Promise<Identity | null> {
  const headers = new Headers();
  if (authorization !== undefined) headers.set("authorization", authorization);
  if (cookie !== undefined) headers.set("cookie", cookie);
  const found = await accounts.api.getSession({ headers });
  if (!found) return null;
  const { id, email, name } = found.user;
  return { id, email, name, loginId: found.session.id };
}

interface Login {
  id: string;
  userId: string;
  bearer: string;
}

async function makeLogin(secret = testSecret): Promise<Login> {
  const [person] = await test.signUpCrowd(1);
  if (!person) throw new Error("signUpCrowd(1) returned no account.");
  const { stored, bearer } = newLoginToken(secret);
  const { rows } = await test.db.owner.query<{ id: string }>(
    "insert into auth.sessions (user_id, token, expires_at) values ($1, $2, now() + interval '7 days') returning id",
    [person.id, stored],
  );
  return { id: rows[0]?.id ?? "", userId: person.id, bearer };
}

const inCookie = (value: string, name = cookieName) => `${name}=${encodeURIComponent(value)}`;
const withoutSignature = (bearer: string) => bearer.split(".", 1)[0] ?? "";
const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sibling = (character = "") => base64[base64.indexOf(character) ^ 1];
const sql = (text: string) => (login: Login) => test.db.owner.query(text, [login.id]);

interface Case {
  what: string;
  headers: (login: Login, other: Login) => Headers;
  before?: (login: Login) => Promise<unknown>;
  finds: boolean;
}

const cases: readonly Case[] = [
  { what: "a bearer token", headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }), finds: true },
  {
    what: "an encoded bearer token, in small letters",
    headers: ({ bearer }) => ({ authorization: `bearer  ${encodeURIComponent(bearer)}` }),
    finds: true,
  },
  { what: "a cookie", headers: ({ bearer }) => ({ cookie: inCookie(bearer) }), finds: true },
  {
    what: "a cookie among others, not encoded",
    headers: ({ bearer }) => ({ cookie: `a=b; flag; ${cookieName}=${bearer};x=%E0%A4%A` }),
    finds: true,
  },
  {
    what: "a cookie in quotes",
    headers: ({ bearer }) => ({ cookie: `${cookieName}="${bearer}"` }),
    finds: true,
  },
  {
    // 43 characters of base64 hold 258 bits, of which the last two are not part of the signature.
    what: "a signature with other unused bits",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer.slice(0, -2)}${sibling(bearer.at(-2))}=` }),
    finds: true,
  },
  {
    what: "the first of two cookies",
    headers: ({ bearer }, other) => ({ cookie: `${inCookie(bearer)}; ${inCookie(other.bearer)}` }),
    finds: true,
  },
  {
    what: "a bearer token before another person's cookie",
    headers: ({ bearer }, other) => ({ authorization: `Bearer ${bearer}`, cookie: inCookie(other.bearer) }),
    finds: true,
  },
  {
    what: "a cookie behind a forged bearer token",
    headers: ({ bearer }) => ({
      authorization: `Bearer ${signLoginToken(withoutSignature(bearer), "another secret")}`,
      cookie: inCookie(bearer),
    }),
    finds: true,
  },
  {
    what: "a cookie behind another scheme",
    headers: ({ bearer }) => ({ authorization: "Basic YWxhZGRpbjpvcGVu", cookie: inCookie(bearer) }),
    finds: true,
  },
  {
    what: "the user's new name and address",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }),
    before: (login) =>
      test.db.owner.query(
        "update auth.users set name = 'Asha Ray', email = id || '+new@example.com' where id = $1",
        [login.userId],
      ),
    finds: true,
  },
  {
    what: "an address that the library itself would reject",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }),
    before: (login) =>
      test.db.owner.query("update auth.users set email = id || '&co@example.com' where id = $1", [
        login.userId,
      ]),
    finds: true,
  },
  {
    what: "a login that is due to be prolonged",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }),
    before: sql(
      "update auth.sessions set expires_at = now() + interval '166 hours 59 minutes' where id = $1",
    ),
    finds: true,
  },
  {
    what: "a login that is not yet due",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }),
    before: sql("update auth.sessions set expires_at = now() + interval '167 hours 1 minute' where id = $1"),
    finds: true,
  },
  {
    what: "a login that shall not be prolonged",
    headers: ({ bearer }) => ({
      cookie: `${inCookie(bearer)}; ${inCookie(signLoginToken("true", testSecret), "matepeak.dont_remember")}`,
    }),
    before: sql("update auth.sessions set expires_at = now() + interval '1 hour' where id = $1"),
    finds: true,
  },
  {
    what: "an expired login",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }),
    before: sql("update auth.sessions set expires_at = now() - interval '1 second' where id = $1"),
    finds: false,
  },
  {
    what: "a revoked login",
    headers: ({ bearer }) => ({ cookie: inCookie(bearer) }),
    before: sql("delete from auth.sessions where id = $1"),
    finds: false,
  },
  {
    what: "a login whose account is gone",
    headers: ({ bearer }) => ({ authorization: `Bearer ${bearer}` }),
    before: (login) => test.db.owner.query("delete from auth.users where id = $1", [login.userId]),
    finds: false,
  },
  {
    what: "a revoked bearer token before a good cookie",
    headers: ({ bearer }, other) => ({ authorization: `Bearer ${bearer}`, cookie: inCookie(other.bearer) }),
    before: sql("delete from auth.sessions where id = $1"),
    finds: false,
  },
  {
    what: "a signature by another secret",
    headers: ({ bearer }) => ({
      authorization: `Bearer ${signLoginToken(withoutSignature(bearer), "another secret")}`,
      cookie: inCookie(signLoginToken(withoutSignature(bearer), "another secret")),
    }),
    finds: false,
  },
  {
    what: "a token without its signature",
    headers: ({ bearer }) => ({
      authorization: `Bearer ${withoutSignature(bearer)}`,
      cookie: inCookie(withoutSignature(bearer)),
    }),
    finds: false,
  },
  {
    what: "a truncated signature",
    headers: ({ bearer }) => ({
      authorization: `Bearer ${bearer.slice(0, -2)}`,
      cookie: inCookie(bearer.slice(0, -1)),
    }),
    finds: false,
  },
  {
    what: "another token's signature",
    headers: ({ bearer }, other) => ({
      authorization: `Bearer ${withoutSignature(bearer)}.${other.bearer.split(".")[1]}`,
    }),
    finds: false,
  },
  {
    what: "a cookie with the prefix of an https address",
    headers: ({ bearer }) => ({ cookie: inCookie(bearer, `__Secure-${cookieName}`) }),
    finds: false,
  },
  {
    what: "a cookie with a longer name",
    headers: ({ bearer }) => ({ cookie: `x${inCookie(bearer)}; ${cookieName}x=${bearer}` }),
    finds: false,
  },
  {
    what: "an empty cookie before the good one",
    headers: ({ bearer }) => ({ cookie: `${cookieName}=; ${inCookie(bearer)}` }),
    finds: false,
  },
  { what: "nothing", headers: () => ({ authorization: "Bearer ", cookie: "" }), finds: false },
];

/** What a look-up returned and did, with the names of the login that it was for. */
async function outcome(find: Find, login: Login, { headers, before }: Case, other: Login) {
  await before?.(login);
  const found = await find(headers(login, other));
  const { rows } = await test.db.owner.query<{ days: number }>(
    "select extract(epoch from expires_at - now()) / 86400 as days from auth.sessions where id = $1",
    [login.id],
  );
  return {
    found: found && {
      isLogin: found.loginId === login.id,
      isUser: found.id === login.userId,
      email: found.email.replace(login.userId, "user"),
      name: found.name,
      fields: Object.keys(found).sort(),
    },
    daysLeft: rows.map(({ days }) => Number(days).toFixed(2)),
  };
}

describe("the look-up of a login", () => {
  it.each(cases)("equals the library's for $what", async (one) => {
    const [mine, theirs, other] = [await makeLogin(), await makeLogin(), await makeLogin()];
    const expected = await outcome(library, theirs, one, other);
    expect(await outcome(ours, mine, one, other)).toEqual(expected);
    expect(expected.found !== null).toBe(one.finds);
    if (one.finds) expect(expected.found).toMatchObject({ isLogin: true, isUser: true });
  });

  it("finds each of many at one moment, in fewer statements", async () => {
    const statements: unknown[] = [];
    const query = (statement: QueryConfig) => {
      statements.push(statement);
      return test.db.database.accounts.query(statement);
    };
    const counting = { query } as Queryable;
    const find = await openFindLogin(accounts, counting, testSecret);
    const logins = await Promise.all(Array.from({ length: 12 }, () => makeLogin()));
    const found = await Promise.all(
      [...logins, ...logins].map(({ bearer }, index) =>
        find({ authorization: index % 5 === 4 ? "Bearer none" : `Bearer ${bearer}` }),
      ),
    );
    const ids = found.map((one) => (one === libraryDecides ? one : (one?.loginId ?? null)));
    expect(ids).toEqual([...logins, ...logins].map(({ id }, index) => (index % 5 === 4 ? null : id)));
    expect(statements.length).toBeLessThan(6);
  });

  it("is the library's itself for few of them", async () => {
    const find = await openFindLogin(accounts, test.db.database.accounts, testSecret);
    const left: string[] = [];
    for (const { what, headers, before } of cases) {
      const login = await makeLogin();
      await before?.(login);
      if ((await find(headers(login, await makeLogin()))) === libraryDecides) left.push(what);
    }
    expect(left).toEqual([
      "a cookie in quotes",
      "a login that is due to be prolonged",
      "a login that shall not be prolonged",
      "an expired login",
      "a token without its signature",
      "a truncated signature",
    ]);
  });
});

/** Changes a credential in one place. */
const edits = fc.record({
  at: fc.nat(120),
  remove: fc.nat(2),
  insert: fc.constantFrom(
    "",
    "",
    ".",
    "=",
    "%",
    "%3D",
    "%2e",
    "A",
    "-",
    "_",
    "+",
    "/",
    ";",
    ",",
    " ",
    '"',
    "\t",
    "é",
  ),
});
type Edit = { at: number; remove: number; insert: string };
const edited = (text: string, changes: readonly Edit[]) =>
  changes.reduce((all, { at, remove, insert }) => {
    const place = at % (all.length + 1);
    return all.slice(0, place) + insert + all.slice(place + remove);
  }, text);

/** Compares a look-up with the library's for random credentials. Returns how many of them were logins. */
async function compare(find: Find, runs: number): Promise<number> {
  const login = await makeLogin();
  let logins = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("bearer", "cookie", "both"),
      fc.boolean(),
      fc.array(edits, { maxLength: 2 }),
      fc.array(edits, { maxLength: 2 }),
      async (way, isEncoded, ofBearer, ofCookie) => {
        const value = isEncoded ? encodeURIComponent(login.bearer) : login.bearer;
        const headers: Headers = {
          ...(way === "cookie" ? {} : { authorization: edited(`Bearer ${value}`, ofBearer).trim() }),
          ...(way === "bearer"
            ? {}
            : { cookie: edited(`a=b; ${cookieName}=${value}; c=d`, ofCookie).trim() }),
        };
        const expected = await library(headers);
        if (expected) logins += 1;
        expect(await find(headers)).toEqual(expected);
      },
    ),
    { numRuns: runs, seed: 11 },
  );
  return logins;
}

describe("random credentials", () => {
  it("are the same login, or none, for the library", async () => {
    const logins = await compare(ours, 1_500);
    expect(logins).toBeGreaterThan(200);
    expect(logins).toBeLessThan(1_300);
  }, 60_000);

  it.each<[string, () => Find]>([
    ["that reads no cookies", () => (headers) => ours({ ...headers, cookie: "" })],
    [
      "that trusts a cookie's last characters",
      () => (headers) =>
        ours({ ...headers, cookie: headers.cookie?.replace(/=([^=;]{70})[^;]*;/, "=$1;") ?? "" }),
    ],
    ["with another secret", () => openOurs("another secret")],
  ])("show a look-up %s: the twin", async (_what, open) => {
    await expect(compare(open(), 300)).rejects.toThrow();
  });
});
