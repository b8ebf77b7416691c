import type { Basket, CreateBasket } from "#contract/baskets.ts";
import { api } from "@/lib/api.ts";

/** Books several times of a mentor, all or none. Trying again needs the same key. @throws ApiProblem */
export function createBasket(wanted: CreateBasket, idempotencyKey: string): Promise<Basket> {
  return api.post("/api/v1/baskets", wanted, { headers: { "idempotency-key": idempotencyKey } });
}
