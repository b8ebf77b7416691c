import type { z } from "zod";
import { type Quote, quote, type quoteRequest } from "#contract/offers.ts";
import { decimalOf } from "#rules/money.ts";
import { refundTiers } from "#rules/refundPolicy.ts";
import { addMs, MINUTE_MS } from "#scheduling/units.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { readSchedule } from "../slots/queries.ts";
import { findOffers, pricedWith } from "./priceTerms.ts";

export type QuoteDependencies = Dependencies & {
  /** Whether students pay through the app. */
  collects: boolean;
};

/**
 * What a session would cost the student now, in lines, and what a cancellation would give back. Nothing is reserved.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`, `coupon_not_found`, `coupon_not_usable`,
 * `package_not_usable`
 */
export async function quoteSession(
  { database, now, collects }: QuoteDependencies,
  studentId: string,
  mentor: string,
  { service_id, duration, add_recording, ...asked }: z.output<typeof quoteRequest>,
): Promise<Quote> {
  const from = now();
  const read = await readSchedule(database.public, mentor, { from, until: addMs(from, MINUTE_MS) });
  const service = read.services.find(({ id }) => id === service_id);
  if (!service) throw new Refusal("service_not_found");
  const asking = { ...asked, mentorId: read.mentor.id, studentId, service, duration };
  const offers = await findOffers({ client: database.commands }, asking);
  const { lines, total } = pricedWith(service, { minutes: duration, addRecording: add_recording }, offers);
  const policy = {
    fullCutoff: service.refund_full_cutoff,
    partialCutoff: service.refund_partial_cutoff,
    partialPercent: service.refund_partial_percent,
  };
  return quote.parse({
    lines: lines.map(({ kind, amount }) => ({ kind, amount: decimalOf(amount) })),
    total: decimalOf(total),
    currency: total.currency,
    refund_tiers:
      collects && total.minor > 0
        ? refundTiers(policy, total).map((tier) => ({ ...tier, amount: decimalOf(tier.amount) }))
        : [],
  });
}
