-- Sandbox: what a payment provider does. Each function locks the order first, then judges, then writes, and returns the order
-- with everything that has happened to it, or {"refused": code}.

create or replace function private.sandbox_id(kind text) returns text
  language sql volatile
  set search_path = pg_catalog, pg_temp
  as $$
    select kind || '_' || replace(gen_random_uuid()::text, '-', '')
  $$;
comment on function private.sandbox_id(text) is 'A new id with 122 random bits.';

create or replace function private.sandbox_refusal(code text) returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object('refused', code)
  $$;
comment on function private.sandbox_refusal(text) is 'The answer to a call that was not done and will not be.';

create or replace function private.sandbox_epoch_ms(at timestamptz) returns bigint
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select floor(extract(epoch from at) * 1000)::bigint
  $$;
comment on function private.sandbox_epoch_ms(timestamptz) is 'An instant in ms.';

create or replace function private.sandbox_order(order_key text) returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object(
      'id', o.id, 'reference', o.reference, 'amount_minor', o.amount_minor, 'currency', o.currency,
      'capture', o.capture, 'description', o.description, 'state', o.state, 'webhooks', o.webhooks,
      'refunds_fail', o.refunds_fail,
      'attempts', coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', a.id, 'state', a.state, 'amount_minor', a.amount_minor, 'currency', a.currency, 'method', a.method,
            'fee_minor', a.fee_minor, 'failure_code', a.failure_code, 'failure_message', a.failure_message,
            'dispute', a.dispute, 'created_at', private.sandbox_epoch_ms(a.created_at),
            'refunds', coalesce((
              select jsonb_agg(jsonb_build_object(
                  'id', r.id, 'reference', r.reference, 'amount_minor', r.amount_minor, 'currency', r.currency,
                  'state', r.state) order by r.created_at, r.id)
              from private.sandbox_refunds r where r.attempt_id = a.id), '[]'))
          order by a.created_at, a.id)
        from private.sandbox_attempts a where a.order_id = o.id), '[]'))
    from private.sandbox_orders o where o.id = order_key
  $$;
comment on function private.sandbox_order(text) is
  'An order with its attempts and their refunds, oldest first; null if there is none.';

create or replace function private.sandbox_note(order_key text, kind text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  how text;
  event jsonb := jsonb_build_object('id', private.sandbox_id('evt'), 'type', kind, 'order_id', order_key);
begin
  update private.sandbox_orders o set changed_at = clock_timestamp() where o.id = order_key returning o.webhooks into how;
  if how = 'none' then
    return;
  end if;
  -- Out of order: what begins something is sent after what ends it.
  perform private.enqueue('sandbox_send_webhook', event, run_at => case
      when how = 'late' then now() + interval '2 minutes'
      when how = 'out_of_order' and kind in ('payment.authorized', 'refund.created') then now() + interval '10 seconds' end);
  if how = 'twice' then
    perform private.enqueue('sandbox_send_webhook', event);
  end if;
end
$$;
comment on function private.sandbox_note(text, text) is
  'Notes that something has happened to an order, and enqueues the webhook that says so, in the way the payer has chosen.';

create or replace function private.sandbox_create_order(
    order_reference text, amount bigint, money_currency text, capture_mode text, what text)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known private.sandbox_orders;
begin
  -- As with other providers, a rupee is the least.
  if amount < 100 then
    return private.sandbox_refusal('amount_too_small');
  end if;
  insert into private.sandbox_orders (id, reference, amount_minor, currency, capture, description)
    values (private.sandbox_id('order'), order_reference, amount, money_currency, capture_mode, left(what, 500))
    on conflict (reference) do nothing;
  select * into known from private.sandbox_orders o where o.reference = order_reference;
  if (known.amount_minor, known.currency) <> (amount, money_currency) then
    return private.sandbox_refusal('other_amount');
  end if;
  return private.sandbox_order(known.id);
end
$$;
comment on function private.sandbox_create_order(text, bigint, text, text, text) is
  'Creates an order, or returns the one with this reference.';

create or replace function private.sandbox_close_order(order_key text) returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update private.sandbox_orders o set state = 'closed', changed_at = clock_timestamp()
    where o.id = order_key and o.state = 'open';
  return coalesce(private.sandbox_order(order_key), private.sandbox_refusal('not_found'));
end
$$;
comment on function private.sandbox_close_order(text) is
  'Makes an order unpayable. An attempt that is under way may still succeed, as with a bank that is slow.';

create or replace function private.sandbox_set_manner(order_key text, manner text) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    update private.sandbox_orders o set webhooks = manner where o.id = order_key and manner is not null
  $$;
comment on function private.sandbox_set_manner(text, text) is 'Sets how the app is told from now on; null: as before.';

create or replace function private.sandbox_succeed(attempt_key text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid record;
begin
  select a.*, o.capture into paid
    from private.sandbox_attempts a join private.sandbox_orders o on o.id = a.order_id where a.id = attempt_key;
  update private.sandbox_attempts a set state = 'authorized' where a.id = attempt_key;
  perform private.sandbox_note(paid.order_id, 'payment.authorized');
  if paid.capture = 'automatic' then
    perform private.sandbox_charge(attempt_key);
  end if;
end
$$;
comment on function private.sandbox_succeed(text) is 'What follows when an attempt succeeds: authorized, and captured if the order says so.';

create or replace function private.sandbox_charge(attempt_key text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid_order text;
begin
  update private.sandbox_attempts a
    set state = 'captured', fee_minor = case a.method when 'card' then (a.amount_minor + 25) / 50 else 0 end
    where a.id = attempt_key returning a.order_id into paid_order;
  perform private.sandbox_note(paid_order, 'payment.captured');
end
$$;
comment on function private.sandbox_charge(text) is 'Charges an authorized attempt.';

create or replace function private.sandbox_pay(
    order_key text, pay_method text, times integer, too_late boolean, manner text, after_seconds integer default null)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid private.sandbox_orders;
  attempt text;
begin
  select * into paid from private.sandbox_orders o where o.id = order_key for no key update;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  if exists (
    select from private.sandbox_attempts a
    where a.order_id = order_key and a.state in ('authorized', 'captured', 'released')) then
    return private.sandbox_refusal('order_paid');
  end if;
  if paid.state = 'closed' and not too_late then
    return private.sandbox_refusal('order_closed');
  end if;
  perform private.sandbox_set_manner(order_key, manner);
  for i in 1 .. times loop
    insert into private.sandbox_attempts (id, order_id, state, amount_minor, currency, method)
      values (private.sandbox_id('pay'), order_key, 'created', paid.amount_minor, paid.currency, pay_method)
      returning id into attempt;
    if after_seconds is null then
      perform private.sandbox_succeed(attempt);
    else
      update private.sandbox_orders o set changed_at = clock_timestamp() where o.id = order_key;
      perform private.enqueue('sandbox_finish_payment', jsonb_build_object('attempt_id', attempt),
                              run_at => now() + after_seconds * interval '1 second');
    end if;
  end loop;
  return private.sandbox_order(order_key);
end
$$;
comment on function private.sandbox_pay(text, text, integer, boolean, text, integer) is
  'The payer pays: `times` times at once, also a closed order if it is to be too late, or in `after_seconds`. Which manner the '
  'app is told in holds for the order from now on; null leaves it.';

create or replace function private.sandbox_finish_payment(attempt_key text) returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid_order text := (select a.order_id from private.sandbox_attempts a where a.id = attempt_key);
begin
  perform from private.sandbox_orders o where o.id = paid_order for no key update;
  if exists (select from private.sandbox_attempts a where a.id = attempt_key and a.state = 'created') then
    perform private.sandbox_succeed(attempt_key);
  end if;
  return coalesce(private.sandbox_order(paid_order), private.sandbox_refusal('not_found'));
end
$$;
comment on function private.sandbox_finish_payment(text) is
  'An attempt that was under way succeeds, whatever has become of its order meanwhile.';

create or replace function private.sandbox_fail(order_key text, pay_method text, code text, message text, manner text)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  tried private.sandbox_orders;
begin
  select * into tried from private.sandbox_orders o where o.id = order_key for no key update;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  if exists (
    select from private.sandbox_attempts a
    where a.order_id = order_key and a.state in ('authorized', 'captured', 'released')) then
    return private.sandbox_refusal('order_paid');
  end if;
  if tried.state = 'closed' then
    return private.sandbox_refusal('order_closed');
  end if;
  perform private.sandbox_set_manner(order_key, manner);
  insert into private.sandbox_attempts (
      id, order_id, state, amount_minor, currency, method, failure_code, failure_message)
    values (private.sandbox_id('pay'), order_key, 'failed', tried.amount_minor, tried.currency, pay_method, code, message);
  perform private.sandbox_note(order_key, 'payment.failed');
  return private.sandbox_order(order_key);
end
$$;
comment on function private.sandbox_fail(text, text, text, text, text) is 'The payer tries to pay, in vain. The order stays open.';

create or replace function private.sandbox_dispute(order_key text, verdict text, manner text) returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform from private.sandbox_orders o where o.id = order_key for no key update;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  update private.sandbox_attempts a set dispute = verdict
    where a.id = (
      select d.id from private.sandbox_attempts d
      where d.order_id = order_key and d.state = 'captured' and (d.dispute is null) = (verdict = 'open')
      order by d.created_at, d.id limit 1);
  if not found then
    return private.sandbox_refusal(case verdict when 'open' then 'nothing_to_dispute' else 'not_disputed' end);
  end if;
  perform private.sandbox_set_manner(order_key, manner);
  perform private.sandbox_note(order_key, case verdict when 'open' then 'dispute.created' else 'dispute.' || verdict end);
  return private.sandbox_order(order_key);
end
$$;
comment on function private.sandbox_dispute(text, text, text) is
  'The payer disputes the first captured attempt that is not disputed, or such a dispute is decided: "won" by the app, or "lost".';

create or replace function private.sandbox_set_refunds(order_key text, do_fail boolean) returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update private.sandbox_orders o set refunds_fail = do_fail where o.id = order_key;
  return coalesce(private.sandbox_order(order_key), private.sandbox_refusal('not_found'));
end
$$;
comment on function private.sandbox_set_refunds(text, boolean) is 'Whether refunds of this order fail from now on.';

create or replace function private.sandbox_locked_attempt(attempt_key text) returns private.sandbox_attempts
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  found_attempt private.sandbox_attempts;
begin
  perform from private.sandbox_orders o
    where o.id = (select a.order_id from private.sandbox_attempts a where a.id = attempt_key) for no key update;
  -- Read after waiting for the lock.
  select * into found_attempt from private.sandbox_attempts a where a.id = attempt_key;
  return found_attempt;
end
$$;
comment on function private.sandbox_locked_attempt(text) is 'Locks the order of an attempt and returns the attempt; nulls if there is none.';

create or replace function private.sandbox_capture(order_key text, attempt_key text, amount bigint, money_currency text)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
begin
  if known.order_id is distinct from order_key then
    return private.sandbox_refusal('not_found');
  end if;
  if (known.amount_minor, known.currency) <> (amount, money_currency) then
    return private.sandbox_refusal('other_amount');
  end if;
  if known.state = 'authorized' then
    perform private.sandbox_charge(attempt_key);
  elsif known.state <> 'captured' then
    return private.sandbox_refusal('not_authorized');
  end if;
  return private.sandbox_order(order_key);
end
$$;
comment on function private.sandbox_capture(text, text, bigint, text) is 'Charges an authorized attempt, the whole of it and once.';

create or replace function private.sandbox_release(order_key text, attempt_key text, amount bigint, money_currency text)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
begin
  if known.order_id is distinct from order_key then
    return private.sandbox_refusal('not_found');
  end if;
  if (known.amount_minor, known.currency) <> (amount, money_currency) then
    return private.sandbox_refusal('other_amount');
  end if;
  if known.state = 'authorized' then
    update private.sandbox_attempts a set state = 'released' where a.id = attempt_key;
    perform private.sandbox_note(order_key, 'payment.released');
  elsif known.state <> 'released' then
    return private.sandbox_refusal('not_authorized');
  end if;
  return private.sandbox_order(order_key);
end
$$;
comment on function private.sandbox_release(text, text, bigint, text) is 'Lets go of an authorized attempt.';

create or replace function private.sandbox_free_minor(attempt_key text) returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select a.amount_minor
      - coalesce((select sum(r.amount_minor) from private.sandbox_refunds r
                  where r.attempt_id = a.id and r.state <> 'failed'), 0)::bigint
      - coalesce((select sum(t.amount_minor) from private.sandbox_transfers t where t.attempt_id = a.id), 0)::bigint
      + coalesce((select sum(v.amount_minor) from private.sandbox_reversals v
                  join private.sandbox_transfers t on t.id = v.transfer_id where t.attempt_id = a.id), 0)::bigint
    from private.sandbox_attempts a where a.id = attempt_key
  $$;
comment on function private.sandbox_free_minor(text) is
  'What is left of a captured attempt: neither refunded nor moved on.';

create or replace function private.sandbox_refund(
    attempt_key text, refund_reference text, amount bigint, money_currency text, after_seconds integer)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
  known private.sandbox_refunds;
  refund text := private.sandbox_id('rfnd');
begin
  select * into known from private.sandbox_refunds r where r.reference = refund_reference;
  if found then
    if (known.attempt_id, known.amount_minor, known.currency) <> (attempt_key, amount, money_currency) then
      return private.sandbox_refusal('other_amount');
    end if;
    return private.sandbox_order(paid.order_id);
  end if;
  if paid.id is null then
    return private.sandbox_refusal('not_found');
  end if;
  if paid.state <> 'captured' then
    return private.sandbox_refusal('not_captured');
  end if;
  if amount < 1 then
    return private.sandbox_refusal('amount_too_small');
  end if;
  -- The bank decides what becomes of disputed money.
  if paid.dispute in ('open', 'lost') then
    return private.sandbox_refusal('disputed');
  end if;
  if money_currency <> paid.currency or amount > private.sandbox_free_minor(attempt_key) then
    return private.sandbox_refusal('too_much');
  end if;
  insert into private.sandbox_refunds (id, attempt_id, reference, amount_minor, currency)
    values (refund, attempt_key, refund_reference, amount, money_currency);
  perform private.sandbox_note(paid.order_id, 'refund.created');
  if after_seconds <= 0 then
    return private.sandbox_finish_refund(refund);
  end if;
  perform private.enqueue('sandbox_finish_refund', jsonb_build_object('refund_id', refund),
                          run_at => now() + after_seconds * interval '1 second');
  return private.sandbox_order(paid.order_id);
end
$$;
comment on function private.sandbox_refund(text, text, bigint, text, integer) is
  'Begins to send money back, or returns the refund with this reference. It is done, or fails, in `after_seconds`.';

create or replace function private.sandbox_finish_refund(refund_key text) returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid private.sandbox_attempts;
  became text;
begin
  paid := private.sandbox_locked_attempt((select r.attempt_id from private.sandbox_refunds r where r.id = refund_key));
  update private.sandbox_refunds r set state = case when o.refunds_fail then 'failed' else 'done' end
    from private.sandbox_orders o
    where r.id = refund_key and r.state = 'pending' and o.id = paid.order_id
    returning r.state into became;
  if became is not null then
    perform private.sandbox_note(paid.order_id, 'refund.' || became);
  end if;
  return coalesce(private.sandbox_order(paid.order_id), private.sandbox_refusal('not_found'));
end
$$;
comment on function private.sandbox_finish_refund(text) is 'A refund under way arrives, or fails if the payer has chosen so.';

create or replace function private.sandbox_transfer_state(transfer_key text) returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object(
      'id', t.id, 'amount_minor', t.amount_minor, 'currency', t.currency,
      'state', case when t.amount_minor = coalesce((
          select sum(v.amount_minor) from private.sandbox_reversals v where v.transfer_id = t.id), 0)
        then 'reversed' else 'done' end)
    from private.sandbox_transfers t where t.id = transfer_key
  $$;
comment on function private.sandbox_transfer_state(text) is 'A transfer as it is now; null if there is none.';

create or replace function private.sandbox_transfer(
    attempt_key text, transfer_reference text, to_account text, amount bigint, money_currency text)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
  known private.sandbox_transfers;
begin
  select * into known from private.sandbox_transfers t where t.reference = transfer_reference;
  if found then
    if (known.attempt_id, known.account, known.amount_minor, known.currency)
       <> (attempt_key, to_account, amount, money_currency) then
      return private.sandbox_refusal('other_amount');
    end if;
    return private.sandbox_transfer_state(known.id);
  end if;
  if paid.id is null then
    return private.sandbox_refusal('not_found');
  end if;
  if paid.state <> 'captured' then
    return private.sandbox_refusal('not_captured');
  end if;
  if money_currency <> paid.currency or amount > private.sandbox_free_minor(attempt_key) then
    return private.sandbox_refusal('too_much');
  end if;
  insert into private.sandbox_transfers (id, attempt_id, reference, account, amount_minor, currency)
    values (private.sandbox_id('trf'), attempt_key, transfer_reference, to_account, amount, money_currency)
    returning * into known;
  return private.sandbox_transfer_state(known.id);
end
$$;
comment on function private.sandbox_transfer(text, text, text, bigint, text) is
  'Moves captured money to a linked account, or returns the transfer with this reference.';

create or replace function private.sandbox_reverse(
    transfer_key text, reversal_reference text, amount bigint, money_currency text)
  returns jsonb
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  moved private.sandbox_transfers;
  known private.sandbox_reversals;
begin
  perform private.sandbox_locked_attempt((select t.attempt_id from private.sandbox_transfers t where t.id = transfer_key));
  select * into known from private.sandbox_reversals v where v.reference = reversal_reference;
  if found then
    if (known.transfer_id, known.amount_minor, known.currency) <> (transfer_key, amount, money_currency) then
      return private.sandbox_refusal('other_amount');
    end if;
    return jsonb_build_object('id', known.id);
  end if;
  select * into moved from private.sandbox_transfers t where t.id = transfer_key;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  if money_currency <> moved.currency or amount > moved.amount_minor - coalesce((
    select sum(v.amount_minor) from private.sandbox_reversals v where v.transfer_id = transfer_key), 0) then
    return private.sandbox_refusal('too_much');
  end if;
  insert into private.sandbox_reversals (id, transfer_id, reference, amount_minor, currency)
    values (private.sandbox_id('rvrsl'), transfer_key, reversal_reference, amount, money_currency)
    returning * into known;
  return jsonb_build_object('id', known.id);
end
$$;
comment on function private.sandbox_reverse(text, text, bigint, text) is
  'Takes transferred money back, or returns the reversal with this reference.';

create or replace function private.sandbox_changed_orders(
    changed_from timestamptz, changed_to timestamptz, after_at timestamptz, after_id text, most integer)
  returns table (id text, changed_at text, contents jsonb)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select o.id, o.changed_at::text, private.sandbox_order(o.id) from private.sandbox_orders o
    where o.changed_at between changed_from and changed_to
      and (after_at is null or (o.changed_at, o.id) > (after_at, after_id))
    order by o.changed_at, o.id limit most
  $$;
comment on function private.sandbox_changed_orders(timestamptz, timestamptz, timestamptz, text, integer) is
  'A page of the orders that changed in this time, from the first after this instant and id.';

create or replace function private.sandbox_settlements(
    settled_from timestamptz, settled_to timestamptz, after_attempt text, most integer)
  returns table (order_id text, attempt_id text, settlement_id text, settled_at timestamptz, amount_minor bigint, fee_minor bigint,
                 currency text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select a.order_id, a.id, 'setl_' || to_char(s.at at time zone 'UTC', 'YYYYMMDD'), s.at, a.amount_minor, a.fee_minor, a.currency
    from private.sandbox_attempts a
      cross join lateral (
        select (date_trunc('day', a.created_at at time zone 'UTC') + interval '3 days') at time zone 'UTC' as at) s
    where a.state = 'captured' and s.at between settled_from and settled_to
      and a.created_at >= date_trunc('day', settled_from at time zone 'UTC') at time zone 'UTC' - interval '3 days'
      and a.created_at <= settled_to
      and (after_attempt is null or a.id > after_attempt)
    order by a.id limit most
  $$;
comment on function private.sandbox_settlements(timestamptz, timestamptz, text, integer) is
  'A page of the attempts that were paid out in this time, after this one: all of a day in one sum, on the third day after it.';

revoke execute on function
    private.sandbox_id(text),
    private.sandbox_refusal(text),
    private.sandbox_epoch_ms(timestamptz),
    private.sandbox_order(text),
    private.sandbox_note(text, text),
    private.sandbox_create_order(text, bigint, text, text, text),
    private.sandbox_close_order(text),
    private.sandbox_set_manner(text, text),
    private.sandbox_succeed(text),
    private.sandbox_charge(text),
    private.sandbox_pay(text, text, integer, boolean, text, integer),
    private.sandbox_finish_payment(text),
    private.sandbox_fail(text, text, text, text, text),
    private.sandbox_dispute(text, text, text),
    private.sandbox_set_refunds(text, boolean),
    private.sandbox_locked_attempt(text),
    private.sandbox_capture(text, text, bigint, text),
    private.sandbox_release(text, text, bigint, text),
    private.sandbox_free_minor(text),
    private.sandbox_refund(text, text, bigint, text, integer),
    private.sandbox_finish_refund(text),
    private.sandbox_transfer_state(text),
    private.sandbox_transfer(text, text, text, bigint, text),
    private.sandbox_reverse(text, text, bigint, text),
    private.sandbox_changed_orders(timestamptz, timestamptz, timestamptz, text, integer),
    private.sandbox_settlements(timestamptz, timestamptz, text, integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.sandbox_order(text),
    private.sandbox_create_order(text, bigint, text, text, text),
    private.sandbox_close_order(text),
    private.sandbox_pay(text, text, integer, boolean, text, integer),
    private.sandbox_finish_payment(text),
    private.sandbox_fail(text, text, text, text, text),
    private.sandbox_dispute(text, text, text),
    private.sandbox_set_refunds(text, boolean),
    private.sandbox_capture(text, text, bigint, text),
    private.sandbox_release(text, text, bigint, text),
    private.sandbox_refund(text, text, bigint, text, integer),
    private.sandbox_finish_refund(text),
    private.sandbox_transfer_state(text),
    private.sandbox_transfer(text, text, text, bigint, text),
    private.sandbox_reverse(text, text, bigint, text),
    private.sandbox_changed_orders(timestamptz, timestamptz, timestamptz, text, integer),
    private.sandbox_settlements(timestamptz, timestamptz, text, integer)
  to matepeak_app;

-- private.sandbox_… tables -----------------------------------------------------------------------------------------------

revoke all on
    private.sandbox_orders, private.sandbox_attempts, private.sandbox_refunds, private.sandbox_transfers,
    private.sandbox_reversals
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
