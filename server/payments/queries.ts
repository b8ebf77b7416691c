import { sql } from "kysely";
import { z } from "zod";
import {
  ownPayment,
  type Payment,
  type PaymentPage,
  payment as paymentContract,
} from "#contract/payments.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { presentLines } from "../bookings/priceLines.ts";
import type { UserTx } from "../platform/database/database.ts";
import { mentorOfBooking } from "../platform/database/directory.ts";
import { decodeCursor, encodeCursor, exactInstant } from "../platform/http/cursor.ts";
import { failureOf, type LatestAttempt, latestAttemptOf } from "./latestAttempt.ts";

interface RefundRow {
  id: string;
  amount_minor: number;
  currency: string;
  why: string;
  state: string;
  requested_at: string;
  settled_at: string | null;
}

/** The payment of one of the caller's bookings, as student or as mentor; undefined for other people's and for free ones. */
export async function findPayment(tx: UserTx, bookingId: string): Promise<Payment | undefined> {
  const row = await selectPayments(tx)
    .where("p.booking_id", "=", bookingId)
    .where("p.expert_id", "=", await mentorOfBooking(tx, bookingId))
    .executeTakeFirst();
  return row && paymentContract.parse(factsOf(row));
}

/**
 * Returns a page of what the caller pays, latest first. A hold that ended without any money is not in it: there is nothing to
 * know about it.
 */
export async function listPayments(
  tx: UserTx,
  userId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<PaymentPage> {
  const after = decodeCursor(cursor, z.string());
  const rows = await selectPayments(tx)
    .innerJoin("services as s", (join) =>
      join
        .on(sql<boolean>`s.id = coalesce(b.service_id, g.service_id)`)
        .onRef("s.expert_id", "=", "p.expert_id"),
    )
    .innerJoin("expert_profiles as m", "m.id", "p.expert_id")
    .select([
      "s.title as service_title",
      "m.full_name as mentor_name",
      "b.starts_at",
      "b.duration",
      "b.price_lines",
      "g.minutes",
      "g.sessions",
    ])
    .select(sql<string>`${sql.raw(exactInstant("p.created_at"))}`.as("key"))
    .where("p.user_id", "=", userId)
    .where(sql<boolean>`(p.state <> 'closed' or p.captured_minor > 0)`)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(p.created_at, p.id) < (${after?.key}::timestamptz, ${after?.id}::uuid)`),
    )
    .orderBy("p.created_at", "desc")
    .orderBy("p.id", "desc")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    data: page.map((row) =>
      ownPayment.parse({
        ...factsOf(row),
        package: row.purchase_id === null ? null : { purchase_id: row.purchase_id, sessions: row.sessions },
        service_title: row.service_title,
        mentor_name: row.mentor_name,
        starts_at: row.starts_at?.toISOString() ?? null,
        booking_status: row.status,
        duration: row.duration ?? row.minutes,
        price_lines:
          row.purchase_id === null
            ? (presentLines(row.price_lines, row.currency) ?? [
                { kind: "session", amount: decimalOfMinor(row.amount_minor, row.currency) },
              ])
            : [],
      }),
    ),
    next_cursor: last ? encodeCursor(last.key, last.id) : null,
  };
}

function selectPayments(tx: UserTx) {
  return tx.db
    .selectFrom("payments as p")
    .leftJoin("bookings as b", (join) =>
      join.onRef("b.id", "=", "p.booking_id").onRef("b.expert_id", "=", "p.expert_id"),
    )
    .leftJoin("package_purchases as g", (join) =>
      join.onRef("g.id", "=", "p.package_purchase_id").onRef("g.expert_id", "=", "p.expert_id"),
    )
    .leftJoin("payments as whole", (join) =>
      join
        .onRef("whole.basket_id", "=", "p.basket_id")
        .onRef("whole.expert_id", "=", "p.expert_id")
        .on("whole.booking_id", "is", null)
        .on("p.booking_id", "is not", null),
    )
    .select([
      "p.basket_id",
      "whole.amount_minor as whole_minor",
      "p.id",
      "p.booking_id",
      "p.state",
      "p.provider",
      "p.capture",
      "p.amount_minor",
      "p.currency",
      "p.captured_minor",
      "p.closed_because",
      "p.more_time_at",
      "p.created_at",
      "b.status",
      "b.status_when_paid",
      "b.expires_at",
      "g.id as purchase_id",
      "g.state as purchase_state",
    ])
    .select(
      sql<string>`coalesce(b.payment_status, private.payment_status_of(p.expert_id, p.id))`.as(
        "payment_status",
      ),
    )
    .select(
      sql<number>`case when b.status in ('pending', 'confirmed') and p.state = 'captured' then (
          select private.refund_minor(a.captured_minor, private.returned_minor(a.expert_id, a.id), b.refund_full_cutoff,
            b.refund_partial_cutoff, b.refund_partial_percent, b.starts_at, now(),
            case b.status when 'pending' then 'system' else 'student' end)
          from payment_attempts a where a.id = p.accepted_attempt_id and a.expert_id = p.expert_id) else 0 end`.as(
        "refund_now_minor",
      ),
    )
    .select(
      sql<LatestAttempt | null>`coalesce(${latestAttemptOf("p")}, ${latestAttemptOf("whole")})`.as("attempt"),
    )
    .select(
      sql<number | null>`case when p.basket_id is not null then (
        select count(*)::integer from bookings x where x.basket_id = p.basket_id and x.expert_id = p.expert_id) end`.as(
        "basket_sessions",
      ),
    )
    .select(
      sql<string | null>`(
        select max(e.created_at)::text from booking_events e
        where e.booking_id = b.id and e.expert_id = b.expert_id and e.kind = 'lapsed' and e.actor = 'system')`.as(
        "lapsed_at",
      ),
    )
    .select(
      sql<RefundRow[]>`coalesce((
        select json_agg(json_build_object('id', r.id, 'amount_minor', r.amount_minor, 'currency', r.currency, 'why', r.why,
          'state', r.state, 'requested_at', r.requested_at, 'settled_at', r.settled_at) order by r.requested_at, r.id)
        from refunds r where r.payment_id = p.id and r.expert_id = p.expert_id), '[]')`.as("refunds"),
    );
}

type PaymentRow = NonNullable<Awaited<ReturnType<ReturnType<typeof selectPayments>["executeTakeFirst"]>>>;

/** All that the contract says of every payment, before it is parsed. */
function factsOf(row: PaymentRow) {
  const decimal = (minor: number, currency = row.currency) => decimalOfMinor(minor, currency);
  const awaits = row.status_when_paid !== null || row.purchase_state === "unpaid";
  const isHeld = awaits && row.status === "pending";
  const { attempt } = row;
  return {
    id: row.id,
    booking_id: row.booking_id,
    state: row.state,
    payment_status: row.payment_status,
    provider: row.provider,
    capture: row.capture,
    amount: decimal(row.amount_minor),
    currency: row.currency,
    awaits_payment: awaits,
    held_until: isHeld ? (row.expires_at?.toISOString() ?? null) : null,
    more_time: isHeld && row.more_time_at === null,
    closed_because: row.closed_because,
    lapsed_at: row.lapsed_at && new Date(row.lapsed_at).toISOString(),
    is_underway: row.state === "open" && attempt?.state === "created",
    was_late: row.closed_because === "taken",
    failure: failureOf(attempt),
    method: attempt?.method ?? null,
    // What came in another currency goes back beside it.
    refunded: decimal(
      row.refunds
        .filter(({ state, currency }) => state !== "failed" && currency === row.currency)
        .reduce((sum, { amount_minor }) => sum + amount_minor, 0),
    ),
    refund_now: decimal(row.refund_now_minor),
    refunds: row.refunds.map(({ amount_minor, requested_at, settled_at, currency, ...refund }) => ({
      ...refund,
      currency,
      amount: decimal(amount_minor, currency),
      requested_at: new Date(requested_at).toISOString(),
      settled_at: settled_at && new Date(settled_at).toISOString(),
    })),
    paid_at: row.captured_minor > 0 && attempt ? new Date(attempt.created_at).toISOString() : null,
    created_at: row.created_at.toISOString(),
    basket:
      row.basket_id === null || row.whole_minor === null
        ? null
        : {
            id: row.basket_id,
            amount: decimal(row.whole_minor),
            sessions: row.basket_sessions ?? 0,
          },
  };
}
