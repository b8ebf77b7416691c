import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CalendarConnection,
  calendarConnection,
  calendarConnectionList,
} from "#contract/calendarConnections.ts";
import { addMs, DAY_MS, epochMs } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import { type Cookies, openCookies } from "../testing/cookies.ts";
import {
  type GoogleCalendarServer,
  googleCalendarClient,
  googleScopes,
  startGoogleCalendarServer,
} from "../testing/googleCalendarServer.ts";
import { connectingTo } from "../testing/googleConnecting.ts";
import { idTokenOf } from "../testing/idToken.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { openTestApp, type Person, type TestApp, testPublicUrl, testSecret } from "../testing/testApp.ts";
import { type Connecting, openConnecting } from "./connectionKinds.ts";
import { openLogin } from "./login.ts";

let google: GoogleCalendarServer;
let test: TestApp;
let connecting: Connecting;
let passed = 0;
beforeAll(async () => {
  google = await startGoogleCalendarServer();
  connecting = connectingTo(google);
  test = await openTestApp({ connecting, now: () => Date.now() + passed });
});
afterAll(async () => {
  await test.close();
  await google.close();
});

const path = "/me/calendar-connections";
let count = 0;
const newAddress = () => `asha.${count++}@gmail.example`;
const newPerson = async () => (await test.signUpCrowd(1))[0] as Person;
const writes = "?permission=write";
const write = (id: string) => `?connection_id=${id}&permission=write`;
/** A person who goes to Google and comes back; returns what the account page is told. */
async function signIn(who: Person, query: string, answer: (url: string) => string) {
  const cookies = openCookies();
  const { vendor: _, ...told } = await follow(who.call, cookies, answer(await begin(who, cookies, query)));
  return told;
}
const receive = (who: Person, id = "") =>
  who.call("PATCH", `/me/connected-calendars/${id}`, { receives_sessions: true });
const own = async (who: Person) => (await who.call("GET", path)).read(calendarConnectionList).data;
const sync = (with_ = connecting) => runTask(test.db, "sync_calendars", {}, { connecting: with_ });

/** A browser that begins; returns Google's address. */
async function begin(who: Person, cookies: Cookies, query = ""): Promise<string> {
  const answer = await who.call("GET", `${path}/google/start${query}`);
  return String(cookies.keep(answer).expect(302).headers.location);
}
/** The browser follows Google's redirect back; returns what the account page is told. */
async function follow(call: Person["call"], cookies: Cookies, back: string): Promise<Record<string, string>> {
  const { pathname, search } = new URL(back);
  const answer = await call("GET", pathname + search, undefined, cookies.header());
  const end = new URL(String(cookies.keep(answer).expect(302).headers.location), testPublicUrl);
  expect([end.origin, end.pathname, end.hash]).toEqual([testPublicUrl, "/account", "#calendars"]);
  return Object.fromEntries(end.searchParams);
}
async function connect(who: Person, address = newAddress(), query = ""): Promise<CalendarConnection> {
  const cookies = openCookies();
  const back = google.allow(await begin(who, cookies, query), address);
  expect(await follow(who.call, cookies, back)).toEqual({ calendars: "connected", vendor: "google" });
  const found = (await own(who)).find(({ username }) => username === address);
  return calendarConnection.parse(found);
}

describe("signing in at Google", () => {
  it("asks with a state, PKCE, our exact address and the least scopes: students for reading alone", async () => {
    const url = new URL(await begin(await newPerson(), openCookies(), writes));
    const { state, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
    expect(state?.length).toBeGreaterThanOrEqual(32);
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(rest).toEqual({
      client_id: googleCalendarClient.clientId,
      redirect_uri: `${testPublicUrl}/api/v1/me/calendar-connections/google/callback`,
      response_type: "code",
      scope: `${googleScopes.read} openid`,
      code_challenge_method: "S256",
      access_type: "offline",
      prompt: "consent",
    });
  });

  it("keeps what it has begun where no script reads it, and no other site's request sends it", async () => {
    const answer = await (await newPerson()).call("GET", `${path}/google/start`);
    const [cookie = ""] = [answer.expect(302).headers["set-cookie"] ?? []].flat().map(String);
    expect(cookie).toMatch(/; Path=\/api\/v1\/me\/calendar-connections; HttpOnly; SameSite=Lax$/);
    expect(cookie).toContain("Max-Age=900");
  });

  it("connects the calendars of the account, which are then read", async () => {
    const [asha, address] = [await newPerson(), newAddress()];
    google.addCalendar(address, {
      id: "team@group.calendar.google.com",
      summary: "Team",
      accessRole: "reader",
    });
    google.put(address, "primary", "dentist", {
      start: { dateTime: new Date(addMs(systemClock(), DAY_MS)).toISOString() },
      end: { dateTime: new Date(addMs(systemClock(), DAY_MS + 3_600_000)).toISOString() },
    });
    expect(await connect(asha, address)).toMatchObject({
      kind: "google",
      name: "Google",
      username: address,
      problem: null,
      login_ends_at: null,
      calendars: [
        { name: "Team", is_writable: false, counts_as_busy: false },
        {
          name: address,
          color: "#9fe1e7",
          timezone: "Asia/Kolkata",
          is_writable: true,
          counts_as_busy: true,
        },
      ],
    });
    await sync();
    expect(await own(asha)).toMatchObject([{ problem: null, health: "fine", synced_at: expect.any(String) }]);
    const { rows } = await test.db.owner.query("select from connected_events where user_id = $1", [asha.id]);
    expect(rows).toHaveLength(1);
  });

  it("leads a person whose login has ended to where they can sign in", async () => {
    const answer = await test.visitor("GET", `${path}/google/start`);
    expect(answer.expect(302).headers.location).toBe("/sign-in?next=%2Faccount%23calendars");
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("stores no token that can be read, also not by its owner", async () => {
    const asha = await newPerson();
    await connect(asha);
    const { rows } = await test.db.owner.query(
      "select credential from calendar_connections where user_id = $1",
      [asha.id],
    );
    const stored = Buffer.from(rows[0]?.credential).toString("latin1");
    for (const secret of google.logins()) expect(stored).not.toContain(secret);
    const list = (await asha.call("GET", path)).text;
    expect(list).not.toMatch(/ya29|1\/\//);
  });

  it("returns to the account page when the person cancels", async () => {
    const [asha, cookies] = [await newPerson(), openCookies()];
    const back = google.cancel(await begin(asha, cookies));
    expect(await follow(asha.call, cookies, back)).toEqual({ calendars: "denied", vendor: "google" });
    expect(await own(asha)).toEqual([]);
  });

  it("connects nothing that cannot be read, and says which permission was unticked", async () => {
    for (const granted of [[googleScopes.events], []]) {
      const asha = await test.makeMentor();
      const told = await signIn(asha, writes, (url) => google.allow(url, newAddress(), granted));
      expect(told).toEqual({ calendars: "permissions", missing: "read" });
      expect(await own(asha)).toEqual([]);
    }
  });

  it("takes nothing for granted that Google does not say was granted, nor another app's login", async () => {
    const tokens = { access_token: "ya29.x", expires_in: 3599, token_type: "Bearer", refresh_token: "1//x" };
    const id_token = idTokenOf({ iss: "https://accounts.google.com", aud: "another app", sub: "1" });
    for (const body of [tokens, { ...tokens, scope: googleScopes.read, id_token }]) {
      const asha = await newPerson();
      google.answerOnce(200, body, /token$/);
      expect(await signIn(asha, "", (url) => google.allow(url, newAddress()))).toEqual({
        calendars: "failed",
      });
      expect(await own(asha)).toEqual([]);
    }
  });

  it("connects nothing when Google fails", async () => {
    const [asha, cookies] = [await newPerson(), openCookies()];
    const back = google.allow(await begin(asha, cookies), newAddress());
    google.misbehave("nonsense", /token$/);
    expect(await follow(asha.call, cookies, back)).toMatchObject({ calendars: "failed" });
    const again = google.allow(await begin(asha, cookies), newAddress());
    google.misbehave("fail_before", /calendarList$/);
    expect(await follow(asha.call, cookies, again)).toMatchObject({ calendars: "failed" });
    expect(await own(asha)).toEqual([]);
  });

  it("is offered only where it is configured", async () => {
    const asha = await newPerson();
    expect((await asha.call("GET", path)).read(calendarConnectionList).offers).toEqual({
      google: true,
      microsoft: false,
    });
    (await asha.call("GET", `${path}/microsoft/start`)).problem("not_found");
    (await asha.call("GET", `${path}/dropbox/start`)).problem("not_found");
  });
});

describe("what comes back", () => {
  const expired = { calendars: "expired", vendor: "google" };
  const begun = async () => {
    const [asha, cookies] = [await newPerson(), openCookies()];
    return { asha, cookies, back: google.allow(await begin(asha, cookies), newAddress()) };
  };

  it.each<[string, (back: URL) => void]>([
    ["a stranger's state", (back) => back.searchParams.set("state", "x".repeat(43))],
    ["no state", (back) => back.searchParams.delete("state")],
    ["a code that Google did not give", (back) => back.searchParams.set("code", "4/invented")],
  ])("connects nothing with %s", async (_what, change) => {
    const { asha, cookies, back } = await begun();
    const changed = new URL(back);
    change(changed);
    expect(await follow(asha.call, cookies, changed.href)).toEqual(expired);
    expect(await own(asha)).toEqual([]);
  });

  it("works once, also with a copy of the cookie", async () => {
    const { asha, cookies, back } = await begun();
    const copy = cookies.copy();
    expect(await follow(asha.call, cookies, back)).toMatchObject({ calendars: "connected" });
    expect(cookies.has("matepeak.calendar_sign_in")).toBe(false);
    expect(await follow(asha.call, cookies, back)).toEqual(expired);
    expect(await follow(asha.call, copy, back)).toEqual(expired);
    expect(await own(asha)).toHaveLength(1);
  });

  it("connects nothing in another browser: an attacker's calendars, opened by the victim", async () => {
    const { back } = await begun();
    const [victim, hers] = [await newPerson(), openCookies()];
    await begin(victim, hers);
    expect(await follow(victim.call, hers, back)).toEqual(expired);
    expect(await own(victim)).toEqual([]);
  });

  it("connects nothing once another person has signed in, or the login has ended", async () => {
    const { asha, cookies, back } = await begun();
    const other = await newPerson();
    expect(await follow(other.call, cookies.copy(), back)).toEqual(expired);
    expect(await follow(test.visitor, cookies.copy(), back)).toEqual(expired);
    expect(await own(other)).toEqual([]);
    // The twin: nothing but the person was wrong.
    expect(await follow(asha.call, cookies, back)).toMatchObject({ calendars: "connected" });
  });

  it("connects nothing after a quarter of an hour", async () => {
    const { asha, cookies, back } = await begun();
    passed = 16 * 60_000;
    try {
      expect(await follow(asha.call, cookies, back)).toEqual(expired);
    } finally {
      passed = 0;
    }
  });
});

describe("the same account again", () => {
  it("is the same connection, and keeps what its calendars are for", async () => {
    const asha = await test.makeMentor();
    const before = await connect(asha, newAddress(), writes);
    const [calendar] = before.calendars;
    const choice = { counts_as_busy: false, receives_sessions: true };
    (await asha.call("PATCH", `/me/connected-calendars/${calendar?.id}`, choice)).expect(200);
    google.forgetLogins();
    await test.db.owner.query("update calendar_connections set sync_due_at = now() where id = $1", [
      before.id,
    ]);
    // The access token has not ended by itself; only the refresh tells.
    await sync();
    expect(await own(asha)).toMatchObject([{ problem: "login_refused", health: "broken" }]);

    const cookies = openCookies();
    const url = await begin(asha, cookies, `?connection_id=${before.id}`);
    expect(new URL(url).searchParams.get("login_hint")).toBe(before.username);
    const back = google.allow(url, before.username ?? "");
    expect(await follow(asha.call, cookies, back)).toEqual({ calendars: "renewed", vendor: "google" });
    await sync();
    expect(await own(asha)).toMatchObject([
      { id: before.id, problem: null, health: "fine", calendars: [{ id: calendar?.id, ...choice }] },
    ]);
  });

  it("is not lost to a worker that renews the former login late", async () => {
    const asha = await newPerson();
    const one = await connect(asha);
    const stored = async () => {
      const { rows } = await test.db.owner.query<{ credential: Buffer }>(
        "select credential from calendar_connections where id = $1",
        [one.id],
      );
      return rows[0]?.credential ?? Buffer.alloc(0);
    };
    const row = { id: one.id, server_url: null, username: one.username, credential: await stored() };
    const [late, inTime] = [1, 2].map(() => openLogin({ database: test.db.database, ...connecting }, row));
    for (let again = 0; again < 2; again++) await inTime?.save(inTime.secret, null, null);
    expect(await stored()).not.toEqual(row.credential);
    const cookies = openCookies();
    const back = google.allow(await begin(asha, cookies), one.username ?? "");
    expect(await follow(asha.call, cookies, back)).toMatchObject({ calendars: "renewed" });
    const renewed = await stored();
    const more = { scopes: [], mayRead: true, mayWrite: true };
    await late?.save(late.secret, null, more);
    expect(await own(asha)).toMatchObject([{ permission: "read" }]);
    expect(await stored()).toEqual(renewed);
  });

  it("another account than the one that is broken does not replace it", async () => {
    const asha = await newPerson();
    const before = await connect(asha);
    const cookies = openCookies();
    const back = google.allow(await begin(asha, cookies, `?connection_id=${before.id}`), newAddress());
    expect(await follow(asha.call, cookies, back)).toMatchObject({ calendars: "other_account" });
    expect(await own(asha)).toMatchObject([{ id: before.id, username: before.username }]);
    const other = await newPerson();
    const theirs = await other.call("GET", `${path}/google/start?connection_id=${before.id}`);
    theirs.problem("calendar_connection_not_found");
  });
});

describe("what is allowed", () => {
  const { read, events } = googleScopes;

  it("of a mentor who wants sessions written is asked for at once; they are written to the account's own calendar", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const url = new URL(await begin(asha, openCookies(), writes));
    expect(url.searchParams.get("scope")).toBe(`${read} ${events} openid`);
    expect(url.searchParams.get("include_granted_scopes")).toBeNull();
    google.addCalendar(address, { id: "a@group.calendar.google.com", summary: "A" });
    expect(await connect(asha, address, writes)).toMatchObject({
      permission: "write",
      calendars: [
        { name: "A", receives_sessions: false },
        { name: address, receives_sessions: true },
      ],
    });
  });

  it("stays with the login, as Google says it, and the address may change", async () => {
    const [asha, address, other] = [await test.makeMentor(), newAddress(), newAddress()];
    const { id } = await connect(asha, address);
    google.rename(address, other);
    expect(await signIn(asha, write(id), (url) => google.allow(url, other))).toEqual({
      calendars: "writable",
    });
    expect(await own(asha)).toMatchObject([{ id, username: other, permission: "write" }]);
    const { rows } = await test.db.owner.query(
      "select granted_scopes, account_id from calendar_connections where id = $1",
      [id],
    );
    expect(rows).toEqual([
      { granted_scopes: `${read} ${events} openid`, account_id: expect.stringMatching(/^[0-9a-f]{21}$/) },
    ]);
  });

  it("is widened with the same connection; what its calendars are for stays", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const before = await connect(asha, address);
    expect(before).toMatchObject({ permission: "read", calendars: [{ receives_sessions: false }] });
    const [calendar] = before.calendars;
    const refused = (await receive(asha, calendar?.id)).problem("calendar_writing_not_allowed");
    expect(refused.errors).toMatchObject([{ field: "receives_sessions" }]);
    (await asha.call("PATCH", `/me/connected-calendars/${calendar?.id}`, { counts_as_busy: false })).expect(
      200,
    );
    let asked = new URLSearchParams();
    const told = await signIn(asha, write(before.id), (url) => {
      asked = new URL(url).searchParams;
      return google.allow(url, address);
    });
    expect(told).toEqual({ calendars: "writable" });
    expect(asked.get("include_granted_scopes")).toBe("true");
    expect(asked.get("login_hint")).toBe(address);
    expect(await own(asha)).toMatchObject([
      {
        id: before.id,
        permission: "write",
        calendars: [{ id: calendar?.id, counts_as_busy: false, receives_sessions: true }],
      },
    ]);
  });

  it("of another account widens nothing, and nor does a refusal", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const { id } = await connect(asha, address);
    const ways = [
      [google.cancel, { calendars: "denied" }],
      [(url: string) => google.allow(url, newAddress()), { calendars: "other_account" }],
      [(url: string) => google.allow(url, address, [read]), { calendars: "read_only", missing: "write" }],
    ] as const;
    for (const [answer, told] of ways) {
      expect(await signIn(asha, write(id), answer)).toEqual(told);
      expect(await own(asha)).toMatchObject([{ id, username: address, permission: "read" }]);
    }
  });

  it("may be less than was asked for: it works read only, and says so", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const told = await signIn(asha, writes, (url) => google.allow(url, address, [read]));
    expect(told).toEqual({ calendars: "read_only", missing: "write" });
    await sync();
    const [one] = await own(asha);
    expect(one).toMatchObject({
      health: "fine",
      permission: "read",
      calendars: [{ receives_sessions: false }],
    });
    (await receive(asha, one?.calendars[0]?.id)).problem("calendar_writing_not_allowed");
  });

  it("is not lost by connecting the same account again to read, but by a login that Google has ended", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const { id } = await connect(asha, address, writes);
    const again = () => signIn(asha, "", (url) => google.allow(url, address, [read]));
    expect(await again()).toEqual({ calendars: "kept" });
    expect(await own(asha)).toMatchObject([{ id, permission: "write" }]);
    google.forgetLogins();
    expect(await again()).toEqual({ calendars: "read_only", missing: "write" });
    // What was chosen is kept for when it is allowed again.
    expect(await own(asha)).toMatchObject([
      { id, permission: "read", calendars: [{ receives_sessions: true }] },
    ]);
    const renewed = await signIn(asha, `?connection_id=${id}`, (url) => google.allow(url, address));
    expect(renewed).toEqual({ calendars: "renewed" });
    expect(await signIn(asha, write(id), (url) => google.allow(url, address))).toEqual({
      calendars: "writable",
    });
  });

  it("is asked for again by signing in again", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const { id } = await connect(asha, address, writes);
    const url = new URL(await begin(asha, openCookies(), `?connection_id=${id}`));
    expect(url.searchParams.get("scope")).toBe(`${read} ${events} openid`);
  });

  it("is what Google says when it renews a token", async () => {
    const [asha, address] = [await test.makeMentor(), newAddress()];
    const { id } = await connect(asha, address, writes);
    google.narrow(address, [read]);
    google.endAccess();
    await test.db.owner.query("update calendar_connections set sync_due_at = now() where id = $1", [id]);
    await sync();
    expect(await own(asha)).toMatchObject([{ health: "fine", permission: "read" }]);
  });

  it("of other kinds does not exist", async () => {
    const asha = await newPerson();
    await test.db.owner.query(
      `insert into calendar_connections (user_id, kind, name, credential) values ($1, 'feed', 'F', $2)`,
      [asha.id, Buffer.alloc(40)],
    );
    expect(await own(asha)).toMatchObject([{ permission: null }]);
  });
});

describe("a login", () => {
  const tokens = async (who: Person, { id }: CalendarConnection) => {
    const { rows } = await test.db.owner.query(
      "select credential, login_ends_at from calendar_connections where user_id = $1",
      [who.id],
    );
    return {
      ...connecting.logins.open(rows[0]?.credential, id),
      endsAt: rows[0]?.login_ends_at as Date | null,
    };
  };
  const setTokens = (one: CalendarConnection, change: object, secret: object) =>
    test.db.owner.query(
      "update calendar_connections set credential = $2, sync_due_at = now() where id = $1",
      [one.id, connecting.logins.seal({ ...secret, ...change } as never, one.id)],
    );

  it("is renewed before it ends, and when it has ended before its time; the new one is kept", async () => {
    const asha = await newPerson();
    const one = await connect(asha);
    const first = await tokens(asha, one);
    await setTokens(one, { accessEndsAt: epochMs(Date.now() + 1_000) }, first);
    await sync();
    const second = await tokens(asha, one);
    expect(second).toMatchObject({ kind: "tokens", refreshToken: expect.any(String) });
    expect(second).not.toMatchObject({ accessToken: (first as { accessToken?: string }).accessToken });
    google.endAccess();
    await setTokens(one, {}, second);
    await sync();
    expect(await own(asha)).toMatchObject([{ problem: null }]);
    const third = await tokens(asha, one);
    expect(third).not.toMatchObject({ accessToken: (second as { accessToken?: string }).accessToken });
  });

  it("of an app that Google lists as Testing ends after a week, which is known", async () => {
    const testing = openConnecting(
      {
        authSecret: testSecret,
        publicUrl: testPublicUrl,
        privateCalendarHosts: [google.host],
        googleCalendar: { ...googleCalendarClient, isTesting: true },
      },
      undefined,
      { google: google.endpoints },
    );
    const app = await openTestApp({ connecting: testing });
    try {
      const [asha] = (await app.signUpCrowd(1)) as [Person];
      const one = await connect(asha);
      const days = (Date.parse(one.login_ends_at ?? "") - Date.now()) / DAY_MS;
      expect(days).toBeCloseTo(7, 2);
      // Renewing the access token does not move it.
      google.endAccess();
      await runTask(app.db, "sync_calendars", {}, { connecting: testing });
      expect(await own(asha)).toMatchObject([{ problem: null, login_ends_at: one.login_ends_at }]);
    } finally {
      await app.close();
    }
  });

  it("is ended at Google a minute after the connection, once its calendars are let go", async () => {
    const asha = await newPerson();
    const one = await connect(asha);
    const { refreshToken } = (await tokens(asha, one)) as unknown as { refreshToken: string };
    (await asha.call("DELETE", `${path}/${one.id}`)).expect(204);
    await runJobs(test.db, { connecting });
    expect(google.logins()).toContain(refreshToken);
    const due =
      "update graphile_worker._private_jobs set run_at = now() where run_at > now() + interval '50 seconds'";
    await test.db.owner.query(due);
    google.misbehave("fail_before", /revoke$/);
    await expect(runJobs(test.db, { connecting })).rejects.toThrow("failing");
    await test.db.owner.query(due.replace(/ where.*/, ""));
    await runJobs(test.db, { connecting });
    expect(google.logins()).not.toContain(refreshToken);
  });
});
