import type { z } from "zod";
import type { createSeries as createContract, Series } from "#contract/series.ts";
import { seriesPaymentsFor } from "#rules/seriesPayment.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { creditRefusals, togetherRefusals } from "#words/refusals.ts";
import { insertBasket, insertTogether, type JudgedTogether, judgeLocked } from "../baskets/bookTogether.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { findOffers } from "../offers/priceTerms.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import type { OfferedService } from "../slots/queries.ts";
import { insertSeries } from "./insertSeries.ts";
import { requireSeries } from "./queries.ts";

type Request = Exclude<z.output<typeof createContract>, { pattern: "programme" }>;

/**
 * Books the sessions of a series, all or none.
 * @throws Refusal as `createBooking`, with `refused_sessions`; `package_not_usable`
 */
export async function createSeries(
  dependencies: PriceDependencies,
  caller: Identity,
  request: Request,
  idempotency: IdempotentRequest | undefined,
  origin?: string,
): Promise<Series> {
  if (request.expert_id === caller.id) throw new Refusal("own_session");
  requirePackage(request);
  const { database, now } = dependencies;
  const { session_type, service_id, duration, add_recording, package_purchase_id: purchaseId } = request;
  const starts = request.starts.map(parseInstant).sort((a, b) => a - b);
  const wanted = starts.map((startsAt) => ({ session_type, service_id, duration, add_recording, startsAt }));
  return onceOnly(database, caller, idempotency, "the slot engine has judged these starts", async (tx) => {
    const judged = await judgeLocked(tx, dependencies, caller, request, wanted, {
      origin,
      at: () => "",
      ...(purchaseId !== undefined && {
        offersFor: (service) => findCredits(tx, caller, request, service, purchaseId),
      }),
    });
    const isOneByOne = request.payment === "per_session" && judged.isPaid;
    if (isOneByOne) requireOneByOne(judged, now());
    const { expert_id, pattern, payment } = request;
    const seriesId = await insertSeries(tx, caller, {
      expert_id,
      service_id: judged.sessions[0]!.service.id,
      duration,
      pattern,
      payment: payment === "per_session" && !judged.isPaid ? "at_once" : payment,
      coupon: judged.coupon,
    });
    const basketId =
      judged.isPaid && !isOneByOne ? await insertBasket(tx, caller, request, judged, seriesId) : null;
    await insertTogether(tx, caller, request, judged, { seriesId, basketId, purchaseId });
    return requireSeries(tx, caller.id, seriesId, now());
  });
}

/** @throws Refusal `validation_failed` */
function requirePackage({ payment, package_purchase_id }: Request): void {
  if (payment === "credits" && package_purchase_id === undefined)
    throw refuseField("package_purchase_id", togetherRefusals.package);
  if (payment !== "credits" && package_purchase_id !== undefined)
    throw refuseField("package_purchase_id", togetherRefusals.packageUnused);
}

/** @throws Refusal `package_not_usable` unless it has a session for each */
async function findCredits(
  tx: SystemTx,
  caller: Identity,
  { expert_id: mentorId, duration, starts }: Request,
  service: OfferedService,
  package_purchase_id: string,
) {
  const offers = await findOffers(tx, {
    mentorId,
    studentId: caller.id,
    service,
    duration,
    package_purchase_id,
  });
  const { rows } = await tx.client.query<{ credits: number }>(
    "select credits from private.credits_left($1, $2)",
    [mentorId, [package_purchase_id]],
  );
  const left = rows[0]?.credits ?? 0;
  if (left >= starts.length) return offers;
  const message = left === 0 ? creditRefusals.used_up : togetherRefusals.tooFewCredits(left);
  throw refuseField("package_purchase_id", message, "package_not_usable");
}

/** Each later session must be confirmed by its payment, and there must be time to ask for it. @throws Refusal */
function requireOneByOne({ sessions, statuses }: JudgedTogether, now: EpochMs): void {
  const starts = sessions.map(({ startsAt }) => startsAt);
  const ways = seriesPaymentsFor({
    isPaid: true,
    isInstant: statuses.every((status) => status === "confirmed"),
    starts,
    now,
  });
  if (!ways.includes("per_session")) throw refuseField("payment", togetherRefusals.notOneByOne);
}
