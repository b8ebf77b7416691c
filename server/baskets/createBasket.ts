import type { z } from "zod";
import type { Basket, createBasket as createContract } from "#contract/baskets.ts";
import { parseInstant } from "#scheduling/units.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { Refusal } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import { insertBasket, insertTogether, judgeLocked } from "./bookTogether.ts";
import { requireBasket } from "./queries.ts";

/**
 * Books several times of one mentor, all or none.
 * @throws Refusal as `createBooking`, with `refused_sessions`
 */
export async function createBasket(
  dependencies: PriceDependencies,
  caller: Identity,
  request: z.output<typeof createContract>,
  idempotency: IdempotentRequest | undefined,
  origin?: string,
): Promise<Basket> {
  if (request.expert_id === caller.id) throw new Refusal("own_session");
  const { database } = dependencies;
  const wanted = request.slots.map(({ starts_at, ...slot }) => ({
    ...slot,
    startsAt: parseInstant(starts_at),
  }));
  return onceOnly(database, caller, idempotency, "the slot engine has judged these starts", async (tx) => {
    const at = (index: number) => `slots.${index}.`;
    const judged = await judgeLocked(tx, dependencies, caller, request, wanted, { origin, at });
    const basketId = await insertBasket(tx, caller, request, judged, null);
    await insertTogether(tx, caller, request, judged, { seriesId: null, basketId });
    return requireBasket(tx, basketId);
  });
}
