import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { calendarConnectionList } from "#contract/calendarConnections.ts";
import { notificationPage } from "#contract/notifications.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { bookAny, moveTo, readSlots } from "../testing/booking.ts";
import { type GoogleCalendarServer, startGoogleCalendarServer } from "../testing/googleCalendarServer.ts";
import { connectingTo, signInAtGoogle } from "../testing/googleConnecting.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
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

  describe("once another calendar receives the sessions", () => {
    const workId = "work@group.calendar.google.com";
    const eventsOf = (email: string, calendar = "primary") => google.events(email, calendar);

    /** A mentor with a session that has its link, and a second calendar. */
    async function openSession() {
      const opened = await openMentor();
      const { mentor, email, calendarId } = opened;
      google.addCalendar(email, { id: workId, summary: "Work" });
      await signInAtGoogle(mentor, google, email);
      const sync = [
        "update connected_calendars set read_fully_at = null where user_id = $1",
        "update calendar_connections set sync_due_at = now() where user_id = $1",
      ];
      for (const update of sync) await test.db.owner.query(update, [mentor.id]);
      const booked = await bookAny(student, mentor);
      await run();
      const [connection] = (await mentor.call("GET", "/me/calendar-connections")).read(
        calendarConnectionList,
      ).data;
      const work = connection?.calendars.find(({ name }) => name === "Work")?.id ?? "";
      const choose = async (id: string, receives_sessions = true) =>
        (await mentor.call("PATCH", `/me/connected-calendars/${id}`, { receives_sessions })).expect(200);
      const before = eventsOf(email)[0]?.hangoutLink;
      expect(await read(booked)).toMatchObject({ meeting_url: before });
      expect(before).toEqual(expect.any(String));
      return { ...opened, own: calendarId, work, connection, choose, booked, before };
    }
    const changesTold = async (who: Person, { id }: Booking) => {
      const { data } = (await who.call("GET", "/notifications")).read(notificationPage);
      return data.filter((each) => each.booking_id === id).map(({ kind }) => kind);
    };

    it("is made there, goes with the former, and its student is told, whichever job is first", async () => {
      for (const first of ["arrange_meeting", "write_session_entries"] as const) {
        const { mentor, email, work, choose, booked, before } = await openSession();
        await choose(work);
        const { rows } = await test.db.owner.query(
          "select occupancy_id, expert_id as mentor_id from bookings where id = $1",
          [booked.id],
        );
        await runTask(test.db, first, rows[0], { connecting, meetings: meetings() });
        await run();
        expect(eventsOf(email)).toEqual([]);
        expect(eventsOf(email, workId)).toHaveLength(1);
        const [event] = eventsOf(email, workId);
        expect(event).toMatchObject({ location: event?.hangoutLink, hangoutLink: expect.any(String) });
        expect(await read(booked)).toMatchObject({ meeting_url: event?.hangoutLink, meeting_from: "made" });
        expect(event?.hangoutLink).not.toBe(before);
        expect(await changesTold(student, booked)).toContain("meeting_changed");
        expect(await changesTold(mentor, booked)).not.toContain("meeting_changed");
      }
    });

    it("is the mentor's own room if none receives them, and is made again when there is one", async () => {
      const { mentor, email, own, choose, booked } = await openSession();
      await choose(own, false);
      await run();
      expect(eventsOf(email)).toEqual([]);
      expect(await read(booked)).toMatchObject({ meeting_url: room.meeting_url, meeting_from: "room" });
      for (const who of [student, mentor])
        expect(await changesTold(who, booked)).toContain("meeting_fell_back");
      await choose(own);
      await run();
      const [event] = eventsOf(email);
      expect(await read(booked)).toMatchObject({ meeting_url: event?.hangoutLink, meeting_from: "made" });
      for (const who of [student, mentor])
        expect(await changesTold(who, booked)).toContain("meeting_restored");
    });

    it("is mended if its calendar is chosen again after its entry had left", async () => {
      const { mentor, email, own, choose, booked } = await openSession();
      await choose(own, false);
      await runTask(test.db, "write_session_entries", { mentor_id: mentor.id }, { connecting });
      expect(eventsOf(email)).toEqual([]);
      await choose(own);
      await run();
      const [event] = eventsOf(email);
      expect(event?.hangoutLink).toEqual(expect.any(String));
      expect(await read(booked)).toMatchObject({ meeting_url: event?.hangoutLink });
    });

    it("is the mentor's own room once the calendar is disconnected", async () => {
      const { mentor, connection, booked } = await openSession();
      (await mentor.call("DELETE", `/me/calendar-connections/${connection?.id}`)).expect(204);
      await run();
      expect(await read(booked)).toMatchObject({ meeting_url: room.meeting_url, meeting_from: "room" });
    });

    it("is made as soon as Google allows writing again", async () => {
      const { mentor, email } = await openMentor();
      google.forgetLogins();
      const booked = await bookAny(student, mentor);
      await run();
      expect(await read(booked)).toMatchObject({ meeting_from: "room" });
      await signInAtGoogle(mentor, google, email);
      await run();
      expect(await read(booked)).toMatchObject({
        meeting_url: eventsOf(email)[0]?.hangoutLink,
        meeting_from: "made",
      });
    });
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
