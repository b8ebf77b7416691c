/** Whether a booking is confirmed automatically or begins as a request. */

interface Approves {
  /** null: the mentor's default. */
  instant_confirm: boolean | null;
}

interface ApprovingMentor {
  instant_confirm: boolean;
  /** A first booking is a request, even where bookings are confirmed automatically. */
  approve_first_timers: boolean;
}

/** `approve_first`: confirmed automatically for students who have had a session with this mentor, else a request. */
export type Approval = "instant" | "approve_first" | "approve";

export function approvalOf(mentor: ApprovingMentor, service: Approves): Approval {
  if (!(service.instant_confirm ?? mentor.instant_confirm)) return "approve";
  return mentor.approve_first_timers ? "approve_first" : "instant";
}

/** @param hasMet whether a session of these two took place */
export function isConfirmedInstantly(approval: Approval, hasMet: boolean): boolean {
  return approval === "instant" || (approval === "approve_first" && hasMet);
}
