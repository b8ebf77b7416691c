/** The list price of a session. What is paid of it is in priceLines.ts, which the booking page loads later. */
import type { Minutes } from "#scheduling/units.ts";
import { addMoney, type Money, moneyOf } from "./money.ts";

export interface PricedService {
  readonly durations: readonly { readonly minutes: Minutes; readonly price: Money }[];
  /** null: no recordings. */
  readonly recordingPrice: Money | null;
}

/** A service as responses have it: amounts in decimals. */
interface DecimalService {
  readonly durations: readonly { readonly minutes: Minutes; readonly price: number }[];
  readonly recording_price: number | null;
  readonly currency: string;
}

export interface PriceChoice {
  minutes: Minutes;
  addRecording: boolean;
}

export type ChoiceRefusal = { ok: false; field: "duration" | "add_recording" };
export type PriceAnswer = { ok: true; price: Money } | ChoiceRefusal;

export function pricesOf({ durations, recording_price, currency }: DecimalService): PricedService {
  return {
    durations: durations.map(({ minutes, price }) => ({ minutes, price: moneyOf(price, currency) })),
    recordingPrice: recording_price === null ? null : moneyOf(recording_price, currency),
  };
}

/** The list price. Returns the field to correct when the service has no such length or no recording. */
export function priceOf(service: PricedService, choice: PriceChoice): PriceAnswer {
  const length = service.durations.find(({ minutes }) => minutes === choice.minutes);
  if (!length) return { ok: false, field: "duration" };
  if (!choice.addRecording) return { ok: true, price: length.price };
  if (service.recordingPrice === null) return { ok: false, field: "add_recording" };
  return { ok: true, price: addMoney(length.price, service.recordingPrice) };
}
