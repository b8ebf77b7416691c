import type { FastifyRequest } from "fastify";
import type pg from "pg";
import { withRequiredReason } from "#contract/administration.ts";
import { deleted, uuid } from "#contract/primitives.ts";
import {
  adminPayment,
  adminPayments,
  adminPaymentsQuery,
  moneyOverview,
  paymentParams,
  refundByHand,
  refundParams,
  settledAttention,
} from "#contract/reconciliation.ts";
import { moneyOf } from "#rules/money.ts";
import { fieldErrors } from "#words/fields.ts";
import { administrators } from "../administration/administrator.ts";
import { callAsAdministrator, pageOf } from "../administration/calls.ts";
import type { SignIn } from "../auth/signIn.ts";
import type { PaymentProvider } from "../payments/provider.ts";
import { refreshPayment } from "../payments/settle.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { type Dependencies, problemResponses, type TypedApp } from "../platform/http/route.ts";
import {
  type OverviewRow,
  type PaymentDetailRow,
  type PaymentRow,
  presentDetail,
  presentOverview,
  presentPayment,
} from "./present.ts";

const tags = ["Administration"];
const problems = problemResponses(401, 403, 404, 409, 422);

/** The money page of the console: what disagrees, and the commands that put it right. */
export async function reconciliationRoutes(
  app: TypedApp,
  { database, provider, signIn }: Dependencies & { provider: PaymentProvider | null; signIn: SignIn },
): Promise<void> {
  const preHandler = administrators(database);
  const withProof = [preHandler, signIn.freshProof];

  app.get("/admin/money", {
    schema: {
      tags,
      summary: "See whether payments, bookings and the ledger agree",
      response: { 200: moneyOverview, ...problems },
    },
    preHandler,
    handler: async ({ caller }) => {
      const { rows } = await database.asSystem("figures are read by a function", caller.id, ({ client }) =>
        client.query<OverviewRow>({
          name: "money_overview",
          text: "select * from private.money_overview($1)",
          values: [caller.loginId],
        }),
      );
      const [row] = rows;
      if (!row) throw new Refusal("not_found");
      return presentOverview(row);
    },
  });

  app.post("/admin/money/check", {
    schema: {
      tags,
      summary: "Compare with the provider’s own list now",
      description: "In the background; `GET /admin/money` shows what it found.",
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      await callAsAdministrator(database, request, "start_reconciliation", []);
      return reply.status(204).send(null);
    },
  });

  app.get("/admin/payments", {
    schema: {
      tags,
      summary: "List payments that need attention, or all",
      querystring: adminPaymentsQuery,
      response: { 200: adminPayments, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { show, q = "", cursor, limit } = request.query;
      const rows = await callAsAdministrator<PaymentRow & pg.QueryResultRow>(
        database,
        request,
        "admin_payments",
        [show, q, idOf(cursor), limit + 1],
      );
      const { data, next_cursor } = pageOf(rows, limit);
      return { data: data.map(presentPayment), next_cursor };
    },
  });

  const one = { params: paymentParams };

  app.get("/admin/payments/:mentor_id/:payment_id", {
    schema: { tags, summary: "See a payment", ...one, response: { 200: adminPayment, ...problems } },
    preHandler,
    handler: async (request) => {
      const { mentor_id, payment_id } = request.params;
      const [row] = await callAsAdministrator<PaymentDetailRow & pg.QueryResultRow>(
        database,
        request,
        "admin_payment",
        [mentor_id, payment_id],
      );
      if (!row) throw new Refusal("payment_not_found");
      return presentDetail(row);
    },
  });

  app.post("/admin/payments/:mentor_id/:payment_id/sync", {
    schema: {
      tags,
      summary: "Ask the provider about a payment",
      description: "Its answer is applied before the response. Without one, a job goes on asking.",
      ...one,
      body: withRequiredReason,
      response: { 204: deleted, ...problems, ...problemResponses(503) },
    },
    preHandler,
    handler: async (request, reply) => {
      const { mentor_id, payment_id } = request.params;
      await command(request, "sync_by_hand", [mentor_id, payment_id, request.body.reason]);
      await refreshPayment({ database, provider }, { mentorId: mentor_id, paymentId: payment_id });
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/payments/:mentor_id/:payment_id/refunds", {
    schema: {
      tags,
      summary: "Send money back by hand",
      description:
        "Needs a fresh proof of who you are. `refundable` must be what is left now: of two administrators who refund at once, one is refused.",
      ...one,
      body: refundByHand,
      response: { 204: deleted, ...problems },
    },
    preHandler: withProof,
    handler: async (request, reply) => {
      const { mentor_id, payment_id } = request.params;
      const { amount, refundable, reason } = request.body;
      const minor = (decimal: number) => moneyOf(decimal, "INR").minor;
      await command(request, "refund_by_hand", [
        mentor_id,
        payment_id,
        minor(amount),
        minor(refundable),
        reason,
      ]);
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/payments/:mentor_id/:payment_id/refunds/:refund_id/retry", {
    schema: {
      tags,
      summary: "Repeat a failed refund",
      description:
        "Needs a fresh proof of who you are. A refund is repeated once; if that fails too, that one.",
      params: refundParams,
      body: withRequiredReason,
      response: { 204: deleted, ...problems },
    },
    preHandler: withProof,
    handler: async (request, reply) => {
      const { mentor_id, payment_id, refund_id } = request.params;
      await command(request, "retry_refund", [mentor_id, payment_id, refund_id, request.body.reason]);
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/payments/:mentor_id/:payment_id/release", {
    schema: {
      tags,
      summary: "Let go of reserved money that is not wanted any more",
      description: "Needs a fresh proof of who you are.",
      ...one,
      body: withRequiredReason,
      response: { 204: deleted, ...problems },
    },
    preHandler: withProof,
    handler: async (request, reply) => {
      const { mentor_id, payment_id } = request.params;
      await command(request, "release_by_hand", [mentor_id, payment_id, request.body.reason]);
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/payments/:mentor_id/:payment_id/settled", {
    schema: {
      tags,
      summary: "Mark what needed attention as settled",
      ...one,
      body: settledAttention,
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      const { mentor_id, payment_id } = request.params;
      const { attention, reason } = request.body;
      await command(request, "clear_attention", [mentor_id, payment_id, attention, reason]);
      return reply.status(204).send(null);
    },
  });

  /** What was not found is not recorded as done: the transaction ends. */
  async function command(
    request: FastifyRequest,
    name: "sync_by_hand" | "refund_by_hand" | "retry_refund" | "release_by_hand" | "clear_attention",
    values: readonly unknown[],
  ): Promise<void> {
    await callAsAdministrator<Record<string, unknown>>(
      database,
      request,
      name,
      values,
      async (_tx, [row]) => {
        if (!row?.[name]) throw new Refusal("payment_not_found");
      },
    );
  }
}

/** The cursor of a page is the last row's id. */
function idOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const { data, success } = uuid.safeParse(cursor);
  if (!success) throw refuseField("cursor", fieldErrors.cursor);
  return data;
}
