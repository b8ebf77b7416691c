import type { Client } from "pg";
import { DAY_MS, type EpochMs } from "#scheduling/units.ts";
import { sandboxFailures } from "#words/sandbox.ts";
import { presentOrder, storedOrder } from "../payments/sandbox/sandboxOrders.ts";
import { describeOrder } from "../payments/settle.ts";
import { sealBankDetails } from "../payouts/payoutAccount.ts";
import { personOf } from "./people.ts";
import type { PlacedSession } from "./placeSessions.ts";
import { writeComingSessions } from "./writeComingSessions.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

/** How the demo's app takes payments: through the sandbox. */
export interface DemoPayments {
  feeBasisPoints: number;
  /** The app's secret, with which a mentor's bank details are encrypted. */
  secret: string;
}

interface Money {
  services: ServiceIds;
  held: readonly PlacedSession[];
  now: EpochMs;
}

/** Whose earnings are paid out, and in whose name the run was made. */
const payout = { mentor: "asha", by: "wanjiru", daysAgo: 16, reference: "DEMO00000001" };
const bank = { holder: "Asha Demo", account_number: "000111222333", ifsc: "DEMO0000001" };
/** Tables whose rows are written in their final state, or as of then. */
const stilled = ["bookings", "payouts"];

/**
 * Pays for the demo's sessions: what took place is earned once it is due, a part of that is paid out, and what was called off has
 * come back. What is written in its final state is so written by the functions that the app uses, but for what these would do
 * now: the receipts are of the first start.
 */
export async function writeMoney(
  owner: Client,
  { feeBasisPoints, secret }: DemoPayments,
  { services, held, now }: Money,
): Promise<void> {
  await owner.query("select private.set_money_settings(true, 'sandbox', $1)", [feeBasisPoints]);
  await writeOffers(owner, services);
  for (const table of stilled) await owner.query(`alter table public.${table} disable trigger user`);
  await pay(owner, feeBasisPoints);
  await giveBack(owner);
  await earn(owner, secret, now);
  await owner.query(datesSql);
  for (const table of stilled) await owner.query(`alter table public.${table} enable trigger user`);
  await writeComingSessions(owner, held, services);
  await orderHeld(owner);
  await owner.query("update public.money_events set notified_at = created_at where notified_at is null");
}

async function writeOffers(owner: Client, services: ServiceIds): Promise<void> {
  const mentor = personOf(payout.mentor).id;
  await owner.query(
    "insert into public.coupons (expert_id, code, basis_points, max_uses) values ($1, 'WELCOME-10', 1000, 100)",
    [mentor],
  );
  await owner.query(
    `insert into public.packages (expert_id, service_id, minutes, sessions, price_minor, valid_days)
     select $1, d.service_id, d.minutes, 5, d.price_minor * 4, 180
     from public.service_durations d where d.service_id = $2 order by d.minutes limit 1`,
    [mentor, services.get(serviceName(payout.mentor, "pairing"))],
  );
}

/** Charged what was agreed, reserved what waits for its mentor, released what was declined or expired. */
async function pay(owner: Client, feeBasisPoints: number): Promise<void> {
  await owner.query(
    `create temp table demo_payments on commit drop as
     select private.uuid_v7() as id, private.uuid_v7() as attempt, b.id as booking, b.expert_id, b.user_id, b.total_minor as amount,
       b.currency, b.ends_at, b.created_at as at, s.title,
       case when b.status = 'pending' then 'authorized' when e.kind in ('declined', 'expired') then 'released' else 'captured' end
         as state,
       case when row_number() over (order by b.created_at, b.id) % 3 = 0 then 'card' else 'upi' end as method,
       case when e.kind = 'cancelled' then e.created_at end as cancelled_at, e.actor
     from public.bookings b
       join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
       left join lateral (
         select e.* from public.booking_events e
         where e.booking_id = b.id and e.expert_id = b.expert_id and e.to_status = 'cancelled' order by e.id desc limit 1) e on true
     where b.total_minor > 0`,
  );
  await owner.query(
    `update public.bookings b set fee_basis_points = $1, payment_status = 'pending'
     from demo_payments d where b.id = d.booking and b.expert_id = d.expert_id`,
    [feeBasisPoints],
  );
  await owner.query(paySql);
}

const paySql = `
  insert into private.sandbox_orders (id, reference, amount_minor, currency, capture, description, state, webhooks, created_at, changed_at)
    select private.sandbox_id('order'), d.id, d.amount, d.currency, case d.state when 'captured' then 'automatic' else 'manual' end,
      d.title, 'closed', 'none', d.at, d.at
    from demo_payments d;
  insert into private.sandbox_attempts (id, order_id, state, amount_minor, currency, method, fee_minor, created_at)
    select private.sandbox_id('pay'), o.id, d.state, d.amount, d.currency, d.method,
      case when d.state = 'captured' then case d.method when 'card' then (d.amount + 25) / 50 else 0 end end, d.at
    from demo_payments d join private.sandbox_orders o on o.reference = d.id::text;
  insert into public.payments (id, expert_id, user_id, booking_id, provider, capture, amount_minor, currency, state, closed_because,
      captured_minor, due_at, created_at, updated_at)
    select d.id, d.expert_id, d.user_id, d.booking, 'sandbox', o.capture, d.amount, d.currency, d.state,
      case d.state when 'released' then 'cancelled' end, case d.state when 'captured' then d.amount else 0 end,
      d.ends_at + interval '72 hours', d.at, d.at
    from demo_payments d join private.sandbox_orders o on o.reference = d.id::text;
  insert into private.payment_orders (provider, order_id, payment_id, expert_id, created_at)
    select 'sandbox', o.id, d.id, d.expert_id, d.at from demo_payments d join private.sandbox_orders o on o.reference = d.id::text;
  insert into public.payment_attempts (id, expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method,
      fee_minor, verdict, created_at, updated_at)
    select d.attempt, d.expert_id, d.id, a.id, d.state, d.amount, d.currency,
      case d.state when 'captured' then d.amount else 0 end, d.method, a.fee_minor, 'accepted', d.at, d.at
    from demo_payments d join private.sandbox_orders o on o.reference = d.id::text join private.sandbox_attempts a on a.order_id = o.id;
  update public.payments p set accepted_attempt_id = d.attempt from demo_payments d where p.id = d.id and p.expert_id = d.expert_id;
  select private.transfer(d.expert_id, 'captured', d.attempt, 'provider', d.expert_id, 'escrow', d.booking, d.currency, d.amount, d.at)
    from demo_payments d where d.state = 'captured' order by d.at;
  select private.transfer(a.expert_id, 'provider_fee', a.id, 'provider', a.expert_id, 'provider_fees', a.expert_id, a.currency,
      a.fee_minor, a.created_at)
    from public.payment_attempts a join demo_payments d on d.attempt = a.id where a.fee_minor > 0;
  select private.record_money(d.expert_id, d.id, case d.state when 'captured' then 'paid' else d.state end, d.amount),
      case d.state when 'captured' then private.issue_receipt(d.expert_id, d.id) end
    from demo_payments d order by d.at;
  update public.bookings b set payment_status = private.payment_status_of(d.expert_id, d.id)
    from demo_payments d where b.id = d.booking and b.expert_id = d.expert_id`;

/** What the policy returns of what was called off, and half of one session that took place. */
async function giveBack(owner: Client): Promise<void> {
  await owner.query(`
    create temp table demo_refunds on commit drop as
      select d.*, private.request_refund(d.expert_id, d.id, d.attempt, d.back, d.why) as refund
      from (
        select d.id, d.expert_id, d.booking, d.attempt, d.cancelled_at as refunded_at,
          case d.actor when 'student' then 'student_cancelled' else 'mentor_cancelled' end as why,
          private.refund_minor(d.amount, 0, b.refund_full_cutoff, b.refund_partial_cutoff, b.refund_partial_percent, b.starts_at,
                               d.cancelled_at, d.actor) as back
        from demo_payments d join public.bookings b on b.id = d.booking and b.expert_id = d.expert_id
        where d.state = 'captured' and d.cancelled_at is not null
        union all
        (select d.id, d.expert_id, d.booking, d.attempt, d.ends_at + interval '1 day', 'administrator', d.amount / 2
         from demo_payments d join public.bookings b on b.id = d.booking and b.expert_id = d.expert_id
         where b.status = 'completed' and d.user_id = '${personOf("meera").id}' order by d.ends_at desc limit 1)
      ) d where d.back > 0;
    insert into private.sandbox_refunds (id, attempt_id, reference, amount_minor, currency, state, created_at)
      select private.sandbox_id('rfnd'), a.attempt_id, r.id, r.amount_minor, r.currency, 'done', d.refunded_at
      from demo_refunds d join public.refunds r on r.id = d.refund join public.payment_attempts a on a.id = d.attempt;
    select private.merge_refund(d.expert_id, d.refund, 'done', s.id, null)
      from demo_refunds d join private.sandbox_refunds s on s.reference = d.refund::text order by d.refunded_at;
    update public.bookings b set payment_status = private.payment_status_of(d.expert_id, d.id)
      from demo_refunds d where b.id = d.booking and b.expert_id = d.expert_id`);
}

/** Credits what is due; of one mentor, what was due earlier is paid out before the rest is earned. */
async function earn(owner: Client, secret: string, now: EpochMs): Promise<void> {
  const mentor = personOf(payout.mentor).id;
  const paidAt = new Date(now - payout.daysAgo * DAY_MS);
  const account = sealBankDetails(secret, mentor, bank);
  await owner.query(
    `insert into private.payout_accounts (expert_id, bank_sealed, bank_hint, usable_from, changed_at) values ($1, $2, $3, $4, $4)`,
    [mentor, account, bank.account_number.slice(-4), new Date(+paidAt - DAY_MS)],
  );
  const { rows } = await owner.query<{ due: number }>(
    "select count(*)::integer as due from public.payments where expert_id = $1 and state = 'captured' and due_at <= $2",
    [mentor, paidAt],
  );
  await owner.query("select private.earn_payments($1, $2)", [mentor, rows[0]?.due ?? 0]);
  const run = await owner.query<{ id: string }>(
    `insert into private.payout_runs (created_by, created_at) values ($1, $2) returning id`,
    [personOf(payout.by).id, paidAt],
  );
  const id = run.rows[0]?.id;
  await owner.query("select private.request_run_payouts($1, $2)", [id, mentor]);
  await owner.query(
    "update private.payout_runs set filled_at = created_at, exported_at = created_at where id = $1",
    [id],
  );
  for (const state of ["sent", "paid"])
    await owner.query(
      "select private.move_payout(p.expert_id, p.id, $2, $3) from public.payouts p where p.run_id = $1",
      [id, state, payout.reference],
    );
  await owner.query(
    "update public.payouts set requested_at = $2, sent_at = $2, settled_at = $2 where run_id = $1",
    [id, paidAt],
  );
  await owner.query(
    `update private.ledger_transfers t set created_at = $2, event_at = $2
     from public.payouts p where p.run_id = $1 and t.expert_id = p.expert_id and t.reference = p.id`,
    [id, paidAt],
  );
  // It was paid long ago: no news.
  await owner.query(
    `delete from graphile_worker._private_jobs j using public.payouts p
     where p.run_id = $1 and j.payload ->> 'payout_id' = p.id::text`,
    [id],
  );
  await owner.query(
    "select private.earn_payments(m.id, 1000) from private.mentors_with_due_earnings(1000) m (id)",
  );
}

/** Dates of what happened before the first start. */
const datesSql = `
  update private.ledger_transfers t set created_at = t.event_at from demo_payments d where t.reference = d.attempt;
  update private.ledger_transfers t set created_at = p.due_at, event_at = p.due_at
    from public.payments p where p.earned_at is not null and t.expert_id = p.expert_id and t.reference = p.id
      and t.kind in ('fee', 'earned');
  update private.ledger_transfers t set created_at = d.refunded_at, event_at = d.refunded_at
    from demo_refunds d where t.expert_id = d.expert_id and t.reference = d.refund;
  update public.payments p set earned_at = p.due_at where p.earned_at is not null;
  update public.refunds r set requested_at = d.refunded_at, sent_at = d.refunded_at, settled_at = d.refunded_at
    from demo_refunds d where r.id = d.refund and r.expert_id = d.expert_id;
  update public.money_events e set created_at = coalesce(
      (select d.refunded_at from demo_refunds d where d.refund = e.refund_id),
      (select p.earned_at from public.payments p where p.id = e.payment_id and e.kind = 'earned'),
      (select d.at from demo_payments d where d.id = e.payment_id), e.created_at)`;

/** Orders for what is held; that of the later session was tried in vain. */
async function orderHeld(owner: Client): Promise<void> {
  const { rows } = await owner.query<{ id: string; expert_id: string; answer: unknown; is_last: boolean }>(
    `select p.id, p.expert_id, row_number() over (order by b.starts_at desc) = 1 as is_last,
       private.sandbox_create_order(p.id::text, p.amount_minor, p.currency, p.capture, s.title) as answer
     from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
       join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
     where p.state = 'open'`,
  );
  for (const { id, expert_id, answer, is_last } of rows) {
    const order = storedOrder.parse(answer);
    await owner.query("select private.set_payment_order($1, $2, $3)", [expert_id, id, order.id]);
    if (!is_last) continue;
    const failed = await owner.query<{ answer: unknown }>(
      "select private.sandbox_fail($1, 'upi', 'payment_declined', $2, 'none') as answer",
      [order.id, sandboxFailures.declined],
    );
    const tried = describeOrder(presentOrder(storedOrder.parse(failed.rows[0]?.answer)));
    await owner.query("select private.settle_payment($1, $2, $3, null)", [expert_id, id, tried]);
    await owner.query("update private.sandbox_orders set webhooks = 'normal' where id = $1", [order.id]);
  }
}
