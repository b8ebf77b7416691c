import { describe, expect, it } from "vitest";
import { withoutSeat, withSeat } from "#scheduling/seats.ts";
import { addMs, asMinutes, epochMs, MINUTE_MS } from "#scheduling/units.ts";
import { type BookingFacts, deadlineOf, decideStep, stepsOpenTo } from "./bookingState.ts";

const start = epochMs(Date.UTC(2027, 0, 15, 10));
const minutesLater = (minutes: number) => addMs(start, minutes * MINUTE_MS);
const booked: BookingFacts = {
  status: "confirmed",
  startsAt: start,
  endsAt: minutesLater(60),
  expiresAt: null,
  cancel_cutoff: asMinutes(1440),
  reschedule_cutoff: asMinutes(120),
  hasNoShow: false,
  awaitsPayment: false,
  movesForAll: false,
};

describe("a student's cut-offs", () => {
  const ahead = (minutes: number) => minutesLater(-minutes);

  it.each([
    ["cancel", 1441, true],
    ["cancel", 1440, false],
    ["reschedule", 121, true],
    ["reschedule", 120, false],
  ] as const)("%s, %i minutes before: %s", (action, minutes, allowed) => {
    expect(decideStep(action, "student", booked, ahead(minutes))).toEqual(
      allowed
        ? { ok: true, to: action === "cancel" ? "cancelled" : "confirmed" }
        : { ok: false, why: "cutoff_passed" },
    );
  });

  it("do not bind the mentor, whom the start binds", () => {
    expect(stepsOpenTo("mentor", booked, ahead(1))).toEqual(["cancel", "reschedule"]);
    expect(decideStep("reschedule", "mentor", booked, start)).toEqual({ ok: false, why: "already_started" });
  });

  it("of nothing end with the start, and then the start is the reason", () => {
    const relaxed = { ...booked, cancel_cutoff: asMinutes(0) };
    expect(deadlineOf(relaxed, "cancel_cutoff")).toBe(start);
    expect(decideStep("cancel", "student", relaxed, addMs(start, -1)).ok).toBe(true);
    expect(decideStep("cancel", "student", relaxed, start)).toEqual({ ok: false, why: "already_started" });
  });

  it.each([
    ["pending", start, true],
    ["completed", null, false],
    ["cancelled", null, false],
  ] as const)("a %s booking moves: %#", (status, expiresAt, moves) => {
    const decision = decideStep("reschedule", "student", { ...booked, status, expiresAt }, ahead(3000));
    expect(decision).toEqual(moves ? { ok: true, to: status } : { ok: false, why: "wrong_status" });
  });
});

it("a session of a programme is moved by neither of its people alone; both can cancel it", () => {
  const inProgramme = { ...booked, movesForAll: true };
  const long = minutesLater(-3000);
  for (const role of ["student", "mentor"] as const) {
    expect(decideStep("reschedule", role, inProgramme, long)).toEqual({ ok: false, why: "moves_for_all" });
    expect(stepsOpenTo(role, inProgramme, long)).toEqual(["cancel"]);
  }
});

describe("the taken time for a booking that moves", () => {
  const session = {
    startsAt: start,
    endsAt: minutesLater(60),
    busyFrom: start,
    busyUntil: minutesLater(60),
    serviceId: null,
    capacity: 3,
    seatsTaken: 2,
  };
  const later = { ...session, startsAt: minutesLater(120), endsAt: minutesLater(180) };

  it("lacks the booking's own session, or one seat of a shared session", () => {
    expect(withoutSeat([{ ...session, seatsTaken: 1 }, later], start)).toEqual([later]);
    expect(withoutSeat([session, later], start)).toEqual([{ ...session, seatsTaken: 1 }, later]);
  });

  it("keeps what is busy in a connected calendar, also from the same moment on", () => {
    const elsewhere = { ...session, seatsTaken: 1, isElsewhere: true } as const;
    expect(withoutSeat([elsewhere, { ...session, seatsTaken: 1 }], start)).toEqual([elsewhere]);
    expect(withSeat([elsewhere], { ...session, seatsTaken: 1 })).toEqual([
      { ...session, seatsTaken: 1 },
      elsewhere,
    ]);
  });

  it("is unchanged when the session is not in it", () => {
    expect(withoutSeat([later], start)).toEqual([later]);
  });
});

it("is completed once it is over, and not a moment earlier", () => {
  expect(decideStep("complete", "mentor", booked, epochMs(booked.endsAt - 1))).toEqual({
    ok: false,
    why: "not_over",
  });
  expect(decideStep("complete", "mentor", booked, booked.endsAt)).toEqual({ ok: true, to: "completed" });
});

it("a booking is not completed while a no-show report is open or counts", () => {
  const after = minutesLater(60);
  expect(decideStep("complete", "mentor", booked, after)).toEqual({ ok: true, to: "completed" });
  expect(decideStep("complete", "mentor", { ...booked, hasNoShow: true }, after)).toEqual({
    ok: false,
    why: "no_show",
  });
});
