import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { ownMeetingPlaces, type SetMeetingPlace, shownMeetingPlaces } from "#contract/meetings.ts";
import { bookAny, bookingOf, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const nothing = { caller: null, phone: null, address: null, map_url: null };
const place = {
  kind: "in_person",
  address: "12 MG Road\nBengaluru",
  map_url: "https://maps.example.com/?q=12",
} as const;

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ name: "Asha Rao", services: [{}, { title: "Walk" }] });
  [student] = (await test.signUpCrowd(1)) as [Person];
  await mentor.call("PUT", "/mentors/me/room", { meeting_url: "https://meet.example.com/asha" });
});
afterAll(() => test.close());

const choose = async (body: SetMeetingPlace) =>
  (await mentor.call("PUT", "/mentors/me/meeting-place", body)).expect(200).read(ownMeetingPlaces);
const serviceId = (index: number) => mentor.services[index]?.id ?? "";
const forService = (index: number) => `/mentors/me/services/${serviceId(index)}/meeting-place`;
const shown = async () =>
  (await test.visitor("GET", `/mentors/${mentor.profile.username}/meeting-places`))
    .expect(200)
    .read(shownMeetingPlaces);
const agreed = async () => {
  const asked = await bookAny(student, mentor);
  return (await mentor.call("POST", `/bookings/${asked.id}/confirm`)).expect(200).read(booking);
};
const calendarOf = async (who: Person, { id }: Booking) =>
  (await who.call("GET", `/bookings/${id}/calendar.ics`)).expect(200).text.replaceAll("\r\n ", "");

describe("how sessions take place", () => {
  it("is by the room until the mentor chooses, by default or for a service", async () => {
    const before = (await mentor.call("GET", "/mentors/me/meeting-places"))
      .expect(200)
      .read(ownMeetingPlaces);
    const byRoom = { kind: "link", ...nothing, shows_details: false };
    // Neither Zoom nor Jitsi is configured, and what a later version builds is hidden.
    expect(before).toEqual({ default: byRoom, services: [], offered: ["link", "phone", "in_person"] });
    await choose({ kind: "phone", caller: "mentor" });
    const walk = (await mentor.call("PUT", forService(1), place)).expect(200).read(ownMeetingPlaces);
    expect(walk).toMatchObject({
      default: { kind: "phone", caller: "mentor", phone: null },
      services: [{ ...nothing, ...place, service_id: serviceId(1), shows_details: false }],
    });
    // Of the first kind nothing is left.
    await mentor.call("PUT", forService(1), { kind: "phone", caller: "student", phone: "+91 98450 12345" });
    const changed = (await mentor.call("PUT", forService(1), { kind: "link" }))
      .expect(200)
      .read(ownMeetingPlaces);
    expect(changed.services).toMatchObject([{ kind: "link", ...nothing }]);
    const back = (await mentor.call("DELETE", forService(1))).expect(200).read(ownMeetingPlaces);
    expect(back.services).toEqual([]);
  });

  it.each([
    [{ kind: "zoom" }, "kind"],
    [{ kind: "google_meet" }, "kind"],
    [{ kind: "matepeak_room" }, "kind"],
    [{ kind: "phone", caller: "student" }, "phone"],
    [{ kind: "phone", caller: "student", phone: "call me" }, "phone"],
    [{ kind: "in_person" }, "address"],
    [{ kind: "in_person", address: " " }, "address"],
    [{ ...place, map_url: "http://maps.example.com" }, "map_url"],
    [{ ...place, address: "x".repeat(301) }, "address"],
    [{ kind: "link", phone: "+91 98450 12345" }, "phone"],
  ])("is not %j", async (body, field) => {
    const problem = (await mentor.call("PUT", "/mentors/me/meeting-place", body)).problem(
      "validation_failed",
    );
    expect(problem.errors?.[0]?.field).toBe(field);
  });

  it("is chosen for services of one's own", async () => {
    const other = await test.makeMentor();
    const path = `/mentors/me/services/${other.services[0]?.id}/meeting-place`;
    (await mentor.call("PUT", path, place)).problem("service_not_found");
    (await student.call("PUT", "/mentors/me/meeting-place", place)).problem("not_a_mentor");
  });

  it("is public, but numbers and addresses only if the mentor wants that", async () => {
    await choose({ kind: "phone", caller: "student", phone: "+91 98450 12345" });
    await mentor.call("PUT", forService(1), place);
    expect(await shown()).toEqual({
      default: { kind: "phone", ...nothing, caller: "student" },
      services: [{ kind: "in_person", ...nothing, service_id: serviceId(1) }],
    });
    await mentor.call("PUT", forService(1), { ...place, shows_details: true });
    expect((await shown()).services).toMatchObject([place]);
  });
});

describe("an agreed session", () => {
  it("has the address in full, in the page and the calendar, and no link to the room", async () => {
    await choose(place);
    const asked = await bookAny(student, mentor);
    expect(asked).toMatchObject({ meeting_place: null, meeting_url: null });
    expect(await calendarOf(student, asked)).not.toContain("MG Road");
    const session = (await mentor.call("POST", `/bookings/${asked.id}/confirm`)).expect(200).read(booking);
    expect(session).toMatchObject({ meeting_place: place, meeting_url: null, meeting_from: null });
    const entry = await calendarOf(student, session);
    expect(entry).toContain("LOCATION:12 MG Road\\, Bengaluru");
    expect(entry).toContain("Map: https://maps.example.com/?q=12");
    // A later choice is for later sessions.
    await choose({ kind: "link" });
    const read = (await student.call("GET", `/bookings/${session.id}`)).read(booking);
    expect(read).toMatchObject({ meeting_place: place, meeting_url: null });
    const cancelled = (await student.call("POST", `/bookings/${session.id}/cancel`))
      .expect(200)
      .read(booking);
    expect(cancelled.meeting_place).toBeNull();
  });

  it("says who calls whom, and on which number", async () => {
    await choose({ kind: "phone", caller: "student", phone: "+91 98450 12345" });
    const session = await agreed();
    expect(session.meeting_place).toMatchObject({ caller: "student", phone: "+91 98450 12345" });
    expect(await calendarOf(student, session)).toContain("LOCATION:you call Asha Rao on +91 98450 12345");
    expect(await calendarOf(mentor, session)).toMatch(/LOCATION:Student \d+ calls you on \+91 98450 12345/);
  });

  it("is told in the answer to an instant booking as well, also when it is repeated", async () => {
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: true });
    await choose(place);
    const [slot] = await readSlots(student.call, mentor);
    const wanted = bookingOf(mentor, slot?.starts_at ?? "");
    for (let again = 0; again < 2; again++) {
      const answer = await student.call("POST", "/bookings", wanted, { "idempotency-key": "twice" });
      expect(answer.expect(201).read(booking)).toMatchObject({
        status: "confirmed",
        meeting_place: place,
        meeting_url: null,
      });
    }
  });

  it("falls back to the room if what makes its link is not configured any more", async () => {
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: true });
    await test.db.owner.query("insert into meeting_places (expert_id, kind) values ($1, 'jitsi')", [
      mentor.id,
    ]);
    const session = await bookAny(student, mentor);
    await runJobs(test.db);
    const read = (await student.call("GET", `/bookings/${session.id}`)).read(booking);
    expect(read).toMatchObject({ meeting_from: "room", meeting_place: { kind: "jitsi" } });
  });
});
