import type { PackagePurchase, Quote } from "#contract/offers.ts";
import type { PriceLine } from "#contract/priceLine.ts";
import { decimalOf, type Money } from "#rules/money.ts";
import { priceLines } from "#rules/priceLines.ts";
import { ApiProblem } from "@/lib/api.ts";
import type { Choice } from "./bookingStep.ts";

/** Whether it was refused for its coupon or its package. */
export function isOfferRefusal(refusal: ApiProblem | null): boolean {
  return ["coupon_not_found", "coupon_not_usable", "package_not_usable"].includes(refusal?.code ?? "");
}

/** What the API says about a code. */
export function sentenceOf(error: Error | null): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.fieldErrors.find(({ field }) => field === "coupon_code")?.message ?? error.detail;
}

/** The bought package that pays for such a session: the one that ends first. */
export function packageFor(...given: Parameters<typeof packagesFor>): PackagePurchase | undefined {
  return packagesFor(...given)[0];
}

/** The bought packages that can pay for such a session, the one that ends first before the others. */
export function packagesFor(
  purchases: readonly PackagePurchase[],
  mentorId: string,
  { service, minutes }: Choice,
): PackagePurchase[] {
  return purchases
    .filter(
      (one) =>
        one.state === "active" &&
        one.sessions_left > 0 &&
        one.expert_id === mentorId &&
        one.service_id === service.id &&
        one.minutes === minutes,
    )
    .sort((one, other) => Date.parse(one.expires_at ?? "") - Date.parse(other.expires_at ?? ""));
}

/** The quoted lines if they are those of the total; a price that has changed is one line until it is quoted again. */
export function shownLines(
  quote: Quote | undefined,
  total: Money,
  choice: Choice,
  addRecording: boolean,
): PriceLine[] {
  if (quote?.total === decimalOf(total)) return quote.lines;
  const listed = priceLines(choice.prices, { minutes: choice.minutes, addRecording });
  if (listed.ok && listed.total.minor === total.minor) {
    return listed.lines.map(({ kind, amount }) => ({ kind, amount: decimalOf(amount) }));
  }
  return [{ kind: "session", amount: decimalOf(total) }];
}
