import type { z } from "zod";
import {
  type Quote,
  type QuoteTogether,
  quote,
  type quoteRequest,
  quoteTogether,
  type quoteTogetherRequest,
} from "#contract/offers.ts";
import { addMoney, decimalOf } from "#rules/money.ts";
import type { PriceLine } from "#rules/priceLines.ts";
import { refundTiers } from "#rules/refundPolicy.ts";
import { addMs, MINUTE_MS } from "#scheduling/units.ts";
import { Refusal } from "../platform/errors.ts";
import { readSchedule } from "../slots/queries.ts";
import type { PriceDependencies } from "./priceDependencies.ts";
import { findOffers, noOffers, pricedWith } from "./priceTerms.ts";
import { priceTogether, type TogetherPrice } from "./priceTogether.ts";

/**
 * What a session would cost the student now, in lines, and what a cancellation would give back. Nothing is reserved.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`, `coupon_not_found`, `coupon_not_usable`,
 * `package_not_usable`
 */
export async function quoteSession(
  { database, now, collects }: PriceDependencies,
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
    lines: lines.map(presentLine),
    total: decimalOf(total),
    currency: total.currency,
    refund_tiers:
      collects && total.minor > 0
        ? refundTiers(policy, total).map((tier) => ({ ...tier, amount: decimalOf(tier.amount) }))
        : [],
  });
}

/**
 * What several sessions would cost the student together now, as `POST /baskets` and `POST /series` compute it.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`, `coupon_not_found`, `coupon_not_usable`,
 * `package_not_usable`
 */
export async function quoteSessions(
  { database, now }: PriceDependencies,
  studentId: string,
  mentor: string,
  { sessions, coupon_code: code, package_purchase_id }: z.output<typeof quoteTogetherRequest>,
): Promise<QuoteTogether> {
  const from = now();
  const read = await readSchedule(database.public, mentor, { from, until: addMs(from, MINUTE_MS) });
  const wanted = sessions.map((each) => {
    const service = read.services.find(({ id }) => id === each.service_id);
    if (!service) throw new Refusal("service_not_found");
    return { ...each, service };
  });
  const client = { client: database.commands };
  const mentorId = read.mentor.id;
  const { service, duration } = wanted[0]!;
  const { credit = false } =
    package_purchase_id === undefined
      ? noOffers
      : await findOffers(client, { mentorId, studentId, service, duration, package_purchase_id });
  return presentTogether(await priceTogether(client, { mentorId, studentId, code }, wanted, { credit }));
}

/** With the sum of each kind of line. */
export function presentTogether({ prices, total }: TogetherPrice): QuoteTogether {
  const lines = Map.groupBy(
    prices.flatMap((each) => each.lines),
    ({ kind }) => kind,
  );
  return quoteTogether.parse({
    lines: [...lines].map(([kind, same]) =>
      presentLine({ kind, amount: same.map(({ amount }) => amount).reduce(addMoney) }),
    ),
    total: decimalOf(total),
    currency: total.currency,
    sessions: prices.map((each) => ({ lines: each.lines.map(presentLine), total: decimalOf(each.total) })),
  });
}

function presentLine({ kind, amount }: PriceLine) {
  return { kind, amount: decimalOf(amount) };
}
