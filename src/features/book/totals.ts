/** What a booking costs. Not in bookingStep.ts: its last steps alone compute with it. */
import { type Money, moneyOf } from "#rules/money.ts";
import { priceOf } from "#rules/price.ts";
import type { Choice } from "./bookingStep.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

/** The list price. A recording that the mentor does not offer adds nothing. */
export function totalOf({ minutes, price, prices }: Choice, addRecording: boolean): Money {
  const answer = priceOf(prices, { minutes, addRecording });
  return answer.ok ? answer.price : price;
}

/** The total that the student has seen, which the server compares with its own; without it the list price. */
export function agreedTotalOf(
  choice: Choice,
  { agreedTotal, addRecording }: Pick<BookingDetails, "agreedTotal" | "addRecording">,
): Money {
  return agreedTotal ? moneyOf(Number(agreedTotal), choice.price.currency) : totalOf(choice, addRecording);
}
