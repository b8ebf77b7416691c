import { describe, expect, it } from "vitest";
import {
  type Notification,
  type NotificationContent,
  type NotificationKind,
  notification,
  notificationContent,
} from "#contract/notifications.ts";
import { addressOf, quoteOf, sentenceOf } from "./notificationLine.ts";

const facts = {
  role: "student",
  counterpart: "Asha Rao",
  service_title: "1:1 Session",
  mentor_username: "asha",
  starts_at: "2026-11-24T09:00:00Z",
  from_starts_at: "2026-11-23T09:00:00Z",
  answer_until: "2026-11-26T09:00:00Z",
  expires_at: "2026-11-27T09:00:00Z",
  claimed_by: "mentor",
  service_id: "00000000-0000-4000-8000-000000000001",
  duration: 60,
  from_date: "2026-11-24",
  to_date: "2026-11-30",
  amount: 2000,
  currency: "INR",
  why: "no_show",
  is_final: false,
  offer_id: "00000000-0000-4000-8000-000000000003",
  entry_id: "00000000-0000-4000-8000-000000000004",
  ended_because: "lapsed",
  count: 3,
  account: "4321",
  has_link: true,
  connection_id: "00000000-0000-4000-8000-000000000002",
  connection: "Fastmail",
  connection_kind: "caldav",
  calendar: "Work",
  problem: "login_refused",
  offering: "pauses",
  ends_at: "2026-11-28T09:00:00Z",
  synced_at: "2026-11-20T09:00:00Z",
  moved_to: "2026-11-24T11:00:00Z",
  last_starts_at: "2026-12-15T09:00:00Z",
  change: "cancelled",
  group_session_id: "00000000-0000-4000-8000-000000000003",
};
/** What a payment in general need not have. */
const alsoOf = (kind: NotificationKind) => ({
  ...(kind.startsWith("series_") && { sessions: 4 }),
  ...(kind === "payment_due" && { held_until: "2026-11-23T09:00:00Z" }),
});
const notificationKinds = notificationContent.options.map(({ shape }) => shape.kind.value);

function received(
  kind: NotificationKind,
  changes: Partial<typeof facts> = {},
  booking_id: string | null = null,
): Notification {
  const content: NotificationContent = notificationContent.parse({ kind, facts: { ...facts, ...changes } });
  return {
    id: "n",
    booking_id,
    request_id: null,
    created_at: "2026-11-20T09:00:00Z",
    read_at: null,
    ...content,
  };
}

const aboutNoOne: ReadonlySet<NotificationKind> = new Set(["earned", "payout_sent", "payout_failed"]);
/** To its mentor, who is told of no single one of its people. */
const isAboutGroup = (kind: NotificationKind) => kind.startsWith("group_");
const isAboutConnection = (kind: NotificationKind) => kind.startsWith("calendar_");

describe("the address of a notification", () => {
  it("about several sessions is that of their series, or of the list that has all of them", () => {
    const series_id = "00000000-0000-4000-8000-000000000009";
    const about = (kind: NotificationKind, changes: object) =>
      addressOf(received(kind, { sessions: 4, ...changes } as never, "00000000-0000-4000-8000-000000000001"));
    for (const kind of ["series_requested", "series_booked", "series_changed"] as const) {
      expect(about(kind, { series_id })).toBe(`/sessions/${series_id}?series`);
      expect(about(kind, { series_id, role: "mentor" })).toBe(`/sessions/${series_id}?series`);
    }
    expect(about("series_booked", {})).toBe("/sessions");
    expect(about("series_booked", { role: "mentor" })).toBe("/mentor/sessions");
    expect(about("series_requested", { role: "mentor" })).toBe("/mentor/requests");
    expect(about("series_lapsed", {})).toBe("/sessions/00000000-0000-4000-8000-000000000001");
  });

  it("about one payment for several sessions is that of all of them, of one that can still be made its own page", () => {
    const [series_id, booking_id] = [facts.offer_id, facts.entry_id];
    const about = (kind: NotificationKind, changes: object) =>
      addressOf(received(kind, changes as never, booking_id));
    for (const kind of ["payment_received", "payment_failed", "payment_late", "payment_twice"] as const) {
      expect(about(kind, { together: 4, series_id })).toBe(`/sessions/${series_id}?series`);
      expect(about(kind, { together: 4 })).toBe("/sessions");
      expect(about(kind, {})).toBe(`/sessions/${booking_id}`);
    }
    expect(about("dispute_lost", { together: 4, role: "mentor" })).toBe("/mentor/sessions");
    const held = { held_until: "2026-11-23T09:00:00Z" };
    expect(about("payment_failed", { together: 4, series_id, ...held })).toBe(`/bookings/${booking_id}/pay`);
    expect(about("payment_due", held)).toBe(`/bookings/${booking_id}/pay`);
    const sentence = sentenceOf(received("payment_received", { together: 4, series_id } as never), "UTC");
    expect(sentence).toMatch(
      /^You paid ₹2,000 for 4 sessions of “1:1 Session”, the first on .* with Asha Rao\.$/,
    );
  });
});

describe("a notification's sentence", () => {
  it.each(notificationKinds)("for %s names the other person and the service, for both sides", (kind) => {
    for (const role of ["student", "mentor"] as const) {
      const sentence = sentenceOf(received(kind, { role, ...alsoOf(kind) }), "Asia/Kathmandu");
      if (isAboutConnection(kind)) expect(sentence).toContain("“Fastmail”");
      else if (!aboutNoOne.has(kind)) {
        if (!isAboutGroup(kind)) expect(sentence).toContain("Asha Rao");
        expect(sentence).toContain("1:1 Session");
      }
      expect(sentence).toMatch(/[.]$/);
      expect(sentence).not.toMatch(/undefined|2026-1[12]/);
    }
  });

  it("shows amounts with their currency", () => {
    expect(sentenceOf(received("payment_twice"), "UTC")).toMatch(/The second ₹2,000 is on its way back\.$/);
    expect(sentenceOf(received("earned", { amount: 5400.5 }), "UTC")).toBe(
      "You earned ₹5,400.50 from 3 sessions.",
    );
  });

  it("about a package names its sessions, and leads to where it is paid or used", () => {
    const ofPackage = { starts_at: undefined, sessions: 5, purchase_id: facts.service_id };
    const failed = received("payment_failed", ofPackage as never);
    expect(sentenceOf(failed, "UTC")).toBe(
      "Your payment of ₹2,000 for 5 sessions of “1:1 Session” with Asha Rao didn’t go through. You can try again.",
    );
    expect(addressOf(failed)).toBe(`/packages/${facts.service_id}/pay`);
    expect(addressOf(received("package_expiring", ofPackage as never))).toBe("/payments");
    const sold = received("package_sold", { ...ofPackage, role: "mentor" } as never);
    expect(sentenceOf(sold, "UTC")).toMatch(/^Asha Rao bought 5 sessions of “1:1 Session” for ₹2,000\. /);
    expect(addressOf(sold)).toBe("/mentor/earnings");
  });

  it("about a calendar says what it means for a mentor's free times", () => {
    const of = (kind: NotificationKind, changes: object) => sentenceOf(received(kind, changes), "UTC");
    expect(of("calendar_broken", { offering: "continues" })).toMatch(
      /students could book when you’re busy\.$/,
    );
    expect(of("calendar_broken", {})).toMatch(/we stop offering your times, as you chose\.$/);
    expect(of("calendar_broken", { offering: undefined })).toMatch(/It needs you to fix it\.$/);
    expect(of("calendar_stale", {})).toMatch(/since .*20.*9:00.* aren’t offered until it works again\.$/);
    expect(of("calendar_stale", { synced_at: undefined, offering: "continues" })).toMatch(
      /^We haven’t been able to read “Fastmail” yet\. Your times are still offered/,
    );
  });

  it("shows times on the reader's clock", () => {
    expect(sentenceOf(received("booking_confirmed"), "Asia/Kathmandu")).toMatch(/24.*, 2:45\spm/i);
    expect(sentenceOf(received("booking_confirmed"), "America/New_York")).toMatch(/24.*, 4:00\sam/i);
  });

  it("shows both times of a rescheduled session", () => {
    expect(sentenceOf(received("booking_rescheduled"), "UTC")).toMatch(/from .*23.* to .*24/);
  });

  it("differs for the two sides of a report without a reply", () => {
    const sentence = (claimed_by: string) =>
      sentenceOf(received("no_show_unanswered", { claimed_by }), "Asia/Kathmandu");
    expect(sentence("student")).toMatch(/^Asha Rao didn’t reply in time.*missed by them\.$/);
    expect(sentence("mentor")).toMatch(/^You didn’t reply to Asha Rao in time.*missed by you\.$/);
  });

  it("names the other person by role if the name is missing", () => {
    expect(sentenceOf(received("booking_confirmed", { counterpart: "" }), "UTC")).toMatch(/^Your mentor /);
    const toMentor = received("booking_confirmed", { counterpart: "", role: "mentor" });
    expect(sentenceOf(toMentor, "UTC")).toMatch(/^A student /);
  });
});

describe("a notification without one of its facts", () => {
  it.each([
    ["booking_confirmed", "starts_at"],
    ["booking_rescheduled", "from_starts_at"],
    ["no_show_claimed", "answer_until"],
    ["no_show_unanswered", "claimed_by"],
    ["alert_fired", "service_id"],
    ["payment_failed", "amount"],
    ["refund_requested", "why"],
  ])("%s without %s is rejected", (kind, fact) => {
    const { [fact]: _, ...others } = facts as Record<string, unknown>;
    expect(notificationContent.safeParse({ kind, facts: others }).success).toBe(false);
    expect(notificationContent.safeParse({ kind, facts }).success).toBe(true);
  });

  it("passes on nothing that its kind does not name", () => {
    expect(received("review_written").facts).not.toHaveProperty("from_starts_at");
    expect(notification.parse({ ...received("review_written"), id: facts.service_id }).facts).toEqual(
      received("review_written").facts,
    );
  });
});

describe("what the other person wrote", () => {
  it("is quoted if there is a reason", () => {
    const declined = received("booking_declined");
    expect(quoteOf(declined)).toBeUndefined();
    expect(quoteOf({ ...declined, facts: { ...declined.facts, reason: "Away" } } as Notification)).toBe(
      "Away",
    );
    expect(quoteOf(received("alert_fired"))).toBeUndefined();
  });
});

describe("a notification leads", () => {
  it("to the session, if there is one", () => {
    expect(addressOf(received("booking_confirmed", {}, "b"))).toBe("/sessions/b");
  });
  it("to the page where each party replies to a request", () => {
    expect(addressOf(received("time_request_proposed"))).toBe("/sessions");
    expect(addressOf(received("waitlist_offer"))).toBe(`/sessions?waiting=${facts.offer_id}`);
    expect(addressOf(received("time_request_opened", { role: "mentor" }))).toBe("/mentor/requests");
  });
  it("to earnings and payouts", () => {
    expect(addressOf(received("earned", { role: "mentor" }))).toBe("/mentor/earnings");
  });
  it("to the connected calendars", () => {
    expect(addressOf(received("calendar_broken", { role: "mentor" }))).toBe("/account#calendars");
  });
  it("to the free times of an alert", () => {
    expect(addressOf(received("alert_fired"))).toBe(
      "/mentors/asha?book=time&service=00000000-0000-4000-8000-000000000001&minutes=60",
    );
  });
});
