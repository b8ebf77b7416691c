import { moneyOfMinor } from "#rules/money.ts";
import type { PricedService } from "#rules/price.ts";
import type { Minutes } from "#scheduling/units.ts";

/** The prices of a service as its rows have them. */
export interface PriceRow {
  currency: string;
  recording_price_minor: number | null;
  durations: readonly { minutes: Minutes; price_minor: number }[];
}

export function pricesOfRow({ currency, recording_price_minor, durations }: PriceRow): PricedService {
  return {
    durations: durations.map(({ minutes, price_minor }) => ({
      minutes,
      price: moneyOfMinor(price_minor, currency),
    })),
    recordingPrice: recording_price_minor === null ? null : moneyOfMinor(recording_price_minor, currency),
  };
}
