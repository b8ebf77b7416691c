import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking, type CreateBooking } from "#contract/bookings.ts";
import type { ErrorCode } from "#contract/errors.ts";
import { bookAny, bookingOf, dateIn, readSlots } from "./testing/booking.ts";
import { captureLog } from "./testing/logCapture.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  password,
  type TestApp,
  testSecret,
} from "./testing/testApp.ts";

const log = captureLog();
let test: TestApp;
let mentor: Mentor;
let student: Person;
let good: CreateBooking;
let theirs: Booking;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  mentor = await test.makeMentor();
  student = await test.signUp("Ravi");
  const [other] = (await test.signUpCrowd(1)) as [Person];
  theirs = await bookAny(other, mentor);
  const [slot] = await readSlots(student.call, mentor);
  good = bookingOf(mentor, slot?.starts_at ?? "");
});
afterAll(() => test.close());

/** Asks, expects a refusal, and that nothing was written. Answers the field that is blamed. */
async function refused(ask: () => ReturnType<Person["call"]>, code: ErrorCode): Promise<string | undefined> {
  const before = await test.countRows();
  const answer = await ask();
  const problem = answer.problem(code);
  expect(problem.detail.length).toBeGreaterThan(5);
  expect(await test.countRows()).toEqual(before);
  for (const error of problem.errors ?? []) expect(error.message.length).toBeGreaterThan(5);
  return problem.errors?.[0]?.field;
}

describe("a booking request with", () => {
  const wrong: [what: string, change: object, field: string, code?: ErrorCode][] = [
    ["a malformed date", { scheduled_date: "23.11.2026" }, "scheduled_date"],
    ["30 February", { scheduled_date: "2027-02-30" }, "scheduled_date"],
    ["a date of year 0", { scheduled_date: "0000-01-01" }, "scheduled_date"],
    ["the last date there is", { scheduled_date: "9999-12-31" }, "scheduled_date"],
    ["a malformed time", { scheduled_time: "2 pm" }, "scheduled_time"],
    ["25:00", { scheduled_time: "25:00" }, "scheduled_time"],
    ["24:00", { scheduled_time: "24:00" }, "scheduled_time"],
    ["other digits", { scheduled_time: "१४:००" }, "scheduled_time"],
    ["a zone that does not exist", { timezone: "Asia/Atlantis" }, "timezone"],
    ["an offset for a zone", { timezone: "+05:30" }, "timezone"],
    ["a malformed instant", { starts_at: "yesterday" }, "starts_at"],
    ["an instant of year 0", { starts_at: "0000-01-01T00:00:00Z" }, "starts_at"],
    ["an instant that is not its date and time", { starts_at: "2027-01-01T00:00:00Z" }, "starts_at"],
    ["a duration the service does not have", { duration: 45 }, "duration"],
    ["a negative duration", { duration: -60 }, "duration"],
    ["half a minute", { duration: 60.5 }, "duration"],
    ["a duration of ages", { duration: 1e308 }, "duration"],
    ["a duration in words", { duration: "60" }, "duration"],
    ["a price that differs", { total_amount: 1999 }, "total_amount", "price_mismatch"],
    ["a price of a third of a paisa", { total_amount: 2000.001 }, "total_amount"],
    ["a negative price", { total_amount: -2000 }, "total_amount"],
    ["a huge price", { total_amount: 1e300 }, "total_amount"],
    ["an unknown service", { service_id: randomUUID() }, "service_id"],
    ["a service of another kind", { session_type: "chatAdvice" }, "session_type"],
    ["a kind that does not exist", { session_type: "lunch" }, "session_type"],
    ["a recording that is not offered", { add_recording: true }, "add_recording"],
    ["no mentor", { expert_id: undefined }, "expert_id"],
    ["a mentor that is no id", { expert_id: "1 or 1=1" }, "expert_id"],
    ["an array for a text", { message: ["a"] }, "message"],
    ["an object for a text", { message: { $gt: "" } }, "message"],
    ["a NUL character", { message: "a\u0000b" }, "message"],
    ["a text of 100,000 characters", { message: "x".repeat(100_000) }, "message"],
    ["a bad e-mail address", { user_email: "ravi" }, "user_email"],
    ["a bad phone number", { user_phone: "call me" }, "user_phone"],
    ["a status", { status: "confirmed" }, "status"],
    ["another person as its student", { user_id: randomUUID() }, "user_id"],
    ["an unknown field", { constructor: 1 }, "constructor"],
  ];
  it.each(wrong)(
    "%s is rejected, naming the field",
    async (_what, change, field, code = "validation_failed") => {
      expect(await refused(() => student.call("POST", "/bookings", { ...good, ...change }), code)).toBe(
        field,
      );
    },
  );

  it("a past date is refused", async () => {
    const past = { ...good, scheduled_date: dateIn(mentor, -1) };
    expect(await refused(() => student.call("POST", "/bookings", past), "slot_unavailable")).toBe(
      "scheduled_time",
    );
  });

  it("an unknown mentor is not found", async () => {
    await refused(
      () => student.call("POST", "/bookings", { ...good, expert_id: randomUUID() }),
      "mentor_not_found",
    );
  });

  it("an Idempotency-Key of 300 characters, or of none, is refused", async () => {
    for (const key of ["k".repeat(300), ""]) {
      const ask = () => student.call("POST", "/bookings", good, { "idempotency-key": key });
      expect(await refused(ask, "validation_failed")).toBe("idempotency-key");
    }
  });
});

describe("a body that is", () => {
  const bodies: [what: string, body: unknown, type: string, code: ErrorCode, field?: string][] = [
    ["10 MB long", JSON.stringify({ message: "x".repeat(10_000_000) }), "application/json", "body_too_large"],
    ["broken JSON", '{"expert_id":', "application/json", "malformed_request"],
    ["no JSON at all", "expert_id=1", "application/json", "malformed_request"],
    ["a form", "expert_id=1", "application/x-www-form-urlencoded", "unsupported_media_type"],
    ["plain text", "{}", "text/plain", "unsupported_media_type"],
    ["XML", "<booking/>", "application/xml", "unsupported_media_type"],
    ["of a type that is none", "{}", "json", "unsupported_media_type"],
    [
      "an attempt on the prototype",
      '{"__proto__":{"isAdmin":true}}',
      "application/json",
      "malformed_request",
    ],
    ["another one", '{"constructor":{"prototype":{"a":1}}}', "application/json", "malformed_request"],
    ["an array", "[]", "application/json", "validation_failed", "body"],
    ["a word", '"hello"', "application/json", "validation_failed", "body"],
    ["null", "null", "application/json", "validation_failed", "body"],
    ["nothing", "", "application/json", "validation_failed", "body"],
    [
      "nested too deeply",
      "[".repeat(50_000) + "]".repeat(50_000),
      "application/json",
      "validation_failed",
      "body",
    ],
  ];
  it.each(bodies)("%s is refused", async (_what, body, type, code, field) => {
    const ask = () => student.call("POST", "/bookings", body, { "content-type": type });
    expect(await refused(ask, code)).toBe(field);
  });
});

describe("an address with", () => {
  const id = randomUUID();
  const slots = (query: string) => `/mentors/${mentor.id}/slots?${query}`;
  const paths: [what: string, path: () => string, code: ErrorCode, field?: string][] = [
    ["percent garbage", () => "/mentors/%E0%A4%A", "malformed_request"],
    ["a lone percent sign", () => "/bookings/%", "malformed_request"],
    ["a NUL character", () => "/mentors/%00", "mentor_not_found"],
    [
      "a NUL character before slots",
      () => "/mentors/a%00b/slots?from=2027-01-01&to=2027-01-01&duration=60",
      "mentor_not_found",
    ],
    ["a very long name", () => `/mentors/${"x".repeat(5000)}`, "not_found"],
    ["a very long query", () => `/mentors?q=${"x".repeat(10_000)}`, "validation_failed", "q"],
    ["SQL", () => `/mentors/${encodeURIComponent("x' or '1'='1")}`, "mentor_not_found"],
    ["a bad cursor", () => "/bookings?cursor=abc", "validation_failed", "cursor"],
    [
      "a cursor of year 0",
      () => `/bookings?cursor=${cursor("0000-01-01T00:00:00Z", id)}`,
      "validation_failed",
      "cursor",
    ],
    ["a cursor of another list", () => `/bookings?cursor=${cursor(4.5, id)}`, "validation_failed", "cursor"],
    [
      "a cursor of a booking list",
      () => `/mentors?cursor=${cursor("2027-01-01T00:00:00Z", id)}`,
      "validation_failed",
      "cursor",
    ],
    ["a NUL in the search", () => "/mentors?q=%00", "validation_failed", "q"],
    ["a limit of 0", () => "/mentors?limit=0", "validation_failed", "limit"],
    ["a limit in words", () => "/bookings?limit=many", "validation_failed", "limit"],
    ["a role that does not exist", () => "/bookings?as=admin", "validation_failed", "as"],
    ["two roles", () => "/bookings?as=student&as=mentor", "validation_failed", "as"],
    ["no dates", () => slots("duration=60"), "validation_failed", "from"],
    [
      "the end before the start",
      () => slots("from=2027-01-02&to=2027-01-01&duration=60"),
      "validation_failed",
      "to",
    ],
    ["63 days", () => slots("from=2027-01-01&to=2027-03-04&duration=60"), "validation_failed", "to"],
    [
      "the last days there are",
      () => slots("from=9999-12-31&to=9999-12-31&duration=60"),
      "validation_failed",
      "from",
    ],
    [
      "the first days there are",
      () => slots("from=0000-01-01&to=0000-01-02&duration=60"),
      "validation_failed",
      "from",
    ],
    [
      "a duration of nothing",
      () => slots("from=2027-01-01&to=2027-01-02&duration="),
      "validation_failed",
      "duration",
    ],
    [
      "a duration that is not a number",
      () => slots("from=2027-01-01&to=2027-01-02&duration=NaN"),
      "validation_failed",
      "duration",
    ],
    [
      "the last day of all",
      () => `/mentors/${mentor.id}/booked-slots?date=9999-12-31`,
      "validation_failed",
      "date",
    ],
    ["an id that is none", () => "/bookings/17", "not_found"],
    ["another person's booking", () => `/bookings/${theirs.id}`, "booking_not_found"],
    ["a way out of the folder", () => "/mentors/..%2f..%2fetc%2fpasswd", "mentor_not_found"],
  ];
  it.each(paths)("%s is refused", async (_what, path, code, field) => {
    expect(await refused(() => student.call("GET", path()), code)).toBe(field);
  });

  it("another person's booking cannot be cancelled", async () => {
    await refused(() => student.call("POST", `/bookings/${theirs.id}/cancel`), "booking_not_found");
  });
});

function cursor(key: unknown, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString("base64url");
}

it("keeps SQL and HTML in every text field as they are, and no harm comes of it", async () => {
  const nasty = `Robert'); drop table bookings;-- <script>alert("1")</script> \${7*7} %s \\ "'\` ऋषि 👩‍🏫`;
  (await mentor.call("PATCH", "/mentors/me", { headline: nasty, bio: nasty, full_name: nasty })).expect(200);
  const sent = { ...good, message: nasty, user_name: nasty, user_phone: "+91 (22) 1234-5678" };
  const created = (await student.call("POST", "/bookings", sent)).expect(201).read(booking);
  expect(created).toMatchObject({ message: nasty, user_name: nasty, user_phone: sent.user_phone });
  expect(created.mentor).toMatchObject({ headline: nasty, full_name: nasty });
  expect((await student.call("GET", `/bookings/${created.id}`)).read(booking)).toEqual(created);
  const found = await test.visitor("GET", `/mentors?q=${encodeURIComponent("drop table")}`);
  expect(found.expect(200).text).toContain(mentor.id);
  const answer = await student.call("GET", `/mentors/${mentor.id}`);
  expect(answer.headers["content-type"]).toContain("application/json");
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
});

it("logged no password, cookie, token or secret of all this", async () => {
  const signedIn = await test.visitor("POST", "/api/auth/sign-in/email", { email: student.email, password });
  const cookie = String([signedIn.headers["set-cookie"]].flat()[0]).split(";")[0] ?? "";
  (await test.visitor("GET", "/me", undefined, { cookie })).expect(200);
  const written = log.text();
  expect(written).toContain("Booking attempt");
  expect(written).toContain("Booking failed");
  const { rows } = await test.db.owner.query<{ token: string }>("select token from auth.sessions");
  const secrets = [password, student.token, cookie, testSecret, ...rows.map(({ token }) => token)];
  for (const secret of secrets) expect(secret.length).toBeGreaterThan(15);
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  // The twin: what is searched for would be found.
  expect(written.includes(theirs.expert_id)).toBe(true);
  const faults = written
    .split("\n")
    .filter((line) => line.includes('"level":50') || line.includes('"level":60'));
  expect(faults).toEqual([]);
});
