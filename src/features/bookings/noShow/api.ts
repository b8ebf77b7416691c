/** Who did not come, as a thin client of the API. Everything here throws ApiProblem when it is refused. */
import type { Booking } from "#contract/bookings.ts";
import type { NoShowAnswer } from "#rules/noShow.ts";
import { api } from "@/lib/api.ts";

/** The words go to the other side. */
export function claimNoShow(bookingId: string, reason: string): Promise<Booking> {
  return api.post(pathOf(bookingId), withWords(reason));
}

export function answerNoShow(bookingId: string, answer: NoShowAnswer, reason: string): Promise<Booking> {
  return api.post(`${pathOf(bookingId)}/answer`, { answer, ...withWords(reason) });
}

export function withdrawNoShow(bookingId: string): Promise<Booking> {
  return api.post(`${pathOf(bookingId)}/withdraw`, {});
}

function withWords(reason: string): { reason?: string } {
  return reason ? { reason } : {};
}

function pathOf(bookingId: string): string {
  return `/api/v1/bookings/${encodeURIComponent(bookingId)}/no-show`;
}
