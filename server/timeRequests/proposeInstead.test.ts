import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingEvents } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { timeRequest, timeRequestPage } from "#contract/timeRequests.ts";
import { openCaps } from "#rules/limits.ts";
import { asMinutes } from "#scheduling/units.ts";
import { instantOf } from "#scheduling/zonedTime.ts";
import { bookAny, bookingOf, dateIn } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let stranger: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ windows: daily("09:00", "12:00") });
  [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

/** An instant on the mentor's clock; 20:00 lies outside the hours. */
function at(days: number, minuteOfDay = 20 * 60): string {
  return new Date(
    instantOf(mentor.profile.timezone, dateIn(mentor, days), asMinutes(minuteOfDay)),
  ).toISOString();
}

const propose = (who: Person, { id }: { id: string }, starts = [at(5)], message?: string) =>
  who.call("POST", `/bookings/${id}/propose`, { starts_at: starts, ...(message && { message }) });
const readBooking = async ({ id }: { id: string }) =>
  (await student.call("GET", `/bookings/${id}`)).read(booking);
const step = (who: Person, { id }: { id: string }, name: string) =>
  who.call("POST", `/bookings/${id}/${name}`);
const openRequests = async () =>
  (await mentor.call("GET", "/time-requests?as=mentor&status=open")).read(timeRequestPage).data;
const kinds = async (who: Person) =>
  (await who.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);

/** Offers the recording and books it, with a phone number and words. */
async function bookRecorded(): Promise<Booking> {
  await mentor.call("PATCH", `/mentors/me/services/${mentor.services[0]?.id}`, { recording_price: 300 });
  const body = bookingOf(mentor, at(3, 9 * 60), {
    add_recording: true,
    total_amount: 2300,
    message: "About my thesis",
    user_phone: "+91 98765 43210",
    user_name: "Ben C.",
  });
  return (await student.call("POST", "/bookings", body)).expect(201).read(booking);
}

it("declines the booking request, notifies the student, and books the accepted time with the original details", async () => {
  const asked = await bookRecorded();
  const request = (await propose(mentor, asked, [at(6), at(5)], "I travel that day."))
    .expect(201)
    .read(timeRequest);
  expect(request).toMatchObject({
    user_id: student.id,
    status: "open",
    awaiting: "student",
    round: 1,
    duration: 60,
    total_amount: 2300,
    message: "About my thesis",
    user_name: "Ben C.",
    reason: "I travel that day.",
    replaces_booking_id: asked.id,
  });
  expect(request.proposals.map(({ proposed_by, starts_at }) => [proposed_by, starts_at])).toEqual([
    ["mentor", at(5)],
    ["mentor", at(6)],
  ]);
  expect((await readBooking(asked)).status).toBe("cancelled");
  const { data: events } = (await student.call("GET", `/bookings/${asked.id}/events`)).read(bookingEvents);
  expect(events.at(-1)).toMatchObject({ actor: "mentor", reason: "The mentor suggested other times." });
  expect(await openRequests()).toEqual([request]);

  await runJobs(test.db);
  expect(await kinds(student)).toEqual(["time_request_proposed"]);
  expect(await kinds(mentor)).toEqual(["booking_requested"]);

  const body = { proposal_id: request.proposals[0]?.id };
  const accepted = (await student.call("POST", `/time-requests/${request.id}/accept`, body)).read(
    timeRequest,
  );
  expect(await readBooking({ id: accepted.booking_id ?? "" })).toMatchObject({
    starts_at: at(5),
    status: "confirmed",
    total_amount: 2300,
    add_recording: true,
    user_phone: "+91 98765 43210",
    user_name: "Ben C.",
    message: "About my thesis",
  });
  const { rowCount } = await test.db.owner.query("select from occupancies where expert_id = $1", [mentor.id]);
  expect(rowCount).toBe(1);
});

it("is not in the way of the student's own requests, nor they in its", async () => {
  const body = {
    expert_id: mentor.id,
    service_id: mentor.services[0]?.id,
    duration: 60,
    total_amount: 2000,
    starts_at: [at(9)],
  };
  const asked = await bookAny(student, mentor);
  (await student.call("POST", "/time-requests", body)).expect(201);
  (await propose(mentor, asked)).expect(201);
  expect(await openRequests()).toHaveLength(2);
  (await student.call("POST", "/time-requests", body)).problem("time_request_already_open");
});

it("doesn't count as one of the student's own requests, and works when these are at their limit", async () => {
  const capped = await openTestApp({ caps: "kept" });
  try {
    const cap = openCaps.time_requests;
    const [asker] = (await capped.signUpCrowd(1)) as [Person];
    const own = await capped.makeMentor({ windows: daily("09:00", "12:00") });
    const [first, second] = [await bookAny(asker, own), await bookAny(asker, own)];
    (await propose(own, first)).expect(201);
    const answers: number[] = [];
    for (let asked = 0; asked <= cap; asked++) {
      const other = await capped.makeMentor({ windows: daily("09:00", "12:00") });
      const body = {
        service_id: other.services[0]?.id,
        duration: 60,
        total_amount: 2000,
        starts_at: [at(9)],
      };
      answers.push((await asker.call("POST", "/time-requests", { expert_id: other.id, ...body })).status);
    }
    expect(answers.filter((status) => status === 201)).toHaveLength(cap);
    (await propose(own, second, [at(6)])).expect(201);
  } finally {
    await capped.close();
  }
});

describe("is refused", () => {
  it("to all but the booking's mentor", async () => {
    const asked = await bookAny(student, mentor);
    (await propose(student, asked)).problem("forbidden");
    (await propose(stranger, asked)).problem("booking_not_found");
    expect((await readBooking(asked)).status).toBe("pending");
  });

  it("for the request's own time, the past and taken time, and changes nothing", async () => {
    const asked = await bookAny(student, mentor);
    const other = await bookAny(stranger, mentor);
    const past = new Date(Date.now() - 60_000).toISOString();
    const wrong = [
      [asked.starts_at, "This is the time the student asked for."],
      [other.starts_at, "The mentor is busy at this time."],
      [past, "This time has passed."],
    ] as const;
    for (const [start, message] of wrong) {
      const problem = (await propose(mentor, asked, [at(5), start])).problem("validation_failed");
      expect(problem.errors).toEqual([{ field: "starts_at.1", message }]);
    }
    expect((await readBooking(asked)).status).toBe("pending");
    expect(await openRequests()).toEqual([]);
  });

  it("when the price has changed since the student requested", async () => {
    const asked = await bookAny(student, mentor);
    await mentor.call("PATCH", `/mentors/me/services/${mentor.services[0]?.id}`, {
      durations: [{ minutes: 60, price: 9000 }],
    });
    (await propose(mentor, asked)).problem("price_mismatch");
    expect((await readBooking(asked)).status).toBe("pending");
  });

  it.each(["confirm", "decline", "cancel"])("after a %s", async (name) => {
    const asked = await bookAny(student, mentor);
    (await step(name === "cancel" ? student : mentor, asked, name)).expect(200);
    (await propose(mentor, asked)).problem("invalid_transition");
  });

  it("in the database too, to all but the mentor", async () => {
    const asked = await bookAny(student, mentor);
    for (const [{ id }, finds] of [
      [student, false],
      [stranger, false],
      [mentor, true],
    ] as const) {
      const { rows } = await test.db.database.asSystem("a test", id, ({ client }) =>
        client.query(
          "select private.propose_instead(private.mentor_of_booking($1), $1, now() + interval '1 day', null, '') as id",
          [asked.id],
        ),
      );
      expect(rows[0].id !== null).toBe(finds);
    }
  });
});

it("half of a time touching the request's own is free: its time is given up", async () => {
  const asked = await bookAny(student, mentor);
  const half = new Date(Date.parse(asked.starts_at) + 30 * 60_000).toISOString();
  (await propose(mentor, asked, [half])).expect(201);
});

describe("concurrently", () => {
  const rivals: [name: string, rival: (asked: Booking) => ReturnType<typeof propose>][] = [
    ["a confirmation", (asked) => step(mentor, asked, "confirm")],
    ["the student's cancellation", (asked) => step(student, asked, "cancel")],
    ["a second tap", (asked) => propose(mentor, asked)],
  ];
  it.each(rivals)("with %s: exactly one wins", async (_name, rival) => {
    for (let round = 0; round < 5; round++) {
      const before = (await openRequests()).length;
      const asked = await bookAny(student, mentor);
      const [first, second] = await Promise.all(
        round % 2 ? [propose(mentor, asked), rival(asked)] : [rival(asked), propose(mentor, asked)],
      );
      const answers = [first!, second!];
      const lost = answers.filter(({ status }) => status >= 300);
      expect(lost).toHaveLength(1);
      lost[0]?.problem("invalid_transition");
      const proposed = answers.some(({ status }) => status === 201);
      expect((await openRequests()).length - before).toBe(proposed ? 1 : 0);
      const { status } = await readBooking(asked);
      if (proposed) expect(status).toBe("cancelled");
      if (status === "confirmed") (await step(student, asked, "cancel")).expect(200);
    }
  });
});
