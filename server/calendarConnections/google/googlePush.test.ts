import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { calendarConnectionList, ownBusyTimes } from "#contract/calendarConnections.ts";
import { addMs, DAY_MS, HOUR_MS } from "#scheduling/units.ts";
import { systemClock } from "../../platform/clock.ts";
import {
  type GoogleCalendarServer,
  type GoogleChannel,
  startGoogleCalendarServer,
} from "../../testing/googleCalendarServer.ts";
import { connectingTo, signInAtGoogle } from "../../testing/googleConnecting.ts";
import { runJobs, runTask } from "../../testing/jobs.ts";
import { openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";
import type { Connecting } from "../connectionKinds.ts";

const publicUrl = "https://matepeak.example";
let google: GoogleCalendarServer;
let test: TestApp;
let connecting: Connecting;
let person: Person;
let connection: string;
const email = "asha@gmail.example";

const connectingAt = (url: string) => connectingTo(google, url);
beforeAll(async () => {
  google = await startGoogleCalendarServer();
  google.addCalendar(email, { id: "team@group.calendar.google.com", accessRole: "reader" });
  connecting = connectingAt(publicUrl);
  test = await openTestApp({ connecting, publicUrl });
  [person] = (await test.signUpCrowd(1)) as [Person];
  await signInAtGoogle(person, google, email);
  connection = (await own())?.id ?? "";
  await sync();
});
afterAll(async () => {
  await test.close();
  await google.close();
});
beforeEach(() =>
  setConnection(
    "sync_due_at = now() + interval '3 minutes', failures = 0, problem = null, broken_since = null",
  ),
);

const own = async () =>
  (await person.call("GET", "/me/calendar-connections")).read(calendarConnectionList).data[0];
const sync = (with_ = connecting) => runTask(test.db, "sync_calendars", {}, { connecting: with_ });
const setConnection = (set: string) =>
  test.db.owner.query(`update calendar_connections set ${set} where id = $1`, [connection]);
const setChannel = (set: string) =>
  test.db.owner.query(`update connected_calendars set ${set} where connection_id = $1`, [connection]);
const readNow = async (with_ = connecting) => {
  await setConnection("sync_due_at = now()");
  await sync(with_);
};
const isDue = async () => {
  const { rows } = await test.db.owner.query<{ is_due: boolean }>(
    "select sync_due_at <= now() as is_due from calendar_connections where id = $1",
    [connection],
  );
  return rows[0]?.is_due ?? false;
};
const channel = (): GoogleChannel => {
  const [one, ...others] = google.channels.values();
  if (!one || others.length > 0) throw new Error("Not one channel.");
  return one;
};
/** As Google reports. */
const push = ({ id, token, resourceId }: GoogleChannel, state = "exists") =>
  test.visitor("POST", "/calendar-push/google", "", {
    "content-type": "application/json; utf-8",
    "x-goog-channel-id": id,
    "x-goog-channel-token": token,
    "x-goog-message-number": "10",
    "x-goog-resource-id": resourceId,
    "x-goog-resource-state": state,
  });
const busy = async () => {
  const query = new URLSearchParams({
    start: new Date().toISOString(),
    end: new Date(addMs(systemClock(), 30 * DAY_MS)).toISOString(),
  });
  return (await person.call("GET", `/me/busy-times?${query}`)).read(ownBusyTimes).data.length;
};
const soon = (hours: number) => ({
  start: { dateTime: new Date(addMs(systemClock(), hours * HOUR_MS)).toISOString() },
  end: { dateTime: new Date(addMs(systemClock(), (hours + 1) * HOUR_MS)).toISOString() },
});

it("a calendar that counts as busy is watched for a week, with a secret of which only a hash is stored", async () => {
  const { address, calendar, token, id } = channel();
  expect({ address, calendar }).toEqual({
    address: `${publicUrl}/api/v1/calendar-push/google`,
    calendar: email,
  });
  expect(token).toMatch(/^[\w-]{43}$/);
  const { rows } = await test.db.owner.query(
    "select k.* from connected_calendars k where push_channel = $1",
    [id],
  );
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(rows[0].push_ends_at.getTime() - Date.now()).toBeGreaterThan(6.9 * DAY_MS);
});

it("a report makes the connection due now, and the change is read; again and again is no harm", async () => {
  google.put(email, "primary", "dentist", soon(30));
  expect(await isDue()).toBe(false);
  (await push(channel())).expect(202);
  expect(await isDue()).toBe(true);
  await sync();
  expect(await busy()).toBe(1);
  for (let again = 0; again < 3; again++) (await push(channel())).expect(202);
  await sync();
  expect(await busy()).toBe(1);
});

it("the first report of a channel, what is forged, and what is of no channel have no effect, and learn nothing", async () => {
  const right = channel();
  const [expected] = [{ received: true }];
  expect((await push(right, "sync")).expect(202).json).toEqual(expected);
  for (const forged of [
    { ...right, token: "guessed" },
    { ...right, token: "" },
    { ...right, token: right.token.slice(0, -1) },
    { ...right, id: randomUUID() },
    { ...right, id: "" },
  ])
    expect((await push(forged)).expect(202).json).toEqual(expected);
  (await test.visitor("POST", "/calendar-push/google", {})).expect(202);
  expect(await isDue()).toBe(false);
});

it("a connection that fails is asked in its time, whatever is reported", async () => {
  await setConnection("failures = 1, problem = 'limited', broken_since = now()");
  (await push(channel())).expect(202);
  expect(await isDue()).toBe(false);
});

it("a channel is replaced in the middle of its life; the one before is ended, and has no effect any more", async () => {
  const before = channel();
  await readNow();
  expect(channel()).toBe(before);
  await setChannel("push_due_at = now()");
  await readNow();
  const after = channel();
  expect(after.id).not.toBe(before.id);
  expect(after.token).not.toBe(before.token);
  await setConnection("sync_due_at = now() + interval '3 minutes'");
  (await push(before)).expect(202);
  expect(await isDue()).toBe(false);
  (await push(after)).expect(202);
  expect(await isDue()).toBe(true);
});

it("a channel that cannot be had costs no read, and is asked for again after an hour", async () => {
  const before = channel();
  await setChannel("push_due_at = now()");
  google.misbehave("fail_before", /watch$/);
  await readNow();
  expect(await own()).toMatchObject({ problem: null, health: "fine" });
  expect(channel()).toBe(before);
  google.calls.splice(0);
  await readNow();
  expect(google.calls.filter(({ path }) => path.includes("watch"))).toEqual([]);
});

it("without https there is none", async () => {
  const before = channel();
  await setChannel("push_due_at = now()");
  await readNow(connectingAt("http://localhost:3000"));
  expect(channel()).toBe(before);
});

it("channels end with the connection, before its login", async () => {
  const [calendar] = (await own())?.calendars.filter(({ name }) => name === email) ?? [];
  expect(calendar?.counts_as_busy).toBe(true);
  (await person.call("DELETE", `/me/calendar-connections/${connection}`)).expect(204);
  await test.db.owner.query("update graphile_worker._private_jobs set run_at = now()");
  await runJobs(test.db, { connecting });
  expect(google.channels.size).toBe(0);
  expect(google.logins()).toEqual([]);
});
