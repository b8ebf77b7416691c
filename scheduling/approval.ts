/** Whether a booking is confirmed by itself or begins as a request, and how that is said before it is made. */

/** Hours a mentor has to answer a request; never longer than until its start. `prepare_booking()` in the database says the same. */
export const ANSWER_HOURS = 48;

interface Approves {
  /** null: as the mentor's profile says. */
  instant_confirm: boolean | null;
}

export function isConfirmedInstantly(mentor: { instant_confirm: boolean }, service: Approves): boolean {
  return service.instant_confirm ?? mentor.instant_confirm;
}

/** @param name what students call the mentor */
export function spellApproval(isInstant: boolean, name: string): string {
  return isInstant ? "Confirmed instantly" : `${name} replies within ${ANSWER_HOURS} h`;
}
