import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingLink, bookingPage } from "#contract/bookings.ts";
import { mentorRoom } from "#contract/meetings.ts";
import { bookAny, bookingOf, letEnd, moveBooking, readSlots } from "../testing/booking.ts";
import { readEvents } from "../testing/eventReader.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const room = { meeting_url: "https://meet.example.com/asha", meeting_note: "Passcode 1234" };
const nowhere = { meeting_url: null, meeting_note: null, meeting_from: null };

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ name: "Asha Rao" });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const setRoom = async (body: object = room) =>
  (await mentor.call("PUT", "/mentors/me/room", body)).expect(200).read(mentorRoom);
const read = async (who: Person, { id }: Booking) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const step = async (who: Person, { id }: Booking, action: string) =>
  (await who.call("POST", `/bookings/${id}/${action}`)).expect(200).read(booking);
const meetAt = (who: Person, { id }: Booking, body: object) =>
  who.call("PUT", `/bookings/${id}/meeting`, body);

async function agreed(): Promise<Booking> {
  return step(mentor, await bookAny(student, mentor), "confirm");
}

/** The value of a line of the calendar entry, unfolded. */
async function calendarLine(who: Person, { id }: Booking, name: string): Promise<string | undefined> {
  const { text } = (await who.call("GET", `/bookings/${id}/calendar.ics`)).expect(200);
  const lines = text.replaceAll("\r\n ", "").split("\r\n");
  return lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
}

describe("a mentor's room", () => {
  it("is set, read, changed and given up, each as often as one likes", async () => {
    const path = "/mentors/me/room";
    const none = { meeting_url: null, meeting_note: null };
    expect((await mentor.call("GET", path)).read(mentorRoom)).toEqual(none);
    expect(await setRoom()).toEqual(room);
    expect(await setRoom({ meeting_url: "HTTPS://Meet.Example.com", meeting_note: " " })).toEqual({
      meeting_url: "https://meet.example.com/",
      meeting_note: null,
    });
    expect((await mentor.call("GET", path)).read(mentorRoom).meeting_url).toBe("https://meet.example.com/");
    for (let again = 0; again < 2; again++) (await mentor.call("DELETE", path)).expect(204);
    expect((await mentor.call("GET", path)).read(mentorRoom)).toEqual(none);
  });

  it.each([
    ["http://meet.example.com/asha", "Use a full link that begins with https://."],
    ["javascript:alert(1)", "Use a full link that begins with https://."],
    ["meet.example.com/asha", "Use a full link that begins with https://."],
    ["https://", "Use a full link that begins with https://."],
    ["", "Please enter a link."],
    [`https://meet.example.com/${"x".repeat(500)}`, "Use at most 500 characters."],
    [`https://meet.example.com/${"é".repeat(200)}`, "Use at most 500 characters."],
    ["https://asha:secret@meet.example.com", "Remove the user name and password from the link."],
    ["https://good.example@evil.example", "Remove the user name and password from the link."],
  ])("is not %s", async (meeting_url, message) => {
    const problem = (await mentor.call("PUT", "/mentors/me/room", { meeting_url })).problem(
      "validation_failed",
    );
    expect(problem.errors).toEqual([{ field: "meeting_url", message }]);
    const session = await agreed();
    expect((await meetAt(mentor, session, { meeting_url })).problem("validation_failed").errors).toEqual([
      { field: "meeting_url", message },
    ]);
  });

  it("takes what browsers take for a host into the address as they spell it", async () => {
    const odd = await setRoom({ meeting_url: "https:\\\\meet.example.com\\@evil.example/ü" });
    expect(odd.meeting_url).toBe("https://meet.example.com/@evil.example/%C3%BC");
  });

  it("has no long note", async () => {
    const long = { meeting_url: room.meeting_url, meeting_note: "x".repeat(201) };
    const problem = (await mentor.call("PUT", "/mentors/me/room", long)).problem("validation_failed");
    expect(problem.errors?.[0]?.field).toBe("meeting_note");
  });
});

describe("where a session takes place", () => {
  it("is visible to both people and in both calendars once the session is confirmed, until it is cancelled", async () => {
    await setRoom();
    const asked = await bookAny(student, mentor);
    for (const who of [student, mentor]) expect(await read(who, asked)).toMatchObject(nowhere);
    expect(await calendarLine(student, asked, "LOCATION")).toBeUndefined();
    const confirmed = await step(mentor, asked, "confirm");
    expect(confirmed).toMatchObject({ ...room, meeting_from: "room" });
    for (const who of [student, mentor]) {
      expect(await read(who, asked)).toMatchObject({ ...room, meeting_from: "room" });
      expect(await calendarLine(who, asked, "LOCATION")).toBe(room.meeting_url);
      expect(await calendarLine(who, asked, "DESCRIPTION")).toContain("How to join: Passcode 1234");
    }
    const { data } = (await student.call("GET", "/bookings")).read(bookingPage);
    expect(data[0]).toMatchObject({ ...room, meeting_from: "room" });
    expect(await step(student, asked, "cancel")).toMatchObject(nowhere);
    expect(await read(mentor, asked)).toMatchObject(nowhere);
    expect(await calendarLine(student, asked, "LOCATION")).toBeUndefined();
  });

  it("is in the response to an instantly confirmed booking, also when the request is repeated", async () => {
    await setRoom();
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: true });
    const [slot] = await readSlots(student.call, mentor);
    const wanted = bookingOf(mentor, slot?.starts_at ?? "");
    for (let again = 0; again < 2; again++) {
      const answer = await student.call("POST", "/bookings", wanted, { "idempotency-key": "twice" });
      expect(answer.expect(201).read(booking)).toMatchObject({ ...room, meeting_from: "room" });
    }
  });

  it("is visible through the session's link too", async () => {
    await setRoom();
    const session = await agreed();
    for (const who of [student, mentor]) {
      const { url } = (await who.call("POST", `/bookings/${session.id}/link`)).read(bookingLink);
      const headers = { "booking-link": url.slice(url.indexOf("#") + 1) };
      const answer = await test.visitor("GET", `/bookings/${session.id}`, undefined, headers);
      expect(answer.read(booking)).toMatchObject({ ...room, meeting_from: "room" });
      // But it cannot be changed through the link: anyone who finds it could redirect the other party.
      (await test.visitor("PUT", `/bookings/${session.id}/meeting`, room, headers)).problem(
        "unauthenticated",
      );
    }
  });

  it("stays known for a day after the end, also when its mentor has closed it early", async () => {
    await setRoom();
    const session = await agreed();
    await letEnd(test.db, session.id, 30);
    expect(await step(mentor, session, "complete")).toMatchObject(nowhere);
    // Another agreed session shows the room again, but not for the one that is long over.
    const next = await agreed();
    expect(await read(student, next)).toMatchObject({ meeting_from: "room" });
    expect(await read(student, session)).toMatchObject(nowhere);
    await test.db.owner.query("set session_replication_role = replica");
    await test.db.owner.query(
      "update bookings set starts_at = now() - interval '90 minutes', ends_at = now() - interval '30 minutes' where id = $1",
      [session.id],
    );
    await test.db.owner.query("reset session_replication_role");
    expect(await read(student, session)).toMatchObject({ status: "completed", ...room });
  });

  it("can be another place for one session, with its own note; taken back, it is the room again", async () => {
    await setRoom();
    const session = await agreed();
    const before = await calendarLine(student, session, "SEQUENCE");
    const own = { meeting_url: "https://other.example.com/once", meeting_note: null };
    const changed = (await meetAt(mentor, session, { meeting_url: own.meeting_url }))
      .expect(200)
      .read(booking);
    expect(changed).toMatchObject({ ...own, meeting_from: "session" });
    expect(await read(student, session)).toMatchObject({ ...own, meeting_from: "session" });
    expect(await calendarLine(student, session, "LOCATION")).toBe(own.meeting_url);
    expect(await calendarLine(student, session, "SEQUENCE")).toBe(String(Number(before) + 1));
    const back = (await meetAt(mentor, session, { meeting_url: null, meeting_note: "Lost" })).read(booking);
    expect(back).toMatchObject({ ...room, meeting_from: "room" });
    // Another room is another place in the entry, so calendars must take the new one.
    await setRoom({ meeting_url: "https://new.example.com/" });
    expect(await read(student, session)).toMatchObject({ meeting_url: "https://new.example.com/" });
    expect(await calendarLine(student, session, "SEQUENCE")).toBe(String(Number(before) + 3));
  });

  it("can be set only by the mentor, until the session is over", async () => {
    const asked = await bookAny(student, mentor);
    (await meetAt(mentor, asked, room)).problem("invalid_transition");
    (await meetAt(student, asked, room)).problem("forbidden");
    const [stranger] = (await test.signUpCrowd(1)) as [Person];
    (await meetAt(stranger, asked, room)).problem("booking_not_found");
    await step(mentor, asked, "confirm");
    (await meetAt(student, asked, room)).problem("forbidden");
    (await meetAt(mentor, asked, room)).expect(200);
    await moveBooking(test.db, asked.id, -4);
    (await meetAt(mentor, asked, { meeting_url: null })).problem("invalid_transition");
  });

  it("is announced to the open pages of both parties", async () => {
    const [other] = (await test.signUpCrowd(1)) as [Person];
    await bookAny(other, mentor);
    const session = await agreed();
    const url = `${await test.listen()}/api/v1/me/events`;
    const watch = ({ token }: Person) => readEvents(url, { authorization: `Bearer ${token}` });
    const [students, others] = await Promise.all([watch(student), watch(other)]);
    for (const stream of [students, others]) {
      await stream.quiet();
      stream.clear();
    }
    await setRoom();
    await students.next(1, 5_000);
    students.clear();
    (await meetAt(mentor, session, { meeting_url: "https://other.example.com/" })).expect(200);
    await students.next(1, 5_000);
    await others.quiet();
    expect(others.events).toEqual([]);
    for (const stream of [students, others]) stream.close();
  });
});
