import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import {
  attendees,
  groupSession,
  groupSessionList,
  ownGroupSessionList,
  roster,
} from "#contract/groupSessions.ts";
import { notificationPage } from "#contract/notifications.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { joinGroup, type OpenGroup, openGroup, schedule, shiftGroup } from "../testing/groups.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const find = async ({ mentor, session }: Pick<OpenGroup, "mentor" | "session">) =>
  (await test.visitor("GET", `/mentors/${mentor.id}/group-sessions/${session.id}`))
    .expect(200)
    .read(groupSession);
const pathOf = ({ session }: OpenGroup) => `/mentors/me/group-sessions/${session.id}`;
const decide = () => runTask(test.db, "decide_group_sessions");
const dueNow = (session: { id: string }) =>
  test.db.owner.query("update group_sessions set decide_at = now() where id = $1", [session.id]);
const seatOf = async (person: Person) =>
  ((await person.call("GET", "/bookings")).json as { data: { id: string; status: string }[] }).data[0]!;
const seesNames = async (person: Person) =>
  (await person.call("GET", `/bookings/${(await seatOf(person)).id}/attendees`)).expect(200).read(attendees)
    .names;

describe("the decision", () => {
  it("cancels nothing that has no minimum: neither an empty session nor an unanswered request", async () => {
    const empty = await openGroup(test);
    const asked = await openGroup(test, { people: 1, instant_confirm: false });
    for (const { session } of [empty, asked]) await dueNow(session);
    await decide();
    for (const open of [empty, asked]) expect(await find(open)).toMatchObject({ state: "on" });
    expect((await seatOf(asked.people[0]!)).status).toBe("pending");
    await joinGroup((await test.signUpCrowd(1))[0]!, empty.mentor, empty.session);
    await runJobs(test.db);
    const inbox = (await empty.mentor.call("GET", "/notifications")).read(notificationPage).data;
    expect(inbox.map(({ kind }) => kind)).not.toContain("group_confirmed");
  });

  it("is not brought forward past those who attend: requests and holds are no attendees", async () => {
    const open = await openGroup(test, { people: 3, instant_confirm: false, capacity: 3, min_attendees: 2 });
    await open.mentor.call("POST", `/bookings/${(await seatOf(open.people[0]!)).id}/confirm`);
    const early = { decide_minutes: 14 * 24 * 60 };
    const refused = (await open.mentor.call("PATCH", pathOf(open), early)).problem("validation_failed");
    expect(refused.errors).toMatchObject([{ field: "decide_minutes" }]);
    await open.mentor.call("POST", `/bookings/${(await seatOf(open.people[1]!)).id}/confirm`);
    (await open.mentor.call("PATCH", pathOf(open), early)).expect(200);
    await decide();
    expect(await find(open)).toMatchObject({ state: "on" });
  });

  it("can be at the start, and late: the session has begun by then", async () => {
    const open = await openGroup(test, { people: 1, min_attendees: 2, decide_minutes: 0 });
    await shiftGroup(test.db, open.session, "1 minute");
    await decide();
    expect(await find(open)).toMatchObject({ state: "cancelled", cancelled_because: "minimum" });
    expect((await seatOf(open.people[0]!)).status).toBe("cancelled");
  });

  it("and a booking at the same moment: a seat and a place, or neither", async () => {
    for (let round = 0; round < 3; round++) {
      const open = await openGroup(test, { people: 1, min_attendees: 2, opens_by_booking: false });
      const [late] = (await test.signUpCrowd(1)) as [Person];
      await dueNow(open.session);
      const [, answer] = await Promise.all([
        decide(),
        late.call("POST", "/bookings", bookingOf(open.mentor, open.session.starts_at)),
      ]);
      await decide();
      const { state, seats_taken } = await find(open);
      const statuses = [(await seatOf(open.people[0]!)).status];
      if (answer.status === 201) statuses.push((await seatOf(late)).status);
      else expect(["slot_taken", "slot_unavailable"]).toContain((answer.json as { code: string }).code);
      expect([state, seats_taken, new Set(statuses)]).toEqual(
        state === "on" ? ["on", 2, new Set(["confirmed"])] : ["cancelled", 0, new Set(["cancelled"])],
      );
    }
  });
});

describe("seats", () => {
  it("are never oversold while their number is cut and people book and leave", async () => {
    const open = await openGroup(test, { people: 2, capacity: 12 });
    const crowd = await test.signUpCrowd(16);
    const leaving = await seatOf(open.people[0]!);
    const answers = await Promise.all([
      ...crowd.map((person) => joinOrRefusal(person, open)),
      ...[8, 6, 4, 10].map((capacity) => open.mentor.call("PATCH", pathOf(open), { capacity })),
      open.people[0]!.call("POST", `/bookings/${leaving.id}/cancel`),
    ]);
    for (const { status } of answers) expect([200, 201, 409, 422]).toContain(status);
    const { capacity, seats_taken } = await find(open);
    expect(seats_taken).toBeLessThanOrEqual(capacity);
    const { seats } = (await open.mentor.call("GET", `${pathOf(open)}/roster`)).read(roster);
    expect(seats.length).toBe(seats_taken);
  });

  it("move with the session also when they are booked at that moment", async () => {
    const open = await openGroup(test, { people: 1, opens_by_booking: false });
    const crowd = await test.signUpCrowd(4);
    const to = { scheduled_date: dateIn(open.mentor, 12), scheduled_time: "20:00" };
    const [moved, ...answers] = await Promise.all([
      open.mentor.call("POST", `${pathOf(open)}/move`, to),
      ...crowd.map((person) => joinOrRefusal(person, open)),
    ]);
    const { starts_at } = moved.expect(200).read(groupSession);
    for (const [index, answer] of answers.entries()) {
      if (answer.status !== 201) continue;
      const { id } = await seatOf(crowd[index]!);
      const own = (await crowd[index]!.call("GET", `/bookings/${id}`)).read(booking);
      expect(own.starts_at).toBe(starts_at);
    }
    const taken = answers.filter(({ status }) => status === 201).length + 1;
    expect(await find(open)).toMatchObject({ seats_taken: taken, starts_at });
  });

  it("are cancelled with the session also when they are booked at that moment", async () => {
    const open = await openGroup(test, { people: 1, opens_by_booking: false });
    const crowd = await test.signUpCrowd(4);
    const [cancelled, ...answers] = await Promise.all([
      open.mentor.call("POST", `${pathOf(open)}/cancel`, {}),
      ...crowd.map((person) => joinOrRefusal(person, open)),
    ]);
    cancelled.expect(200);
    for (const [index, answer] of answers.entries())
      if (answer.status === 201) expect((await seatOf(crowd[index]!)).status).toBe("cancelled");
    expect(await find(open)).toMatchObject({ state: "cancelled", seats_taken: 0 });
  });

  function joinOrRefusal(person: Person, { mentor, session }: OpenGroup) {
    return person.call("POST", "/bookings", bookingOf(mentor, session.starts_at));
  }
});

describe("names", () => {
  it("are for attendees: not for a person whose request is unanswered", async () => {
    const open = await openGroup(test, { people: 2, instant_confirm: false });
    const [asking, shown] = open.people as [Person, Person];
    const { id } = await seatOf(shown);
    (await open.mentor.call("POST", `/bookings/${id}/confirm`)).expect(200);
    (await shown.call("PUT", `/bookings/${id}/name`, { shows_name: true })).expect(204);
    expect(await seesNames(asking)).toEqual([]);
    (await open.mentor.call("POST", `/bookings/${(await seatOf(asking)).id}/confirm`)).expect(200);
    expect(await seesNames(asking)).toEqual([shown.name]);
  });

  it("can be hidden again after the session", async () => {
    const open = await openGroup(test, { people: 2 });
    const [asking, shown] = open.people as [Person, Person];
    const path = `/bookings/${(await seatOf(shown)).id}/name`;
    (await shown.call("PUT", path, { shows_name: true })).expect(204);
    await shiftGroup(test.db, open.session, "3 hours");
    for (const person of [asking, shown])
      (await open.mentor.call("POST", `/bookings/${(await seatOf(person)).id}/complete`)).expect(200);
    expect(await seesNames(asking)).toEqual([shown.name]);
    const sent = await open.mentor.call("POST", `${pathOf(open)}/message`, { message: "Thank you all." });
    expect(sent.expect(200).json).toEqual({ seats: 2 });
    (await shown.call("PUT", path, { shows_name: false })).expect(204);
    expect(await seesNames(asking)).toEqual([]);
  });
});

describe("the mentor's own list", () => {
  it("leaves out dates of a weekly sequence, and says what each session earns", async () => {
    const { mentor, session } = await openGroup(test);
    const skipped = dateIn(mentor, 20);
    const first = await schedule(mentor, dateIn(mentor, 13), { weeks: 3, skipped_dates: [skipped] });
    const { data } = (await mentor.call("GET", "/mentors/me/group-sessions")).read(ownGroupSessionList);
    const days = data.map(({ starts_at }) =>
      Math.round((Date.parse(starts_at) - Date.parse(session.starts_at)) / 86_400_000),
    );
    expect(days).toEqual([0, 3, 17]);
    expect(data.map(({ revenue }) => revenue)).toEqual([0, 0, 0]);
    expect(first.is_scheduled).toBe(true);
    const body = {
      service_id: mentor.services[0]?.id,
      duration: 60,
      scheduled_date: skipped,
      scheduled_time: "08:00",
    };
    const none = await mentor.call("POST", "/mentors/me/group-sessions", {
      ...body,
      skipped_dates: [skipped],
    });
    expect(none.problem("validation_failed").errors?.[0]?.field).toBe("skipped_dates");
  });

  it("is not for visitors; what they read has no revenue", async () => {
    const { mentor, session } = await openGroup(test);
    (await test.visitor("GET", "/mentors/me/group-sessions")).problem("unauthenticated");
    const list = (await test.visitor("GET", `/mentors/${mentor.id}/group-sessions`)).read(groupSessionList);
    expect(list.data).toEqual([session]);
    expect(Object.keys((list as { data: object[] }).data[0]!)).not.toContain("revenue");
    expect((await readSlots(test.visitor, mentor)).length).toBeGreaterThan(0);
  });
});
