/** Whether a booking is confirmed by itself or begins as a request, and how that is said before it is made. */

import { windowHours } from "./windows.ts";

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

/** @param name what students call the mentor */
export function spellApproval(approval: Approval, name: string): string {
  switch (approval) {
    case "instant":
      return "Confirmed instantly";
    case "first_asks":
      return `First session: ${name} replies within ${windowHours.requestAnswer} h`;
    case "asks":
      return `${name} replies within ${windowHours.requestAnswer} h`;
    default:
      return approval satisfies never;
  }
}
