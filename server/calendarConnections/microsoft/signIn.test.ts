import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type CalendarConnection,
  calendarConnection,
  calendarConnectionList,
} from "#contract/calendarConnections.ts";
import { openCookies } from "../../testing/cookies.ts";
import { runTask } from "../../testing/jobs.ts";
import {
  graphTime,
  type MicrosoftCalendarServer,
  microsoftClient,
  startMicrosoftCalendarServer,
} from "../../testing/microsoftCalendarServer.ts";
import { openTestApp, type Person, type TestApp, testPublicUrl, testSecret } from "../../testing/testApp.ts";
import { type Connecting, openConnecting } from "../connectionKinds.ts";

let server: MicrosoftCalendarServer;
let connecting: Connecting;
let test: TestApp;
beforeAll(async () => {
  server = await startMicrosoftCalendarServer();
  connecting = openConnecting(
    {
      authSecret: testSecret,
      publicUrl: testPublicUrl,
      privateCalendarHosts: [server.host],
      microsoftCalendar: microsoftClient,
    },
    undefined,
    { microsoft: server.endpoints },
  );
  test = await openTestApp({ connecting });
});
afterAll(async () => {
  await test.close();
  await server.close();
});

const path = "/me/calendar-connections";
const newPerson = async () => (await test.signUpCrowd(1))[0] as Person;
const own = async (who: Person) => (await who.call("GET", path)).read(calendarConnectionList);
const sync = () => runTask(test.db, "sync_calendars", {}, { connecting });

/** The person goes to Microsoft and comes back; returns what the account page is told. */
async function signIn(who: Person, answer: (url: string) => string, query = ""): Promise<string | null> {
  const cookies = openCookies();
  const begun = cookies.keep(await who.call("GET", `${path}/microsoft/start${query}`)).expect(302);
  const { pathname, search } = new URL(answer(String(begun.headers.location)));
  const back = cookies.keep(await who.call("GET", pathname + search, undefined, cookies.header()));
  const end = new URL(String(back.expect(302).headers.location), testPublicUrl);
  expect([end.pathname, end.searchParams.get("vendor"), end.hash]).toEqual([
    "/account",
    "microsoft",
    "#calendars",
  ]);
  return end.searchParams.get("calendars");
}
async function connect(who: Person): Promise<CalendarConnection> {
  expect(await signIn(who, (url) => server.allow(url))).toBe("connected");
  return calendarConnection.parse((await own(who)).data[0]);
}

it("is offered where it is configured, and asks with PKCE to read calendars and for a lasting login alone", async () => {
  const asha = await newPerson();
  expect((await own(asha)).offers).toEqual({ google: false, microsoft: true });
  const answer = await asha.call("GET", `${path}/microsoft/start`);
  const url = new URL(String(answer.expect(302).headers.location));
  const { state, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
  expect([state, code_challenge]).toEqual([expect.any(String), expect.stringMatching(/^[\w-]{43}$/)]);
  expect(rest).toEqual({
    client_id: microsoftClient.clientId,
    redirect_uri: `${testPublicUrl}/api/v1/me/calendar-connections/microsoft/callback`,
    response_type: "code",
    scope: "https://graph.microsoft.com/Calendars.Read offline_access openid",
    code_challenge_method: "S256",
    prompt: "select_account",
  });
});

it("connects the calendars of the account, which are then read", async () => {
  const asha = await newPerson();
  server.add("AAMkAG=default", { start: graphTime(2), end: graphTime(3) });
  expect(await connect(asha)).toMatchObject({
    kind: "microsoft",
    name: "Microsoft 365",
    username: server.account,
    problem: null,
    login_ends_at: null,
    calendars: [
      { name: "Calendar", is_writable: true, counts_as_busy: true },
      { name: "India holidays", is_writable: false, counts_as_busy: false },
      { name: "Team", color: "#0078d4", is_writable: true, counts_as_busy: true },
    ],
  });
  await sync();
  expect((await own(asha)).data).toMatchObject([{ problem: null, synced_at: expect.any(String) }]);
});

it("connects nothing when the person cancels, or Microsoft fails", async () => {
  const asha = await newPerson();
  expect(await signIn(asha, server.cancel)).toBe("denied");
  server.misbehave("nonsense", /token$/);
  expect(await signIn(asha, (url) => server.allow(url))).toBe("failed");
  server.misbehave("fail_before", /calendars$/);
  expect(await signIn(asha, (url) => server.allow(url))).toBe("failed");
  expect((await own(asha)).data).toEqual([]);
});

it("a login that Microsoft has ended says so; signing in again keeps what its calendars are for", async () => {
  const asha = await newPerson();
  const { id, calendars } = await connect(asha);
  const team = calendars.find(({ name }) => name === "Team");
  (await asha.call("PATCH", `/me/connected-calendars/${team?.id}`, { counts_as_busy: false })).expect(200);
  server.endLogins();
  (await asha.call("POST", `${path}/${id}/sync`)).expect(200);
  expect((await own(asha)).data).toMatchObject([
    { health: "broken", problem: "login_refused", problem_detail: expect.stringContaining("AADSTS700082") },
  ]);
  expect(await signIn(asha, (url) => server.allow(url), `?connection_id=${id}`)).toBe("renewed");
  await sync();
  const [renewed, ...others] = (await own(asha)).data;
  expect(others).toEqual([]);
  expect(renewed).toMatchObject({ id, health: "fine", problem: null });
  expect(renewed?.calendars.find(({ name }) => name === "Team")?.counts_as_busy).toBe(false);
});

it("asks a mentor who wants sessions written for more, also later; the same connection then has it", async () => {
  const asha = await test.makeMentor();
  const { id, permission, calendars } = await connect(asha);
  expect(permission).toBe("read");
  const main = calendars.find(({ name }) => name === "Calendar");
  const receive = () =>
    asha.call("PATCH", `/me/connected-calendars/${main?.id}`, { receives_sessions: true });
  (await receive()).problem("calendar_writing_not_allowed");
  const query = `?connection_id=${id}&permission=write`;
  let asked: string | null = null;
  const told = await signIn(
    asha,
    (url) => {
      asked = new URL(url).searchParams.get("scope");
      return server.allow(url);
    },
    query,
  );
  expect([told, asked]).toEqual([
    "writable",
    "https://graph.microsoft.com/Calendars.ReadWrite offline_access openid",
  ]);
  expect((await own(asha)).data).toMatchObject([{ id, permission: "write" }]);
  expect((await own(asha)).data[0]?.calendars.filter((each) => each.receives_sessions)).toMatchObject([
    { id: main?.id },
  ]);
});

it("believes what Entra says was allowed, in either of its forms, and connects nothing that cannot be read", async () => {
  for (const [scope, result, permission] of [
    ["openid Calendars.Read", "read_only", "read"],
    ["openid https://graph.microsoft.com/calendars.readwrite", "connected", "write"],
    ["openid profile", "permissions", undefined],
  ] as const) {
    const asha = await test.makeMentor();
    expect(await signIn(asha, (url) => server.allow(url, { scope }), "?permission=write")).toBe(result);
    expect((await own(asha)).data[0]?.permission).toBe(permission);
  }
});

it("an account is known by its own name at Microsoft, or by its address; any other is refused", async () => {
  const asha = await newPerson();
  const { id } = await connect(asha);
  const query = `?connection_id=${id}`;
  // Once the app is registered again, the same accounts have other names.
  expect(await signIn(asha, (url) => server.allow(url, { sub: "another" }), query)).toBe("renewed");
  await test.db.owner.query(
    "update calendar_connections set username = 'ravi@contoso.example' where id = $1",
    [id],
  );
  expect(await signIn(asha, (url) => server.allow(url), query)).toBe("other_account");
  expect(await signIn(asha, (url) => server.allow(url, { sub: "another" }), query)).toBe("renewed");
});

it("stores no token that can be read", async () => {
  const asha = await newPerson();
  await connect(asha);
  const { rows } = await test.db.owner.query(
    "select credential from calendar_connections where user_id = $1",
    [asha.id],
  );
  expect(Buffer.from(rows[0]?.credential).toString("latin1")).not.toMatch(/EwB|M\.C5/);
  expect((await asha.call("GET", path)).text).not.toMatch(/EwB|M\.C5/);
});
