import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { calendarConnectionList } from "#contract/calendarConnections.ts";
import { notificationPage } from "#contract/notifications.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { bookAny, moveTo, readSlots } from "../testing/booking.ts";
import { type GoogleCalendarServer, startGoogleCalendarServer } from "../testing/googleCalendarServer.ts";
import { connectingTo, signInAtGoogle } from "../testing/googleConnecting.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import { openGoogleMeet } from "./googleMeet.ts";
import { openMeetings } from "./makers.ts";

const room = { meeting_url: "https://meet.example.com/asha", meeting_note: "Ring twice" };

let google: GoogleCalendarServer;
let test: TestApp;
let connecting: Connecting;
let student: Person;
let count = 0;
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

const meetings = () =>
  openMeetings(undefined, testSecret, undefined, openGoogleMeet(test.db.database, connecting));
const run = () => runJobs(test.db, { connecting, meetings: meetings() });
const onlyLinks = () => runJobs(test.db, { meetings: meetings() });
const read = async ({ id }: Booking, who = student) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const inbox = async (who: Person) =>
  (await who.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);

const step = async (who: Person, { id }: Booking, action: string, body?: object) =>
  (await who.call("POST", `/bookings/${id}/${action}`, body)).expect(200).read(booking);

/** A mentor whose sessions take place by Google Meet, and are written to a Google calendar. */
async function openMentor(): Promise<{ mentor: Mentor; email: string; calendarId: string }> {
  const email = `asha.${count++}@gmail.example`;
  const mentor = await test.makeMentor({ timezone: "Etc/UTC", settings: { instant_confirm: true } });
  await signInAtGoogle(mentor, google, email, "read");
  (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
  const place = () => mentor.call("PUT", "/mentors/me/meeting-place", { kind: "google_meet" });
  (await place()).problem("validation_failed");
  await signInAtGoogle(mentor, google, email);
  const [connection] = (await mentor.call("GET", "/me/calendar-connections")).read(
    calendarConnectionList,
  ).data;
  const calendarId = connection?.calendars[0]?.id ?? "";
  (await place()).expect(200);
  return { mentor, email, calendarId };
}

describe("a link by Google Meet", () => {
  it("is that of the session's entry, stays when it moves and goes with it", async () => {
    const { mentor, email } = await openMentor();
    const events = () => google.events(email, "primary");
    const booked = await bookAny(student, mentor);
    await run();
    const [event] = events();
    expect(events()).toMatchObject([
      { start: { dateTime: booked.starts_at }, location: event?.hangoutLink, status: "confirmed" },
    ]);
    expect(event?.hangoutLink).toMatch(/^https:\/\/meet\.google\.com\//);
    for (const who of [student, mentor])
      expect(await read(booked, who)).toMatchObject({
        meeting_url: event?.hangoutLink,
        meeting_from: "made",
      });

    const wanted = (await readSlots(test.visitor, mentor)).at(-1)?.starts_at ?? "";
    const moved = await step(student, booked, "reschedule", moveTo(mentor, wanted));
    await run();
    expect(events()).toMatchObject([
      { id: event?.id, start: { dateTime: moved.starts_at }, hangoutLink: event?.hangoutLink },
    ]);
    expect(await read(booked)).toMatchObject({ meeting_url: event?.hangoutLink });

    await step(student, moved, "cancel");
    await run();
    expect(events()).toEqual([]);
  });

  it("of a session that is cancelled before its entry was written leaves nothing", async () => {
    const { mentor, email } = await openMentor();
    const booked = await bookAny(student, mentor);
    await onlyLinks();
    expect(google.events(email, "primary")).toHaveLength(1);
    await step(student, booked, "cancel");
    await onlyLinks();
    expect(google.events(email, "primary")).toEqual([]);
  });

  it("is made again in another calendar that is chosen", async () => {
    const { mentor, email } = await openMentor();
    const booked = await bookAny(student, mentor);
    await run();
    const before = google.events(email, "primary")[0]?.hangoutLink;
    google.addCalendar(email, { id: "work@group.calendar.google.com", summary: "Work" });
    for (const update of [
      "update connected_calendars set read_fully_at = null where user_id = $1",
      "update calendar_connections set sync_due_at = now() where user_id = $1",
    ])
      await test.db.owner.query(update, [mentor.id]);
    await test.db.owner.query("select private.enqueue('sync_calendars', '{}')");
    await run();
    const [connection] = (await mentor.call("GET", "/me/calendar-connections")).read(
      calendarConnectionList,
    ).data;
    const work = connection?.calendars.find(({ name }) => name === "Work");
    const receives = { receives_sessions: true };
    (await mentor.call("PATCH", `/me/connected-calendars/${work?.id}`, receives)).expect(200);
    const wanted = (await readSlots(test.visitor, mentor)).at(-1)?.starts_at ?? "";
    await step(student, booked, "reschedule", moveTo(mentor, wanted));
    await run();
    expect(google.events(email, "primary")).toEqual([]);
    const [event] = google.events(email, "work@group.calendar.google.com");
    expect(event?.hangoutLink).toEqual(expect.any(String));
    expect(before).toEqual(expect.any(String));
    expect(await read(booked)).toMatchObject({ meeting_url: event?.hangoutLink });
  });

  it("is the mentor's own while Google refuses the login, and both are told", async () => {
    const { mentor } = await openMentor();
    google.forgetLogins();
    const booked = await bookAny(student, mentor);
    await onlyLinks();
    expect(await read(booked)).toMatchObject({ meeting_url: room.meeting_url, meeting_from: "room" });
    for (const who of [student, mentor]) expect(await inbox(who)).toContain("meeting_fell_back");
  });
});
