-- Payouts: how a balance becomes money at a bank, and what mentors and administrators see of it.

create or replace function private.set_payout_settings(approval_above bigint) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into private.payout_settings as s (id, approval_above_minor) values (1, approval_above)
      on conflict (id) do update set approval_above_minor = excluded.approval_above_minor
        where s.approval_above_minor <> excluded.approval_above_minor
  $$;
comment on function private.set_payout_settings(bigint) is 'Adopts the configuration of the app that starts.';

-- States ---------------------------------------------------------------------------------------------------------------

create or replace function private.keep_payout() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'requested' then
      raise exception 'a payout begins as requested' using errcode = 'check_violation', constraint = 'payouts_forward_only';
    end if;
    return new;
  end if;
  if new.state <> old.state and (old.state, new.state) not in (
      ('requested', 'sent'), ('requested', 'failed'), ('sent', 'paid'), ('sent', 'failed'), ('paid', 'reversed')) then
    raise exception 'a payout does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'payouts_forward_only';
  end if;
  if (new.id, new.expert_id, new.run_id, new.payment_id, new.earning_id, new.amount_minor, new.currency, new.method)
      is distinct from (old.id, old.expert_id, old.run_id, old.payment_id, old.earning_id, old.amount_minor, old.currency, old.method)
    or new.reversed_minor < old.reversed_minor
    or old.bank_reference is not null and new.bank_reference is distinct from old.bank_reference
    or old.transfer_id is not null and new.transfer_id is distinct from old.transfer_id then
    raise exception 'what a payout is does not change' using errcode = 'check_violation', constraint = 'payouts_never_change';
  end if;
  return new;
end
$$;
comment on function private.keep_payout() is
  'A payout only goes forward (requested, sent, then paid or failed; a paid one may be reversed), and its amount never changes.';

create or replace function private.move_payout(
    mentor uuid, payout uuid, new_state text, reference text default null, why text default null)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known public.payouts;
begin
  select * into known from public.payouts p where p.id = payout and p.expert_id = mentor for no key update;
  if not found or (known.state, new_state) not in (
      ('requested', 'sent'), ('requested', 'failed'), ('sent', 'paid'), ('sent', 'failed'), ('paid', 'reversed')) then
    return false;
  end if;
  update public.payouts p
    set state = new_state,
        bank_reference = case when p.method = 'csv' then coalesce(p.bank_reference, reference) end,
        transfer_id = case when p.method = 'route' then coalesce(p.transfer_id, reference) end,
        failure = case when new_state in ('failed', 'reversed') then coalesce(why, p.failure) end,
        reversed_minor = case when new_state = 'reversed' then p.amount_minor else p.reversed_minor end,
        sealed_account = case when new_state in ('paid', 'failed') then null else p.sealed_account end,
        sent_at = case when new_state = 'failed' then p.sent_at else coalesce(p.sent_at, now()) end,
        settled_at = case when new_state <> 'sent' then now() end, calling_until = null
    where p.id = payout and p.expert_id = mentor;
  if new_state = 'paid' then
    perform private.transfer(mentor, 'payout_paid', payout, 'payouts_pending', payout, 'bank', mentor, known.currency,
                             known.amount_minor);
  elsif new_state = 'failed' then
    perform private.transfer(mentor, 'payout_failed', payout, 'payouts_pending', payout, 'mentor', mentor, known.currency,
                             known.amount_minor);
  elsif new_state = 'reversed' and known.amount_minor > known.reversed_minor then
    perform private.transfer(mentor, 'payout_returned', payout, 'bank', mentor, 'mentor', mentor, known.currency,
                             known.amount_minor - known.reversed_minor);
  end if;
  -- A transfer through the provider is part of one payment, and the mentor hears of the day's earnings. What was never sent did
  -- not fail for the mentor.
  if known.method = 'csv' and (new_state in ('paid', 'reversed') or new_state = 'failed' and known.state = 'sent') then
    perform private.enqueue('notify_payout', jsonb_build_object('mentor_id', mentor, 'payout_id', payout, 'state', new_state));
  end if;
  return true;
end
$$;
comment on function private.move_payout(uuid, uuid, text, text, text) is
  'Takes a payout one step forward, with its line in the ledger; false if it is there or further already. The caller has locked '
  'the mentor.';

create or replace function private.payout_message_facts(mentor uuid, payout uuid)
  returns table (amount_minor bigint, currency text, account text, mentor_name text, mentor_email text, mentor_zone text,
                 mentor_username text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select p.amount_minor, p.currency, p.paid_to, m.full_name, u.email, coalesce(o.timezone, m.timezone), m.username
    from public.payouts p
      join public.expert_profiles m on m.id = p.expert_id
      join auth.users u on u.id = p.expert_id
      left join public.profiles o on o.id = p.expert_id
    where p.id = payout and p.expert_id = mentor
  $$;
comment on function private.payout_message_facts(uuid, uuid) is 'The facts for a message about a payout, and how its mentor is reached.';

-- Where the money goes -------------------------------------------------------------------------------------------------

create or replace function private.set_payout_account(of_kind text, sealed bytea, hint text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid := auth.uid();
begin
  if not private.lock_mentor(mentor) or private.is_closed(mentor) then
    raise exception 'for mentors only' using errcode = 'insufficient_privilege';
  end if;
  insert into private.payout_accounts as a (expert_id, bank_sealed, bank_hint, linked_sealed, linked_hint, usable_from)
    values (mentor, case of_kind when 'bank' then sealed end, case of_kind when 'bank' then hint end,
            case of_kind when 'linked' then sealed end, case of_kind when 'linked' then hint end, now())
    on conflict (expert_id) do update
      set bank_sealed = case of_kind when 'bank' then excluded.bank_sealed else a.bank_sealed end,
          bank_hint = case of_kind when 'bank' then excluded.bank_hint else a.bank_hint end,
          linked_sealed = case of_kind when 'linked' then excluded.linked_sealed else a.linked_sealed end,
          linked_hint = case of_kind when 'linked' then excluded.linked_hint else a.linked_hint end,
          usable_from = now() + interval '24 hours', changed_at = now();
end
$$;
comment on function private.set_payout_account(text, bytea, text) is
  'Stores where the caller''s money goes; null removes it. A change counts from a day later.';

create or replace function private.payout_account()
  returns table (bank_hint text, linked_hint text, usable_from timestamptz, changed_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select a.bank_hint, a.linked_hint, a.usable_from, a.changed_at from private.payout_accounts a where a.expert_id = auth.uid()
  $$;
comment on function private.payout_account() is 'The last characters of where the caller''s money goes.';

create or replace function private.is_owed(mentor uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from private.ledger_accounts a
      where a.expert_id = mentor and a.balance_minor > 0
        and (a.kind in ('escrow', 'package_money', 'payouts_pending') or a.kind = 'mentor' and a.balance_minor >= private.payout_minimum('csv')))
  $$;
comment on function private.is_owed(uuid) is 'Whether money of a mentor is held, earned or on its way.';

create or replace function private.forget_payout_accounts(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  handled integer;
begin
  delete from private.payout_accounts a where a.expert_id in (
    select c.user_id from private.closed_accounts c join private.payout_accounts o on o.expert_id = c.user_id
    where c.why = 'deleted' and not private.is_owed(c.user_id) limit most);
  get diagnostics handled = row_count;
  return handled;
end
$$;
comment on function private.forget_payout_accounts(integer) is
  'Deletes the bank details of mentors who have deleted their account, once they have been paid everything.';

-- Payouts through the bank ---------------------------------------------------------------------------------------------

create or replace function private.mentors_to_pay(after_id uuid, most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct a.owner_id from private.ledger_accounts a
    where a.kind = 'mentor' and a.balance_minor > 0 and a.balance_minor >= private.payout_minimum('csv')
      and (after_id is null or a.owner_id > after_id)
    order by a.owner_id limit most
  $$;
comment on function private.mentors_to_pay(uuid, integer) is 'Mentors with enough to be paid out, in the order of their ids.';

create or replace function private.request_run_payouts(run uuid, mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  due record;
  payout uuid;
  requested integer := 0;
begin
  perform private.lock_mentor(mentor);
  perform from private.payout_runs r where r.id = run and r.filled_at is null and r.cancelled_at is null for share;
  if not found then
    return 0;
  end if;
  for due in
    select a.currency, a.balance_minor, d.bank_hint
    from private.ledger_accounts a join private.payout_accounts d on d.expert_id = a.expert_id
    where a.expert_id = mentor and a.owner_id = mentor and a.kind = 'mentor'
      and a.balance_minor >= private.payout_minimum('csv') and d.bank_sealed is not null and d.usable_from <= now()
      and not exists (
        select from private.closed_accounts c where c.user_id = mentor and c.why = 'suspended')
      and not exists (
        select from public.payouts o where o.expert_id = mentor and o.currency = a.currency and o.method = 'csv'
          and (o.state in ('requested', 'sent') or o.run_id = run))
    order by a.currency
  loop
    payout := private.uuid_v7();
    insert into public.payouts (id, expert_id, run_id, amount_minor, currency, method, paid_to)
      values (payout, mentor, run, due.balance_minor, due.currency, 'csv', due.bank_hint);
    perform private.transfer(mentor, 'payout_requested', payout, 'mentor', mentor, 'payouts_pending', payout, due.currency,
                             due.balance_minor);
    requested := requested + 1;
  end loop;
  return requested;
end
$$;
comment on function private.request_run_payouts(uuid, uuid) is
  'Puts a mentor''s whole balance into a run that is being filled, unless a payout is open; any number of times.';

create or replace function private.finish_filling(run uuid) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update private.payout_runs r set filled_at = now() where r.id = run and r.filled_at is null and r.cancelled_at is null
  $$;
comment on function private.finish_filling(uuid) is 'Closes a run: what is earned from now on is for the next one.';

create or replace function private.needs_approval(run uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select r.approved_at is null
      and (select count(*) from private.administrators a where not private.is_closed(a.user_id)) > 1
      and coalesce((select sum(p.amount_minor) from public.payouts p where p.run_id = run), 0)
        > coalesce((select s.approval_above_minor from private.payout_settings s), 0)
    from private.payout_runs r where r.id = run
  $$;
comment on function private.needs_approval(uuid) is
  'Whether a run must be approved by an administrator who has not made it: it is large, and there is another one.';

-- For administrators ---------------------------------------------------------------------------------------------------

create or replace function private.payouts_due(login uuid, request text, after_id uuid, most integer)
  returns table (id uuid, name text, currency text, balance_minor bigint, bank_hint text, linked_hint text,
                 usable_from timestamptz, has_open boolean, closed text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'payouts_due_listed', null, '{}', null, request);
  return query
    select a.owner_id, private.admin_name(a.owner_id), a.currency, a.balance_minor, d.bank_hint, d.linked_hint, d.usable_from,
      exists (select from public.payouts o
        where o.expert_id = a.expert_id and o.currency = a.currency and o.method = 'csv' and o.state in ('requested', 'sent')),
      c.why
    from private.ledger_accounts a
      left join private.payout_accounts d on d.expert_id = a.expert_id
      left join private.closed_accounts c on c.user_id = a.expert_id
    where a.kind = 'mentor' and a.balance_minor > 0 and (after_id is null or a.owner_id > after_id)
    order by a.owner_id, a.currency
    limit most;
end
$$;
comment on function private.payouts_due(uuid, text, uuid, integer) is
  'Mentors with a balance, and what keeps it from being paid out. For administrators.';

create or replace function private.start_payout_run(login uuid, request text, why text) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  run uuid := private.uuid_v7();
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  perform private.begin_admin_action(login, 'payout_run_started', null, jsonb_build_object('run_id', run), why, request);
  insert into private.payout_runs (id, created_by) values (run, auth.uid());
  perform private.enqueue('fill_payout_run', jsonb_build_object('run_id', run), 'fill_payout_run ' || run,
                          now() + interval '1 minute');
  return run;
end
$$;
comment on function private.start_payout_run(uuid, text, text) is
  'Begins a run. The app fills it; a job does, if the app is killed before the end. For administrators.';

create or replace function private.payout_runs(login uuid, request text, before_id uuid, most integer)
  returns table (id uuid, created_by uuid, created_by_name text, created_at timestamptz, filled_at timestamptz,
                 approved_by_name text, approved_at timestamptz, exported_at timestamptz, cancelled_at timestamptz,
                 needs_approval boolean, payouts integer, open_payouts integer, total_minor bigint, paid_minor bigint)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'payout_runs_listed', null, '{}', null, request);
  return query
    select r.id, r.created_by, private.admin_name(r.created_by), r.created_at, r.filled_at,
      private.admin_name(r.approved_by), r.approved_at, r.exported_at, r.cancelled_at, private.needs_approval(r.id),
      s.payouts, s.open, s.total, s.paid
    from private.payout_runs r, lateral (
      select count(*)::integer as payouts, count(*) filter (where p.state in ('requested', 'sent'))::integer as open,
        coalesce(sum(p.amount_minor), 0)::bigint as total,
        coalesce(sum(p.amount_minor) filter (where p.state = 'paid'), 0)::bigint as paid
      from public.payouts p where p.run_id = r.id) s
    where before_id is null or r.id < before_id
    order by r.id desc limit most;
end
$$;
comment on function private.payout_runs(uuid, text, uuid, integer) is 'Runs, the latest first. For administrators.';

create or replace function private.payouts_of_run(login uuid, request text, run uuid, after_id uuid, most integer)
  returns table (id uuid, mentor_id uuid, mentor_name text, amount_minor bigint, currency text, state text, paid_to text,
                 bank_reference text, failure text, requested_at timestamptz, sent_at timestamptz, settled_at timestamptz)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'payout_run_viewed', null, jsonb_build_object('run_id', run), null, request);
  return query
    select p.id, p.expert_id, private.admin_name(p.expert_id), p.amount_minor, p.currency, p.state, p.paid_to,
      p.bank_reference, p.failure, p.requested_at, p.sent_at, p.settled_at
    from public.payouts p where p.run_id = run and (after_id is null or p.id > after_id)
    order by p.id limit most;
end
$$;
comment on function private.payouts_of_run(uuid, text, uuid, uuid, integer) is 'The payouts of a run. For administrators.';

create or replace function private.approve_payout_run(login uuid, request text, run uuid, why text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known private.payout_runs;
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  perform private.begin_admin_action(login, 'payout_run_approved', null, jsonb_build_object(
    'run_id', run, 'total_minor', (select sum(p.amount_minor) from public.payouts p where p.run_id = run)), why, request);
  select * into known from private.payout_runs r where r.id = run for update;
  if not found then
    return false;
  end if;
  if known.created_by = auth.uid() then
    raise exception 'another administrator approves' using errcode = 'check_violation', constraint = 'payout_runs_two_people';
  end if;
  if known.filled_at is null or known.cancelled_at is not null or known.approved_at is not null then
    raise exception 'the run cannot be approved now' using errcode = 'check_violation', constraint = 'payout_runs_open';
  end if;
  update private.payout_runs r set approved_by = auth.uid(), approved_at = now() where r.id = run;
  return true;
end
$$;
comment on function private.approve_payout_run(uuid, text, uuid, text) is
  'Approves a run that another administrator has made; false if there is none. For administrators.';

create or replace function private.cancel_payout_run(login uuid, request text, run uuid, why text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known private.payout_runs;
begin
  perform private.begin_admin_action(
    login, 'payout_run_cancelled', null, jsonb_build_object('run_id', run), why, request);
  select * into known from private.payout_runs r where r.id = run for update;
  if not found then
    return false;
  end if;
  if known.exported_at is not null then
    raise exception 'the bank''s file was taken' using errcode = 'check_violation', constraint = 'payout_runs_open';
  end if;
  update private.payout_runs r set cancelled_at = coalesce(r.cancelled_at, now()) where r.id = run;
  perform private.enqueue('return_run_payouts', jsonb_build_object('run_id', run), 'return_run_payouts ' || run);
  return true;
end
$$;
comment on function private.cancel_payout_run(uuid, text, uuid, text) is
  'Cancels a run whose file was not taken yet; a job returns the money. False if there is none. For administrators.';

create or replace function private.payouts_to_return(run uuid) returns table (mentor_id uuid, payout_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select p.expert_id, p.id from public.payouts p join private.payout_runs r on r.id = p.run_id
    where p.run_id = run and p.state = 'requested' and (r.cancelled_at is not null or r.exported_at is not null)
    order by p.id
  $$;
comment on function private.payouts_to_return(uuid) is
  'The payouts of a run that will not be sent: of a cancelled one, or without bank details when the file was taken.';

create or replace function private.return_payout(mentor uuid, payout uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(mentor);
  if not exists (
    select from private.payouts_to_return((select p.run_id from public.payouts p where p.id = payout and p.expert_id = mentor)) o
    where o.payout_id = payout) then
    return false;
  end if;
  return private.move_payout(mentor, payout, 'failed', null, 'not_sent');
end
$$;
comment on function private.return_payout(uuid, uuid) is 'Gives a payout that was never sent back to the balance.';

create or replace function private.export_payout_run(login uuid, request text, run uuid)
  returns table (id uuid, mentor_id uuid, amount_minor bigint, currency text, bank_sealed bytea)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known private.payout_runs;
begin
  perform private.begin_admin_action(
    login, 'payout_file_taken', null, jsonb_build_object('run_id', run,
      'total_minor', (select sum(p.amount_minor) from public.payouts p where p.run_id = run)), null, request);
  select * into known from private.payout_runs r where r.id = run for update;
  if not found then
    return;
  end if;
  if known.filled_at is null or known.cancelled_at is not null then
    raise exception 'the run has no file now' using errcode = 'check_violation', constraint = 'payout_runs_open';
  end if;
  if private.needs_approval(run) then
    raise exception 'another administrator must approve first'
      using errcode = 'check_violation', constraint = 'payout_runs_approved';
  end if;
  if known.exported_at is null then
    update private.payout_runs r set exported_at = now() where r.id = run;
    -- No balance is touched, so mentors are not locked: a run is of many.
    update public.payouts p set state = 'sent', sent_at = now(), paid_to = d.bank_hint
      from private.payout_accounts d
      where p.run_id = run and p.state = 'requested' and d.expert_id = p.expert_id and d.bank_sealed is not null
        and d.usable_from <= now();
    perform private.enqueue('return_run_payouts', jsonb_build_object('run_id', run), 'return_run_payouts ' || run);
  end if;
  return query
    select p.id, p.expert_id, p.amount_minor, p.currency, d.bank_sealed
    from public.payouts p join private.payout_accounts d on d.expert_id = p.expert_id
    where p.run_id = run and p.state = 'sent' and d.bank_hint = p.paid_to
    order by p.id;
end
$$;
comment on function private.export_payout_run(uuid, text, uuid) is
  'What the bank''s file has: the payouts are sent from now on. Those without usable bank details go back to the balance. The same '
  'file can be taken again, without what is settled or whose details have changed. For administrators.';

create or replace function private.settle_bank_payout(
    login uuid, request text, run uuid, payout uuid, becomes text, reference text, why text)
  returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known public.payouts;
begin
  if becomes not in ('paid', 'failed', 'reversed') then
    raise exception 'not a result' using errcode = 'check_violation', constraint = 'payouts_state_known';
  end if;
  select * into known from public.payouts p where p.id = payout and p.run_id = run;
  perform private.begin_admin_action(
    login, 'payout_' || becomes, known.expert_id, jsonb_build_object(
      'payout_id', payout, 'amount_minor', known.amount_minor, 'reference', reference), why, request);
  if known.id is null then
    return null;
  end if;
  perform private.lock_mentor(known.expert_id);
  select * into known from public.payouts p where p.id = payout and p.expert_id = known.expert_id for no key update;
  if known.state = becomes and (becomes <> 'paid' or known.bank_reference = reference) then
    return 'unchanged';
  end if;
  -- Only what is in a file is settled: so that no run is paid without its approval.
  if known.state = 'requested' or not private.move_payout(known.expert_id, payout, becomes, reference, why) then
    raise exception 'the payout is %', known.state using errcode = 'check_violation', constraint = 'payouts_forward_only';
  end if;
  return becomes;
end
$$;
comment on function private.settle_bank_payout(uuid, text, uuid, uuid, text, text, text) is
  'What the bank did with a payout: paid (with its reference), failed, or sent back later (reversed). Says "unchanged" when it is '
  'known; null if there is no such payout. For administrators.';

-- Transfers through the provider ---------------------------------------------------------------------------------------

create or replace function private.request_route_payout(mentor uuid, payment uuid, earning uuid, amount bigint) returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  payout uuid := private.uuid_v7();
begin
  if amount < private.payout_minimum('route') then
    return null;
  end if;
  insert into public.payouts (id, expert_id, payment_id, earning_id, amount_minor, currency, method, paid_to, sealed_account)
    select payout, mentor, p.id, earning, amount, p.currency, 'route', a.linked_hint, a.linked_sealed
    from public.payments p
      join private.money_settings s on s.provider = p.provider
      join private.payout_accounts a on a.expert_id = p.expert_id and a.linked_sealed is not null and a.usable_from <= now()
    where p.id = payment and p.expert_id = mentor and p.provider in ('razorpay', 'sandbox') and p.refunded_minor = 0
      and not exists (select from private.closed_accounts c where c.user_id = mentor and c.why = 'suspended')
    on conflict do nothing
    -- Without it Citus would count the row of a conflict too.
    returning id into payout;
  if not found then
    return null;
  end if;
  perform private.transfer(
    mentor, 'payout_requested', payout, 'mentor', mentor, 'payouts_pending', payout,
    (select p.currency from public.payouts p where p.id = payout and p.expert_id = mentor), amount);
  perform private.enqueue(
    'send_transfer', jsonb_build_object('mentor_id', mentor, 'payout_id', payout), 'send_transfer ' || payout);
  return payout;
end
$$;
comment on function private.request_route_payout(uuid, uuid, uuid, bigint) is
  'Sends what a payment has earned (earning: the reference of that line in the ledger; a package earns session by session) to the '
  'mentor''s account at the provider, if there is one; null if not. The provider makes no '
  'transfer of a payment that was refunded in part: that waits for the next run. The caller has locked the mentor.';

create or replace function private.claim_transfer(mentor uuid, payout uuid)
  returns table (verdict text, provider text, order_id text, attempt_id text, transfer_id text, sealed_account bytea,
                 amount_minor bigint, currency text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known public.payouts;
begin
  select * into known from public.payouts p
    where p.id = payout and p.expert_id = mentor and p.method = 'route' for no key update;
  if not found or known.state not in ('requested', 'sent') then
    return query select 'over', null::text, null::text, null::text, null::text, null::bytea, null::bigint, null::text;
    return;
  end if;
  if known.calling_until > now() then
    return query select 'busy', null::text, null::text, null::text, null::text, null::bytea, null::bigint, null::text;
    return;
  end if;
  update public.payouts p
    set state = 'sent', sent_at = coalesce(p.sent_at, now()), calling_until = now() + interval '5 minutes'
    where p.id = payout and p.expert_id = mentor;
  return query
    select 'claimed', p.provider, o.order_id, a.attempt_id, known.transfer_id, known.sealed_account, known.amount_minor,
      known.currency
    from public.payments p
      join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
      join private.payment_orders o
        on o.payment_id = private.ordered_payment(p.expert_id, p.id) and o.expert_id = p.expert_id
    where p.id = known.payment_id and p.expert_id = mentor;
end
$$;
comment on function private.claim_transfer(uuid, uuid) is
  'Before a call of the provider: it is sent from now on, and no other call is made for five minutes or until its end is known.';

create or replace function private.note_transfer(
    mentor uuid, payout uuid, new_state text, provider_id text default null, why text default null)
  returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known public.payouts;
begin
  perform private.lock_mentor(mentor);
  select * into known from public.payouts p
    where p.id = payout and p.expert_id = mentor and p.method = 'route' for no key update;
  if not found then
    return null;
  end if;
  update public.payouts p set calling_until = null, transfer_id = coalesce(p.transfer_id, provider_id)
    where p.id = payout and p.expert_id = mentor;
  if new_state = 'reversed' and known.state = 'sent' then
    -- It had arrived before it was taken back.
    perform private.move_payout(mentor, payout, 'paid', provider_id);
  end if;
  if new_state <> 'sent' and private.move_payout(mentor, payout, new_state, provider_id, why) and new_state <> 'paid' then
    perform private.flag_payment(mentor, known.payment_id, 'transfer_' || new_state);
  end if;
  return (select p.state from public.payouts p where p.id = payout and p.expert_id = mentor);
end
$$;
comment on function private.note_transfer(uuid, uuid, text, text, text) is
  'What the provider says about a transfer: sent, paid, failed or reversed. Returns the state of the payout.';

create or replace function private.open_transfers(most integer) returns table (mentor_id uuid, payout_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select p.expert_id, p.id from public.payouts p
    where p.method = 'route' and p.state in ('requested', 'sent') and (p.calling_until is null or p.calling_until <= now())
    -- What was asked about longest ago comes first, so that transfers that stay unclear are not in the way of others.
    order by p.calling_until nulls first, p.requested_at limit most
  $$;
comment on function private.open_transfers(integer) is
  'The transfers whose end is not known: those that were never asked about, then those asked about longest ago.';

-- Refunds of what was transferred --------------------------------------------------------------------------------------

create or replace function private.request_reversal(mentor uuid, payment uuid, refund uuid, amount bigint) returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known record;
  part bigint;
  rest bigint := amount;
begin
  -- A package may have been transferred session by session: the latest comes back first.
  for known in
    select p.id, p.state, p.currency, p.amount_minor - p.reversed_minor as there
    from public.payouts p
    where p.payment_id = payment and p.expert_id = mentor and p.method = 'route' and p.state in ('requested', 'sent', 'paid')
    order by p.requested_at desc, p.id desc for no key update
  loop
    exit when rest <= 0;
    if known.state = 'requested' then
      -- No call was made: it is in the balance again.
      perform private.move_payout(mentor, known.id, 'failed', null, 'refunded');
      continue;
    end if;
    select least(rest, known.there - coalesce(sum(r.amount_minor), 0)) into part
      from public.payout_reversals r
      where r.payout_id = known.id and r.expert_id = mentor and r.state = 'requested';
    -- The provider reverses no less than it transfers.
    if part >= private.payout_minimum('route') then
      insert into public.payout_reversals (expert_id, payout_id, refund_id, amount_minor, currency)
        values (mentor, known.id, refund, part, known.currency);
      rest := rest - part;
    end if;
  end loop;
  return greatest(amount - rest, 0);
end
$$;
comment on function private.request_reversal(uuid, uuid, uuid, bigint) is
  'How much of a refund comes back from the mentor''s account at the provider; what is asked for is written down. The caller has '
  'locked mentor and payment.';

create or replace function private.claim_reversal(mentor uuid, payment uuid)
  returns table (verdict text, reversal_id uuid, payout_id uuid, payout_state text, transfer_id text, amount_minor bigint,
                 currency text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  due record;
begin
  select r.id, r.payout_id, r.amount_minor, r.currency, p.state, p.transfer_id, p.calling_until into due
    from public.payouts p join public.payout_reversals r on r.payout_id = p.id and r.expert_id = p.expert_id
    where p.payment_id = payment and p.expert_id = mentor and r.state = 'requested'
    order by r.requested_at, r.id limit 1 for no key update of p;
  if not found then
    return;
  end if;
  if due.calling_until > now() then
    return query select 'busy', due.id, due.payout_id, due.state, due.transfer_id, due.amount_minor, due.currency;
    return;
  end if;
  update public.payouts p set calling_until = now() + interval '5 minutes' where p.id = due.payout_id and p.expert_id = mentor;
  return query select 'claimed', due.id, due.payout_id, due.state, due.transfer_id, due.amount_minor, due.currency;
end
$$;
comment on function private.claim_reversal(uuid, uuid) is
  'The next reversal to ask the provider for before a payment is refunded; none: the refund can be sent.';

create or replace function private.note_reversal(
    mentor uuid, reversal uuid, new_state text, provider_id text default null, why text default null)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known public.payout_reversals;
  payment uuid;
  part bigint;
begin
  perform private.lock_mentor(mentor);
  select * into known from public.payout_reversals r where r.id = reversal and r.expert_id = mentor;
  select p.payment_id into payment from public.payouts p
    where p.id = known.payout_id and p.expert_id = mentor for no key update;
  select * into known from public.payout_reversals r where r.id = reversal and r.expert_id = mentor for no key update;
  update public.payouts p set calling_until = null where p.id = known.payout_id and p.expert_id = mentor;
  if known.state is distinct from 'requested' then
    return;
  end if;
  update public.payout_reversals r set state = new_state, reversal_id = provider_id, failure = why, settled_at = now()
    where r.id = reversal and r.expert_id = mentor;
  if new_state = 'done' then
    perform private.transfer(mentor, 'payout_reversed', reversal, 'bank', mentor, 'losses', mentor, known.currency,
                             known.amount_minor);
    update public.payouts p
      set reversed_minor = p.reversed_minor + known.amount_minor,
          state = case when p.reversed_minor + known.amount_minor = p.amount_minor then 'reversed' else p.state end
      where p.id = known.payout_id and p.expert_id = mentor;
  else
    part := least(known.amount_minor, private.balance_of(mentor, 'mentor', mentor, known.currency));
    if part > 0 then
      perform private.transfer(mentor, 'refund_from_balance', reversal, 'mentor', mentor, 'losses', mentor, known.currency, part);
    end if;
    if new_state = 'refused' then
      perform private.flag_payment(mentor, payment, 'reversal_refused');
    end if;
  end if;
end
$$;
comment on function private.note_reversal(uuid, uuid, text, text, text) is
  'How a reversal ended. Until then its part of the refund is our loss; one that is refused is taken from the balance, as far as '
  'that goes.';

-- Earnings -------------------------------------------------------------------------------------------------------------

create or replace function private.booking_money(mentor uuid, booking uuid)
  returns table (paid_minor bigint, held_minor bigint, refunded_minor bigint, fee_minor bigint, net_minor bigint, lost_minor bigint)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    with refund as (
      select r.id from public.payments p join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
      where p.booking_id = booking and p.expert_id = mentor
    ), line as (
      select 'in' as side, t.kind, t.from_kind, t.amount_minor from private.ledger_transfers t
        where t.to_owner = booking and t.to_kind = 'escrow' and t.expert_id = mentor
      union all
      select 'out', t.kind, t.from_kind, t.amount_minor from private.ledger_transfers t
        where t.from_owner = booking and t.from_kind = 'escrow' and t.expert_id = mentor
      union all
      select 'refund', t.kind, t.from_kind, t.amount_minor from refund r
        join private.ledger_transfers t on t.expert_id = mentor and t.reference = r.id
          and t.kind in ('refund_of_fee', 'refund_requested', 'refund_at_a_loss', 'refund_before_reversal')
        where t.from_kind <> 'escrow'
      union all
      select 'taken', t.kind, t.from_kind, t.amount_minor from refund r
        join public.payout_reversals v on v.refund_id = r.id and v.expert_id = mentor
        join private.ledger_transfers t on t.expert_id = mentor and t.reference = v.id
          and t.kind in ('payout_reversed', 'refund_from_balance')
    ), total as (
      select
        -- A session that goes back to its package was never paid for.
        coalesce(sum(case side when 'in' then amount_minor when 'out' then -amount_minor end)
          filter (where side = 'in' or side = 'out' and kind = 'package_share_returned'), 0) as came_in,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind <> 'package_share_returned'), 0) as went_out,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind in ('fee', 'package_fee')), 0) as fee,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind in ('earned', 'package_earned')), 0) as earned,
        coalesce(sum(amount_minor) filter (where side = 'refund'), 0) as refunded_later,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'fees'), 0) as of_fee,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'mentor'), 0) as of_mentor,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'losses'), 0) as of_us,
        coalesce(sum(amount_minor) filter (where side = 'taken'), 0) as taken
      from line
    )
    select came_in::bigint, (came_in - went_out)::bigint, (went_out - fee - earned + refunded_later)::bigint,
      (fee - of_fee)::bigint, (earned - of_mentor - taken)::bigint, (of_us - taken)::bigint
    from total
  $$;
comment on function private.booking_money(uuid, uuid) is
  'What became of the money of a booking, from the ledger: paid + lost = held + refunded + fee + net. Lost: refunds at the '
  'platform''s expense.';

create or replace function private.purchase_money(mentor uuid, purchase uuid)
  returns table (paid_minor bigint, held_minor bigint, refunded_minor bigint, fee_minor bigint, net_minor bigint, lost_minor bigint)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    with line as (
      select 'in' as side, t.kind, t.from_kind, t.to_kind, t.amount_minor from private.ledger_transfers t
        where t.to_owner = purchase and t.to_kind = 'package_money' and t.expert_id = mentor
      union all
      select 'out', t.kind, t.from_kind, t.to_kind, t.amount_minor from private.ledger_transfers t
        where t.from_owner = purchase and t.from_kind = 'package_money' and t.expert_id = mentor
      union all
      select 'refund', t.kind, t.from_kind, t.to_kind, t.amount_minor
        from public.payments p
          join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
          join private.ledger_transfers t on t.expert_id = p.expert_id and t.reference = r.id
            and t.kind in ('refund_of_fee', 'refund_of_used_sessions', 'refund_at_a_loss', 'refund_before_reversal')
        where p.package_purchase_id = purchase and p.expert_id = mentor
      union all
      select 'taken', t.kind, t.from_kind, t.to_kind, t.amount_minor
        from public.payments p
          join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
          join public.payout_reversals v on v.refund_id = r.id and v.expert_id = r.expert_id
          join private.ledger_transfers t on t.expert_id = p.expert_id and t.reference = v.id
            and t.kind in ('payout_reversed', 'refund_from_balance')
        where p.package_purchase_id = purchase and p.expert_id = mentor
    ), total as (
      select
        coalesce(sum(amount_minor) filter (where side = 'in'), 0)
          - coalesce(sum(amount_minor) filter (where side = 'out' and kind = 'package_share'), 0) as came_in,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind <> 'package_share'), 0) as went_out,
        coalesce(sum(amount_minor) filter (where side = 'out' and to_kind = 'fees'), 0) as fee,
        coalesce(sum(amount_minor) filter (where side = 'out' and to_kind = 'mentor'), 0) as earned,
        coalesce(sum(amount_minor) filter (where side = 'refund'), 0) as refunded_later,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'fees'), 0) as of_fee,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'mentor'), 0) as of_mentor,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'losses'), 0) as of_us,
        coalesce(sum(amount_minor) filter (where side = 'taken'), 0) as taken
      from line
    )
    select came_in::bigint, (came_in - went_out)::bigint, (went_out - fee - earned + refunded_later)::bigint,
      (fee - of_fee)::bigint, (earned - of_mentor - taken)::bigint, (of_us - taken)::bigint
    from total
  $$;
comment on function private.purchase_money(uuid, uuid) is
  'What became of the money of a package that no booking has taken, as booking_money() of a booking: the two never count the '
  'same money.';

create or replace function private.is_paused(mentor uuid, booking uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select private.is_contested(mentor, booking)
      or exists (
        select from public.payments p
        where p.booking_id = booking and p.expert_id = mentor
          and private.is_disputed(p.expert_id, p.accepted_attempt_id))
      or exists (
        select from public.credit_uses u
        where u.booking_id = booking and u.expert_id = mentor and u.state <> 'returned'
          and private.is_purchase_disputed(mentor, u.package_purchase_id))
  $$;
comment on function private.is_paused(uuid, uuid) is 'Whether a no-show report or a dispute keeps a booking''s money from being earned.';

create or replace function private.own_zone() returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select p.timezone from public.expert_profiles p where p.id = auth.uid()
  $$;
comment on function private.own_zone() is 'The time zone of the caller, if that is a mentor.';

create or replace function private.own_earnings(of_currency text)
  returns table (balance_minor bigint, held_minor bigint, held_net_minor bigint, on_its_way_minor bigint, paid_this_year_minor bigint,
                 fee_basis_points integer, this_month text, packages_minor bigint, packages_net_minor bigint)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.balance_of(auth.uid(), 'mentor', auth.uid(), of_currency), held.amount, held.net,
      (select coalesce(sum(a.balance_minor), 0)::bigint from private.ledger_accounts a
        where a.expert_id = auth.uid() and a.kind = 'payouts_pending' and a.currency = of_currency),
      (select coalesce(sum(p.amount_minor - p.reversed_minor), 0)::bigint from public.payouts p
        where p.expert_id = auth.uid() and p.currency = of_currency and p.state in ('paid', 'reversed')
          and p.settled_at >= private.start_of_day(
            date_trunc('year', private.wall_clock(now(), private.own_zone()))::date, private.own_zone())),
      coalesce((select s.fee_basis_points from private.money_settings s), 0),
      to_char(private.wall_clock(now(), private.own_zone()), 'YYYY-MM'), packages.amount, packages.net
    from (
      select coalesce(sum(a.balance_minor), 0)::bigint as amount,
        coalesce(sum(a.balance_minor - private.fee_minor(a.balance_minor, g.fee_basis_points)), 0)::bigint as net
      from private.ledger_accounts a join public.package_purchases g on g.id = a.owner_id and g.expert_id = a.expert_id
      where a.expert_id = auth.uid() and a.kind = 'package_money' and a.balance_minor > 0 and a.currency = of_currency
    ) packages, (
      select coalesce(sum(a.balance_minor), 0)::bigint as amount,
        coalesce(sum(a.balance_minor - private.fee_minor(a.balance_minor, b.fee_basis_points)), 0)::bigint as net
      from private.ledger_accounts a join public.bookings b on b.id = a.owner_id and b.expert_id = a.expert_id
      where a.expert_id = auth.uid() and a.kind = 'escrow' and a.balance_minor > 0 and a.currency = of_currency
    ) held
  $$;
comment on function private.own_earnings(text) is
  'The caller''s money in one currency: earned, held until it is, and on its way. From the ledger.';

create or replace function private.own_statement(
    from_day date, until_day date, before_at timestamptz, before_id uuid, most integer)
  returns table (id uuid, booking_id uuid, package_sessions integer, starts_at timestamptz, title text, student_name text,
                 booking_status text, currency text, paid_minor bigint, held_minor bigint, refunded_minor bigint, fee_minor bigint,
                 net_minor bigint, expected_net_minor bigint, due_at timestamptz, earned_at timestamptz, is_paused boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    (select b.id, b.id, null::integer, b.starts_at, s.title, b.user_name, b.status, b.currency, m.paid_minor, m.held_minor, m.refunded_minor,
      m.fee_minor + private.fee_minor(m.held_minor, b.fee_basis_points), m.net_minor,
      m.net_minor + m.held_minor - private.fee_minor(m.held_minor, b.fee_basis_points),
      coalesce(p.due_at, b.ends_at + interval '72 hours'), p.earned_at,
      m.held_minor > 0 and private.is_paused(b.expert_id, b.id)
    from (
        select o.* from public.bookings o
        where o.expert_id = auth.uid()
          and (from_day is null or o.starts_at >= private.start_of_day(from_day, private.own_zone()))
          and (until_day is null or o.starts_at < private.start_of_day(until_day + 1, private.own_zone()))
          and (before_at is null or (o.starts_at, o.id) < (before_at, before_id))
          and exists (
            select from private.ledger_accounts a
            where a.expert_id = o.expert_id and a.owner_id = o.id and a.kind = 'escrow')
          -- A session that went back to its package left nothing here.
          and (o.package_purchase_id is null or exists (
              select from public.credit_uses u where u.booking_id = o.id and u.expert_id = o.expert_id and u.state <> 'returned')
            or exists (select from public.payments p where p.booking_id = o.id and p.expert_id = o.expert_id))
        order by o.starts_at desc, o.id desc limit most
      ) b
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      left join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
      cross join lateral private.booking_money(b.expert_id, b.id) m)
    union all
    (select g.id, null, g.sessions, g.created_at, s.title, coalesce(n.full_name, private.account_name(to_jsonb(u))), g.state, g.currency, m.paid_minor,
      m.held_minor, m.refunded_minor,
      m.fee_minor + private.fee_minor(m.held_minor, g.fee_basis_points), m.net_minor,
      m.net_minor + m.held_minor - private.fee_minor(m.held_minor, g.fee_basis_points), g.expires_at,
      case when g.state = 'expired' then g.updated_at end,
      m.held_minor > 0 and private.is_purchase_disputed(g.expert_id, g.id)
    from (
        select o.* from public.package_purchases o
        where o.expert_id = auth.uid() and o.expires_at is not null
          and (from_day is null or o.created_at >= private.start_of_day(from_day, private.own_zone()))
          and (until_day is null or o.created_at < private.start_of_day(until_day + 1, private.own_zone()))
          and (before_at is null or (o.created_at, o.id) < (before_at, before_id))
        order by o.created_at desc, o.id desc limit most
      ) g
      join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
      join auth.users u on u.id = g.user_id
      left join public.profiles n on n.id = g.user_id
      cross join lateral private.purchase_money(g.expert_id, g.id) m)
    order by 4 desc, 1 desc limit most
  $$;
comment on function private.own_statement(date, date, timestamptz, uuid, integer) is
  'The caller''s bookings that money was paid for, and the packages that students have bought, by what no booking has taken of '
  'them; the latest first, with what became of it.';

create or replace function private.own_releases(of_currency text, most integer)
  returns table (booking_id uuid, starts_at timestamptz, title text, student_name text, held_minor bigint, net_minor bigint,
                 due_at timestamptz, is_paused boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select b.id, b.starts_at, s.title, b.user_name, a.balance_minor,
      a.balance_minor - private.fee_minor(a.balance_minor, b.fee_basis_points),
      coalesce(p.due_at, b.ends_at + interval '72 hours'), private.is_paused(b.expert_id, b.id)
    from private.ledger_accounts a
      join public.bookings b on b.id = a.owner_id and b.expert_id = a.expert_id
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      left join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
    where a.expert_id = auth.uid() and a.kind = 'escrow' and a.balance_minor > 0 and a.currency = of_currency
    order by 7, b.id limit most
  $$;
comment on function private.own_releases(text, integer) is
  'What is held for the caller and until when, the next first. Only an account of a booking has the kind escrow.';

create or replace function private.own_months(of_currency text, months integer)
  returns table (month text, net_minor bigint, fee_minor bigint, paid_out_minor bigint)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select to_char(private.wall_clock(t.created_at, private.own_zone()), 'YYYY-MM'),
      coalesce(sum(case when t.kind in ('earned', 'package_earned') then t.amount_minor
        when t.kind in ('refund_requested', 'refund_of_used_sessions', 'refund_from_balance', 'payout_reversed')
          then -t.amount_minor end), 0)::bigint,
      coalesce(sum(case when t.kind in ('fee', 'package_fee') then t.amount_minor
        when t.kind = 'refund_of_fee' then -t.amount_minor end), 0)::bigint,
      coalesce(sum(case t.kind when 'payout_paid' then t.amount_minor when 'payout_returned' then -t.amount_minor
        when 'payout_reversed' then -t.amount_minor end), 0)::bigint
    from private.ledger_transfers t
    where t.expert_id = auth.uid() and t.currency = of_currency
      and t.created_at >= private.start_of_day(
        (date_trunc('month', private.wall_clock(now(), private.own_zone())) - (months - 1) * interval '1 month')::date,
        private.own_zone())
      and (t.kind in ('earned', 'package_earned', 'fee', 'package_fee', 'refund_of_fee', 'refund_of_used_sessions',
          'refund_from_balance', 'payout_paid', 'payout_returned', 'payout_reversed')
        or t.kind = 'refund_requested' and t.from_kind = 'mentor')
    group by 1 order by 1
  $$;
comment on function private.own_months(text, integer) is
  'What the caller earned, less what was refunded later, and was paid out, by the month in which it happened in the caller''s zone.';

revoke execute on function
    private.payout_minimum(text),
    private.set_payout_settings(bigint),
    private.keep_payout(),
    private.move_payout(uuid, uuid, text, text, text),
    private.payout_message_facts(uuid, uuid),
    private.set_payout_account(text, bytea, text),
    private.payout_account(),
    private.is_owed(uuid),
    private.forget_payout_accounts(integer),
    private.mentors_to_pay(uuid, integer),
    private.request_run_payouts(uuid, uuid),
    private.finish_filling(uuid),
    private.needs_approval(uuid),
    private.payouts_due(uuid, text, uuid, integer),
    private.start_payout_run(uuid, text, text),
    private.payout_runs(uuid, text, uuid, integer),
    private.payouts_of_run(uuid, text, uuid, uuid, integer),
    private.approve_payout_run(uuid, text, uuid, text),
    private.cancel_payout_run(uuid, text, uuid, text),
    private.payouts_to_return(uuid),
    private.return_payout(uuid, uuid),
    private.export_payout_run(uuid, text, uuid),
    private.settle_bank_payout(uuid, text, uuid, uuid, text, text, text),
    private.request_route_payout(uuid, uuid, uuid, bigint),
    private.claim_transfer(uuid, uuid),
    private.note_transfer(uuid, uuid, text, text, text),
    private.open_transfers(integer),
    private.request_reversal(uuid, uuid, uuid, bigint),
    private.claim_reversal(uuid, uuid),
    private.note_reversal(uuid, uuid, text, text, text),
    private.booking_money(uuid, uuid),
    private.purchase_money(uuid, uuid),
    private.is_paused(uuid, uuid),
    private.own_zone(),
    private.own_earnings(text),
    private.own_statement(date, date, timestamptz, uuid, integer),
    private.own_releases(text, integer),
    private.own_months(text, integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.payout_message_facts(uuid, uuid),
    private.set_payout_settings(bigint),
    private.set_payout_account(text, bytea, text),
    private.payout_account(),
    private.forget_payout_accounts(integer),
    private.mentors_to_pay(uuid, integer),
    private.request_run_payouts(uuid, uuid),
    private.finish_filling(uuid),
    private.payouts_due(uuid, text, uuid, integer),
    private.start_payout_run(uuid, text, text),
    private.payout_runs(uuid, text, uuid, integer),
    private.payouts_of_run(uuid, text, uuid, uuid, integer),
    private.approve_payout_run(uuid, text, uuid, text),
    private.cancel_payout_run(uuid, text, uuid, text),
    private.payouts_to_return(uuid),
    private.return_payout(uuid, uuid),
    private.export_payout_run(uuid, text, uuid),
    private.settle_bank_payout(uuid, text, uuid, uuid, text, text, text),
    private.claim_transfer(uuid, uuid),
    private.note_transfer(uuid, uuid, text, text, text),
    private.open_transfers(integer),
    private.claim_reversal(uuid, uuid),
    private.note_reversal(uuid, uuid, text, text, text),
    private.own_earnings(text),
    private.own_statement(date, date, timestamptz, uuid, integer),
    private.own_releases(text, integer),
    private.own_months(text, integer)
  to matepeak_app;

-- private.payout_settings, private.payout_runs, private.payout_accounts --------------------------------------------------

revoke all on private.payout_settings, private.payout_runs, private.payout_accounts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.payouts -------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_keep (insert, update)
create or replace trigger payouts_10_keep before insert or update on public.payouts
  for each row execute function private.keep_payout();

revoke all on public.payouts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select (id, expert_id, payment_id, amount_minor, currency, method, state, bank_reference, transfer_id, reversed_minor, paid_to,
  requested_at, sent_at, settled_at) on public.payouts to authenticated;
drop policy if exists payouts_read_own on public.payouts;
create policy payouts_read_own on public.payouts for select to authenticated using (expert_id = (select auth.uid()));
comment on policy payouts_read_own on public.payouts is 'Mentors read only their own payouts.';

-- public.payout_reversals ----------------------------------------------------------------------------------------------

revoke all on public.payout_reversals
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select (id, expert_id, payout_id, refund_id, amount_minor, currency, state, requested_at, settled_at)
  on public.payout_reversals to authenticated;
drop policy if exists payout_reversals_read_own on public.payout_reversals;
create policy payout_reversals_read_own on public.payout_reversals for select to authenticated
  using (expert_id = (select auth.uid()));
comment on policy payout_reversals_read_own on public.payout_reversals is 'Mentors read only their own.';
