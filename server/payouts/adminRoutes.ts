import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { adminPageQuery, withRequiredReason } from "#contract/administration.ts";
import {
  bankOutcomes,
  bankResults,
  type DuePayouts,
  duePayouts,
  type PayoutResult,
  type PayoutRun,
  payoutOutcome,
  payoutResult,
  payoutRuns,
  type RunPayouts,
  runParams,
  runPayoutParams,
  runPayouts,
  startedRun,
} from "#contract/payouts.ts";
import { deleted } from "#contract/primitives.ts";
import { leastPayout } from "#rules/limits.ts";
import { currencies, decimalOfMinor, moneyOf } from "#rules/money.ts";
import { fieldErrors } from "#words/fields.ts";
import { administrators } from "../administration/administrator.ts";
import { callAsAdministrator, pageOf } from "../administration/calls.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import type { PayoutDependencies } from "./routes.ts";
import { applyBankFile, composeBankFile, type FileRow, fillRun } from "./runs.ts";

const tags = ["Administration"];
const problems = problemResponses(401, 403, 404, 409, 422);
const [currency] = currencies;
const least = moneyOf(leastPayout, currency).minor;
const decimal = (minor: number) => decimalOfMinor(minor, currency);
const instant = (at: Date | null) => at?.toISOString() ?? null;

interface DueRow {
  id: string;
  name: string | null;
  currency: string;
  balance_minor: number;
  bank_hint: string | null;
  linked_hint: string | null;
  usable_from: Date | null;
  has_open: boolean;
  closed: string | null;
}

interface RunRow {
  id: string;
  created_by: string;
  created_by_name: string | null;
  created_at: Date;
  filled_at: Date | null;
  approved_by_name: string | null;
  approved_at: Date | null;
  exported_at: Date | null;
  cancelled_at: Date | null;
  needs_approval: boolean;
  payouts: number;
  open_payouts: number;
  total_minor: number;
  paid_minor: number;
}

interface PayoutRow {
  id: string;
  mentor_id: string;
  mentor_name: string | null;
  amount_minor: number;
  currency: string;
  state: RunPayouts["data"][number]["state"];
  paid_to: string | null;
  bank_reference: string | null;
  failure: string | null;
  requested_at: Date;
  sent_at: Date | null;
  settled_at: Date | null;
}

/** Payouts through the bank: a run, its file, and what the bank did. For everyone but administrators they do not exist. */
export async function adminPayoutRoutes(
  app: TypedApp,
  { database, now, secret, signIn }: PayoutDependencies,
): Promise<void> {
  const preHandler = administrators(database);
  const withProof = [preHandler, signIn.freshProof];

  app.get("/admin/payouts", {
    schema: {
      tags,
      summary: "List mentors with a balance, and whether it can be paid out",
      querystring: adminPageQuery,
      response: { 200: duePayouts, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { cursor, limit } = request.query;
      const rows = await callAsAdministrator<DueRow>(database, request, "payouts_due", [
        idOf(cursor),
        limit + 1,
      ]);
      const { data, next_cursor } = pageOf(rows, limit);
      return { data: data.map((row) => presentDue(row, now())), next_cursor };
    },
  });

  app.get("/admin/payout-runs", {
    schema: {
      tags,
      summary: "List payout runs, latest first",
      querystring: adminPageQuery,
      response: { 200: payoutRuns, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { cursor, limit } = request.query;
      const rows = await callAsAdministrator<RunRow>(database, request, "payout_runs", [
        idOf(cursor),
        limit + 1,
      ]);
      const { data, next_cursor } = pageOf(rows, limit);
      return { data: data.map(presentRun), next_cursor };
    },
  });

  app.post("/admin/payout-runs", {
    schema: {
      tags,
      summary: "Start a payout run",
      description:
        `Requests a payout for every mentor with at least ${leastPayout} ${currency} and usable bank details. A mentor has one open ` +
        "payout at most. A run that was interrupted is filled by a job.",
      body: withRequiredReason,
      response: { 201: startedRun, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      const [row] = await callAsAdministrator<{ start_payout_run: string }>(
        database,
        request,
        "start_payout_run",
        [request.body.reason],
      );
      const id = row?.start_payout_run ?? "";
      return reply.status(201).send({ id, payouts: await fillRun(database, id) });
    },
  });

  app.get("/admin/payout-runs/:run_id/payouts", {
    schema: {
      tags,
      summary: "List the payouts of a run",
      params: runParams,
      querystring: adminPageQuery,
      response: { 200: runPayouts, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { cursor, limit } = request.query;
      const { run_id } = request.params;
      const rows = await callAsAdministrator<PayoutRow>(database, request, "payouts_of_run", [
        run_id,
        idOf(cursor),
        limit + 1,
      ]);
      const { data, next_cursor } = pageOf(rows, limit);
      return { data: data.map(presentPayout), next_cursor };
    },
  });

  app.post("/admin/payout-runs/:run_id/approve", {
    schema: {
      tags,
      summary: "Approve a payout run of another administrator",
      description: "Needs a fresh proof of who you are.",
      params: runParams,
      body: withRequiredReason,
      response: { 204: deleted, ...problems },
    },
    preHandler: withProof,
    handler: async (request, reply) => {
      await callRun(request, "approve_payout_run", [request.params.run_id, request.body.reason]);
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/payout-runs/:run_id/cancel", {
    schema: {
      tags,
      summary: "Cancel a payout run whose file was not taken yet",
      description: "The money goes back to the balances.",
      params: runParams,
      body: withRequiredReason,
      response: { 204: deleted, ...problems },
    },
    preHandler,
    handler: async (request, reply) => {
      await callRun(request, "cancel_payout_run", [request.params.run_id, request.body.reason]);
      return reply.status(204).send(null);
    },
  });

  app.post("/admin/payout-runs/:run_id/file", {
    schema: {
      tags,
      summary: "Download a payout run as CSV for the bank",
      description:
        "The payouts are sent from now on. Those whose bank details cannot be used any more go back to the balances. Contains " +
        "account numbers, and needs a fresh proof of who you are.",
      params: runParams,
      produces: ["text/csv"],
      response: { 200: z.string(), ...problems },
    },
    preHandler: withProof,
    handler: async (request, reply) => {
      const { run_id } = request.params;
      const rows = await callAsAdministrator<FileRow>(database, request, "export_payout_run", [run_id]);
      if (rows.length === 0) throw new Refusal("payout_run_not_found");
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="payouts-${run_id}.csv"`)
        .serializer((csv: string) => csv)
        .send(composeBankFile(secret, rows));
    },
  });

  app.post("/admin/payout-runs/:run_id/payouts/:payout_id/result", {
    schema: {
      tags,
      summary: "Enter what the bank did with a payout",
      description:
        "paid with the bank’s reference, failed, or returned after it was paid. The money of the last two is back in the balance.",
      params: runPayoutParams,
      body: payoutResult,
      response: { 200: payoutOutcome, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { run_id, payout_id } = request.params;
      return { outcome: await settle(request, run_id, payout_id, request.body) };
    },
  });

  app.post("/admin/payout-runs/:run_id/results", {
    schema: {
      tags,
      summary: "Enter the results of a payout run from the bank’s file",
      description:
        "The downloaded file with the columns result, reference and reason filled in. Can be given again.",
      params: runParams,
      body: bankResults,
      response: { 200: bankOutcomes, ...problems },
    },
    preHandler,
    handler: async (request) => {
      const { run_id } = request.params;
      const data = await applyBankFile(request.body.csv, (payoutId, result) =>
        settle(request, run_id, payoutId, result),
      );
      return { data };
    },
  });

  /** What was not found is not recorded as done: the transaction ends. */
  async function callRun(
    request: FastifyRequest,
    name: "approve_payout_run" | "cancel_payout_run",
    values: readonly unknown[],
  ): Promise<void> {
    await callAsAdministrator<Record<string, boolean>>(
      database,
      request,
      name,
      values,
      async (_tx, [row]) => {
        if (!row?.[name]) throw new Refusal("payout_run_not_found");
      },
    );
  }

  async function settle(request: FastifyRequest, runId: string, payoutId: string, given: PayoutResult) {
    const { result } = given;
    const becomes = result === "returned" ? "reversed" : result;
    const [row] = await callAsAdministrator<{ settle_bank_payout: string | null }>(
      database,
      request,
      "settle_bank_payout",
      [
        runId,
        payoutId,
        becomes,
        result === "paid" ? given.reference : null,
        result === "paid" ? null : given.reason,
      ],
      async (_tx, [settled]) => {
        if (!settled?.settle_bank_payout) throw new Refusal("payout_not_found");
      },
    );
    return row?.settle_bank_payout === "unchanged" ? ("unchanged" as const) : result;
  }
}

function presentDue(row: DueRow, at: number): DuePayouts["data"][number] {
  const suspended = row.closed === "suspended";
  const isUsable = row.bank_hint !== null && row.usable_from !== null && row.usable_from.getTime() <= at;
  return {
    id: row.id,
    name: row.name,
    currency: row.currency,
    balance: decimal(row.balance_minor),
    bank: row.bank_hint,
    linked: row.linked_hint,
    usable_from: instant(row.usable_from),
    has_open: row.has_open,
    suspended,
    payable: isUsable && !suspended && !row.has_open && row.balance_minor >= least,
  };
}

function presentRun(row: RunRow): PayoutRun {
  const { total_minor, paid_minor, ...rest } = row;
  return {
    ...rest,
    created_at: row.created_at.toISOString(),
    filled_at: instant(row.filled_at),
    approved_at: instant(row.approved_at),
    exported_at: instant(row.exported_at),
    cancelled_at: instant(row.cancelled_at),
    total: decimal(total_minor),
    paid: decimal(paid_minor),
    currency,
  };
}

function presentPayout(row: PayoutRow): RunPayouts["data"][number] {
  const { amount_minor, bank_reference, ...rest } = row;
  return {
    ...rest,
    amount: decimal(amount_minor),
    reference: bank_reference,
    requested_at: row.requested_at.toISOString(),
    sent_at: instant(row.sent_at),
    settled_at: instant(row.settled_at),
  };
}

/** The cursor of a page is the last row's id. */
function idOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const { data, success } = z.uuid().safeParse(cursor);
  if (!success) throw refuseField("cursor", fieldErrors.cursor);
  return data;
}
