import { describe, expect, it } from "vitest";
import { asMinutes, parseInstant } from "#scheduling/units.ts";
import { readCalendarFile } from "../testing/calendarFile.ts";
import { invitationOf } from "./invitation.ts";

const publicUrl = "https://matepeak.example";
const organizer = { name: "MatePeak", address: "hello@matepeak.example" };
const student = { name: "Ravi Iyer", address: "Ravi+mentors@example.com", role: "student" } as const;
const mentor = { name: "Asha Rao", address: "asha@xn--p1b6ci4b4b3a.example", role: "mentor" } as const;

const session: Parameters<typeof invitationOf>[0] = {
  bookingId: "01a223f7-883d-71c7-bf4b-6b678e97faaf",
  revision: 3,
  changedAt: parseInstant("2027-03-01T08:00:00Z"),
  startsAt: parseInstant("2027-03-14T10:00:00Z"),
  endsAt: parseInstant("2027-03-14T11:00:00Z"),
  duration: asMinutes(60),
  status: "confirmed",
  wasAgreed: true,
  group: null,
  mentorTimezone: "Asia/Kolkata",
  studentTimezone: "Australia/Lord_Howe",
  serviceTitle: "Career talk",
  mentorName: "Asha Rao",
  studentName: "Ravi Iyer",
  message: null,
  meetingUrl: "https://meet.example.com/asha?a=1,2;b",
  meetingNote: null,
  place: null,
  studentPhone: null,
};

function invite(
  changes: Partial<typeof session> = {},
  recipient: Parameters<typeof invitationOf>[1] = student,
) {
  const invitation = invitationOf({ ...session, ...changes }, recipient, organizer, publicUrl);
  if (!invitation) return undefined;
  const { calendar, events } = readCalendarFile(invitation.content);
  expect(events.length).toBe(1);
  const event = events[0]!;
  const property = (name: string) => event.component.getAllProperties(name).map((one) => one.toJSON());
  return { ...invitation, calendar, event, property };
}

describe("an invitation", () => {
  it("asks for exactly one person, in the name of the platform, with its method in the body", () => {
    for (const recipient of [student, mentor]) {
      const invitation = invite({}, recipient)!;
      expect(invitation.method).toBe("REQUEST");
      expect(invitation.calendar.getFirstPropertyValue("method")).toBe("REQUEST");
      expect(invitation.property("organizer")).toEqual([
        ["organizer", { cn: "MatePeak" }, "cal-address", "mailto:hello@matepeak.example"],
      ]);
      expect(invitation.property("attendee")).toEqual([
        [
          "attendee",
          {
            cn: recipient.name,
            cutype: "INDIVIDUAL",
            role: "REQ-PARTICIPANT",
            partstat: "ACCEPTED",
            rsvp: "FALSE",
          },
          "cal-address",
          `mailto:${recipient.address}`,
        ],
      ]);
      const others = recipient === student ? mentor : student;
      expect(invitation.content).not.toContain(others.address);
      expect(invitation.event).toMatchObject({
        uid: "01a223f7-883d-71c7-bf4b-6b678e97faaf@matepeak",
        sequence: 3,
        status: "CONFIRMED",
        start: session.startsAt,
        end: session.endsAt,
        timezone: recipient === student ? "Australia/Lord_Howe" : "Asia/Kolkata",
      });
      expect(invitation.event.text("location")).toBe(session.meetingUrl);
      expect(invitation.event.text("dtstamp")).toBe("2027-03-01T08:00:00Z");
    }
  });

  it("is an update of the same entry when the session moves, and takes it out when it is cancelled", () => {
    const first = invite()!;
    const moved = invite({
      revision: 4,
      startsAt: parseInstant("2027-04-14T10:00:00Z"),
      endsAt: parseInstant("2027-04-14T11:00:00Z"),
    })!;
    const cancelled = invite({ revision: 5, status: "cancelled" })!;
    expect([first, moved, cancelled].map(({ event }) => event.uid)).toEqual(Array(3).fill(first.event.uid));
    expect([first, moved, cancelled].map(({ event }) => event.sequence)).toEqual([3, 4, 5]);
    expect(moved.event.start).toBe(parseInstant("2027-04-14T10:00:00Z"));
    expect(cancelled.method).toBe("CANCEL");
    expect(cancelled.calendar.getFirstPropertyValue("method")).toBe("CANCEL");
    expect(cancelled.event.status).toBe("CANCELLED");
    expect(cancelled.property("attendee")).toEqual(first.property("attendee"));
    expect(cancelled.property("organizer")).toEqual(first.property("organizer"));
  });

  it("is sent for nothing that is not agreed, and not to its own organizer", () => {
    expect(invite({ status: "pending", wasAgreed: false })).toBeUndefined();
    expect(invite({ status: "cancelled", wasAgreed: false })).toBeUndefined();
    expect(invite({}, { ...student, address: "Hello@MatePeak.example" })).toBeUndefined();
  });

  it.each([
    ["a line break", "Ravi\r\nATTENDEE:mailto:evil@example.com", "Ravi ATTENDEE:mailto:evil@example.com"],
    ["quotes", 'Ravi "the, Man"; Iyer', "Ravi ’the, Man’; Iyer"],
    ["an emoji", "Ravi 🧗🏽‍♀️", "Ravi 🧗🏽‍♀️"],
    ["marks of direction", "\u202ERavi\u202C ريفي", "Ravi ريفي"],
    ["what a newer rule reads as a line break", "Ravi^nIyer", "Ravi^nIyer"],
    ["nothing to see", " \t", "Ravi+mentors@example.com"],
    ["a very long name", `${"रवि ".repeat(60)}`, "रवि ".repeat(60).trim()],
  ])("is harmless for a name with %s", (_what, name, read) => {
    const invitation = invite(
      { studentName: name, serviceTitle: name, mentorName: name },
      { ...student, name },
    )!;
    const [attendee] = invitation.property("attendee") as [string, { cn: string }][];
    expect(attendee?.[1].cn).toBe(read);
    expect(invitation.property("attendee").length).toBe(1);
    for (const line of invitation.content.split("\r\n"))
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(invitation.content.replaceAll("\r\n", "")).not.toMatch(/[\r\n\u202A-\u202E]/u);
    expect(invitation.event.text("description")).toMatch(/^Mentor: .*\nStudent: .*\nLength: 1 hour\n/);
  });

  it.each([
    ["first.last+tag@example.com", "mailto:first.last+tag@example.com"],
    ["CAPS@Example.COM", "mailto:CAPS@Example.COM"],
    ["o'brien@example.com", "mailto:o'brien@example.com"],
    ["50%off?x#y@example.com", "mailto:50%25off%3Fx%23y@example.com"],
    ["रवि@उदाहरण.भारत", "mailto:रवि@उदाहरण.भारत"],
  ])("goes to %s", (address, uri) => {
    const [attendee] = invite({}, { ...student, address })!.property("attendee");
    expect(attendee?.[3]).toBe(uri);
  });

  it("says the same for the same session: a second copy of the mail is equal", () => {
    expect(invite()?.content).toBe(invite()?.content);
  });
});
