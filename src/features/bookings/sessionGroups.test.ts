import { describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import type { BookingStatus } from "#rules/bookingState.ts";
import { groupSessions, hasExpired, isInProgress } from "./sessionGroups.ts";

const now = Date.parse("2026-11-24T10:00:00Z");

function booking(
  id: string,
  status: BookingStatus,
  starts_at: string,
  expires_at: string | null = null,
): Booking {
  return {
    id,
    status,
    starts_at,
    ends_at: new Date(Date.parse(starts_at) + 3_600_000).toISOString(),
    expires_at,
    no_show: null,
  } as Booking;
}

function idsOf(bookings: Booking[]): string[] {
  return bookings.map(({ id }) => id);
}

describe("groupSessions", () => {
  const groups = groupSessions(
    [
      booking("far", "confirmed", "2026-12-01T10:00:00Z"),
      booking("cancelled ahead", "cancelled", "2026-11-30T10:00:00Z"),
      booking("asked later", "pending", "2026-11-29T10:00:00Z", "2026-11-26T08:00:00Z"),
      booking("asked first", "pending", "2026-11-28T10:00:00Z", "2026-11-25T08:00:00Z"),
      booking("expired", "pending", "2026-11-27T10:00:00Z", "2026-11-24T10:00:00Z"),
      booking("under way", "confirmed", "2026-11-24T09:30:00Z"),
      booking("held", "confirmed", "2026-11-23T09:30:00Z"),
      booking("held before", "confirmed", "2026-11-22T09:30:00Z"),
      booking("done", "completed", "2026-11-20T09:30:00Z"),
    ],
    "student",
    now,
  );

  it("lists requests in the order of their sessions, even if a later one expires first", () => {
    expect(idsOf(groups.requests)).toEqual(["asked first", "asked later"]);
    // As listed: five requests of one evening, all expiring within the same minute.
    const asked = [28, 35, 33, 31, 30].map((day, index) =>
      booking(
        `day ${day}`,
        "pending",
        new Date(Date.UTC(2026, 10, day, 12)).toISOString(),
        `2026-11-26T10:00:0${index}Z`,
      ),
    );
    expect(idsOf(groupSessions(asked, "mentor", now).requests)).toEqual([
      "day 28",
      "day 30",
      "day 31",
      "day 33",
      "day 35",
    ]);
  });

  it("lists a session of a series with the others until its payment is asked for, three days ahead", () => {
    const held = (starts: string, expires: string) => ({
      ...booking("b", "pending", starts, expires),
      awaits_payment: true,
      payment_status: "pending" as const,
    });
    const groupOf = (one: Booking) =>
      Object.entries(groupSessions([one], "student", now)).find(([, list]) => list.length > 0)?.[0];
    expect(groupOf(held("2026-11-27T10:00:01Z", "2026-11-26T10:00:01Z"))).toBe("upcoming");
    expect(groupOf(held("2026-11-27T10:00:00Z", "2026-11-26T10:00:00Z"))).toBe("toPay");
    // The first payment of the series, for which all are held.
    expect(groupOf(held("2026-12-01T10:00:00Z", "2026-11-24T10:12:00Z"))).toBe("toPay");
  });

  it("lists what is held and not paid for apart, until it is released, and nothing of it after that", () => {
    const held = (id: string, expires: string, changes: Partial<Booking> = {}) => ({
      ...booking(id, "pending", "2026-11-28T10:00:00Z", expires),
      awaits_payment: true,
      payment_status: "pending" as const,
      ...changes,
    });
    const all = [
      held("later", "2026-11-24T10:11:00Z"),
      held("sooner", "2026-11-24T10:02:00Z", { payment_status: "failed" }),
      held("ended", "2026-11-24T10:00:00Z"),
      held("released", "2026-11-24T09:00:00Z", { status: "cancelled", payment_status: "failed" }),
      held("paid too late", "2026-11-24T09:00:00Z", { status: "cancelled", payment_status: "refunded" }),
    ];
    const { toPay, past, ...others } = groupSessions(all, "student", now);
    expect([idsOf(toPay), idsOf(past)]).toEqual([["sooner", "later"], ["paid too late"]]);
    expect(Object.values(others).flat()).toEqual([]);
  });

  it("lists upcoming sessions from the next one on, including one in progress", () => {
    expect(idsOf(groups.upcoming)).toEqual(["under way", "far"]);
  });

  it("separates sessions that are over from those marked as completed", () => {
    expect(idsOf(groups.toComplete)).toEqual(["held before", "held"]);
  });

  it("puts expired, cancelled and completed sessions into the past, the latest first", () => {
    expect(idsOf(groups.past)).toEqual(["cancelled ahead", "expired", "done"]);
  });
});

describe("a session with a no-show report", () => {
  const missed = (
    id: string,
    changes: Partial<NonNullable<Booking["no_show"]>>,
    status: BookingStatus = "confirmed",
  ) =>
    ({
      ...booking(id, status, "2026-11-23T09:30:00Z"),
      no_show: { claimed_by: "student", state: "open", answer_until: "2026-11-25T10:00:00Z", ...changes },
    }) as Booking;
  const all = [
    missed("asked", {}),
    missed("asked, completed before", { answer_until: "2026-11-25T09:00:00Z" }, "completed"),
    missed("ran out", { answer_until: "2026-11-24T10:00:00Z" }),
    missed("agreed", { state: "agreed" }),
    missed("disputed", { state: "disputed" }),
    missed("withdrawn", { state: "withdrawn" }),
  ];

  it("awaits a reply from the reported side", () => {
    const { toAnswer, past, toComplete } = groupSessions(all, "mentor", now);
    expect(idsOf(toAnswer)).toEqual(["asked, completed before", "asked"]);
    expect(idsOf(past)).toEqual(["ran out", "agreed"]);
    expect(idsOf(toComplete).sort()).toEqual(["disputed", "withdrawn"]);
  });

  it("is past for the side that reported", () => {
    const { toAnswer, past } = groupSessions(all, "student", now);
    expect(toAnswer).toEqual([]);
    expect(idsOf(past)).toEqual(["asked", "asked, completed before", "ran out", "agreed"]);
  });
});

describe("hasExpired", () => {
  it("is true from the moment of expiry, and at the start at the latest", () => {
    expect(hasExpired(booking("a", "pending", "2026-11-25T10:00:00Z", "2026-11-24T10:00:00Z"), now)).toBe(
      true,
    );
    expect(hasExpired(booking("b", "pending", "2026-11-25T10:00:00Z", "2026-11-24T10:00:01Z"), now)).toBe(
      false,
    );
    expect(hasExpired(booking("c", "pending", "2026-11-24T10:00:00Z", "2026-11-26T10:00:00Z"), now)).toBe(
      true,
    );
  });
});

describe("isInProgress", () => {
  it("is true from the start of the session to its end", () => {
    expect(isInProgress(booking("a", "confirmed", "2026-11-24T10:00:00Z"), now)).toBe(true);
    expect(isInProgress(booking("b", "confirmed", "2026-11-24T09:00:00Z"), now)).toBe(false);
    expect(isInProgress(booking("c", "pending", "2026-11-24T10:00:00Z"), now)).toBe(false);
  });
});
