import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mentorWithServices } from "#contract/mentors.ts";
import { usernameAnswer } from "#contract/onboarding.ts";
import { reservedUsernames } from "#contract/usernames.ts";
import { openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const rename = (who: Person, username: string) => who.call("PATCH", "/mentors/me", { username });
const ask = async (who: Person["call"], username: string) =>
  (await who("GET", `/usernames/${username}`)).read(usernameAnswer).available;
async function stranger() {
  const [one] = (await test.signUpCrowd(1)) as [Person];
  return one;
}
const idInPath = randomUUID();
const page = (username: string) => ({ username, full_name: "Somebody", timezone: "Asia/Kolkata" });

it("an old username leads to the new one, at every address with a mentor in it", async () => {
  const mentor = await test.makeMentor();
  const old = mentor.profile.username;
  (await rename(mentor, "renamed-once")).expect(200);
  for (const [from, to] of [
    [`/mentors/${old}`, "/mentors/renamed-once"],
    [`/mentors/${old.toUpperCase()}/reviews?limit=2`, "/mentors/renamed-once/reviews?limit=2"],
    [
      `/mentors/${old}/slots?from=2030-01-01&to=2030-01-02&duration=60&timezone=UTC`,
      "/mentors/renamed-once/slots?from=2030-01-01&to=2030-01-02&duration=60&timezone=UTC",
    ],
    [
      `/mentors/${old}/availability?start_date=2030-01-01&end_date=2030-01-02`,
      "/mentors/renamed-once/availability?start_date=2030-01-01&end_date=2030-01-02",
    ],
  ] as const) {
    const answer = (await test.visitor("GET", from)).expect(308);
    expect(answer.headers.location).toBe(`/api/v1${to}`);
  }
  (await rename(mentor, "renamed-twice")).expect(200);
  const answer = (await test.visitor("GET", `/mentors/${old}`)).expect(308);
  const led = await test.visitor("GET", String(answer.headers.location));
  expect(led.read(mentorWithServices)).toMatchObject({ id: mentor.id, username: "renamed-twice" });
  (await test.visitor("GET", "/mentors/never-anybody")).problem("mentor_not_found");
});

/** What the routes that take more than a mentor must be given, by method and path in the OpenAPI document. */
const requests: Readonly<Record<string, { query?: string; body?: object }>> = {
  "get /mentors/{mentor}/availability": { query: "start_date=2030-01-01&end_date=2030-01-02" },
  "get /mentors/{mentor}/slots": { query: "from=2030-01-01&to=2030-01-02&duration=60" },
  "get /mentors/{mentor}/booked-slots": { query: "date=2030-01-01" },
  "post /mentors/{mentor}/quote": { body: { service_id: randomUUID(), duration: 60 } },
  "post /mentors/{mentor}/quote/together": {
    body: { sessions: Array(2).fill({ service_id: randomUUID(), duration: 60 }) },
  },
  "post /mentors/{mentor}/programmes/{programme_id}/quote": { body: {} },
  "post /mentors/{mentor}/series/check": {
    body: {
      session_type: "oneOnOneSession",
      duration: 60,
      pattern: "weekly",
      starts_at: "2030-01-01T10:00:00Z",
      sessions: 2,
    },
  },
  "post /mentors/{mentor}/waitlist": {
    body: { kind: "group", group_session_id: randomUUID(), timezone: "UTC" },
  },
};

it("every route with a mentor in its path redirects, also where it would find nothing else", async () => {
  const mentor = await test.makeMentor({ settings: {} });
  const old = mentor.profile.username;
  (await rename(mentor, "renamed-everywhere")).expect(200);
  const student = await stranger();
  const { paths = {} } = test.app.swagger() as { paths?: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method, path.replace("/api/v1", "")] as const),
  );
  const ofMentor = routes.filter(([, path]) => path.includes("{mentor}"));
  expect(ofMentor.length).toBeGreaterThan(15);
  for (const [method, path] of ofMentor) {
    const { query, body } = requests[`${method} ${path}`] ?? {};
    const at = (username: string) =>
      path.replace("{mentor}", username).replaceAll(/\{[^}]+\}/g, idInPath) + (query ? `?${query}` : "");
    const ask = (username: string) => student.call(method.toUpperCase() as "GET", at(username), body);
    const answer = await ask(old);
    expect([path, answer.status, answer.headers.location]).toEqual([
      path,
      308,
      `/api/v1${at("renamed-everywhere")}`,
    ]);
    expect((await ask("never-anybody")).problem("mentor_not_found").status, path).toBe(404);
  }
});

it("redirects wherever the mentor is in the path", async () => {
  const mentor = await test.makeMentor({ settings: {} });
  const old = mentor.profile.username;
  (await rename(mentor, "renamed-favourite")).expect(200);
  const student = await stranger();
  const answer = (await student.call("PUT", `/me/favourites/${old}`)).expect(308);
  expect(answer.headers.location).toBe("/api/v1/me/favourites/renamed-favourite");
  (await student.call("PUT", String(answer.headers.location))).expect(204);
});

it("is held back for a year from strangers, and free for its owner", async () => {
  const mentor = await test.makeMentor({ settings: {} });
  const old = mentor.profile.username;
  (await rename(mentor, "moved-away")).expect(200);
  const other = await stranger();
  expect(await ask(other.call, old)).toBe(false);
  expect(await ask(mentor.call, old)).toBe(true);
  (await other.call("POST", "/mentors", page(old))).problem("username_taken");
  (await rename(mentor, old)).expect(200);
  (await rename(mentor, "moved-away")).expect(200);
  await test.db.owner.query("update former_usernames set held_until = now() where username = $1", [old]);
  (await test.visitor("GET", `/mentors/${old}`)).problem("mentor_not_found");
  (await other.call("POST", "/mentors", page(old))).expect(201);
});

it("is not available to another mentor right after the change", async () => {
  const mentor = await test.makeMentor();
  const others = await test.signUpCrowd(6);
  const old = mentor.profile.username;
  const answers = await Promise.all([
    rename(mentor, "left-in-a-hurry"),
    ...others.map((one) => one.call("POST", "/mentors", page(old))),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, ...Array<number>(6).fill(409)]);
});

it("five old names are held, not more", async () => {
  const mentor = await test.makeMentor();
  for (let turn = 0; turn < 8; turn++) (await rename(mentor, `collector-${turn}`)).expect(200);
  const { rows } = await test.db.owner.query<{ username: string }>(
    "select username from former_usernames where expert_id = $1 order by 1",
    [mentor.id],
  );
  expect(rows.map(({ username }) => username)).toEqual([2, 3, 4, 5, 6].map((turn) => `collector-${turn}`));
});

it.each(["admin", "api", "sign-in"])("%s is reserved, to the API and in the database", async (name) => {
  const mentor = await test.makeMentor();
  expect((await rename(mentor, name)).problem("validation_failed").errors?.[0]).toEqual({
    field: "username",
    message: "This username is reserved.",
  });
  const asMentor = test.db.database.asUser(mentor.id, ({ client }) =>
    client.query("update expert_profiles set username = $1 where id = $2", [name, mentor.id]),
  );
  await expect(asMentor).rejects.toMatchObject({ constraint: "expert_profiles_username_reserved" });
});

it("the database reserves the same names", async () => {
  const { rows } = await test.db.owner.query<{ name: string }>(
    "select name from unnest($1::text[]) name where not private.is_reserved_username(name)",
    [reservedUsernames],
  );
  expect(rows).toEqual([]);
  const { rows: source } = await test.db.owner.query<{ count: number }>(
    "select count(*)::int as count from regexp_matches(pg_get_functiondef('private.is_reserved_username'::regproc), '''[a-z-]+''', 'g')",
  );
  // And no more.
  expect(source[0]?.count).toBe(reservedUsernames.length);
});
