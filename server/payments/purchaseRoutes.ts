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
import { decimalOfMinor } from "#rules/money.ts";
import { listPurchases } from "../offers/packages.ts";
import type { UserTx } from "../platform/database/database.ts";
import { findMentorOfPackage, mentorOfPurchase } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { signedIn } from "../platform/http/authority.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { openCheckout } from "./checkout.ts";
import { failureOf, latestAttemptOf } from "./latestAttempt.ts";
import type { PaymentProvider } from "./provider.ts";
import { refreshPayment } from "./settle.ts";

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
      await refreshPayment({ database, provider }, key);
      return read(caller.id, params.purchase_id);
    },
  });

  /** @throws Refusal `payment_not_found` */
  async function find(studentId: string, purchaseId: string) {
    const found = await database.asUser(studentId, ({ last }) =>
      findPurchasePayment(last, studentId, purchaseId),
    );
    if (!found) throw new Refusal("payment_not_found");
    return found;
  }

  async function read(studentId: string, purchaseId: string): Promise<PurchasePayment> {
    return (await find(studentId, purchaseId)).payment;
  }

  async function findKey(studentId: string, purchaseId: string) {
    const { mentorId, payment } = await find(studentId, purchaseId);
    return { mentorId, paymentId: payment.id };
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
    .select(latestAttemptOf("p").as("attempt"))
    .where("p.package_purchase_id", "=", purchaseId)
    .where("p.expert_id", "=", await mentorOfPurchase(tx, purchaseId))
    .where("p.user_id", "=", studentId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { expert_id, amount_minor, refunded_minor, attempt, created_at, ...rest } = row;
  const payment = purchasePayment.parse({
    ...rest,
    package_purchase_id: purchaseId,
    amount: decimalOfMinor(amount_minor, row.currency),
    refunded: decimalOfMinor(refunded_minor, row.currency),
    failure: failureOf(attempt),
    is_underway: row.state === "open" && attempt?.state === "created",
    created_at: created_at.toISOString(),
  });
  return { mentorId: expert_id, payment };
}
