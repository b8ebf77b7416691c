import { type PricedService, pricesOf } from "#rules/price.ts";
import { asMinutes } from "#scheduling/units.ts";
import type { DemoService } from "./demoTypes.ts";

export function demoPricesOf({ durations, recording_price }: DemoService): PricedService {
  return pricesOf({
    durations: durations.map(([minutes, price]) => ({ minutes: asMinutes(minutes), price })),
    recording_price: recording_price ?? null,
    currency: "INR",
  });
}
