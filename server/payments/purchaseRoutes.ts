import { sql } from "kysely";
import {
  type PurchasePayment,
  packageParams,
  packagePurchase,
  purchaseList,
  purchaseParams,
  purchasePayment,
} from "#contract/offers.ts";
import { checkout } from "#contract/payments.ts";
import { decimalOf, moneyOfMinor } from "#rules/money.ts";
import { listPurchases } from "../offers/packages.ts";
import type { UserTx } from "../platform/database/database.ts";
import { findMentorOfPackage, mentorOfPurchase } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { openCheckout } from "./checkout.ts";
import type { PaymentProvider } from "./provider.ts";
import { ProviderUnclear, syncPayment } from "./settle.ts";

const tags = ["Offers"];

/** How students buy packages of sessions, and what they have bought. */
export async function purchaseRoutes(
  app: TypedApp,
  { database, provider }: Dependencies & { provider: PaymentProvider | null },
): Promise<void> {
  const onRequest = limitTo(app, "payments");

  app.post("/packages/:package_id/purchases", {
    schema: {
      tags,
      summary: "Begin to buy a package",
      description: "Returns the purchase that was begun earlier on the same terms, if there is one.",
      params: packageParams,
      response: { 201: packagePurchase, ...problemResponses(401, 403, 404, 409, 422, 429) },
    },
    onRequest,
    preHandler: signedIn,
    handler: async ({ caller, params }, reply) => {
      const mentorId = await findMentorOfPackage(database.public, params.package_id);
      if (!mentorId) throw new Refusal("package_not_found");
      if (mentorId === caller.id) throw new Refusal("own_session");
      const { rows } = await database.commands.query<{ id: string }>(
        "select private.buy_package($1, $2, $3) as id",
        [caller.id, mentorId, params.package_id],
      );
      const purchaseId = rows[0]?.id ?? "";
      const [bought] = await database.asUser(caller.id, (tx) =>
        listPurchases(tx.last, caller.id, { purchaseId }),
      );
      if (!bought) throw new Error("The purchase was not returned.");
      return reply.status(201).send(bought);
    },
  });

  app.get("/me/packages", {
    schema: {
      tags,
      summary: "The packages that I have bought",
      response: { 200: purchaseList, ...problemResponses(401) },
    },
    preHandler: signedIn,
    handler: async ({ caller }) => ({
      data: await database.asUser(caller.id, (tx) => listPurchases(tx.last, caller.id)),
    }),
  });

  app.get("/package-purchases/:purchase_id/payment", {
    schema: {
      tags,
      summary: "The payment of a package",
      params: purchaseParams,
      response: { 200: purchasePayment, ...problemResponses(401, 404) },
    },
    preHandler: signedIn,
    handler: ({ caller, params }) => read(caller.id, params.purchase_id),
  });

  app.post("/package-purchases/:purchase_id/payment/checkout", {
    schema: {
      tags,
      summary: "Begin or continue to pay for a package",
      params: purchaseParams,
      response: { 200: checkout, ...problemResponses(401, 404, 409, 429, 503) },
    },
    onRequest,
    preHandler: signedIn,
    handler: async ({ caller, params }) =>
      openCheckout({ database, provider }, await findKey(caller.id, params.purchase_id)),
  });

  app.post("/package-purchases/:purchase_id/payment/refresh", {
    schema: {
      tags,
      summary: "Ask the provider what has become of a package’s payment",
      description:
        "Its answer is applied before the response: a payment that has arrived makes the package usable.",
      params: purchaseParams,
      response: { 200: purchasePayment, ...problemResponses(401, 404, 429, 503) },
    },
    onRequest,
    preHandler: signedIn,
    handler: async ({ caller, params }) => {
      const key = await findKey(caller.id, params.purchase_id);
      if (provider) {
        await syncPayment({ database, provider }, key).catch((error: unknown) => {
          if (error instanceof ProviderUnclear) throw new Refusal("payment_provider_unavailable");
          throw error;
        });
      }
      return read(caller.id, params.purchase_id);
    },
  });

  async function read(studentId: string, purchaseId: string): Promise<PurchasePayment> {
    const found = await database.asUser(studentId, ({ last }) =>
      findPurchasePayment(last, studentId, purchaseId),
    );
    if (!found) throw new Refusal("payment_not_found");
    return found.payment;
  }

  async function findKey(studentId: string, purchaseId: string) {
    const found = await database.asUser(studentId, ({ last }) =>
      findPurchasePayment(last, studentId, purchaseId),
    );
    if (!found) throw new Refusal("payment_not_found");
    return { mentorId: found.mentorId, paymentId: found.payment.id };
  }
}

async function findPurchasePayment(tx: UserTx, studentId: string, purchaseId: string) {
  const row = await tx.db
    .selectFrom("payments as p")
    .select([
      "p.id",
      "p.expert_id",
      "p.state",
      "p.provider",
      "p.amount_minor",
      "p.refunded_minor",
      "p.currency",
      "p.created_at",
    ])
    .select(sql<string>`private.payment_status_of(p.expert_id, p.id)`.as("payment_status"))
    .select(
      sql<{ state: string; failure: string | null } | null>`(
        select json_build_object('state', a.state, 'failure', a.failure_message)
        from payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id
        order by (a.id is not distinct from p.accepted_attempt_id) desc, a.created_at desc limit 1)`.as(
        "attempt",
      ),
    )
    .where("p.package_purchase_id", "=", purchaseId)
    .where("p.expert_id", "=", mentorOfPurchase(purchaseId))
    .where("p.user_id", "=", studentId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { expert_id, amount_minor, refunded_minor, attempt, created_at, ...rest } = row;
  const payment = purchasePayment.parse({
    ...rest,
    package_purchase_id: purchaseId,
    amount: decimalOf(moneyOfMinor(amount_minor, row.currency)),
    refunded: decimalOf(moneyOfMinor(refunded_minor, row.currency)),
    failure: attempt?.state === "failed" ? (attempt.failure ?? "") : null,
    created_at: created_at.toISOString(),
  });
  return { mentorId: expert_id, payment };
}
