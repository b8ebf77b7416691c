import { z } from "zod";
import type { Earnings, StatementLine, statementPage, statementQuery } from "#contract/earnings.ts";
import type { Payout, payoutPage } from "#contract/payouts.ts";
import { leastPayout } from "#rules/limits.ts";
import { currencies, decimalOfMinor } from "#rules/money.ts";
import { earningsCsv, packageOf } from "#words/earnings.ts";
import { payoutErrors } from "#words/fields.ts";
import type { Database, SystemTx, UserTx } from "../platform/database/database.ts";
import { refuseField } from "../platform/errors.ts";
import { byteOrderMark, csvLine } from "../platform/http/csv.ts";
import { decodeCursor, encodeCursor, exactInstant } from "../platform/http/cursor.ts";
import type { Identity } from "../platform/http/identity.ts";
import { requireMentor } from "./payoutAccount.ts";

const reason = "the ledger is read by functions that ask who calls";
/** Releases that the summary names, and months of its chart. */
const namedReleases = 50;
const monthsShown = 12;

const [currency] = currencies;
const decimal = (minor: number) => decimalOfMinor(minor, currency);

interface SummaryRow {
  balance_minor: number;
  held_minor: number;
  held_net_minor: number;
  on_its_way_minor: number;
  paid_this_year_minor: number;
  fee_basis_points: number;
  this_month: string;
  packages_minor: number;
  packages_net_minor: number;
}
interface ReleaseRow {
  booking_id: string;
  starts_at: Date;
  title: string;
  student_name: string;
  held_minor: number;
  net_minor: number;
  due_at: Date;
  is_paused: boolean;
}
interface MonthRow {
  month: string;
  net_minor: number;
  fee_minor: number;
  paid_out_minor: number;
}

/** Returns the caller's money as the ledger has it. @throws Refusal `not_a_mentor` */
export async function readEarnings(database: Database, caller: Identity): Promise<Earnings> {
  return database.asSystem(reason, caller.id, async (tx) => {
    await requireMentor(tx, caller.id);
    const [summary] = await rowsOf<SummaryRow>(tx, "own_earnings($1)", [currency]);
    if (!summary) throw new Error("own_earnings() returned no row.");
    const releases = await rowsOf<ReleaseRow>(tx, "own_releases($1, $2)", [currency, namedReleases]);
    const months = await rowsOf<MonthRow>(tx, "own_months($1, $2)", [currency, monthsShown]);
    return {
      currency,
      fee_percent: summary.fee_basis_points / 100,
      balance: decimal(summary.balance_minor),
      held: decimal(summary.held_minor),
      held_net: decimal(summary.held_net_minor),
      in_packages: decimal(summary.packages_minor),
      in_packages_net: decimal(summary.packages_net_minor),
      on_its_way: decimal(summary.on_its_way_minor),
      paid_this_year: decimal(summary.paid_this_year_minor),
      payout_minimum: leastPayout,
      releases: releases.map((row) => ({
        booking_id: row.booking_id,
        starts_at: row.starts_at.toISOString(),
        title: row.title,
        student_name: row.student_name,
        held: decimal(row.held_minor),
        net: decimal(row.net_minor),
        due_at: row.due_at.toISOString(),
        paused: row.is_paused,
      })),
      months: lastMonths(summary.this_month, monthsShown).map((month) => {
        const row = months.find((each) => each.month === month);
        return {
          month,
          net: decimal(row?.net_minor ?? 0),
          fee: decimal(row?.fee_minor ?? 0),
          paid_out: decimal(row?.paid_out_minor ?? 0),
        };
      }),
    };
  });
}

/** "2026-02", 3: December, January and February. */
function lastMonths(last: string, count: number): string[] {
  const [year = 0, month = 1] = last.split("-").map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - count + index, 1)).toISOString().slice(0, 7),
  );
}

async function rowsOf<Row extends object>({ client }: SystemTx, call: string, values: unknown[]) {
  const { rows } = await client.query<Row>(`select * from private.${call}`, values);
  return rows;
}

interface LineRow {
  id: string;
  booking_id: string | null;
  package_sessions: number | null;
  starts_at: Date;
  title: string;
  student_name: string;
  booking_status: string;
  currency: string;
  paid_minor: number;
  held_minor: number;
  refunded_minor: number;
  fee_minor: number;
  net_minor: number;
  expected_net_minor: number;
  due_at: Date;
  earned_at: Date | null;
  is_paused: boolean;
  place: string;
}

type Range = Pick<z.output<typeof statementQuery>, "from" | "until">;

function checkRange({ from, until }: Range): void {
  if (from !== undefined && until !== undefined && from > until)
    throw refuseField("until", payoutErrors.range);
}

async function selectLines(
  tx: SystemTx,
  { from, until }: Range,
  after: { key: string; id: string } | undefined,
  limit: number,
): Promise<LineRow[]> {
  const { rows } = await tx.client.query<LineRow>(
    `select s.*, ${exactInstant("s.starts_at")} as place from private.own_statement($1, $2, $3, $4, $5) s
     order by s.starts_at desc, s.id desc`,
    [from ?? null, until ?? null, after?.key ?? null, after?.id ?? null, limit],
  );
  return rows;
}

/** Returns a line for each booking that money was paid for, and each package that was sold, the latest first. @throws Refusal `not_a_mentor` */
export async function readStatement(
  database: Database,
  caller: Identity,
  { cursor, limit, ...range }: z.output<typeof statementQuery>,
): Promise<z.infer<typeof statementPage>> {
  checkRange(range);
  const after = decodeCursor(cursor, z.iso.datetime());
  return database.asSystem(reason, caller.id, async (tx) => {
    await requireMentor(tx, caller.id);
    const rows = await selectLines(tx, range, after, limit + 1);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      data: page.map(presentLine),
      next_cursor: last ? encodeCursor(last.place, last.id) : null,
    };
  });
}

function presentLine(row: LineRow): StatementLine {
  return {
    id: row.id,
    booking_id: row.booking_id,
    package_sessions: row.package_sessions,
    starts_at: row.starts_at.toISOString(),
    title: row.title,
    student_name: row.student_name,
    booking_status: row.booking_status,
    currency: row.currency,
    paid: decimal(row.paid_minor),
    refunded: decimal(row.refunded_minor),
    fee: decimal(row.fee_minor),
    net: decimal(row.held_minor > 0 ? row.expected_net_minor : row.net_minor),
    state: stateOf(row),
    due_at: row.due_at.toISOString(),
    earned_at: row.earned_at?.toISOString() ?? null,
  };
}

function stateOf(row: LineRow): StatementLine["state"] {
  const { held_minor, is_paused, refunded_minor, paid_minor, booking_id } = row;
  if (held_minor > 0) return is_paused ? "paused" : "held";
  if (booking_id === null && paid_minor === 0 && refunded_minor === 0) return "used";
  return refunded_minor >= paid_minor ? "refunded" : "earned";
}

const linesAtOnce = 200;

/** The statement of a range as CSV, in pieces. @throws Refusal `not_a_mentor`, before the first piece */
export async function statementAsCsv(
  database: Database,
  caller: Identity,
  range: Range,
): Promise<AsyncGenerator<string>> {
  checkRange(range);
  await database.asSystem(reason, caller.id, (tx) => requireMentor(tx, caller.id));
  const { columns, states } = earningsCsv;
  return (async function* () {
    yield byteOrderMark + csvLine(Object.values(columns));
    for (let after: { key: string; id: string } | undefined; ; ) {
      const rows = await database.asSystem(reason, caller.id, (tx) =>
        selectLines(tx, range, after, linesAtOnce),
      );
      yield rows
        .map((row) => {
          const line = presentLine(row);
          const amounts = [line.paid, line.refunded, line.fee, line.net].map((each) => each.toFixed(2));
          return csvLine([
            line.starts_at,
            line.package_sessions === null ? line.title : packageOf(line.package_sessions, line.title),
            line.student_name,
            ...amounts,
            line.currency,
            states[line.state],
            line.due_at,
            line.booking_id ?? "",
          ]);
        })
        .join("");
      const last = rows.at(-1);
      if (!last || rows.length < linesAtOnce) return;
      after = { key: last.place, id: last.id };
    }
  })();
}

interface PayoutRow {
  id: string;
  amount_minor: number;
  reversed_minor: number;
  currency: string;
  method: Payout["method"];
  state: Payout["state"];
  bank_reference: string | null;
  transfer_id: string | null;
  paid_to: string | null;
  requested_at: Date;
  sent_at: Date | null;
  settled_at: Date | null;
}

/** Returns the caller's payouts, newest first. */
export async function listPayouts(
  tx: UserTx,
  callerId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<z.infer<typeof payoutPage>> {
  const after = decodeCursor(cursor, z.iso.datetime());
  const { rows } = await tx.client.query<PayoutRow & { place: string }>(
    `select p.id, p.amount_minor, p.reversed_minor, p.currency, p.method, p.state, p.bank_reference, p.transfer_id, p.paid_to,
       p.requested_at, p.sent_at, p.settled_at, ${exactInstant("p.requested_at")} as place
     from payouts p
     where p.expert_id = $1 and ($2::text is null or (p.requested_at, p.id) < ($2::timestamptz, $3::uuid))
     order by p.requested_at desc, p.id desc limit $4`,
    [callerId, after?.key ?? null, after?.id ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { data: page.map(presentPayout), next_cursor: last ? encodeCursor(last.place, last.id) : null };
}

function presentPayout(row: PayoutRow): Payout {
  return {
    id: row.id,
    amount: decimal(row.amount_minor),
    reversed: decimal(row.reversed_minor),
    currency: row.currency,
    method: row.method,
    state: row.state,
    reference: row.bank_reference ?? row.transfer_id,
    paid_to: row.paid_to,
    requested_at: row.requested_at.toISOString(),
    sent_at: row.sent_at?.toISOString() ?? null,
    settled_at: row.settled_at?.toISOString() ?? null,
  };
}
