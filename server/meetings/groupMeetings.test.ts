/** One session has one meeting: the seats of a group and its mentor share it. */
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { calendarConnectionList } from "#contract/calendarConnections.ts";
import { joinEvents, type SetMeetingPlace } from "#contract/meetings.ts";
import { notificationPage } from "#contract/notifications.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { book, dateIn, moveTo, readSlots } from "../testing/booking.ts";
import { type GoogleCalendarServer, startGoogleCalendarServer } from "../testing/googleCalendarServer.ts";
import { connectingTo, signInAtGoogle } from "../testing/googleConnecting.ts";
import { runJobs } from "../testing/jobs.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import { startZoomServer, zoomKeys } from "../testing/zoomServer.ts";
import { openGoogleMeet } from "./googleMeet.ts";
import { openMeetings } from "./makers.ts";

const room = { meeting_url: "https://meet.example.com/asha", meeting_note: "Ring twice" };
const group = { session_type: "groupSession", title: "Circle", capacity: 3 } as const;
const hosts = ["one@example.com", "two@example.com"];
const config = {
  zoom: { ...zoomKeys, hosts },
  jitsi: {
    url: "https://jitsi.example.com",
    token: { appId: "matepeak", secret: "a secret of the Jitsi server, long enough" },
  },
};
const email = "asha@gmail.example";

let test: TestApp;
let zoom: Awaited<ReturnType<typeof startZoomServer>>;
let google: GoogleCalendarServer;
let connecting: Connecting;
let mentor: Mentor;
let students: [Person, Person, Person];
let starts: string[];
beforeAll(async () => {
  [zoom, google] = await Promise.all([startZoomServer(hosts), startGoogleCalendarServer()]);
  connecting = connectingTo(google);
  test = await openTestApp({ meetings: config, connecting });
});
afterAll(async () => {
  await test.close();
  await Promise.all([zoom.close(), google.close()]);
});
beforeEach(async () => {
  await test.db.owner.query("delete from private.made_meetings; delete from graphile_worker._private_jobs");
  zoom.meetings.length = 0;
  mentor = await test.makeMentor({
    name: "Asha Rao",
    services: [group],
    settings: { instant_confirm: true },
  });
  students = (await test.signUpCrowd(3)) as typeof students;
  (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
  const slots = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 3), to: dateIn(mentor, 5) });
  starts = slots.map(({ starts_at }) => starts_at);
});

const choose = async (place: SetMeetingPlace) =>
  (await mentor.call("PUT", "/mentors/me/meeting-place", place)).expect(200);
const meetings = () =>
  openMeetings(config, testSecret, zoom.addresses, openGoogleMeet(test.db.database, connecting));
const run = () => runJobs(test.db, { meetings: meetings(), connecting });
/** Runs also what waits for its turn. */
async function runLater() {
  await test.db.owner.query(
    "update graphile_worker._private_jobs set run_at = now(); update private.made_meetings set leased_until = now() where lease is not null",
  );
  await run();
}
const join = (seat: number) => book(students[seat] as Person, mentor, starts[0] ?? "");
const read = async ({ id }: Pick<Booking, "id">, who: Person) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const linkOf = async (booked: Booking, who: Person) => (await read(booked, who)).meeting_url;
/** What each person of these seats sees: the student, then the mentor. */
const linksOf = (seats: Booking[]) =>
  Promise.all(
    seats.flatMap((seat, index) => [linkOf(seat, students[index] as Person), linkOf(seat, mentor)]),
  );
const step = async (who: Person, { id }: Booking, action: string, body?: object) =>
  (await who.call("POST", `/bookings/${id}/${action}`, body)).expect(200).read(booking);
const inbox = async (who: Person) =>
  (await who.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);
const countMade = async () => {
  const { rows } = await test.db.owner.query("select from private.made_meetings");
  return rows.length;
};

describe("a group that meets by Zoom", () => {
  beforeEach(() => choose({ kind: "zoom" }));

  it("has one meeting, which names no student, and which a later seat gets", async () => {
    const two = await Promise.all([join(0), join(1)]);
    await Promise.all([run(), run()]);
    await runLater();
    expect(zoom.meetings).toHaveLength(1);
    const [meeting] = zoom.meetings;
    expect(meeting?.topic).toBe("Circle: Asha Rao");
    expect(new Set(await linksOf(two))).toEqual(new Set([meeting?.join_url]));

    zoom.calls.length = 0;
    const all = [...two, await join(2)];
    await run();
    expect(new Set(await linksOf(all))).toEqual(new Set([meeting?.join_url]));
    expect(await read(all[2] as Booking, students[2])).toMatchObject({
      meeting_note: `Passcode ${meeting?.password}`,
      meeting_from: "made",
    });
    // So Zoom's failure would not take the others' link away.
    expect(zoom.calls).toEqual([]);
  });

  it("twin: a seat that it is not shared with stays in the room", async () => {
    const seats = [await join(0)];
    await run();
    await whileRewritten(test.db, ["private.claim_meeting", "then 'share'"], "then 'none'", async () => {
      seats.push(await join(1));
      await run();
    });
    const links = [zoom.meetings[0]?.join_url, room.meeting_url];
    expect(await linksOf(seats)).toEqual(links.flatMap((link) => [link, link]));
  });

  it("says who came to the seat's own people, and to the others nothing", async () => {
    const two = [await join(0), await join(1)] as const;
    await run();
    const report = (address: string, name: string) =>
      test.db.owner.query("select private.record_zoom_event($1, 'zoom_joined', $2, $3, now(), 100)", [
        zoom.meetings[0]?.id,
        address,
        name,
      ]);
    await report(students[0].email, "One");
    await report(mentor.email, "Asha");
    await report("", "A stranger");
    const partiesOf = async (seat: Booking, who: Person) =>
      (await who.call("GET", `/bookings/${seat.id}/joins`))
        .expect(200)
        .read(joinEvents)
        .data.map(({ party, name }) => [party, name]);
    expect(await partiesOf(two[0], students[0])).toEqual([
      ["student", null],
      ["mentor", null],
    ]);
    expect(await partiesOf(two[1], students[1])).toEqual([["mentor", null]]);
  });

  it("keeps it for the others when its first seat leaves, until the last one does", async () => {
    const two = [await join(0), await join(1)] as const;
    await run();
    const [meeting] = zoom.meetings;
    const before = await read(two[1], students[1]);
    await step(students[0], two[0], "cancel");
    await run();
    expect(zoom.meetings).toEqual([meeting]);
    expect(await read(two[1], students[1])).toEqual(before);
    await step(students[1], two[1], "cancel");
    await run();
    expect(zoom.meetings).toEqual([]);
    expect(await countMade()).toBe(0);
  });

  it("is left by a seat that moves, which gets another; the last one that moves takes it along", async () => {
    const two = [await join(0), await join(1)] as const;
    await run();
    const [meeting] = zoom.meetings;
    const moved = await step(students[0], two[0], "reschedule", moveTo(mentor, starts.at(-1) ?? ""));
    // Not the link of the session that was left.
    expect(moved).toMatchObject(room);
    await run();
    expect(zoom.meetings).toHaveLength(2);
    expect(await linkOf(two[1], students[1])).toBe(meeting?.join_url);
    expect(await linkOf(two[0], students[0])).toBe(zoom.meetings[1]?.join_url);

    const alone = await step(students[1], two[1], "reschedule", moveTo(mentor, starts.at(-3) ?? ""));
    await run();
    expect(zoom.meetings[0]).toMatchObject({
      id: meeting?.id,
      start_time: alone.starts_at.replace(".000", ""),
    });
    expect(await linkOf(two[1], students[1])).toBe(meeting?.join_url);

    // To the other one's session, whose meeting is there: its own ends.
    await step(students[1], two[1], "reschedule", moveTo(mentor, starts.at(-1) ?? ""));
    await run();
    expect(zoom.meetings).toHaveLength(1);
    expect(new Set(await linksOf([...two]))).toEqual(new Set([zoom.meetings[0]?.join_url]));
    expect(await countMade()).toBe(1);
  });

  it("falls back to the room for all, tells each once, and comes back for all", async () => {
    const two = [await join(0), await join(1)];
    for (let failure = 1; failure <= 5; failure++) {
      zoom.misbehave("fail_before", /POST \/users/);
      await runLater();
    }
    expect(new Set(await linksOf(two))).toEqual(new Set([room.meeting_url]));
    const told = async (kind: string) =>
      Promise.all(
        [students[0], students[1], mentor].map(
          async (who) => (await inbox(who)).filter((each) => each === kind).length,
        ),
      );
    expect(await told("meeting_fell_back")).toEqual([1, 1, 1]);
    await runLater();
    expect(new Set(await linksOf(two))).toEqual(new Set([zoom.meetings[0]?.join_url]));
    expect(await told("meeting_restored")).toEqual([1, 1, 1]);
  });

  it("stays by Zoom for those who come after its mentor has chosen another way", async () => {
    const first = await join(0);
    await run();
    await choose({ kind: "jitsi" });
    const second = await join(1);
    await run();
    expect(second.meeting_place).toMatchObject({ kind: "zoom" });
    expect(new Set(await linksOf([first, second]))).toEqual(new Set([zoom.meetings[0]?.join_url]));
  });

  it("is remade if a request is accepted while the meeting of the last seat is removed", async () => {
    const first = await join(0);
    await run();
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: false });
    const asked = await join(1);
    await step(students[0], first, "cancel");
    await run();
    expect(zoom.meetings).toEqual([]);
    (await mentor.call("POST", `/bookings/${asked.id}/confirm`)).expect(200);
    await run();
    expect(zoom.meetings).toHaveLength(1);
    expect(await linkOf(asked, students[1])).toBe(zoom.meetings[0]?.join_url);
  });
});

it("a group that meets by Jitsi has one room, and each student a token of their own", async () => {
  await choose({ kind: "jitsi" });
  const first = await join(0);
  await run();
  const alone = await linkOf(first, students[0]);
  const two = [first, await join(1)];
  await run();
  const links = (await linksOf(two)).map((link) => new URL(link ?? ""));
  expect(links[0]?.href).toBe(alone);
  expect(new Set(links.map(({ pathname }) => pathname)).size).toBe(1);
  const people = links.map((link) => {
    const { moderator, context } = decodeJwt<{ moderator: boolean; context: { user: { name: string } } }>(
      link.searchParams.get("jwt") ?? "",
    );
    return [context.user.name, moderator];
  });
  const [one, other] = await Promise.all(two.map((seat) => read(seat, mentor)));
  expect(people).toEqual([
    [one?.user_name, false],
    ["Asha Rao", true],
    [other?.user_name, false],
    ["Asha Rao", true],
  ]);
});

it("a group that meets by Google Meet has its room in its one entry, also after a seat was left", async () => {
  await signInAtGoogle(mentor, google, email);
  const [connection] = (await mentor.call("GET", "/me/calendar-connections")).read(
    calendarConnectionList,
  ).data;
  const calendar = `/me/connected-calendars/${connection?.calendars[0]?.id}`;
  (await mentor.call("PATCH", calendar, { receives_sessions: true })).expect(200);
  await choose({ kind: "google_meet" });
  const rooms = () =>
    google
      .events(email, "primary")
      .filter(({ hangoutLink }) => hangoutLink !== undefined)
      .map(({ hangoutLink, start }) => ({ hangoutLink, at: start?.dateTime }));

  const first = await join(0);
  await run();
  // What the calendar shows of the session makes its mentor no busier.
  await test.db.owner.query("update calendar_connections set sync_due_at = now()");
  await test.db.owner.query("select private.enqueue('sync_calendars', '{}')");
  await run();
  const { rows: objects } = await test.db.owner.query("select ref from connected_objects");
  expect(objects).toHaveLength(1);
  const { rows: busy } = await test.db.owner.query("select from connected_events");
  expect(busy).toEqual([]);
  const two = [first, await join(1)] as const;
  await run();
  const [made] = rooms();
  expect(google.events(email, "primary")).toHaveLength(1);
  expect(rooms()).toEqual([{ hangoutLink: expect.any(String), at: starts[0] }]);
  expect(new Set(await linksOf([...two]))).toEqual(new Set([made?.hangoutLink]));

  await step(students[0], two[0], "cancel");
  await run();
  expect(rooms()).toEqual([made]);
  const moved = await step(students[1], two[1], "reschedule", moveTo(mentor, starts.at(-1) ?? ""));
  await run();
  expect(rooms()).toEqual([{ ...made, at: moved.starts_at }]);
  expect(await linkOf(two[1], students[1])).toBe(made?.hangoutLink);

  // In another calendar the group has another room, and nothing is left in the former.
  const work = "work@group.calendar.google.com";
  google.addCalendar(email, { id: work });
  await signInAtGoogle(mentor, google, email);
  await test.db.owner.query("update connected_calendars set read_fully_at = null");
  await run();
  const [now] = (await mentor.call("GET", "/me/calendar-connections")).read(calendarConnectionList).data;
  const other = now?.calendars.find(({ name }) => name === work)?.id;
  (await mentor.call("PATCH", `/me/connected-calendars/${other}`, { receives_sessions: true })).expect(200);
  await run();
  expect(google.events(email, "primary")).toEqual([]);
  const [room] = google.events(email, work).filter(({ hangoutLink }) => hangoutLink !== undefined);
  expect(room?.hangoutLink).not.toBe(made?.hangoutLink);
  expect(await linkOf(two[1], students[1])).toBe(room?.hangoutLink);
  await step(students[1], two[1], "cancel");
  await run();
  expect(google.events(email, work)).toEqual([]);
});

describe("a link that the mentor of a group sets by hand", () => {
  const own = { meeting_url: "https://meet.example.com/once", meeting_note: "By the side door" };
  const set = async (seat: Booking, body: object = own) =>
    (await mentor.call("PUT", `/bookings/${seat.id}/meeting`, body)).expect(200);
  const meetings = async (seats: readonly (readonly [Person, Booking])[]) =>
    Promise.all(
      seats.map(async ([person, { id }]) => {
        const { meeting_url, meeting_note, meeting_from } = (
          await person.call("GET", `/bookings/${id}`)
        ).read(booking);
        return { meeting_url, meeting_note, meeting_from };
      }),
    );
  const ofSession = { ...own, meeting_from: "session" };

  it("is that of all seats, also of later ones, until it is taken away", async () => {
    const two = [await join(0), await join(1)] as const;
    await set(two[0]);
    const answer = await join(2);
    expect(answer).toMatchObject(ofSession);
    const seats = [
      [students[0], two[0]],
      [students[1], two[1]],
      [students[2], answer],
    ] as const;
    expect(await meetings(seats)).toEqual([ofSession, ofSession, ofSession]);
    await set(two[1], { meeting_url: null });
    const byRoom = { ...room, meeting_from: "room" };
    expect(await meetings(seats)).toEqual([byRoom, byRoom, byRoom]);
  });

  it("goes before the one that was made, which comes back; a seat that leaves for another session loses it", async () => {
    await choose({ kind: "zoom" });
    const two = [await join(0), await join(1)] as const;
    await run();
    const [made] = await linksOf([...two]);
    await set(two[0]);
    expect(new Set(await linksOf([...two]))).toEqual(new Set([own.meeting_url]));
    const moved = await step(students[1], two[1], "reschedule", moveTo(mentor, starts.at(-1) ?? ""));
    expect(moved.meeting_url).not.toBe(own.meeting_url);
    await run();
    expect(await linkOf(two[1], students[1])).not.toBe(own.meeting_url);
    expect(await linkOf(two[0], students[0])).toBe(own.meeting_url);
    await set(two[0], { meeting_url: null });
    expect(await linkOf(two[0], students[0])).toBe(made);
  });

  it("would be that of one seat alone, if the group did not know it (twin)", async () => {
    const two = [await join(0), await join(1)] as const;
    await whileRewritten(
      test.db,
      ["public.set_booking_meeting", "locked.group_session_id is not null"],
      "false",
      () => set(two[0]),
    );
    expect(await linksOf([...two])).toEqual([
      own.meeting_url,
      own.meeting_url,
      room.meeting_url,
      room.meeting_url,
    ]);
    expect((await join(2)).meeting_url).toBe(room.meeting_url);
  });
});
