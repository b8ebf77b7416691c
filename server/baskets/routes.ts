import { basket, basketParams, createBasket as createContract } from "#contract/baskets.ts";
import { idempotencyHeaders } from "#contract/bookings.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import { idempotentRequest } from "../platform/idempotency.ts";
import { limitTo } from "../platform/limits/limits.ts";
import type { OriginOf } from "../platform/limits/origin.ts";
import { createBasket } from "./createBasket.ts";
import { findBasket } from "./queries.ts";

const tags = ["Baskets"];

/** Several times of one mentor, booked and paid for together. */
export async function basketRoutes(
  app: TypedApp,
  dependencies: PriceDependencies & { originOf: OriginOf },
): Promise<void> {
  app.post("/baskets", {
    schema: {
      tags,
      summary: "Book several times of a mentor at once",
      description:
        "All of them or none: `refused_sessions` names those that cannot be booked. One payment is for all: that of any of the bookings.",
      headers: idempotencyHeaders,
      body: createContract,
      response: { 201: basket, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest: limitTo(app, "book", "book-address"),
    preHandler: signedIn,
    handler: async (request, reply) => {
      const { caller, body } = request;
      const key = idempotentRequest(request.headers["idempotency-key"], "POST /baskets", body);
      const made = await createBasket(dependencies, caller, body, key, dependencies.originOf(request));
      return reply.status(201).send(made);
    },
  });

  app.get("/baskets/:basket_id", {
    schema: {
      tags,
      summary: "Bookings that were made together",
      params: basketParams,
      response: { 200: basket, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const found = await dependencies.database.asUser(caller.id, (tx) => findBasket(tx, params.basket_id));
      if (!found) throw new Refusal("basket_not_found");
      return found;
    },
  });
}
