import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import { type Booking, booking } from "#contract/bookings.ts";
import { mentorPage, mentorProfile } from "#contract/mentors.ts";
import { bookingOf, readSlots } from "./testing/booking.ts";
import { type Mentor, openTestApp, type Person, password, type TestApp } from "./testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor();
  student = await test.signUp("Ravi");
});
afterAll(() => test.close());

const decomposed = "Jose\u0301 Ángel";
const composed = "José Ángel";

async function bookAs(wishes: Parameters<typeof bookingOf>[2]): Promise<Booking> {
  const [slot] = await readSlots(student.call, mentor);
  const answer = await student.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? "", wishes));
  return answer.expect(201).read(booking);
}

describe("text that is typed", () => {
  it("is stored in one normal form, from every place where it is sent", async () => {
    (await student.call("PATCH", "/me", { name: decomposed })).expect(200);
    expect((await student.call("GET", "/me")).read(me).name).toBe(composed);
    const made = await bookAs({ user_name: decomposed, message: decomposed });
    expect(made).toMatchObject({ user_name: composed, message: composed });
    const change = { full_name: decomposed, headline: decomposed, expertise: [decomposed] };
    (await mentor.call("PATCH", "/mentors/me", change)).expect(200);
    for (const asked of [decomposed, composed]) {
      const query = `/mentors?expertise=${encodeURIComponent(asked)}`;
      expect((await test.visitor("GET", query)).read(mentorPage).data).toHaveLength(1);
    }
    const signedUp = await test.signUp(decomposed);
    expect((await signedUp.call("GET", "/me")).read(me).name).toBe(composed);
  });

  it("loses invisible characters, and keeps its lines", async () => {
    const made = await bookAs({
      user_name: "Ana\u001B\u202E\u2066 \u000BMaria\r\n",
      message: "one\u000Btwo\u000Cthree\r\nfour\u001B[31m\tfive\u0085six",
    });
    expect(made.user_name).toBe("Ana  Maria");
    expect(made.message).toBe("one\ntwo\nthree\nfour[31m\tfive\nsix");
  });

  it.each([
    ["a zero-width blank", "\u200B"],
    ["joiners", "\u200D\u200C"],
    ["a Hangul filler", "\u3164"],
    ["an empty Braille cell", "\u2800"],
    ["an accent on nothing", " \u0301"],
    ["tags", "\u{E0041}\u{E0042}"],
    ["controls", "\u001B\u0007"],
    ["overrides", "\u202E\u2066"],
  ])("is no name when it is %s", async (_, name) => {
    for (const answer of [
      await student.call("PATCH", "/me", { name }),
      await student.call("POST", "/bookings", bookingOf(mentor, Date.now(), { user_name: name })),
      await mentor.call("PATCH", "/mentors/me", { full_name: name }),
      await test.visitor("POST", "/api/auth/sign-up/email", { name, email: "some@example.com", password }),
    ]) {
      expect(answer.problem("validation_failed").errors?.[0]?.message).toBe("Please fill this in.");
    }
  });

  it.each(["नमस्ते क्‍ष", "O’Brien", "李小龍", "👩‍💻 Zoë", "بنیامین‌زاده"])("stays as it is: %s", async (name) => {
    (await student.call("PATCH", "/me", { name })).expect(200);
    expect((await student.call("GET", "/me")).read(me).name).toBe(name);
  });

  it("is refused when it is half a character", async () => {
    const answer = await student.call("PATCH", "/me", '{"name":"Ra\\ud800vi"}');
    expect(answer.problem("validation_failed").errors?.[0]?.field).toBe("name");
  });

  it.each([
    ["Latin-1", Buffer.from('{"name":"Jos\xe9"}', "latin1")],
    ["a cut character", Buffer.from([...Buffer.from('{"name":"'), 0xe0, 0xa4, ...Buffer.from('"}')])],
    ["UTF-16", Buffer.from('{"name":"Ravi"}', "utf16le")],
  ])("is refused when its bytes are %s", async (_, payload) => {
    for (const [method, url] of [
      ["PATCH", "/api/v1/me"],
      ["POST", "/api/auth/sign-up/email"],
    ] as const) {
      const answer = await test.app.inject({
        method,
        url,
        headers: { "content-type": "application/json", authorization: `Bearer ${student.token}` },
        payload,
      });
      expect([answer.statusCode, answer.json().code]).toEqual([400, "malformed_request"]);
    }
  });

  it("may begin with a byte order mark", async () => {
    const answer = await test.app.inject({
      method: "PATCH",
      url: "/api/v1/me",
      headers: { "content-type": "application/json", authorization: `Bearer ${student.token}` },
      payload: Buffer.from('\uFEFF{"name":"Ravi"}'),
    });
    expect(answer.statusCode).toBe(200);
  });
});

describe("a calendar file", () => {
  it("can be read whatever was written into the database", async () => {
    const made = await bookAs({ message: "Hello" });
    await test.db.owner.query("alter table bookings disable trigger user");
    const { rows } = await test.db.owner.query<{ command: string }>(
      `select case when contypid <> 0 then format('alter domain %s drop constraint %I', contypid::regtype, conname)
         else format('alter table %s drop constraint %I', conrelid::regclass, conname) end as command
       from pg_constraint where conname ~ '^(bookings|expert_profiles)_.*_clean$'`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { command } of rows) await test.db.owner.query(command);
    await test.db.owner.query("update bookings set user_name = $2, message = $3 where id = $1", [
      made.id,
      "A\u001BB",
      "one\u000Btwo\u000Cthree\u0007",
    ]);
    const file = (await mentor.call("GET", `/bookings/${made.id}/calendar.ics`)).expect(200).text;
    await test.db.owner.query("alter table bookings enable trigger user");
    expect(file).not.toMatch(/[^\P{Cc}\t\r\n]/u);
    const event = new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent("vevent");
    expect(event?.getFirstPropertyValue("description")).toContain("one\ntwo\nthree");
  });
});

describe("an e-mail address", () => {
  const good = [
    "a&b@example.com",
    "o'brien@example.co.in",
    "someone@xn--p1b6ci4b4b3a.xn--h2brj9c",
    "{curly}|~@example.com",
    `${"l".repeat(64)}@example.com`,
  ];
  const bad = [
    "no at sign",
    "two@@example.com",
    "dot@example..com",
    "-@-example.com",
    `${"l".repeat(65)}@example.com`,
    `a@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(20)}.com`,
    "sp ace@example.com",
  ];

  it.each(good)("%s is one, in a booking and for an account", async (email) => {
    expect((await bookAs({ user_email: email })).user_email).toBe(email);
    const account = { name: "Someone", email, password };
    const signedUp = await test.visitor("POST", "/api/auth/sign-up/email", account);
    expect((signedUp.expect(200).json as { user: { email: string } }).user.email).toBe(email);
    const again = await test.visitor("POST", "/api/auth/sign-in/email", { email, password });
    expect((again.expect(200).json as { user: { email: string } }).user.email).toBe(email);
    const { rows } = await test.db.owner.query("select email from auth.users where email = $1", [email]);
    expect(rows).toHaveLength(1);
  });

  it.each(bad)("%s is none", async (email) => {
    const wish = bookingOf(mentor, Date.now(), { user_email: email });
    const booked = await student.call("POST", "/bookings", wish);
    expect(booked.problem("validation_failed").errors?.[0]?.field).toBe("user_email");
    const account = { name: "Someone", email, password };
    const signedUp = await test.visitor("POST", "/api/auth/sign-up/email", account);
    expect(signedUp.problem("validation_failed").errors?.[0]?.field).toBe("email");
  });
});

it("a mentor's page is made of clean text too", async () => {
  const person = await test.signUp("Noor");
  const body = { username: "noor-clean", full_name: `\u202E${decomposed}`, timezone: "Asia/Kolkata" };
  const made = (await person.call("POST", "/mentors", body)).expect(201).read(mentorProfile);
  expect(made.full_name).toBe(composed);
});
