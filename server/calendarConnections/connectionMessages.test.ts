import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CalendarConnection,
  calendarConnection,
  calendarConnectionList,
} from "#contract/calendarConnections.ts";
import { notificationPage } from "#contract/notifications.ts";
import { addMs, asMinutes, DAY_MS, HOUR_MS } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { sendMails } from "../testing/mail.ts";
import { openSmtpServer, type TestSmtpServer } from "../testing/smtpServer.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { type Connecting, openConnecting } from "./connectionKinds.ts";
import { startFeedServer } from "./testing/feedServer.ts";
import { plainEvent } from "./testing/plainEvents.ts";

let test: TestApp;
let smtp: TestSmtpServer;
let feed: Awaited<ReturnType<typeof startFeedServer>>;
let connecting: Connecting;
let mentor: Mentor;
let connection: CalendarConnection;
/** What the person stream announces: whose, and what. */
const announced: string[] = [];
beforeAll(async () => {
  [smtp, feed] = await Promise.all([openSmtpServer(), startFeedServer()]);
  connecting = openConnecting({
    authSecret: testSecret,
    publicUrl: testPublicUrl,
    privateCalendarHosts: [feed.host],
  });
  test = await openTestApp({ connecting });
  test.db.owner.on("notification", ({ payload = "" }) => announced.push(payload));
  await test.db.owner.query("listen person");
});
beforeEach(async () => {
  mentor = await test.makeMentor();
  connection = await connect(mentor);
  announced.length = 0;
});
afterAll(async () => {
  await test.close();
  await Promise.all([smtp.close(), feed.close()]);
});

const path = "/me/calendar-connections";
const empty = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Lectures\r\nEND:VCALENDAR\r\n";
async function connect(who: Person): Promise<CalendarConnection> {
  feed.say(200, empty);
  const body = { kind: "feed", url: feed.url, name: "University" };
  const connected = (await who.call("POST", path, body)).expect(201).read(calendarConnection);
  await read();
  return connected;
}
const read = () => runTask(test.db, "sync_calendars", {}, { connecting });
const change = (set: string, id = connection.id) =>
  test.db.owner.query(`update calendar_connections set ${set} where id = $1`, [id]);
/** The next read, with what the feed answers. */
async function readWith(status: number, set = "", id = connection.id): Promise<void> {
  feed.say(status, status === 200 ? empty : "Gone fishing");
  await change(`sync_due_at = now()${set && `, ${set}`}`, id);
  await read();
}
const old = "synced_at = now() - interval '31 minutes'";
const inbox = async (who: Person = mentor) =>
  (await who.call("GET", "/notifications")).read(notificationPage).data.map(({ kind, facts }) => ({
    kind,
    facts,
  }));
const kinds = async (who?: Person) => (await inbox(who)).map(({ kind }) => kind);
const waitForAnnouncement = () => expect.poll(() => announced).toContain(`${mentor.id} calendars`);

describe("what only its owner can mend", () => {
  it("is told at once, in the inbox and by mail, once however long it lasts", async () => {
    await readWith(403);
    expect(await inbox()).toEqual([
      {
        kind: "calendar_broken",
        facts: {
          role: "mentor",
          connection_id: connection.id,
          connection: "University",
          connection_kind: "feed",
          problem: "forbidden",
          offering: "continues",
        },
      },
    ]);
    await waitForAnnouncement();
    await readWith(403);
    await readWith(500);
    await readWith(404, old);
    expect(await kinds()).toEqual(["calendar_broken"]);
    await sendMails(test.db, smtp);
    const mails = smtp.received.filter(({ to }) => to.includes(mentor.email));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.mail.text).toContain("This login isn’t allowed to read calendars.");
    expect(mails[0]?.mail.text).toContain("/account#calendars");
  });

  it("that comes and goes is told once a day; after a new login, again", async () => {
    await readWith(404);
    await readWith(200);
    await readWith(404);
    expect(await kinds()).toEqual(["calendar_broken"]);
    feed.say(200, empty);
    (await mentor.call("PATCH", `${path}/${connection.id}`, { url: feed.url })).expect(200);
    await read();
    await readWith(404);
    expect(await kinds()).toEqual(["calendar_broken", "calendar_broken"]);
    await readWith(200);
    await readWith(404, "broken_told_at = now() - interval '25 hours'");
    expect(await kinds()).toHaveLength(3);
  });

  it("is told to students too, without a word of free times; if muted, not at all", async () => {
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const { id } = await connect(student);
    await readWith(404, "", id);
    const [message] = await inbox(student);
    expect(message).toMatchObject({ kind: "calendar_broken", facts: { role: "student" } });
    expect(message?.facts).not.toHaveProperty("offering");
    await mentor.call("PATCH", "/me/notification-settings", {
      muted: ["inbox:calendars", "email:calendars"],
    });
    await readWith(404);
    expect(await kinds()).toEqual([]);
  });
});

describe("busy times that are too old", () => {
  it("are told of once per outage, with what it means; a pause ends with the next read, which is announced", async () => {
    (await mentor.call("PATCH", `${path}/${connection.id}`, { if_stale: "pause" })).expect(200);
    await readWith(500);
    expect(await kinds()).toEqual([]);
    await readWith(500, old);
    await readWith(500);
    expect(await inbox()).toMatchObject([
      { kind: "calendar_stale", facts: { offering: "pauses", synced_at: expect.any(String) } },
    ]);
    announced.length = 0;
    await readWith(200);
    await waitForAnnouncement();
    announced.length = 0;
    // The usual read changes nothing; the next one, which fails, does.
    await readWith(200);
    await readWith(500);
    await waitForAnnouncement();
    expect(announced.filter((payload) => payload.startsWith(mentor.id))).toHaveLength(1);
    // Another outage on the same day.
    await readWith(500, old);
    expect(await kinds()).toEqual(["calendar_stale"]);
  });

  it("are told of although no read failed: no worker came", async () => {
    await change(`sync_due_at = now() + interval '1 hour', ${old}`);
    await runTask(
      test.db,
      "sync_calendars",
      {},
      { connecting: { ...connecting, staleMinutes: asMinutes(40) } },
    );
    expect(await kinds()).toEqual([]);
    await read();
    expect(await kinds()).toEqual(["calendar_stale"]);
  });

  it("are no news to students, nor of calendars that decide nothing", async () => {
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const { id } = await connect(student);
    await readWith(500, old, id);
    expect(await kinds(student)).toEqual([]);
    const calendar = `/me/connected-calendars/${connection.calendars[0]?.id}`;
    (await mentor.call("PATCH", calendar, { counts_as_busy: false })).expect(200);
    await readWith(500, old);
    expect(await kinds()).toEqual([]);
  });
});

it("the end of a login is told two days before, once; of a renewed one again", async () => {
  const endsIn = (hours: number) =>
    change(`login_ends_at = '${new Date(addMs(systemClock(), hours * HOUR_MS)).toISOString()}'`);
  await endsIn(49);
  await read();
  expect(await kinds()).toEqual([]);
  await endsIn(47);
  await read();
  await read();
  expect(await kinds()).toEqual(["calendar_login_ends"]);
  await waitForAnnouncement();
  await endsIn(7 * 24);
  await change("login_end_told_at = now() - interval '6 days'");
  await read();
  await endsIn(47);
  await read();
  expect(await kinds()).toEqual(["calendar_login_ends", "calendar_login_ends"]);
});

describe("a calendar that its provider does not list any more", () => {
  /** The feed as a provider whose list changes. */
  const withList = (names: readonly string[], title = "Lectures"): Connecting => ({
    ...connecting,
    providers: {
      feed: {
        ...connecting.providers.feed!,
        listCalendars: async () =>
          names.map((remoteId) => ({
            remoteId,
            name: title,
            color: null,
            timezone: null,
            isWritable: false,
            countsAsBusy: true,
          })),
      },
    },
  });
  const listWith = async (names: readonly string[], title?: string) => {
    await change("sync_due_at = now()");
    await test.db.owner.query(
      "update connected_calendars set read_fully_at = null where connection_id = $1",
      [connection.id],
    );
    await runTask(test.db, "sync_calendars", {}, { connecting: withList(names, title) });
  };

  it("is told of by name, once, unless it is for nothing", async () => {
    await listWith([]);
    await listWith([]);
    expect(await inbox()).toMatchObject([
      { kind: "calendar_missing", facts: { connection: "University", calendar: "Lectures" } },
    ]);
    await waitForAnnouncement();
    await listWith(["feed"]);
    const calendar = `/me/connected-calendars/${connection.calendars[0]?.id}`;
    (await mentor.call("PATCH", calendar, { counts_as_busy: false })).expect(200);
    await listWith([]);
    expect(await kinds()).toEqual(["calendar_missing"]);
    const [only] = (await mentor.call("GET", path)).read(calendarConnectionList).data;
    expect(only?.calendars).toEqual([]);
  });

  it("a new name is taken over without a message, and announced", async () => {
    await listWith(["feed"], "Seminars");
    const [only] = (await mentor.call("GET", path)).read(calendarConnectionList).data;
    expect(only?.calendars[0]?.name).toBe("Seminars");
    expect(await kinds()).toEqual([]);
    await waitForAnnouncement();
  });
});

it("new events are announced to their owner; nothing is told of a connection that is gone, or well again", async () => {
  feed.say(200, plainEvent("a", new Date(addMs(systemClock(), DAY_MS)).toISOString()));
  await change("sync_due_at = now()");
  await read();
  await waitForAnnouncement();
  for (const kind of ["calendar_broken", "calendar_stale", "calendar_login_ends"])
    await test.db.owner.query("select private.enqueue_connection_message($1, $2)", [kind, connection.id]);
  await test.db.owner.query(
    "select private.enqueue_connection_message('calendar_broken', gen_random_uuid())",
  );
  await runJobs(test.db);
  expect(await kinds()).toEqual([]);
});
