import type pg from "pg";

/** What is wrong with the ledger of money: nothing, if all balances are what their transfers say, and all transfers together are zero. */
export async function moneyFaults(owner: pg.ClientBase): Promise<string[]> {
  const { rows } = await owner.query<{ fault: string }>(`
    with sums as (
      select expert_id, kind, owner_id, currency, sum(amount) as balance from (
        select expert_id, to_kind as kind, to_owner as owner_id, currency, amount_minor as amount from private.ledger_transfers
        union all
        select expert_id, from_kind, from_owner, currency, -amount_minor from private.ledger_transfers
      ) entries group by 1, 2, 3, 4
    )
    select format('%s of %s has %s, its transfers say %s', coalesce(a.kind, s.kind), coalesce(a.owner_id, s.owner_id),
        a.balance_minor, s.balance) as fault
      from private.ledger_accounts a
        full join sums s on s.expert_id = a.expert_id and s.kind = a.kind and s.owner_id = a.owner_id and s.currency = a.currency
      where private.has_floor(coalesce(a.kind, s.kind)) and a.balance_minor is distinct from s.balance
    union all
    select format('%s of %s is below zero', kind, owner_id) from private.ledger_accounts where balance_minor < 0
    union all
    select format('all transfers in %s sum to %s', currency, sum(balance)) from sums group by currency having sum(balance) <> 0
    union all
    select format('payment %s has %s back of %s', id, refunded_minor, captured_minor) from public.payments
      where refunded_minor > captured_minor
    union all
    select format('payment %s has %s, its attempts %s', p.id, p.captured_minor, a.sum)
      from public.payments p
        join (
          select payment_id, currency, sum(captured_minor) from public.payment_attempts group by 1, 2
        ) a on a.payment_id = p.id and a.currency = p.currency
      where p.captured_minor <> a.sum
    union all
    select format('attempt %s has refunds of %s, not %s', a.id, coalesce(r.sum, 0), a.refunded_minor)
      from public.payment_attempts a
        left join (
          select attempt_id, sum(amount_minor) from public.refunds where state <> 'failed' group by attempt_id
        ) r on r.attempt_id = a.id
      where a.refunded_minor <> coalesce(r.sum, 0) or a.refunded_minor > a.captured_minor`);
  return rows.map(({ fault }) => fault);
}
