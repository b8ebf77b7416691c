import { createHash, randomBytes } from "node:crypto";
import { request as openRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calendarFeed, newCalendarFeed } from "#contract/calendarFeed.ts";
import { rateLimits } from "#rules/rateLimits.ts";
import { windowDays } from "#rules/windows.ts";
import { DAY_MS } from "#scheduling/units.ts";
import type { Answer } from "../testing/answer.ts";
import { book, bookAny, dateIn, moveTo, readSlots } from "../testing/booking.ts";
import { readCalendarFile } from "../testing/calendarFile.ts";
import { captureLog } from "../testing/logCapture.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testPublicUrl } from "../testing/testApp.ts";

const log = captureLog();
let test: TestApp;
let mentor: Mentor;
let student: Person;
let stranger: Person;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  mentor = await test.makeMentor({ timezone: "Europe/Berlin", settings: { instant_confirm: true } });
  [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

async function turnOn(who: Person): Promise<string> {
  const { url } = (await who.call("POST", "/me/calendar-feed")).expect(201).read(newCalendarFeed);
  expect(url).toMatch(new RegExp(`^${testPublicUrl}/calendar/[\\w-]{43}\\.ics$`));
  return url.slice(testPublicUrl.length);
}
const stateOf = async (who: Person) =>
  (await who.call("GET", "/me/calendar-feed")).expect(200).read(calendarFeed);
const subscribe = (path: string, headers: Record<string, string> = {}) =>
  test.visitor("GET", path, undefined, headers);
async function eventsOf(path: string) {
  const answer = (await subscribe(path)).expect(200);
  expect(answer.headers["content-type"]).toBe("text/calendar; charset=utf-8");
  return readCalendarFile(answer.text).events;
}

describe("a calendar feed", () => {
  it("is off until it is turned on, and shows its address only then", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    expect(await stateOf(person)).toEqual({ is_on: false, created_at: null, last_read_at: null });
    const path = await turnOn(person);
    const on = await stateOf(person);
    expect(on).toMatchObject({ is_on: true, last_read_at: null });
    expect(JSON.stringify(on)).not.toContain(path.slice(10, 30));
    expect(await eventsOf(path)).toEqual([]);
    expect((await stateOf(person)).last_read_at).not.toBeNull();
  });

  it("has the sessions of both sides, each in its reader's zone, and no one else's", async () => {
    const both = await test.makeMentor({ settings: { instant_confirm: true } });
    const taught = await bookAny(student, both);
    const learnt = await bookAny(both, mentor);
    await bookAny(student, mentor);
    const events = await eventsOf(await turnOn(both));
    expect(events.map(({ uid }) => uid).sort()).toEqual(
      [taught, learnt].map(({ id }) => `${id}@matepeak`).sort(),
    );
    for (const [made, summary] of [
      [taught, "1:1 session with Student 1"],
      [learnt, "1:1 session with Asha Rao"],
    ] as const) {
      const event = events.find(({ uid }) => uid.startsWith(made.id));
      expect(event).toMatchObject({ start: Date.parse(made.starts_at), end: Date.parse(made.ends_at) });
      expect(event?.text("summary")).toBe(summary);
    }
    expect(await eventsOf(await turnOn(stranger))).toEqual([]);
  });

  it("says the same as the file of one session, and follows each change with a higher SEQUENCE", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const path = await turnOn(person);
    const host = await test.makeMentor({ timezone: "Australia/Lord_Howe" });
    const made = await bookAny(person, host);
    const file = (await person.call("GET", `/bookings/${made.id}/calendar.ics`)).expect(200);
    const [single] = readCalendarFile(file.text).events;
    const [requested] = await eventsOf(path);
    expect(requested?.component.toString()).toBe(single?.component.toString());
    expect(requested).toMatchObject({ sequence: 0, status: "TENTATIVE" });
    (await host.call("POST", `/bookings/${made.id}/confirm`)).expect(200);
    expect(await eventsOf(path)).toMatchObject([{ sequence: 1, status: "CONFIRMED" }]);
    const [later] = (await readSlots(person.call, host, { from: dateIn(host, 8) })).slice(-1);
    (await person.call("POST", `/bookings/${made.id}/reschedule`, moveTo(host, later!.starts_at))).expect(
      200,
    );
    expect(await eventsOf(path)).toMatchObject([{ sequence: 2, start: Date.parse(later!.starts_at) }]);
    (await person.call("POST", `/bookings/${made.id}/cancel`)).expect(200);
    expect(await eventsOf(path)).toEqual([]);
  });

  it(`keeps the sessions of the last ${windowDays("calendarFeed")} days`, async () => {
    let clock = Date.now();
    const future = await openTestApp({ now: () => clock });
    try {
      const host = await future.makeMentor({ settings: { instant_confirm: true } });
      const [reader] = (await future.signUpCrowd(1)) as [Person];
      const { url } = (await reader.call("POST", "/me/calendar-feed")).expect(201).read(newCalendarFeed);
      const [slot] = await readSlots(reader.call, host);
      const held = await book(reader, host, slot!.starts_at);
      const count = async () => {
        const { text } = (await future.visitor("GET", url.slice(testPublicUrl.length))).expect(200);
        return readCalendarFile(text).events.length;
      };
      expect(await count()).toBe(1);
      clock = Date.parse(held.starts_at) + 89 * DAY_MS;
      expect(await count()).toBe(1);
      clock = Date.parse(held.starts_at) + 91 * DAY_MS;
      expect(await count()).toBe(0);
    } finally {
      await future.close();
    }
  });

  it("answers 304 until something changes, and may be kept by no one in between", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const path = await turnOn(person);
    const first = (await subscribe(path)).expect(200);
    const etag = String(first.headers.etag);
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    expect(first.headers["x-robots-tag"]).toBe("noindex");
    for (const seen of [etag, etag.slice(2), `"other", ${etag}`, "*"]) {
      const again = await subscribe(path, { "if-none-match": seen });
      expect([again.status, again.text, again.headers.etag], seen).toEqual([304, "", etag]);
    }
    for (const seen of ['"other"', etag.slice(2, -1), "", '""'])
      expect((await subscribe(path, { "if-none-match": seen })).status, seen).toBe(200);
    await bookAny(person, mentor);
    const changed = await subscribe(path, { "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
    expect(readCalendarFile(changed.text).events).toHaveLength(1);
  });

  it("ends when it is replaced or turned off, with the same 404 as an address that never was", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const first = await turnOn(person);
    const second = await turnOn(person);
    expect(second).not.toBe(first);
    (await subscribe(second)).expect(200);
    const gone = (await subscribe(first)).problem("not_found");
    (await person.call("DELETE", "/me/calendar-feed")).expect(204);
    (await person.call("DELETE", "/me/calendar-feed")).expect(204);
    expect(await stateOf(person)).toMatchObject({ is_on: false });
    const known = createHash("sha256").update(second.slice(10, -4)).digest("base64url");
    for (const path of [
      second,
      `/calendar/${randomBytes(32).toString("base64url")}.ics`,
      `/calendar/${known}.ics`,
      second.replace(".ics", ""),
      second.toLowerCase(),
      "/calendar/a.ics",
      "/calendar/%00.ics",
      `/calendar/${"a".repeat(43)}%2F.ics`,
    ]) {
      const { request_id: _, ...problem } = (await subscribe(path)).problem("not_found");
      const { request_id: __, ...same } = gone;
      expect(problem, path).toEqual(same);
    }
  });

  it("of many that are turned on at once leaves one that works", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const paths = await Promise.all(Array.from({ length: 12 }, () => turnOn(person)));
    const statuses = await Promise.all(paths.map(async (path) => (await subscribe(path)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it("is read by many at once without waiting for each other", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const path = await turnOn(person);
    const answers = await Promise.all(Array.from({ length: 30 }, () => subscribe(path)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it("is stored as a hash, and goes with its person", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const path = await turnOn(person);
    const token = path.slice("/calendar/".length, -".ics".length);
    const { rows } = await test.db.owner.query<{ token_hash: Buffer }>(
      "select * from calendar_feeds where user_id = $1",
      [person.id],
    );
    expect(rows[0]?.token_hash.equals(createHash("sha256").update(token).digest())).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(token);
    await test.db.owner.query("delete from auth.users where id = $1", [person.id]);
    (await subscribe(path)).problem("not_found");
  });

  it("is nowhere in the log, also not when it fails", async () => {
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const path = await turnOn(person);
    await subscribe(path);
    await subscribe(path, { "if-none-match": "*" });
    await test.visitor("POST", path);
    await test.visitor("GET", `${path}?a=1`);
    await test.db.owner.query("alter table calendar_feeds rename to hidden_feeds");
    const failed = await subscribe(path);
    await test.db.owner.query("alter table hidden_feeds rename to calendar_feeds");
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain(path.slice(10, 30));
    (await subscribe(path)).expect(200);
    expect(log.text()).toContain("/calendar/:file");
    expect(log.text()).not.toContain(path.slice(10, 30));
  });

  it("is sent compressed, and as a head alone, with the same tag", async () => {
    const path = await turnOn(student);
    const origin = await test.listen();
    const ask = (method: string) =>
      new Promise<{ status: number | undefined; etag: unknown; encoding: unknown }>((resolve, reject) => {
        openRequest(`${origin}${path}`, {
          method,
          headers: { host: "localhost:3000", "accept-encoding": "gzip" },
        })
          .on("response", (response) => {
            response.resume();
            const { etag, "content-encoding": encoding } = response.headers;
            resolve({ status: response.statusCode, etag, encoding });
          })
          .on("error", reject)
          .end();
      });
    const whole = await ask("GET");
    expect(whole).toMatchObject({ status: 200, encoding: "gzip" });
    expect(await ask("HEAD")).toMatchObject({ status: 200, etag: whole.etag });
  });
});

it("is limited per address, before anything is looked up", async () => {
  const limited = await openTestApp({ rateLimit: true });
  try {
    const { max } = rateLimits["calendar-feed"];
    let last: Answer | undefined;
    for (let call = 0; call <= max; call++)
      last = await limited.visitor("GET", `/calendar/${"x".repeat(43)}.ics`);
    last?.problem("rate_limited");
  } finally {
    await limited.close();
  }
});
