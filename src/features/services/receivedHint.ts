import { serviceLengths } from "#words/serviceEditor.ts";
import { formatAmount } from "@/lib/money.ts";
import { receivedOf } from "./serviceForm.ts";

/** 'You receive ₹1,800 of ₹2,000.' below a price that is typed. */
export function receivedHint(price: string, feePercent: number | null): string | undefined {
  const received = feePercent === null ? null : receivedOf(price, feePercent);
  return received
    ? serviceLengths.receive(formatAmount(received.share), formatAmount(received.price))
    : undefined;
}
