import { afterAll, beforeAll, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { bookAny, bookingOf, dateIn, moveTo, readSlots } from "../testing/booking.ts";
import { type ReadEvent, readCalendarFile } from "../testing/calendarFile.ts";
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
  expect([unfolded[0], unfolded.at(-1)]).toEqual(["BEGIN:VCALENDAR", ""]);
  // Those of the time zone have the same names.
  const event = unfolded.slice(unfolded.indexOf("BEGIN:VEVENT"));
  return new Map(
    event.map((line) => [line.split(/[:;]/, 1)[0] ?? "", line.slice(line.indexOf(":") + 1)] as const),
  );
}

it("holds the session, and grows with the booking under one UID", async () => {
  const made = await bookAny(student, mentor);
  const first = await readCalendar(made);
  expect(await readEvent(made)).toMatchObject({
    start: Date.parse(made.starts_at),
    end: Date.parse(made.ends_at),
    timezone: made.student_timezone,
  });
  expect(await readEvent(made, mentor)).toMatchObject({
    start: Date.parse(made.starts_at),
    timezone: "Europe/Berlin",
  });
  expect(Object.fromEntries(first)).toMatchObject({
    UID: `${made.id}@matepeak`,
    SEQUENCE: "0",
    STATUS: "TENTATIVE",
    SUMMARY: "1:1 session with Asha\\, Rao\\; Dr.",
    URL: `${testPublicUrl}/sessions/${made.id}`,
  });
  expect(first.get("DTSTAMP")).toMatch(/^\d{8}T\d{6}Z$/);
  expect(first.has("METHOD")).toBe(false);
  expect(first.get("LAST-MODIFIED")).toBe(first.get("DTSTAMP"));
  const mentors = await readCalendar(made, mentor);
  expect(mentors.get("SUMMARY")).toBe("1:1 session with Student 1");
  const asRead = ["SUMMARY", "DTSTART", "DTEND"].map((name) => [name, first.get(name) ?? ""] as const);
  expect(new Map([...mentors, ...asRead])).toEqual(first);

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
    ...{ UID: first.get("UID"), SEQUENCE: "2", STATUS: "CANCELLED" },
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

/** What a calendar program makes of the file. */
async function readEvent({ id }: Booking, who: Person = student): Promise<ReadEvent> {
  const { text } = (await who.call("GET", `/bookings/${id}/calendar.ics`)).expect(200);
  const [event] = readCalendarFile(text).events;
  if (!event) throw new Error("The file has no event");
  return event;
}

it("is a newer version after every change of its content: room, title, name and time", async () => {
  const host = await test.makeMentor({ name: "Old Name", settings: { instant_confirm: true } });
  const made = await bookAny(student, host);
  let last = await readEvent(made);
  const service = `/mentors/me/services/${host.services[0]?.id}`;
  const [, later] = (await readSlots(student.call, host, { from: dateIn(host, 8) })).slice(-2);
  const changes: [
    method: "PUT" | "PATCH" | "POST" | "DELETE",
    path: string,
    body: object | undefined,
    says: object,
  ][] = [
    [
      "PUT",
      "/mentors/me/room",
      { meeting_url: "https://meet.example.com/a" },
      { LOCATION: "https://meet.example.com/a" },
    ],
    [
      "PUT",
      "/mentors/me/room",
      { meeting_url: "https://meet.example.com/b" },
      { LOCATION: "https://meet.example.com/b" },
    ],
    ["PATCH", service, { title: "Portfolio talk" }, { SUMMARY: "Portfolio talk with Old Name" }],
    ["PATCH", "/mentors/me", { full_name: "New Name" }, { SUMMARY: "Portfolio talk with New Name" }],
    ["POST", `/bookings/${made.id}/reschedule`, moveTo(host, later?.starts_at ?? ""), {}],
    ["DELETE", "/mentors/me/room", undefined, { LOCATION: undefined }],
  ];
  for (const [method, path, body, says] of changes) {
    // DTSTAMP has whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const answer = await host.call(method, path, body);
    expect(answer.status, `${method} ${path} ${answer.text}`).toBeLessThan(300);
    const now = await readEvent(made);
    expect(now.uid, path).toBe(last.uid);
    for (const [name, value] of Object.entries(says)) expect(now.text(name.toLowerCase()), path).toBe(value);
    expect(now.sequence, path).toBeGreaterThan(last.sequence);
    const stamp = now.text("dtstamp") ?? "";
    expect(stamp > (last.text("dtstamp") ?? "") && now.text("last-modified") === stamp, path).toBe(true);
    last = now;
  }
  expect(last.start).toBe(Date.parse(later?.starts_at ?? ""));
});
