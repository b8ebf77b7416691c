import { afterAll, beforeAll, expect, it } from "vitest";
import { type Booking, booking } from "../../contract/bookings.ts";
import { bookAny, bookingOf, readSlots } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testPublicUrl } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor({ name: "Asha, Rao; Dr.", timezone: "Europe/Berlin" });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

/** The lines of an iCalendar file, unfolded (RFC 5545, 3.1), as name and value without parameters. */
async function readCalendar({ id }: Booking, who: Person = student): Promise<Map<string, string>> {
  const answer = (await who.call("GET", `/bookings/${id}/calendar.ics`)).expect(200);
  expect(answer.headers["content-type"]).toBe("text/calendar; charset=utf-8");
  expect(answer.headers["content-disposition"]).toMatch(/^attachment; filename="matepeak-[0-9a-f]{8}\.ics"$/);
  const lines = answer.text.split("\r\n");
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(answer.text.replaceAll("\r\n", "")).not.toContain("\n");
  const unfolded = answer.text.replaceAll("\r\n ", "").split("\r\n");
  expect([unfolded[0], unfolded.at(-1)]).toEqual(["BEGIN:VCALENDAR", "END:VCALENDAR"]);
  return new Map(
    unfolded.map((line) => [line.split(/[:;]/, 1)[0] ?? "", line.slice(line.indexOf(":") + 1)] as const),
  );
}

const compact = (instant: string) => instant.replace(/[-:]|\.\d+/g, "");

it("holds the session in UTC, and grows with the booking under one UID", async () => {
  const made = await bookAny(student, mentor);
  const first = await readCalendar(made);
  expect(Object.fromEntries(first)).toMatchObject({
    VERSION: "2.0",
    METHOD: "PUBLISH",
    UID: `${made.id}@matepeak`,
    SEQUENCE: "0",
    STATUS: "TENTATIVE",
    DTSTART: compact(made.starts_at),
    DTEND: compact(made.ends_at),
    SUMMARY: "1:1 session with Asha\\, Rao\\; Dr.",
    URL: `${testPublicUrl}/sessions/${made.id}`,
  });
  expect(first.get("DTSTAMP")).toMatch(/^\d{8}T\d{6}Z$/);
  expect(await readCalendar(made, mentor)).toEqual(first);

  await mentor.call("POST", `/bookings/${made.id}/confirm`);
  const confirmed = await readCalendar(made);
  expect(Object.fromEntries(confirmed)).toMatchObject({
    UID: first.get("UID"),
    SEQUENCE: "1",
    STATUS: "CONFIRMED",
  });

  await student.call("POST", `/bookings/${made.id}/cancel`);
  const cancelled = await readCalendar(made);
  expect(Object.fromEntries(cancelled)).toMatchObject({
    ...{ METHOD: "CANCEL", UID: first.get("UID"), SEQUENCE: "2", STATUS: "CANCELLED" },
    DTSTART: first.get("DTSTART"),
  });
});

it("does not let words become lines of their own", async () => {
  const [slot] = await readSlots(student.call, mentor);
  const message = 'Hello\r\nATTENDEE:mailto:evil@example.com\nEND:VEVENT\n\\ , ; " ऋषि '.repeat(5);
  const body = bookingOf(mentor, slot?.starts_at ?? "", { message, user_name: "A\nSTATUS:CANCELLED" });
  const made = (await student.call("POST", "/bookings", body)).expect(201).read(booking);
  const calendar = await readCalendar(made);
  expect(calendar.has("ATTENDEE")).toBe(false);
  expect(calendar.get("STATUS")).toBe("TENTATIVE");
  expect(calendar.get("DESCRIPTION")).toContain("\\nATTENDEE:mailto:evil@example.com\\n");
});
