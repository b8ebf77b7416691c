import { describe, expect, it } from "vitest";
import { noShowStates } from "#rules/noShow.ts";
import { afterSessionFactsOf, bookingFactsOf, joinFactsOf, noShowClaimOf } from "./bookingFacts.ts";
import type { Booking } from "./bookings.ts";

const report = { claimed_by: "student", state: "open", answer_until: "2026-11-27T11:00:00.000Z" };
const booking = (changes: object = {}) =>
  ({
    status: "confirmed",
    starts_at: "2026-11-24T10:00:00.000Z",
    ends_at: "2026-11-24T11:00:00.000Z",
    expires_at: null,
    cancel_cutoff: 1440,
    reschedule_cutoff: 120,
    meeting_url: null,
    no_show: null,
    programme_id: null,
    ...changes,
  }) as Booking;
const [start, end] = [Date.UTC(2026, 10, 24, 10), Date.UTC(2026, 10, 24, 11)];

describe("a booking's facts", () => {
  it("have instants in epoch ms", () => {
    expect(bookingFactsOf(booking())).toEqual({
      status: "confirmed",
      startsAt: start,
      endsAt: end,
      expiresAt: null,
      cancel_cutoff: 1440,
      reschedule_cutoff: 120,
      hasNoShow: false,
      movesForAll: false,
    });
    expect(bookingFactsOf(booking({ programme_id: "p" })).movesForAll).toBe(true);
    const pending = booking({ status: "pending", expires_at: "2026-11-24T09:00:00.000Z" });
    expect(bookingFactsOf(pending).expiresAt).toBe(Date.UTC(2026, 10, 24, 9));
  });

  it.each(noShowStates)(
    "hold up completion unless the no-show report is disputed or withdrawn: %s",
    (state) => {
      const { hasNoShow } = bookingFactsOf(booking({ no_show: { ...report, state } }));
      expect(hasNoShow).toBe(state !== "disputed" && state !== "withdrawn");
    },
  );

  it("include whether there is a link to join", () => {
    expect(joinFactsOf(booking()).hasLink).toBe(false);
    const withLink = booking({ meeting_url: "https://meet.example.com/asha" });
    expect(joinFactsOf(withLink)).toEqual({
      status: "confirmed",
      startsAt: start,
      endsAt: end,
      hasLink: true,
      isElsewhere: false,
    });
  });

  it("include the no-show report, if there is one", () => {
    expect(afterSessionFactsOf(booking())).toEqual({ status: "confirmed", endsAt: end, claim: null });
    expect(noShowClaimOf(booking({ no_show: report }))).toMatchObject({
      claimedBy: "student",
      state: "open",
      answerUntil: Date.UTC(2026, 10, 27, 11),
    });
  });
});
