import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingEvents, bookingLink } from "#contract/bookings.ts";
import { slotAnswer } from "#contract/slots.ts";
import { bookAny, dateIn, moveBooking, moveTo } from "../testing/booking.ts";
import { captureLog } from "../testing/logCapture.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { bookingLinks } from "./bookingLink.ts";

const log = captureLog();
const links = bookingLinks(testSecret);
let test: TestApp;
let mentor: Mentor;
let student: Person;
let other: Person;
let mine: Booking;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  mentor = await test.makeMentor();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
beforeEach(async () => {
  mine = await bookAny(student, mentor);
});
afterAll(() => test.close());

async function tokenOf(who: Person, { id }: Booking = mine): Promise<string> {
  const { url } = (await who.call("POST", `/bookings/${id}/link`)).read(bookingLink);
  const [page, token = ""] = url.split("#");
  expect(page).toBe(`${testPublicUrl}/manage`);
  return token;
}

/** A person who has only the link. */
const byLink = (token: string, method: "GET" | "POST", path: string, body?: unknown) =>
  test.visitor(method, `/bookings/${mine.id}${path}`, body, { "booking-link": token });

describe("a link", () => {
  it("reads, moves and cancels its booking without a login, as the person it was made for", async () => {
    const token = await tokenOf(student);
    expect((await byLink(token, "GET", "")).read(booking)).toEqual(mine);
    const days = `from=${dateIn(mentor, 1)}&to=${dateIn(mentor, 8)}`;
    const { days: free } = (await byLink(token, "GET", `/slots?${days}`)).read(slotAnswer);
    const wanted = free.at(-1)?.slots.at(-1)?.starts_at ?? "";
    expect((await byLink(token, "POST", "/reschedule", moveTo(mentor, wanted))).read(booking).starts_at).toBe(
      wanted,
    );
    expect((await byLink(token, "GET", "/calendar.ics")).expect(200).text).toContain("BEGIN:VEVENT");
    (await byLink(token, "POST", "/cancel", { reason: "A lecture" })).expect(200);
    const { data } = (await byLink(token, "GET", "/events")).read(bookingEvents);
    expect(data.map(({ kind, actor }) => [kind, actor])).toEqual([
      ["created", "student"],
      ["rescheduled", "student"],
      ["cancelled", "student"],
    ]);
  });

  it("of the mentor acts as the mentor", async () => {
    const token = await tokenOf(mentor);
    (await byLink(token, "POST", "/cancel")).expect(200);
    const { data } = (await byLink(token, "GET", "/events")).read(bookingEvents);
    expect(data.at(-1)).toMatchObject({ kind: "declined", actor: "mentor" });
  });

  it("of the student is bound by the cut-off like the student", async () => {
    const strict = await test.makeMentor({
      services: [{ cancel_cutoff: 43_200, reschedule_cutoff: 43_200 }],
    });
    mine = await bookAny(student, strict);
    (await byLink(await tokenOf(student), "POST", "/cancel")).problem("cutoff_passed");
    (await byLink(await tokenOf(strict), "POST", "/cancel")).expect(200);
  });

  it.each(["confirm", "decline", "complete", "link"])("does not %s", async (action) => {
    (await byLink(await tokenOf(mentor), "POST", `/${action}`)).problem("unauthenticated");
  });

  it("opens nothing else: not the lists, not another booking", async () => {
    const token = await tokenOf(student);
    const headers = { "booking-link": token };
    (await test.visitor("GET", "/bookings", undefined, headers)).problem("unauthenticated");
    (await test.visitor("GET", "/me", undefined, headers)).problem("unauthenticated");
    const second = await bookAny(student, mentor);
    (await test.visitor("GET", `/bookings/${second.id}`, undefined, headers)).problem("link_invalid");
  });

  it("can be created only by the booking's people, not through a link", async () => {
    (await other.call("POST", `/bookings/${mine.id}/link`)).problem("booking_not_found");
    (await test.visitor("POST", `/bookings/${mine.id}/link`)).problem("unauthenticated");
  });

  it("counts more than the person who is signed in", async () => {
    const headers = { "booking-link": await tokenOf(student) };
    (await other.call("GET", `/bookings/${mine.id}`, undefined, headers)).expect(200);
    const broken = { "booking-link": "v1.student" };
    (await student.call("GET", `/bookings/${mine.id}`, undefined, broken)).problem("link_invalid");
  });

  it("lasts until thirty days after the session, wherever that moves", async () => {
    const token = await tokenOf(student);
    const { expires_at } = (await student.call("POST", `/bookings/${mine.id}/link`)).read(bookingLink);
    expect(Date.parse(expires_at) - Date.parse(mine.ends_at)).toBe(30 * 86_400_000);
    await moveBooking(test.db, mine.id, -36);
    (await byLink(token, "GET", "")).problem("link_invalid");
    await moveBooking(test.db, mine.id, 20);
    (await byLink(token, "GET", "")).expect(200);
  });

  it("ends when its person takes it back, for good, and with it no link of the other side", async () => {
    const [first, second, mentors] = [await tokenOf(student), await tokenOf(student), await tokenOf(mentor)];
    const end = (who: Person) => who.call("DELETE", `/bookings/${mine.id}/link`);
    (await end(other)).problem("booking_not_found");
    (await byLink(first, "GET", "")).expect(200);
    (await end(student)).expect(204);
    for (const token of [first, second])
      for (const path of ["", "/events", "/calendar.ics"])
        (await byLink(token, "GET", path)).problem("link_invalid");
    (await byLink(mentors, "GET", "")).expect(200);
    const third = await tokenOf(student);
    (await byLink(third, "GET", "")).expect(200);
    (await byLink(first, "GET", "")).problem("link_invalid");
    (await end(student)).expect(204);
    (await byLink(third, "POST", "/cancel")).problem("link_invalid");
    (await byLink(await tokenOf(student), "POST", "/cancel")).expect(200);
  });

  it("can be revoked only by the booking's people, not through a link", async () => {
    const token = await tokenOf(student);
    const headers = { "booking-link": token };
    (await test.visitor("DELETE", `/bookings/${mine.id}/link`, undefined, headers)).problem(
      "unauthenticated",
    );
    (await byLink(token, "GET", "")).expect(200);
  });

  it("never reaches the log", async () => {
    const token = await tokenOf(student);
    (await byLink(token, "GET", "")).expect(200);
    (await byLink(`${token}x`, "GET", "")).problem("link_invalid");
    // The twin: the request itself is there.
    expect(log.text()).toContain(mine.id);
    expect(log.text()).not.toContain(token.split(".").at(-1));
  });
});

describe("a token", () => {
  const claims = { role: "student", bookingId: randomUUID(), userId: randomUUID(), generation: 0 } as const;

  it("returns what it was signed for", () => {
    expect(links.verify(links.sign(claims))).toEqual(claims);
    const later = { ...claims, generation: 12 };
    expect(links.verify(links.sign(later))).toEqual(later);
  });

  it("is worthless under another secret", () => {
    expect(bookingLinks(`${testSecret}.`).verify(links.sign(claims))).toBeUndefined();
  });

  const tampered: [what: string, change: (token: string) => string][] = [
    ["another role", (token) => token.replace(".student.", ".mentor.")],
    ["another version", (token) => token.replace("v1.", "v2.")],
    ["another booking", (token) => withPart(token, 2, randomUUID())],
    ["another person", (token) => withPart(token, 3, randomUUID())],
    ["another generation", (token) => token.replace(/\.([\w-]{43})$/, ".1.$1")],
    [
      "one letter changed",
      (token) => token.slice(0, -2) + (token.at(-2) === "A" ? "B" : "A") + token.slice(-1),
    ],
    ["another spelling of its last letter", (token) => respell(token)],
    ["one letter less", (token) => token.slice(0, -1)],
    ["one letter more", (token) => `${token}A`],
    ["no signature", (token) => token.slice(0, token.lastIndexOf("."))],
    ["nothing", () => ""],
  ];
  it.each(tampered)("with %s is refused, here and by the API", async (_what, change) => {
    expect(links.verify(change(links.sign(claims)))).toBeUndefined();
    (await byLink(change(await tokenOf(student)), "GET", "")).problem("link_invalid");
  });

  it("for another person than the booking's is rejected", async () => {
    for (const wrong of [
      { role: "student", userId: other.id },
      { role: "mentor", userId: student.id },
      { role: "student", userId: mentor.id },
    ] as const) {
      const token = links.sign({ bookingId: mine.id, generation: 0, ...wrong });
      (await byLink(token, "GET", "")).problem("link_invalid");
    }
  });
});

function withPart(token: string, index: number, part: string): string {
  return token.split(".").with(index, part).join(".");
}

/** 43 letters of base64url carry two bits more than 32 bytes need: four spellings decode to the same. */
function respell(token: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.indexOf(token.at(-1) ?? "");
  return token.slice(0, -1) + letters[last ^ 1];
}
