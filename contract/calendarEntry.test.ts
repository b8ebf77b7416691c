import { describe, expect, it } from "vitest";
import { asMinutes, parseInstant } from "#scheduling/units.ts";
import { type CalendarFacts, calendarLinks } from "./calendarEntry.ts";

const session: CalendarFacts = {
  bookingId: "01a223f7-883d-71c7-bf4b-6b678e97faaf",
  startsAt: parseInstant("2027-03-14T10:00:00Z"),
  endsAt: parseInstant("2027-03-14T11:00:00Z"),
  duration: asMinutes(60),
  serviceTitle: "Career talk & Q+A",
  mentorName: "Asha Rao",
  studentName: "Ravi Iyer",
  message: "A secret",
  meetingUrl: "https://meet.example.com/asha?a=1&b=2",
  meetingNote: "Code 1234",
  place: null,
  studentPhone: null,
};
const linksFor = (changes: Partial<CalendarFacts> = {}, reader: "student" | "mentor" = "student") =>
  calendarLinks({ ...session, ...changes }, reader, "https://matepeak.example");
const page = `https://matepeak.example/sessions/${session.bookingId}`;
const details = `Join: ${session.meetingUrl}\nDetails: ${page}`;

describe("links that open a calendar on the web", () => {
  it("of Google have the instants in UTC and all texts", () => {
    const { origin, pathname, searchParams } = new URL(linksFor().google);
    expect(origin + pathname).toBe("https://calendar.google.com/calendar/render");
    expect(Object.fromEntries(searchParams)).toEqual({
      action: "TEMPLATE",
      text: "Career talk & Q+A with Asha Rao",
      dates: "20270314T100000Z/20270314T110000Z",
      details,
      location: session.meetingUrl,
    });
  });

  it.each([
    ["outlook", "https://outlook.live.com/calendar/0/deeplink/compose"],
    ["office", "https://outlook.office.com/calendar/0/deeplink/compose"],
  ] as const)("of %s have them in its form, without a + for a space", (name, address) => {
    const link = linksFor({}, "mentor")[name];
    const { origin, pathname, search, searchParams } = new URL(link);
    expect(origin + pathname).toBe(address);
    expect(search).not.toContain("+");
    expect(Object.fromEntries(searchParams)).toEqual({
      path: "/calendar/action/compose",
      rru: "addevent",
      subject: "Career talk & Q+A with Ravi Iyer",
      startdt: "2027-03-14T10:00:00Z",
      enddt: "2027-03-14T11:00:00Z",
      body: details,
      location: session.meetingUrl,
    });
  });

  it("say nothing of the message and the note, and leave out a link that there is not", () => {
    for (const link of Object.values(linksFor({ meetingUrl: null }))) {
      const { searchParams } = new URL(link);
      expect(searchParams.has("location")).toBe(false);
      expect(decodeURIComponent(link)).not.toMatch(/secret|1234/);
    }
  });

  it.each(["A\r\n&action=OTHER#x", "🧗🏽‍♀️ “quoted”", "\u202Eright to left", "half \uD83E of a pair", ""])(
    "stay one link for a name such as %j",
    (name) => {
      for (const link of Object.values(linksFor({ mentorName: name, serviceTitle: name }))) {
        const url = new URL(link);
        expect(url.hash).toBe("");
        expect(url.searchParams.getAll("action").filter((action) => action !== "TEMPLATE")).toEqual([]);
        expect(link).toMatch(/^[\x21-\x7e]+$/);
      }
    },
  );
});
