/** Whether a booking is confirmed automatically or begins as a request. */

interface Approves {
  /** null: as the mentor's profile says. */
  instant_confirm: boolean | null;
}

interface ApprovingMentor {
  instant_confirm: boolean;
  /** A first booking is a request, also where bookings are confirmed at once. */
  approve_first_timers: boolean;
}

/** `first_asks`: confirmed at once for students who have had a session with this mentor, a request for all others. */
export type Approval = "instant" | "first_asks" | "asks";

export function approvalOf(mentor: ApprovingMentor, service: Approves): Approval {
  if (!(service.instant_confirm ?? mentor.instant_confirm)) return "asks";
  return mentor.approve_first_timers ? "first_asks" : "instant";
}

/** @param hasMet whether a session of these two took place */
export function isConfirmedInstantly(approval: Approval, hasMet: boolean): boolean {
  return approval === "instant" || (approval === "first_asks" && hasMet);
}
