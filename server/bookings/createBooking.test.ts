import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { quote } from "#contract/offers.ts";
import { serviceList } from "#contract/services.ts";
import { askSlots, book, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const recorded = { title: "Recorded", recording_price: 250.5 };

let test: TestApp;
let student: Person;
let other: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

const freeTimes = async (mentor: Mentor, duration = 60) =>
  (await readSlots(test.visitor, mentor, { duration })).map(({ time }) => time);

async function startAt(mentor: Mentor, time: string): Promise<string> {
  const slots = await readSlots(test.visitor, mentor, { include: "all" });
  return slots.find((slot) => slot.time === time)?.starts_at ?? "";
}

describe("the guide's test cases", () => {
  it("1: a complete booking", async () => {
    const mentor = await test.makeMentor({ name: "Asha Rao", settings: { headline: "Frontend lead" } });
    const page = await test.visitor("GET", `/mentors/${mentor.profile.username}`);
    const [offer] = serviceList.parse({ data: (page.json as { services: unknown }).services }).data;
    expect(offer).toMatchObject({ session_type: "oneOnOneSession" });
    const tomorrow = dateIn(mentor, 1);
    const slots = await readSlots(test.visitor, mentor, { from: tomorrow });
    expect(slots.map(({ time }) => time)).toContain("14:00");
    const asked = {
      expert_id: mentor.id,
      session_type: "oneOnOneSession",
      scheduled_date: tomorrow,
      scheduled_time: "14:00",
      duration: 60,
      message: "Need help with React",
      total_amount: 2000,
      user_name: "Ravi Kumar",
      user_email: "ravi@example.com",
      user_phone: "+91 98765 43210",
    };
    const made = (await student.call("POST", "/bookings", asked)).expect(201).read(booking);
    expect(made).toMatchObject({
      ...asked,
      user_id: student.id,
      service_id: offer?.id,
      service_title: offer?.title,
      starts_at: slots.find(({ time }) => time === "14:00")?.starts_at,
      status: "pending",
      currency: "INR",
      add_recording: false,
      student_timezone: "Asia/Kolkata",
      mentor_timezone: "Asia/Kolkata",
      mentor: { id: mentor.id, full_name: "Asha Rao", headline: "Frontend lead" },
    });
    expect(Date.parse(made.ends_at) - Date.parse(made.starts_at)).toBe(3_600_000);
    // The success page reads it again; so does the mentor.
    expect((await student.call("GET", `/bookings/${made.id}`)).read(booking)).toEqual(made);
    expect((await mentor.call("GET", `/bookings/${made.id}`)).read(booking)).toEqual(made);
  });

  it("2: a mentor without availability", async () => {
    expect(await freeTimes(await test.makeMentor({ windows: [] }))).toEqual([]);
  });

  it("3: a blocked date", async () => {
    const mentor = await test.makeMentor();
    expect((await freeTimes(mentor)).length).toBe(15);
    const start = await startAt(mentor, "10:00");
    await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 3), reason: "Holiday" });
    expect(await freeTimes(mentor)).toEqual([]);
    const refusal = (await student.call("POST", "/bookings", bookingOf(mentor, start))).problem(
      "slot_unavailable",
    );
    expect(refusal.detail).toBe("The mentor is away on that day.");
  });

  it("4: no second booking at 14:30 when 14:00 for an hour is taken", async () => {
    const mentor = await test.makeMentor();
    await book(student, mentor, await startAt(mentor, "14:00"));
    expect(await freeTimes(mentor)).not.toContain("14:30");
    const answer = await other.call("POST", "/bookings", bookingOf(mentor, await startAt(mentor, "14:30")));
    const { next_slots } = answer.problem("slot_taken");
    expect(next_slots?.map(({ time }) => time)).toEqual(["12:30", "13:00", "15:00", "15:30", "16:00"]);
    for (const slot of next_slots ?? []) {
      expect(slot).toMatchObject({ date: dateIn(mentor, 3), available: true });
      expect(new Date(slot.starts_at).getTime()).toBeGreaterThan(Date.now());
    }
    // What is suggested can be booked.
    await book(other, mentor, next_slots?.[2]?.starts_at ?? "");
  });

  it("5: longer sessions have fewer starts", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "12:00") });
    await book(student, mentor, await startAt(mentor, "10:00"), { duration: 30 });
    expect(await freeTimes(mentor, 30)).toEqual(["09:00", "09:30", "10:30", "11:00", "11:30"]);
    expect(await freeTimes(mentor, 60)).toEqual(["09:00", "10:30", "11:00"]);
    expect(await freeTimes(mentor, 90)).toEqual(["10:30"]);
    await book(student, mentor, await startAt(mentor, "10:30"), { duration: 90 });
    expect(await freeTimes(mentor, 30)).toEqual(["09:00", "09:30"]);
    expect(await freeTimes(mentor, 90)).toEqual([]);
  });
});

describe("the price", () => {
  it("is the service's; another one is refused with the right one", async () => {
    const mentor = await test.makeMentor({ services: [recorded] });
    const start = await startAt(mentor, "09:00");
    const wrong = await student.call("POST", "/bookings", bookingOf(mentor, start, { total_amount: 1 }));
    expect(wrong.problem("price_mismatch")).toMatchObject({ expected_amount: 2000, currency: "INR" });
    const body = bookingOf(mentor, start, { add_recording: true });
    const recording = (await student.call("POST", "/bookings", body)).problem("price_mismatch");
    expect(recording.expected_amount).toBe(2250.5);
    const made = await book(student, mentor, start, { add_recording: true, total_amount: 2250.5 });
    expect(made).toMatchObject({
      total_amount: 2250.5,
      add_recording: true,
      price_lines: [
        { kind: "session", amount: 2000 },
        { kind: "recording", amount: 250.5 },
      ],
    });
  });

  it("has no refund policy in its quote where students pay elsewhere", async () => {
    const mentor = await test.makeMentor();
    const body = { service_id: mentor.services[0]?.id, duration: 60 };
    const quoted = (await student.call("POST", `/mentors/${mentor.id}/quote`, body)).expect(200).read(quote);
    expect(quoted).toMatchObject({
      total: 2000,
      lines: [{ kind: "session", amount: 2000 }],
      refund_tiers: [],
    });
  });

  it("is the one of now: a price that the mentor raised meanwhile is not silently taken", async () => {
    const mentor = await test.makeMentor();
    const start = await startAt(mentor, "09:00");
    const path = `/mentors/me/services/${mentor.services[0]?.id}`;
    await mentor.call("PATCH", path, { durations: [{ minutes: 60, price: 2500 }] });
    const answer = await student.call("POST", "/bookings", bookingOf(mentor, start));
    expect(answer.problem("price_mismatch").expected_amount).toBe(2500);
  });
});

describe("the service", () => {
  it("can be chosen among several of one type, and is the first that has the length otherwise", async () => {
    const second = { title: "Second", durations: [{ minutes: 60, price: 5000 }] };
    const third = { title: "Third", durations: [{ minutes: 45, price: 700 }] };
    const mentor = await test.makeMentor({ services: [{}, second, third] });
    const [, { id: service_id }] = mentor.services as [unknown, { id: string }];
    const chosen = await book(student, mentor, await startAt(mentor, "09:00"), {
      service_id,
      serviceIndex: 1,
    });
    expect(chosen).toMatchObject({ service_title: "Second", total_amount: 5000, service_id });
    const first = await book(student, mentor, await startAt(mentor, "10:00"));
    expect(first.service_title).toBe("1:1 session");
    const only = await book(student, mentor, await startAt(mentor, "11:00"), {
      duration: 45,
      serviceIndex: 2,
    });
    expect(only.service_title).toBe("Third");
    const upper = { service_id: service_id.toUpperCase(), serviceIndex: 1 };
    expect((await book(student, mentor, await startAt(mentor, "12:00"), upper)).service_id).toBe(service_id);
  });

  it("must not be disabled or deleted", async () => {
    const mentor = await test.makeMentor({ services: [{ enabled: false }, { session_type: "chatAdvice" }] });
    const start = await startAt(mentor, "09:00");
    await mentor.call("DELETE", `/mentors/me/services/${mentor.services[1]?.id}`);
    for (const serviceIndex of [0, 1]) {
      const body = bookingOf(mentor, start, { serviceIndex });
      const problem = (await student.call("POST", "/bookings", body)).problem("validation_failed");
      expect(problem.errors?.[0]).toEqual({
        field: "session_type",
        message: "The mentor doesn’t offer this service.",
      });
    }
  });

  it("confirms instantly if the service, or by default the mentor, allows it", async () => {
    const services = [{}, { instant_confirm: false, session_type: "chatAdvice" as const }];
    const mentor = await test.makeMentor({ services, settings: { instant_confirm: true } });
    const sure = await book(student, mentor, await startAt(mentor, "09:00"));
    expect([sure.status, sure.expires_at]).toEqual(["confirmed", null]);
    const asked = await book(student, mentor, await startAt(mentor, "10:00"), { serviceIndex: 1 });
    expect(asked.status).toBe("pending");
    const inHours = (Date.parse(asked.expires_at ?? "") - Date.now()) / 3_600_000;
    expect(asked.expires_at === asked.starts_at || Math.abs(inHours - 48) < 0.1).toBe(true);
  });
});

describe("a group session", () => {
  const group = { session_type: "groupSession", title: "Group", capacity: 2 } as const;

  it.each([
    ["requests only", [null, null]],
    ["a confirmed seat first", ["first", null]],
    ["two confirmed seats", ["first", "second"]],
  ])("takes as many as it has seats: %s", async (_what, confirmed) => {
    const mentor = await test.makeMentor({ services: [group] });
    const start = await startAt(mentor, "09:00");
    const first = await book(student, mentor, start);
    if (confirmed[0]) (await mentor.call("POST", `/bookings/${first.id}/confirm`)).expect(200);
    const second = await book(other, mentor, start);
    if (confirmed[1]) (await mentor.call("POST", `/bookings/${second.id}/confirm`)).expect(200);
    const [third] = (await test.signUpCrowd(1)) as [Person];
    (await third.call("POST", "/bookings", bookingOf(mentor, start))).problem("slot_taken");
    (await student.call("POST", `/bookings/${first.id}/cancel`)).expect(200);
    await book(third, mentor, start);
  });

  it("gives the seat of a request that has run out to the next one", async () => {
    const mentor = await test.makeMentor({ services: [group] });
    const start = await startAt(mentor, "09:00");
    const first = await book(student, mentor, start);
    (await mentor.call("POST", `/bookings/${first.id}/confirm`)).expect(200);
    const second = await book(other, mentor, start);
    await test.db.owner.query("update bookings set expires_at = now() - interval '1 minute' where id = $1", [
      second.id,
    ]);
    const [third] = (await test.signUpCrowd(1)) as [Person];
    await book(third, mentor, start);
    expect((await other.call("GET", `/bookings/${second.id}`)).expect(200).read(booking).status).toBe(
      "cancelled",
    );
  });

  it("suggests sessions that still have a seat", async () => {
    const mentor = await test.makeMentor({ services: [group], windows: daily("09:00", "12:00") });
    await book(student, mentor, await startAt(mentor, "09:00"));
    await book(other, mentor, await startAt(mentor, "09:00"));
    await book(other, mentor, await startAt(mentor, "10:00"));
    const [third] = (await test.signUpCrowd(1)) as [Person];
    const answer = await third.call("POST", "/bookings", bookingOf(mentor, await startAt(mentor, "09:00")));
    const { next_slots } = answer.problem("slot_taken");
    // Today's hours may be suggested too, as far as they are not over.
    const [next] = next_slots?.filter(({ date }) => date === dateIn(mentor, 3)) ?? [];
    expect(next).toMatchObject({ time: "10:00" });
    await book(third, mentor, next?.starts_at ?? "");
  });
});

it("responds with 404 and 401 before anything else", async () => {
  const mentor = await test.makeMentor();
  const body = bookingOf(mentor, await startAt(mentor, "09:00"));
  (await test.visitor("POST", "/bookings", body)).problem("unauthenticated");
  (await student.call("POST", "/bookings", { ...body, expert_id: student.id })).problem("own_session");
  (await student.call("POST", "/bookings", { ...body, expert_id: other.id })).problem("mentor_not_found");
  (await askSlots(test.visitor, { ...mentor, id: other.id })).problem("mentor_not_found");
});
