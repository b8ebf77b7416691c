import { describe, expect, it } from "vitest";
import { type Notification, notificationKinds } from "#contract/notifications.ts";
import { type BookingRole, bookingRoles } from "#rules/bookingState.ts";
import { addressOf, sentenceOf } from "./notificationWords.ts";

const facts = {
  role: "student" as const,
  counterpart: "Asha Rao",
  service_title: "1:1 Session",
  starts_at: "2026-11-24T09:00:00Z",
  from_starts_at: "2026-11-23T09:00:00Z",
  mentor_username: "asha",
  service_id: "00000000-0000-4000-8000-000000000001",
  duration: 60,
};
const told = (kind: Notification["kind"], changes: Partial<Notification> = {}): Notification => ({
  id: "n",
  kind,
  booking_id: null,
  request_id: null,
  facts,
  created_at: "2026-11-20T09:00:00Z",
  read_at: null,
  ...changes,
});

describe("a sentence", () => {
  it.each(notificationKinds)("for %s names who and what, for both sides, and ends", (kind) => {
    for (const role of bookingRoles) {
      const sentence = sentenceOf(told(kind, { facts: { ...facts, role } }), "Asia/Kathmandu");
      expect(sentence).toContain("Asha Rao");
      expect(sentence).toContain("1:1 Session");
      expect(sentence).toMatch(/[.]$/);
      expect(sentence).not.toContain("undefined");
    }
  });

  it("tells the time on the reader's clock", () => {
    expect(sentenceOf(told("booking_confirmed"), "Asia/Kathmandu")).toMatch(/24.*, 2:45\spm/i);
    expect(sentenceOf(told("booking_confirmed"), "America/New_York")).toMatch(/24.*, 4:00\sam/i);
  });
});

describe("of a claim that nobody answered", () => {
  it("each side reads its own sentence", () => {
    const words = (claimed_by: BookingRole) =>
      sentenceOf(told("no_show_unanswered", { facts: { ...facts, claimed_by } }), "Asia/Kathmandu");
    expect(words("student")).toMatch(/^Asha Rao has not answered in time/);
    expect(words("mentor")).toMatch(
      /^You have not answered Asha Rao in time: it stands that you did not come/,
    );
  });
});

describe("it leads", () => {
  it("to the session, if there is one", () => {
    expect(addressOf(told("booking_confirmed", { booking_id: "b" }))).toBe("/sessions/b");
  });
  it("to where a request is answered, for each side", () => {
    expect(addressOf(told("time_request_proposed"))).toBe("/sessions");
    expect(addressOf(told("time_request_opened", { facts: { ...facts, role: "mentor" } }))).toBe(
      "/mentor/requests",
    );
  });
  it("to the free times that somebody waited for", () => {
    expect(addressOf(told("alert_fired"))).toBe(
      "/mentors/asha?book=time&service=00000000-0000-4000-8000-000000000001&minutes=60",
    );
  });
});
