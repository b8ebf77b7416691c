/** Calls of the API about no-shows. Each throws ApiProblem when it is refused. */
import type { Booking } from "#contract/bookings.ts";
import type { NoShowAnswer } from "#rules/noShow.ts";
import { api } from "@/lib/api.ts";

/** The message goes to the other side. */
export function claimNoShow(bookingId: string, message: string): Promise<Booking> {
  return api.post(pathOf(bookingId), message ? { reason: message } : {});
}

export function answerNoShow(bookingId: string, answer: NoShowAnswer, message: string): Promise<Booking> {
  return api.post(`${pathOf(bookingId)}/answer`, { answer, ...(message && { reason: message }) });
}

export function withdrawNoShow(bookingId: string): Promise<Booking> {
  return api.post(`${pathOf(bookingId)}/withdraw`, {});
}

function pathOf(bookingId: string): string {
  return `/api/v1/bookings/${encodeURIComponent(bookingId)}/no-show`;
}
