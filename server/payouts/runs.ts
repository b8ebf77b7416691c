import { type BankOutcomes, type PayoutResult, payoutResult } from "#contract/payouts.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { bankFileRemark } from "#words/earnings.ts";
import { fieldErrors, payoutErrors } from "#words/fields.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal, refusalFromDatabase, refuseField, toProblem } from "../platform/errors.ts";
import { csvLine, readCsv } from "../platform/http/csv.ts";
import { openBankDetails } from "./payoutAccount.ts";

const reason = "a run pays many mentors";
const mentorsAtOnce = 100;

/**
 * Puts everyone who has earned enough into a run, each mentor in a transaction of their own, and closes it. May be repeated,
 * and done twice at once. Returns how many payouts this call has added.
 */
export async function fillRun(database: Database, runId: string): Promise<number> {
  let added = 0;
  for (let after: string | null = null; ; ) {
    const ids: string[] = await database.asSystem(reason, null, async ({ client }) => {
      const { rows } = await client.query<{ id: string }>("select private.mentors_to_pay($1, $2) as id", [
        after,
        mentorsAtOnce,
      ]);
      return rows.map(({ id }) => id);
    });
    for (const mentor of ids) {
      added += await database.asSystem(reason, null, async ({ last }) => {
        const { rows } = await last.client.query<{ count: number }>(
          "select private.request_run_payouts($1, $2) as count",
          [runId, mentor],
        );
        return rows[0]?.count ?? 0;
      });
    }
    after = ids.at(-1) ?? null;
    if (ids.length < mentorsAtOnce) break;
  }
  await database.asSystem(reason, null, ({ last }) =>
    last.client.query("select private.finish_filling($1)", [runId]),
  );
  return added;
}

/** Gives back to the balances what a run will not send. */
export async function returnPayouts(database: Database, runId: string): Promise<void> {
  const { rows } = await database.asSystem(reason, null, ({ client }) =>
    client.query<{ mentor_id: string; payout_id: string }>("select * from private.payouts_to_return($1)", [
      runId,
    ]),
  );
  for (const { mentor_id, payout_id } of rows) {
    await database.asSystem(reason, null, ({ last }) =>
      last.client.query("select private.return_payout($1, $2)", [mentor_id, payout_id]),
    );
  }
}

/** A row of private.export_payout_run(). */
export interface FileRow {
  id: string;
  mentor_id: string;
  amount_minor: number;
  currency: string;
  bank_sealed: Buffer;
}

/** The file for the bank: a line per payout, with the payout's id, by which the bank's results are read again. */
export function composeBankFile(secret: string, rows: readonly FileRow[]): string {
  const head = [
    "payout_id",
    "beneficiary_name",
    "account_number",
    "ifsc",
    "amount",
    "currency",
    "remark",
    "result",
    "reference",
    "reason",
  ];
  const lines = rows.map(({ id, mentor_id, amount_minor, currency, bank_sealed }) => {
    const { holder, account_number, ifsc } = openBankDetails(secret, mentor_id, bank_sealed);
    const amount = decimalOfMinor(amount_minor, currency).toFixed(2);
    return csvLine([id, holder, account_number, ifsc, amount, currency, bankFileRemark, "", "", ""]);
  });
  return csvLine(head) + lines.join("");
}

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads the bank's results from its file and applies them one by one: lines that are not right do not keep the others from
 * being settled, and the same file may be given again. Lines without a result are left out.
 */
export async function applyBankFile(
  csv: string,
  settle: (payoutId: string, result: PayoutResult) => Promise<"paid" | "failed" | "returned" | "unchanged">,
): Promise<BankOutcomes["data"]> {
  const [head = [], ...lines] = parse(csv);
  const columns = ["payout_id", "result", "reference", "reason"] as const;
  const places = columns.map((column) => head.findIndex((cell) => cell.toLowerCase() === column));
  if (places.includes(-1)) throw refuseField("csv", payoutErrors.columns);
  const outcomes: BankOutcomes["data"] = [];
  for (const [index, cells] of lines.entries()) {
    const [payout_id = "", result = "", reference = "", why = ""] = places.map((place) => cells[place] ?? "");
    if (result === "") continue;
    const line = index + 2;
    try {
      const given = readResult(result.toLowerCase(), reference, why);
      if (!uuidForm.test(payout_id)) throw new Refusal("payout_not_found");
      outcomes.push({ line, payout_id, outcome: await settle(payout_id, given), problem: null });
    } catch (error) {
      const { status, detail, title } = toProblem(refusalOf(error));
      if (status >= 500) throw error;
      outcomes.push({
        line,
        payout_id: payout_id.slice(0, 40),
        outcome: "rejected",
        problem: detail ?? title,
      });
    }
  }
  return outcomes;
}

/** What was wrong with a line, which may be what the database says of it. @throws whatever is a defect */
function refusalOf(error: unknown): Refusal {
  const refusal = refusalFromDatabase(error);
  if (!refusal) throw error;
  return refusal;
}

function parse(csv: string): string[][] {
  try {
    return readCsv(csv);
  } catch {
    throw refuseField("csv", payoutErrors.csv);
  }
}

function readResult(result: string, reference: string, why: string): PayoutResult {
  const read = payoutResult.safeParse(result === "paid" ? { result, reference } : { result, reason: why });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refuseField(String(issue?.path[0] ?? "result"), issue?.message ?? fieldErrors.missing);
}
