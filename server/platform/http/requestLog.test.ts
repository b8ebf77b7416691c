import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { bookingOf, readSlots } from "../../testing/booking.ts";
import { captureLog } from "../../testing/logCapture.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";

const log = captureLog();
let test: TestApp;
let mentor: Mentor;
let student: Person;
let seenBefore = 0;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  mentor = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
});
beforeEach(() => {
  seenBefore = log.lines().length;
});
afterAll(() => test.close());

const linesOf = (id: unknown) =>
  log
    .lines()
    .slice(seenBefore)
    .filter(({ request_id }) => request_id === id);

describe("the id of a request", () => {
  it.each(["3f2c-trace-001", "Root:1-67891233", "a".repeat(64)])("%s is kept and returned", async (id) => {
    const { headers } = await test.visitor("GET", "/mentors", undefined, { "x-request-id": id });
    expect(headers["x-request-id"]).toBe(id);
    expect(linesOf(id)).toHaveLength(1);
  });

  it.each([
    ["short"],
    ["a".repeat(65)],
    ["with space in it"],
    ['"quoted-quoted"'],
    ["<script>alert</script>"],
  ])("%s is not taken over", async (id) => {
    const { headers } = await test.visitor("GET", "/mentors", undefined, { "x-request-id": id });
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is the same in the problem, the header and the log", async () => {
    const answer = await test.visitor("GET", "/me");
    const { request_id } = answer.problem("unauthenticated");
    expect(answer.headers["x-request-id"]).toBe(request_id);
    expect(linesOf(request_id)).toMatchObject([
      { route: "/api/v1/me", method: "GET", status: 401, code: "unauthenticated" },
    ]);
  });
});

describe("one line per request", () => {
  it("contains route, status and duration, but neither address nor query", async () => {
    const answer = await test.visitor("GET", `/mentors/${mentor.profile.username}?secretWord=1&q=Someone`);
    const lines = linesOf(answer.headers["x-request-id"]);
    expect(lines).toMatchObject([
      { level: 30, route: "/api/v1/mentors/:mentor", duration_ms: expect.any(Number) },
    ]);
    const written = JSON.stringify(lines);
    for (const word of ["secretWord", "Someone", mentor.profile.username, "127.0.0.1"]) {
      expect(written).not.toContain(word);
    }
  });

  it("is for debugging when a machine probes, and none of a route that does not exist is spelt out", async () => {
    const probe = await test.visitor("GET", "/healthz");
    expect(linesOf(probe.headers["x-request-id"])).toMatchObject([{ level: 20, route: "/healthz" }]);
    const lost = await test.visitor("GET", "/nowhere/my-own-name");
    expect(linesOf(lost.headers["x-request-id"])).toMatchObject([{ route: "none", status: 404 }]);
    expect(log.text()).not.toContain("my-own-name");
  });
});

describe("the guide's logging points", () => {
  const words = { message: "My daughter is ill", user_name: "Ravi Kumar", user_phone: "+91 22 1234 5678" };

  async function book(change: object = {}) {
    const [slot] = await readSlots(student.call, mentor);
    const body = { ...bookingOf(mentor, slot?.starts_at ?? ""), ...words, ...change };
    const answer = await student.call("POST", "/bookings", body);
    return { answer, body, lines: linesOf(answer.headers["x-request-id"]) };
  }

  it("a booking leaves attempt, created and the request's line, in that order", async () => {
    const { answer, body, lines } = await book();
    const { id, total_amount } = answer.expect(201).read(booking);
    expect(lines.map(({ msg }) => msg)).toEqual(["Booking attempt", "Booking created", "Request answered"]);
    expect(lines[0]).toMatchObject({
      student_id: student.id,
      mentor_id: mentor.id,
      service_type: "oneOnOneSession",
      scheduled_date: body.scheduled_date,
      scheduled_time: body.scheduled_time,
      // The line's own instant, and not the session's time of day.
      time: expect.any(Number),
    });
    expect(lines[1]).toMatchObject({ booking_id: id, total_amount });
  });

  it("a refusal is logged with its code and the requested values", async () => {
    const { answer, lines } = await book({ total_amount: 1 });
    answer.problem("price_mismatch");
    expect(lines.map(({ msg }) => msg)).toEqual(["Booking attempt", "Booking failed", "Request answered"]);
    expect(lines[1]).toMatchObject({ error: "price_mismatch", context: { mentor_id: mentor.id } });
  });

  it("no word of a person is in any of them", async () => {
    await book();
    await book({ total_amount: 1 });
    for (const word of [...Object.values(words), student.email, student.token, "user_name"]) {
      expect(log.text()).not.toContain(word);
    }
    // The twin: what is searched for would be found.
    expect(log.text()).toContain(student.id);
  });
});

it("a fault of the database is logged without the row's values", async () => {
  const name = "Somebody's own name";
  test.app.log.error(
    {
      err: Object.assign(new Error("duplicate key"), {
        code: "23505",
        detail: `Key (name)=(${name}) exists.`,
        constraint: "one_key",
      }),
    },
    "Request failed",
  );
  const [line] = log.lines().slice(-1);
  expect(line).toMatchObject({ err: { code: "23505", constraint: "one_key", message: "duplicate key" } });
  expect(JSON.stringify(line)).not.toContain(name);
});
