-- The ledger of money: the only functions that write it.

create or replace function private.has_floor(kind private.ledger_account_kind) returns boolean
  language sql immutable
  return kind in ('escrow', 'refunds_payable', 'mentor', 'payouts_pending', 'package_money', 'credits', 'credits_reserved',
    'basket_money');
comment on function private.has_floor(private.ledger_account_kind) is
  'Whether the balance of such an account must not go below zero, and is therefore kept.';

create or replace function private.transfer(
    mentor uuid, transfer_kind text, transfer_reference uuid, from_kind text, from_owner uuid, to_kind text, to_owner uuid,
    money_currency text, amount bigint, happened_at timestamptz default now())
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into private.ledger_transfers (
      expert_id, kind, reference, from_kind, from_owner, to_kind, to_owner, currency, amount_minor, event_at)
    values (mentor, transfer_kind, transfer_reference, from_kind, from_owner, to_kind, to_owner, money_currency, amount,
            happened_at)
    on conflict (expert_id, kind, reference) do nothing;
  if not found then
    return false;
  end if;
  if private.has_floor(from_kind) then
    -- The account of a debit exists, or the debit is refused.
    update private.ledger_accounts a set balance_minor = a.balance_minor - amount, version = a.version + 1
      where a.expert_id = mentor and a.owner_id = from_owner and a.kind = from_kind and a.currency = money_currency;
    if not found then
      raise exception 'the account % of % is empty', from_kind, from_owner
        using errcode = 'check_violation', constraint = 'ledger_accounts_never_below_zero';
    end if;
  end if;
  if private.has_floor(to_kind) then
    insert into private.ledger_accounts as a (expert_id, kind, owner_id, currency, balance_minor)
      values (mentor, to_kind, to_owner, money_currency, amount)
      on conflict (expert_id, owner_id, kind, currency)
        do update set balance_minor = a.balance_minor + amount, version = a.version + 1;
  end if;
  return true;
end
$$;
comment on function private.transfer(uuid, text, uuid, text, uuid, text, uuid, text, bigint, timestamptz) is
  'Writes one transfer and the balances with a floor; false if the transfer of this kind and reference exists. The caller has '
  'locked the mentor, so that transfers about one mentor never wait for each other in two orders.';

create or replace function private.receive_payments(
    mentors uuid[], attempts uuid[], bookings uuid[], currencies text[], amounts bigint[], fees bigint[], times timestamptz[])
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    with received as (
      select * from unnest(mentors, attempts, bookings, currencies, amounts, fees, times)
        r (mentor, attempt, booking, currency, amount, fee, at)
    ), balances as (
      insert into private.ledger_accounts as a (expert_id, kind, owner_id, currency, balance_minor)
        select r.mentor, 'escrow', r.booking, r.currency, r.amount from received r
        on conflict (expert_id, owner_id, kind, currency)
          do update set balance_minor = a.balance_minor + excluded.balance_minor, version = a.version + 1
    )
    -- A transfer that exists is an error: its balance would be counted twice.
    insert into private.ledger_transfers (
        expert_id, kind, reference, from_kind, from_owner, to_kind, to_owner, currency, amount_minor, event_at)
      select r.mentor, 'captured', r.attempt, 'provider', r.mentor, 'escrow', r.booking, r.currency, r.amount, r.at
        from received r
      union all
      select r.mentor, 'provider_fee', r.attempt, 'provider', r.mentor, 'provider_fees', r.mentor, r.currency, r.fee, r.at
        from received r where r.fee > 0
  $$;
comment on function private.receive_payments(uuid[], uuid[], uuid[], text[], bigint[], bigint[], timestamptz[]) is
  'The transfers of many captured payments at once: into the escrow of each booking, and what the provider keeps. The caller has '
  'locked the mentors.';

create or replace function private.balance_of(mentor uuid, account_kind text, account_owner uuid, money_currency text)
  returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce((
      select a.balance_minor from private.ledger_accounts a
      where a.expert_id = mentor and a.owner_id = account_owner and a.kind = account_kind and a.currency = money_currency), 0)
  $$;
comment on function private.balance_of(uuid, text, uuid, text) is 'The balance of an account with a floor; 0 if it has no row yet.';

revoke execute on function
    private.has_floor(private.ledger_account_kind),
    private.transfer(uuid, text, uuid, text, uuid, text, uuid, text, bigint, timestamptz),
    private.receive_payments(uuid[], uuid[], uuid[], text[], bigint[], bigint[], timestamptz[]),
    private.balance_of(uuid, text, uuid, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- private.ledger_transfers and private.ledger_accounts -------------------------------------------------------------------

revoke all on private.ledger_transfers, private.ledger_accounts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
