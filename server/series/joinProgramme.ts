import type { z } from "zod";
import type { createSeries as createContract, Series } from "#contract/series.ts";
import { completeJudged, insertBasket, insertTogether } from "../baskets/bookTogether.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import { setOrigin } from "../platform/limits/origin.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { insertSeries } from "./insertSeries.ts";
import { priceProgramme, requireOpenProgramme } from "./priceProgramme.ts";
import { requireSeries } from "./queries.ts";

type Request = Extract<z.output<typeof createContract>, { pattern: "programme" }>;

/**
 * Books a programme: a seat in each of its sessions, or in none. Until the first one begins, so that everyone has all of it. Not
 * judged by the engine: the mentor chose these times, and their seats are the ledger's.
 * @throws Refusal `programme_not_found`, `slot_unavailable`, `slot_taken`, `coupon_not_found`, `coupon_not_usable`,
 * `price_mismatch`, `already_booked`
 */
export async function joinProgramme(
  dependencies: PriceDependencies,
  caller: Identity,
  request: Request,
  idempotency: IdempotentRequest | undefined,
  origin?: string,
): Promise<Series> {
  const { expert_id, programme_id, coupon_code: code } = request;
  if (expert_id === caller.id) throw new Refusal("own_session");
  const { database, now } = dependencies;
  return onceOnly(
    database,
    caller,
    idempotency,
    "the seats of a programme are taken together",
    async (tx) => {
      await lockSchedule(tx, expert_id);
      await setOrigin(tx, origin);
      const found = await requireOpenProgramme(tx, expert_id, programme_id);
      const asked = { mentorId: expert_id, studentId: caller.id, code };
      const priced = await priceProgramme(tx, asked, found, now());
      const judged = await completeJudged(tx, dependencies, caller, request, priced);
      const { service_id, duration } = found.programme;
      const seriesId = await insertSeries(tx, caller, {
        expert_id,
        service_id,
        duration,
        pattern: "programme",
        payment: "at_once",
        programme_id,
        coupon: judged.coupon,
      });
      const basketId = judged.isPaid ? await insertBasket(tx, caller, request, judged, seriesId) : null;
      await insertTogether(tx, caller, request, judged, { seriesId, basketId });
      return requireSeries(tx, caller.id, seriesId, now());
    },
  );
}
