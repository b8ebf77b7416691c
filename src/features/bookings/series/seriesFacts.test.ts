import { expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import type { Series } from "#contract/series.ts";
import { decimalOf } from "#rules/money.ts";
import { paidTogether } from "../student/paidTogether.ts";
import { groupBySeries } from "./groupBySeries.ts";
import { progressText, refundOf, rhythmOf, scopesOf } from "./seriesFacts.ts";

type Session = Series["sessions"][number];

const now = Date.parse("2026-12-09T00:00:00Z");

/** A Monday evening in Kolkata, of the given week of December 2026. */
function session(place: number, more: Partial<Session> = {}): Session {
  const start = new Date(Date.UTC(2026, 11, 7 * place, 13, 30)).toISOString();
  return {
    id: `b${place}`,
    place,
    series_id: "q",
    basket_id: null,
    status: "confirmed",
    starts_at: start,
    ends_at: start.replace("13:30", "14:30"),
    currency: "INR",
    refund: 1600,
    returns_credit: false,
    can_cancel: true,
    can_move: true,
    ...more,
  } as Session;
}

const tuesday = { starts_at: "2026-12-22T13:30:00.000Z", ends_at: "2026-12-22T14:30:00.000Z" };
const sessions = [session(1), session(2), session(3, tuesday), session(4)];
const series = { pattern: "weekly", sessions } as Series;

it("a series is named after the hour that most of its sessions have, on the reader's clock", () => {
  expect(rhythmOf(series, "Asia/Kolkata")).toMatch(/^Mondays, 7:00\sPM$/i);
  expect(rhythmOf({ ...series, pattern: "two_weeks" }, "Europe/London")).toMatch(
    /^Every other Monday, 1:30\sPM$/i,
  );
  expect(rhythmOf({ ...series, pattern: "chosen" }, "UTC")).toBe("Chosen dates");
});

it("cancelled sessions are no part of how far it has come", () => {
  expect(progressText(sessions, now)).toBe("1 of 4 done");
  expect(progressText([session(1, { status: "completed" }), session(2, { status: "cancelled" })], now)).toBe(
    "1 session, all done",
  );
  expect(progressText([session(1, { status: "cancelled" })], now)).toBe("No sessions left");
});

it("a step is about one session, it and the later ones, or all that are left; what adds nothing is no choice", () => {
  const scopes = (place: number, all = sessions) =>
    scopesOf({ sessions: all }, place, "can_cancel", now).map(({ name, sessions, left }) => [
      name,
      sessions.map(({ place }) => place),
      left,
    ]);
  expect(scopes(3)).toEqual([
    ["one", [3], 0],
    ["later", [3, 4], 0],
    ["all", [2, 3, 4], 0],
  ]);
  // From the first that is left on, later ones are all.
  expect(scopes(2)).toEqual([
    ["one", [2], 0],
    ["later", [2, 3, 4], 0],
  ]);
  expect(scopes(4, [session(1), session(4)])).toEqual([["one", [4], 0]]);
  // Too late for the next one, which stays.
  expect(scopes(3, [session(2, { can_cancel: false }), session(3), session(4)])).toEqual([
    ["one", [3], 0],
    ["later", [3, 4], 0],
  ]);
  expect(scopes(2, [session(2), session(3, { can_cancel: false }), session(4)])).toEqual([
    ["one", [2], 0],
    ["later", [2, 4], 1],
  ]);
});

it("what goes back is the sum, and the sessions of a package", () => {
  const { refund, credits } = refundOf([
    session(2, { refund: 800.5 }),
    session(3),
    session(4, { refund: 0, returns_credit: true }),
  ]);
  expect([decimalOf(refund), credits]).toEqual([2400.5, 1]);
});

it("a list shows sessions of a series in one place, and one alone as any other", () => {
  const single = session(9, { series_id: null });
  const list = [session(1), single, session(2)] as Booking[];
  expect(groupBySeries(list)).toEqual([
    { kind: "series", id: "q", bookings: [list[0], list[2]] },
    { kind: "session", booking: single },
  ]);
  expect(groupBySeries([list[0]!])).toEqual([{ kind: "session", booking: list[0] }]);
});

it("a basket is paid at once, the first of a series that is paid one by one before the others", () => {
  const held = [session(2), session(1), session(3, { basket_id: "k" }), session(4, { series_id: null })];
  expect(paidTogether(held as Booking[]).map((some) => some.map(({ id }) => id))).toEqual([
    ["b1", "b2"],
    ["b3"],
    ["b4"],
  ]);
});
