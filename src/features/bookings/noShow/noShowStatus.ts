import { noShowClaimOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { type NoShowStatus, noShowStatusAt } from "#rules/noShow.ts";
import { epochMs } from "#scheduling/units.ts";
import { noShowReports, noShowStatuses } from "#words/noShow.ts";
import { firstName } from "@/lib/names.ts";

type NoShowFacts = Pick<Booking, "no_show" | "user_name" | "mentor">;

export function noShowStatusOf(booking: Pick<Booking, "no_show">, now: number): NoShowStatus {
  return noShowStatusAt(noShowClaimOf(booking), epochMs(now));
}

/** Whether `role` was reported and can still reply. */
export function awaitsReplyOf(booking: Pick<Booking, "no_show">, role: BookingRole, now: number): boolean {
  return noShowStatusOf(booking, now) === "open" && booking.no_show?.claimed_by !== role;
}

/** The label of a session in a list; null if no report counts. */
export function noShowStatus(
  booking: NoShowFacts,
  reader: BookingRole,
  now: number,
): { text: string; tone: "accent" | "bad" } | null {
  const status = noShowStatusOf(booking, now);
  if (status === "none") return null;
  const text = noShowStatuses[sideOf(booking, reader)][status](otherNameOf(booking, reader));
  return { text, tone: status === "open" ? "accent" : "bad" };
}

/** A heading and what follows from the report; null if there is none. */
export function noShowReport(
  booking: NoShowFacts,
  reader: BookingRole,
  now: number,
): { title: string; meaning: string } | null {
  const { no_show: claim } = booking;
  if (!claim) return null;
  // The window may have closed before the job has recorded it.
  const hasRunOut = claim.state === "open" && noShowStatusOf(booking, now) === "effective";
  const report = noShowReports[sideOf(booking, reader)][hasRunOut ? "unanswered" : claim.state];
  const other = otherNameOf(booking, reader);
  return { title: report.title(other), meaning: report.meaning(other) };
}

function sideOf({ no_show: claim }: NoShowFacts, reader: BookingRole): "reporter" | "reported" {
  return claim?.claimed_by === reader ? "reporter" : "reported";
}

function otherNameOf({ user_name, mentor }: NoShowFacts, reader: BookingRole): string {
  return firstName(reader === "mentor" ? user_name : mentor.full_name);
}
