import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { type CalendarConnection, calendarConnectionList } from "#contract/calendarConnections.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { type Connecting, openConnecting } from "../calendarConnections/connectionKinds.ts";
import { openCalendars } from "../calendarConnections/microsoft/testing/openCalendars.ts";
import { listedCalendars } from "../calendarConnections/sync.ts";
import { bookAny, moveTo, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";

const { server, provider, signIn, addCalendar } = await openCalendars();
let test: TestApp;
let connecting: Connecting;
let student: Person;
beforeAll(async () => {
  const opened = openConnecting({ authSecret: testSecret, publicUrl: testPublicUrl });
  connecting = { ...opened, providers: { ...opened.providers, microsoft: provider } };
  test = await openTestApp({ connecting });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(async () => {
  await test.close();
  await server.close();
});

// All mentors have the same account.
beforeEach(() => server.events.clear());

const run = () => runJobs(test.db, { connecting });
const step = async (who: Person, { id }: Booking, action: string, body?: object) =>
  (await who.call("POST", `/bookings/${id}/${action}`, body)).expect(200).read(booking);

interface Receiver {
  mentor: Mentor;
  connection: CalendarConnection;
  /** Which receives the sessions, and another of the same account; at Microsoft. */
  calendars: [id: string, id: string];
}

/** As after signing in at Microsoft. */
async function openReceiver(): Promise<Receiver> {
  const mentor = await test.makeMentor({ timezone: "Etc/UTC" });
  const calendars: Receiver["calendars"] = [addCalendar(), addCalendar()];
  const [id, login] = [randomUUID(), signIn()];
  const listed = await provider.listCalendars(login, AbortSignal.timeout(10_000));
  await test.db.owner.query(
    "select private.connect_calendars($1, $2, 'microsoft', 'M', null, $3, $4, null, $5, null)",
    [id, mentor.id, login.username, connecting.logins.seal(login.secret, id), listedCalendars(listed)],
  );
  const [connection] = (await mentor.call("GET", "/me/calendar-connections")).read(
    calendarConnectionList,
  ).data;
  if (!connection) throw new Error("There is a connection.");
  const receiver = { mentor, connection, calendars };
  await receive(receiver, calendars[0]);
  return receiver;
}

async function receive({ mentor, connection }: Receiver, remoteId: string): Promise<void> {
  const { id } = connection.calendars.find(({ name }) => name === remoteId) ?? {};
  (await mentor.call("PATCH", `/me/connected-calendars/${id}`, { receives_sessions: true })).expect(200);
}

/** What a calendar has: start, how it is shown. */
const entries = (calendar: string) =>
  [...server.events.values()]
    .filter((event) => event.calendar === calendar)
    .map(({ start, showAs }) => `${start.dateTime.slice(0, 16)} ${showAs}`);
const written = ({ starts_at }: Booking, showAs = "busy") => `${starts_at.slice(0, 16)} ${showAs}`;
const onlyEvent = (calendar: string) => {
  const [event] = [...server.events.values()].filter((each) => each.calendar === calendar);
  if (!event) throw new Error("There is no event.");
  return event;
};
const questions = async ({ mentor }: Receiver) =>
  (
    await test.db.owner.query<{ question: string | null; moved_to: Date | null }>(
      "select question, moved_to from session_entries where expert_id = $1 and calendar_id is not null",
      [mentor.id],
    )
  ).rows;
const isFree = async ({ mentor }: Receiver, { starts_at }: Booking) =>
  (await readSlots(test.visitor, mentor)).some((slot) => slot.starts_at === starts_at);
async function read({ mentor, connection }: Receiver): Promise<void> {
  (await mentor.call("POST", `/me/calendar-connections/${connection.id}/sync`)).expect(200);
  await run();
}

it("a session is there as it is: asked for, agreed, moved, cancelled", async () => {
  const receiver = await openReceiver();
  const { mentor, calendars } = receiver;
  const asked = await bookAny(student, mentor);
  await run();
  expect(entries(calendars[0])).toEqual([written(asked, "tentative")]);
  const agreed = await step(mentor, asked, "confirm");
  await run();
  expect(entries(calendars[0])).toEqual([written(agreed)]);
  const other = (await readSlots(test.visitor, mentor))[2]?.starts_at ?? "";
  const moved = await step(student, agreed, "reschedule", moveTo(mentor, other));
  await run();
  expect(entries(calendars[0])).toEqual([written(moved)]);
  await step(student, moved, "cancel");
  await run();
  expect(entries(calendars[0])).toEqual([]);
});

it("to another calendar of the same account it moves, and stays one", async () => {
  const receiver = await openReceiver();
  const session = await step(receiver.mentor, await bookAny(student, receiver.mentor), "confirm");
  await run();
  await receive(receiver, receiver.calendars[1]);
  await run();
  expect(receiver.calendars.map(entries)).toEqual([[], [written(session)]]);
});

it("a write whose answer was lost is found again; until then the event makes its mentor no busier", async () => {
  const receiver = await openReceiver();
  const { mentor, calendars } = receiver;
  const session = await step(mentor, await bookAny(student, mentor), "confirm");
  server.misbehave("close_after", /^POST .*events$/);
  await run();
  expect(entries(calendars[0])).toEqual([written(session)]);
  await step(student, session, "cancel");
  (await mentor.call("POST", `/me/calendar-connections/${receiver.connection.id}/sync`)).expect(200);
  expect(entries(calendars[0])).toHaveLength(1);
  expect(await isFree(receiver, session)).toBe(true);
  await test.db.owner.query("update connected_calendars set entries_due_at = now() where user_id = $1", [
    mentor.id,
  ]);
  await test.db.owner.query("update session_entries set due_at = now() where expert_id = $1", [mentor.id]);
  await test.db.owner.query("update graphile_worker._private_jobs set run_at = now()");
  await run();
  expect(entries(calendars[0])).toEqual([]);
});

it("what its owner moves or deletes is noticed; what we write ourselves is not, and takes no time", async () => {
  const receiver = await openReceiver();
  const session = await step(receiver.mentor, await bookAny(student, receiver.mentor), "confirm");
  await run();
  await read(receiver);
  expect(await questions(receiver)).toEqual([{ question: null, moved_to: null }]);
  const [calendar] = receiver.calendars;
  const later = (at: string) => ({
    dateTime: new Date(Date.parse(`${at.slice(0, 19)}Z`) + 14 * DAY_MS).toISOString().slice(0, 19),
    timeZone: "UTC",
  });
  const { id, start, end } = onlyEvent(calendar);
  server.edit(id, { start: later(start.dateTime), end: later(end.dateTime) });
  await read(receiver);
  const movedTo = new Date(Date.parse(session.starts_at) + 14 * DAY_MS);
  expect(await questions(receiver)).toEqual([{ question: "moved", moved_to: movedTo }]);
  server.edit(id, { start, end });
  await read(receiver);
  expect(await questions(receiver)).toEqual([{ question: null, moved_to: null }]);
  server.remove(id);
  await read(receiver);
  expect(await questions(receiver)).toMatchObject([{ question: "deleted" }]);
});
