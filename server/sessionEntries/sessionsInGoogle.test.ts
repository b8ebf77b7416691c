import { afterAll, beforeAll, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { calendarConnectionList } from "#contract/calendarConnections.ts";
import { openEntryQuestion } from "#contract/sessionEntries.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { bookAny, moveTo, readSlots } from "../testing/booking.ts";
import {
  type GoogleCalendarServer,
  googleScopes,
  startGoogleCalendarServer,
} from "../testing/googleCalendarServer.ts";
import { connectingTo, signInAtGoogle } from "../testing/googleConnecting.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let google: GoogleCalendarServer;
let test: TestApp;
let connecting: Connecting;
let student: Person;
beforeAll(async () => {
  google = await startGoogleCalendarServer();
  connecting = connectingTo(google);
  test = await openTestApp({ connecting });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(async () => {
  await test.close();
  await google.close();
});

const email = "asha@gmail.example";
const run = () => runJobs(test.db, { connecting });
const step = async (who: Person, { id }: Booking, action: string, body?: object) =>
  (await who.call("POST", `/bookings/${id}/${action}`, body)).expect(200).read(booking);
const events = () =>
  google.events(email, "primary").map(({ start, status }) => `${start?.dateTime} ${status}`);
const written = ({ starts_at }: Booking, status = "confirmed") => `${starts_at} ${status}`;
const freeStarts = async (mentor: Mentor) =>
  (await readSlots(test.visitor, mentor)).map(({ starts_at }) => starts_at);

it("sessions are there, move, make their mentor no busier, and what the owner does with them is asked about", async () => {
  const mentor = await test.makeMentor({ timezone: "Etc/UTC" });
  await signInAtGoogle(mentor, google, email);
  const { data } = (await mentor.call("GET", "/me/calendar-connections")).read(calendarConnectionList);
  const [connection] = data;
  const receives = { receives_sessions: true };
  (await mentor.call("PATCH", `/me/connected-calendars/${connection?.calendars[0]?.id}`, receives)).expect(
    200,
  );
  const read = async () => {
    (await mentor.call("POST", `/me/calendar-connections/${connection?.id}/sync`)).expect(200);
    await run();
  };
  const question = async ({ id }: Booking) =>
    (await mentor.call("GET", `/bookings/${id}/entry-question`)).read(openEntryQuestion).data;
  const answer = async (session: Booking, what: string) => {
    const given = { question_id: (await question(session))?.id, answer: what };
    (await mentor.call("POST", `/bookings/${session.id}/entry-question/answer`, given)).expect(204);
  };

  const asked = await bookAny(student, mentor);
  await run();
  expect(events()).toEqual([written(asked, "tentative")]);
  const agreed = await step(mentor, asked, "confirm");
  const to = (await freeStarts(mentor))[2] ?? "";
  const session = await step(student, agreed, "reschedule", moveTo(mentor, to));
  await run();
  expect(events()).toEqual([written(session)]);
  await read();
  expect(await question(session)).toBeNull();

  // Google gives the event a UID of its own.
  const [event] = google.events(email, "primary");
  expect(event?.iCalUID).not.toContain("@matepeak");
  const later = new Date(Date.parse(session.starts_at) + 3_600_000).toISOString();
  const end = new Date(Date.parse(later) + 3_600_000).toISOString();
  google.put(email, "primary", event?.id ?? "", { start: { dateTime: later }, end: { dateTime: end } });
  await read();
  expect(await question(session)).toMatchObject({ kind: "moved", moved_to: later });
  await answer(session, "put_back");
  await run();
  expect(events()).toEqual([written(session)]);

  google.put(email, "primary", event?.id ?? "", { status: "cancelled" });
  await read();
  expect(await question(session)).toMatchObject({ kind: "deleted" });
  await answer(session, "put_back");
  await run();
  expect(events()).toEqual([written(session)]);
  expect(google.events(email, "primary")[0]?.id).toBe(event?.id);

  await step(student, session, "cancel");
  await read();
  expect(events()).toEqual([]);
  expect(await freeStarts(mentor)).toContain(session.starts_at);
});

it("sessions wait while their calendar may only be read, and are written once their owner allows it", async () => {
  const mentor = await test.makeMentor({ timezone: "Etc/UTC" });
  const own = "ravi@gmail.example";
  await signInAtGoogle(mentor, google, own);
  google.narrow(own, [googleScopes.read]);
  const session = await bookAny(student, mentor);
  await run();
  const calendar = async () =>
    (await mentor.call("GET", "/me/calendar-connections")).read(calendarConnectionList).data[0]?.calendars[0];
  expect(google.events(own, "primary")).toEqual([]);
  expect(await calendar()).toMatchObject({ receives_sessions: true, sessions_problem: "forbidden" });
  await signInAtGoogle(mentor, google, own);
  await run();
  expect(google.events(own, "primary")).toMatchObject([{ start: { dateTime: session.starts_at } }]);
  expect(await calendar()).toMatchObject({ receives_sessions: true, sessions_problem: null });
});
