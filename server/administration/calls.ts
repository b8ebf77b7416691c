import type { FastifyRequest } from "fastify";
import type pg from "pg";
import type { Database, SystemTx } from "../platform/database/database.ts";

/** The functions for administrators; db/schema/administration/logic.sql defines and documents them. */
type AdminFunction =
  | "admin_people"
  | "admin_person"
  | "suspend_person"
  | "lift_suspension"
  | "verify_mentor"
  | "undelivered_mail"
  | "send_undelivered_mail"
  | "failed_jobs"
  | "run_job_again"
  | "give_up_job"
  | "payouts_due"
  | "start_payout_run"
  | "payout_runs"
  | "payouts_of_run"
  | "approve_payout_run"
  | "cancel_payout_run"
  | "export_payout_run"
  | "settle_bank_payout"
  | "admin_payments"
  | "admin_payment"
  | "sync_by_hand"
  | "retry_refund"
  | "refund_by_hand"
  | "release_by_hand"
  | "clear_attention"
  | "start_reconciliation";

/**
 * Calls a function as the administrator of the request: the function checks the person and the login again, and writes the
 * log with the request's id.
 */
export async function callAsAdministrator<Row extends pg.QueryResultRow>(
  database: Database,
  request: FastifyRequest,
  name: AdminFunction,
  values: readonly unknown[],
  also: (tx: SystemTx, rows: Row[]) => Promise<void> = async () => undefined,
): Promise<Row[]> {
  const { id, loginId } = request.caller;
  return database.asSystem("functions for administrators check the caller themselves", id, async (tx) => {
    const places = values.map((_, index) => `, $${index + 3}`).join("");
    const { rows } = await tx.client.query<Row>({
      name,
      text: `select * from private.${name}($1, $2${places})`,
      values: [loginId, request.id, ...values],
    });
    await also(tx, rows);
    return rows;
  });
}

/** The first `limit` rows, and after which one the next page begins. One row more than the limit was read. */
export function pageOf<Row extends { id: string | number }>(
  rows: Row[],
  limit: number,
): { data: Row[]; next_cursor: string | null } {
  const data = rows.slice(0, limit);
  const last = rows.length > limit ? data.at(-1) : undefined;
  return { data, next_cursor: last ? String(last.id) : null };
}
