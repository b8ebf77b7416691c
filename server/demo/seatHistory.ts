import type { BookingActor } from "#rules/bookingState.ts";
import { windowMs } from "#rules/windows.ts";
import { HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import type { DemoSeat } from "./demoTypes.ts";
import type { PlacedSession } from "./placeSessions.ts";

/** One row of booking_events. */
export interface SeatStep {
  kind: "created" | "confirmed" | "declined" | "cancelled" | "completed" | "expired";
  actor: BookingActor;
  from_status: string | null;
  to_status: string;
  /** Epoch ms. */
  at: number;
  reason: string | null;
}

/** Whether bookings are confirmed automatically: the service's setting, else the mentor's. */
export function confirmsAutomatically({
  service,
  mentor,
}: Pick<PlacedSession, "service" | "mentor">): boolean {
  return service.instant_confirm ?? mentor.settings.instant_confirm ?? false;
}

/** The history of a past session's seat, in order, as the triggers would have written it. */
export function seatHistory(placed: PlacedSession, seat: DemoSeat, index: number): SeatStep[] {
  const { startsAt, endsAt, mentor } = placed;
  // Some days before, with more than the mentor's notice; never two people in the same minute.
  const noticeHours = (mentor.settings.minimum_notice ?? 0) / 60;
  const bookedAt = startsAt - (Math.max(noticeHours, 72) + 7) * HOUR_MS + index * 47 * MINUTE_MS;
  const atOnce = confirmsAutomatically(placed);
  const created: SeatStep = {
    kind: "created",
    actor: "student",
    from_status: null,
    to_status: atOnce ? "confirmed" : "pending",
    at: bookedAt,
    reason: null,
  };
  const { reason = null } = seat;
  const asked = { from_status: "pending", to_status: "cancelled", reason };
  if (seat.outcome === "declined") {
    return [created, { kind: "declined", actor: "mentor", ...asked, at: bookedAt + 5 * HOUR_MS }];
  }
  if (seat.outcome === "expired") {
    return [
      created,
      { kind: "expired", actor: "system", ...asked, at: bookedAt + windowMs("requestAnswer") },
    ];
  }

  const steps = [created];
  const agreed = { from_status: "confirmed", reason };
  if (!atOnce) {
    steps.push({
      kind: "confirmed",
      actor: "mentor",
      from_status: "pending",
      to_status: "confirmed",
      at: bookedAt + 3 * HOUR_MS,
      reason: null,
    });
  }
  if (seat.outcome === "cancelled") {
    steps.push({
      kind: "cancelled",
      actor: "student",
      ...agreed,
      to_status: "cancelled",
      at: bookedAt + 26 * HOUR_MS,
    });
  } else if (seat.outcome === "completed") {
    steps.push({
      kind: "completed",
      actor: "mentor",
      ...agreed,
      to_status: "completed",
      at: endsAt + 9 * MINUTE_MS,
    });
  }
  return steps;
}
