/** What a session costs. Amounts are major units with at most two decimals; sums are made in whole hundredths. */

export interface PricedService {
  durations: readonly { minutes: number; price: number }[];
  recording_price: number | null;
}

export type PriceAnswer = { ok: true; amount: number } | { ok: false; field: "duration" | "add_recording" };

/** The price of one session; refused when the service has no such length or no recording. */
export function priceOf(
  service: PricedService,
  choice: { minutes: number; addRecording: boolean },
): PriceAnswer {
  const length = service.durations.find(({ minutes }) => minutes === choice.minutes);
  if (!length) return { ok: false, field: "duration" };
  if (!choice.addRecording) return { ok: true, amount: length.price };
  if (service.recording_price === null) return { ok: false, field: "add_recording" };
  return { ok: true, amount: addAmounts(length.price, service.recording_price) };
}

function addAmounts(...amounts: number[]): number {
  return amounts.reduce((sum, amount) => sum + toHundredths(amount), 0) / 100;
}

export function sameAmount(a: number, b: number): boolean {
  return toHundredths(a) === toHundredths(b);
}

function toHundredths(amount: number): number {
  return Math.round(amount * 100);
}
