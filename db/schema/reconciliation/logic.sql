-- Reconciliation: what disagrees, the daily check against the provider, and the administrators' commands.

-- What disagrees ---------------------------------------------------------------------------------------------------------

create or replace function private.overdue_refunds(most integer)
  returns table (mentor_id uuid, payment_id uuid, since timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    -- The app sends a refund within minutes; a bank may take a week, and our patience ends after ten days.
    select r.expert_id, r.payment_id, r.requested_at
    from public.refunds r
    where r.state in ('requested', 'sent') and r.requested_at < now() - interval '60 minutes'
      and (r.state = 'requested' or r.requested_at < now() - interval '10 days')
    order by r.requested_at limit most
  $$;
comment on function private.overdue_refunds(integer) is
  'Refunds that the provider has not taken for an hour, or that have been on their way for ten days. The oldest first.';

create or replace function private.orphaned_payments(most integer)
  returns table (mentor_id uuid, payment_id uuid, since timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    -- Money that pays for nothing and is not on its way back.
    (select a.expert_id, a.payment_id, a.updated_at
     from public.payment_attempts a
     where a.verdict is distinct from 'accepted' and a.state = 'captured' and a.refunded_minor < a.captured_minor
       and a.updated_at < now() - interval '10 minutes'
     order by a.updated_at limit most)
    union all
    -- Money of a session that is called off, of which less is on its way back than the stored policy says.
    (select p.expert_id, p.id, coalesce(ended.at, p.updated_at)
     from public.bookings b
       join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
       join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
       left join lateral (
         -- What the mentor has not agreed to yet goes back entirely.
         select e.created_at as at, case when e.from_status = 'pending' then 'system' else e.actor end as actor
         from public.booking_events e
         where e.booking_id = b.id and e.expert_id = b.expert_id and e.to_status = 'cancelled'
         order by e.id desc limit 1) ended on true
     -- Ten days after the session the mentor has been credited, unless that is disputed.
     where b.payment_status in ('completed', 'partially_refunded') and b.status in ('pending', 'cancelled')
       and b.ends_at > now() - interval '10 days' and p.state = 'captured' and p.earned_at is null
       and (b.status = 'cancelled' or b.status_when_paid is not null)
       and coalesce(ended.at, p.updated_at) < now() - interval '10 minutes'
       and private.refund_minor(
         a.captured_minor, private.returned_minor(a.expert_id, a.id), b.refund_full_cutoff, b.refund_partial_cutoff,
         b.refund_partial_percent, b.starts_at, coalesce(ended.at, now()), coalesce(ended.actor, 'system')) > 0
     order by b.ends_at limit most)
  $$;
comment on function private.orphaned_payments(integer) is
  'Payments whose money has had neither a booking nor the refund that is owed for ten minutes.';

create or replace function private.money_troubles() returns table (mentor_id uuid, payment_id uuid, kinds text[], since timestamptz)
  language sql stable
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    -- Each from its partial index, which has only what is not settled yet; and limited.
    with found as (
      (select p.expert_id, p.id as payment_id, k.kind, p.attention_at as since
       from public.payments p, unnest(string_to_array(p.attention, ', ')) k (kind)
       where p.attention is not null order by p.attention_at limit 10000)
      union all
      select o.mentor_id, o.payment_id, 'orphaned', o.since from private.orphaned_payments(1000) o
      union all
      select o.mentor_id, o.payment_id, 'refund_overdue', o.since from private.overdue_refunds(1000) o
      union all
      (select p.expert_id, p.id, 'unclear', p.unclear_since from public.payments p
       where p.unclear_since is not null order by p.unclear_since limit 1000)
      union all
      -- Charged when the mentor confirms; let go of when they do not. Razorpay has no call for that: it takes two days by itself.
      (select p.expert_id, p.id, case when p.closed_because is null then 'not_captured' else 'not_released' end, p.updated_at
       from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
       where p.state = 'authorized' and b.status <> 'pending'
         and p.updated_at < now() - case
           when p.provider = 'razorpay' and p.closed_because is not null then interval '60 hours' else interval '10 minutes' end
       order by p.updated_at limit 1000)
      union all
      (select a.expert_id, a.payment_id, 'not_released', a.updated_at
       from public.payment_attempts a join public.payments p on p.id = a.payment_id and p.expert_id = a.expert_id
       where a.verdict is distinct from 'accepted' and a.state = 'authorized'
         and a.updated_at < now() - case p.provider when 'razorpay' then interval '60 hours' else interval '10 minutes' end
       order by a.updated_at limit 1000)
    )
    select f.expert_id, f.payment_id, array_agg(distinct f.kind order by f.kind), min(f.since)
    from found f group by f.expert_id, f.payment_id
  $$;
comment on function private.money_troubles() is 'The payments that need an administrator, why and since when.';

create or replace function private.count_money_troubles(
  out orphaned integer, out refunds_overdue integer, out payments_attention integer, out payment_events integer,
  out oldest_payment_event double precision)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select
      (select count(distinct o.payment_id) from private.orphaned_payments(1000) o)::integer,
      (select count(*) from private.overdue_refunds(1000))::integer,
      (select count(*) from (select from public.payments p where p.attention is not null limit 1000) a)::integer,
      w.events, w.oldest
    from (
      select count(*)::integer as events,
        coalesce(extract(epoch from now() - min(e.received_at)), 0)::double precision as oldest
      from (select received_at from private.payment_events where processed_at is null limit 10000) e
    ) w
  $$;
comment on function private.count_money_troubles() is
  'Captured payments without booking or refund, overdue refunds and payments with attention; 1000 means at least that many. '
  'Webhooks whose payment was not asked about since (10,000: at least that many), and for how many seconds the oldest has waited.';

create or replace function private.book_faults(mentor uuid, payment uuid) returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select array_remove(array[
      case when exists (
        select from public.payment_attempts a
        where a.payment_id = p.id and a.expert_id = p.expert_id and a.captured_minor is distinct from coalesce((
          select t.amount_minor from private.ledger_transfers t
          where t.expert_id = a.expert_id and t.kind in ('captured', 'basket_share') and t.reference = a.id), 0)) then 'captured' end,
      case when exists (
        select from public.refunds r
        where r.payment_id = p.id and r.expert_id = p.expert_id and (r.state = 'done') <> (
          exists (select from private.ledger_transfers t
            where t.expert_id = r.expert_id and t.kind = 'refund_done' and t.reference = r.id)
          and not exists (select from private.ledger_transfers t
            where t.expert_id = r.expert_id and t.kind = 'refund_came_back' and t.reference = r.id))) then 'refunded' end,
      case when (
          select coalesce(sum(l.balance_minor), 0) from private.ledger_accounts l
          where l.expert_id = p.expert_id and l.owner_id = p.id and l.kind = 'refunds_payable')
        <> (
          select coalesce(sum(r.amount_minor), 0) from public.refunds r
          where r.payment_id = p.id and r.expert_id = p.expert_id
            and (r.state in ('requested', 'sent') or r.state = 'failed' and not exists (
              select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id))) then 'owed' end,
      -- The money of a package moves on with each session.
      case when p.booking_id is not null and private.balance_of(p.expert_id, 'escrow', p.booking_id, p.currency)
        <> case when p.state = 'captured' and p.earned_at is null then (
          select a.captured_minor - private.returned_minor(a.expert_id, a.id) from public.payment_attempts a
          where a.id = p.accepted_attempt_id and a.expert_id = p.expert_id) else 0 end then 'held' end
      ], null)
    from public.payments p where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.book_faults(uuid, uuid) is
  'Where the ledger has another amount than a payment''s attempts and refunds: captured, refunded, owed or held.';

-- The check against the provider's own list --------------------------------------------------------------------------------

create or replace function private.begin_reconciliation(with_provider text, from_at timestamptz, until_at timestamptz) returns uuid
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update private.reconciliations r set state = 'failed', failure = 'interrupted', ended_at = now() where r.state = 'running';
    insert into private.reconciliations (provider, from_at, until_at) values (with_provider, from_at, until_at) returning id
  $$;
comment on function private.begin_reconciliation(text, timestamptz, timestamptz) is
  'Records that a check has begun; one that was killed is over.';

create or replace function private.end_reconciliation(
    reconciliation uuid, order_count integer, found jsonb, put_right integer, differing integer, why_failed text)
  returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update private.reconciliations r
      set state = case when why_failed is null then 'done' else 'failed' end, orders = order_count, findings = found,
          put_right = end_reconciliation.put_right, differing = end_reconciliation.differing, failure = left(why_failed, 500),
          ended_at = now()
      where r.id = reconciliation and r.state = 'running';
    delete from private.reconciliations r where r.started_at < now() - interval '400 days'
  $$;
comment on function private.end_reconciliation(uuid, integer, jsonb, integer, integer, text) is
  'Records what a check has found, or why it failed.';

create or replace function private.compare_order(with_provider text, provider_order jsonb)
  returns table (mentor_id uuid, payment_id uuid, faults text[])
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    with ours as (
      select p.* from private.payment_orders o join public.payments p on p.id = o.payment_id and p.expert_id = o.expert_id
      where o.provider = with_provider and o.order_id = provider_order ->> 'id'
    ), theirs as (
      select a.* from jsonb_to_recordset(provider_order -> 'attempts') a (
        id text, state text, amount_minor bigint, dispute text, refunds jsonb)
    ), paired as (
      select t.id as their_id, t.state as their_state, t.amount_minor, t.dispute as their_dispute, a.state, a.captured_minor, a.dispute,
        coalesce((select sum((r ->> 'amount_minor')::bigint) from jsonb_array_elements(t.refunds) r where r ->> 'state' = 'done'), 0)
          as their_refunds,
        -- What a bank took back in a dispute is no refund there.
        coalesce((select sum(r.amount_minor) from private.same_attempts(a.expert_id, a.payment_id, a.id) same (id)
          join public.refunds r on r.attempt_id = same.id and r.expert_id = a.expert_id
          where r.state = 'done' and r.why <> 'dispute'), 0) as refunds
      from theirs t full join (
          select a.* from public.payment_attempts a join ours on a.payment_id = ours.id and a.expert_id = ours.expert_id) a
        on a.attempt_id = t.id
    )
    select ours.expert_id, ours.id, array_remove(array[
      case when (provider_order ->> 'amount_minor')::bigint <> ours.amount_minor or provider_order ->> 'currency' <> ours.currency
        then 'order_differs' end,
      case when exists (select from paired q where q.their_state = 'captured' and q.captured_minor is distinct from q.amount_minor)
        then 'not_captured_here' end,
      case when exists (select from paired q where q.state = 'captured' and q.their_state is distinct from 'captured')
        then 'not_captured_there' end,
      case when exists (select from paired q
          where q.their_state in ('authorized', 'released', 'failed') and q.state is distinct from q.their_state and q.state is distinct from 'captured')
        then 'attempt_differs' end,
      case when exists (select from paired q where q.their_refunds <> q.refunds) then 'refunds_differ' end,
      case when exists (select from paired q where q.their_dispute is distinct from q.dispute and q.their_dispute is not null)
        then 'dispute_differs' end,
      case when cardinality(private.book_faults(ours.expert_id, ours.id)) > 0 then 'ledger_differs' end
      ], null)
    from ours
  $$;
comment on function private.compare_order(text, jsonb) is
  'Where a payment, its attempts, its refunds or its ledger differ from an order of the provider; no row if the order is not ours.';

create or replace function private.captured_orders(
    with_provider text, from_at timestamptz, until_at timestamptz, after_at timestamptz, after_attempt uuid, most integer)
  returns table (order_id text, created_at timestamptz, attempt_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select o.order_id, a.created_at, a.id
    from public.payment_attempts a join private.payment_orders o on o.payment_id = a.payment_id and o.expert_id = a.expert_id
    where a.state = 'captured' and a.created_at between from_at and until_at and o.provider = with_provider
      and (after_at is null or (a.created_at, a.id) > (after_at, after_attempt))
    order by a.created_at, a.id limit most
  $$;
comment on function private.captured_orders(text, timestamptz, timestamptz, timestamptz, uuid, integer) is
  'Our orders that were paid in this time, in pages.';

create or replace function private.note_difference(mentor uuid, payment uuid) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.flag_payment(mentor, payment, 'provider_differs')
  $$;
comment on function private.note_difference(uuid, uuid) is
  'Brings a payment that still differs from the provider''s list to the attention of administrators.';

-- What the provider has paid out ------------------------------------------------------------------------------------------

create or replace function private.settlement_faults(
    mentor uuid, attempt uuid, settlement text, amount bigint, money_currency text, fee bigint)
  returns text[]
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select array_remove(array[
      case when a.state <> 'captured' or a.settlement_id <> settlement
          -- What is settled in another currency cannot be compared.
          or a.currency = money_currency and a.captured_minor <> amount then 'settlement_differs' end,
      case when a.currency = money_currency and a.fee_minor <> fee then 'fee_differs' end], null)
    from public.payment_attempts a where a.id = attempt and a.expert_id = mentor
  $$;
comment on function private.settlement_faults(uuid, uuid, text, bigint, text, bigint) is
  'Where an attempt differs from what the provider has paid out for it.';

create or replace function private.note_settlement(
    with_provider text, of_order text, of_attempt text, settlement text, paid_out_at timestamptz, amount bigint,
    money_currency text, fee bigint)
  returns table (mentor_id uuid, payment_id uuid, faults text[])
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  known record;
  attempt record;
  trouble text;
begin
  select p.id, p.expert_id, p.attention into known
    from private.payment_orders o join public.payments p on p.id = o.payment_id and p.expert_id = o.expert_id
    where o.provider = with_provider and o.order_id = of_order;
  if not found then
    return;
  end if;
  mentor_id := known.expert_id;
  payment_id := known.id;
  select a.id, a.settlement_id, a.fee_minor, a.currency into attempt
    from public.payment_attempts a
    where a.expert_id = mentor_id and a.payment_id = known.id and a.attempt_id = of_attempt;
  faults := case when attempt.id is null then '{settlement_differs}'
                 else private.settlement_faults(mentor_id, attempt.id, settlement, amount, money_currency, fee) end;
  -- Most lines were noted by an earlier check.
  if attempt.settlement_id is not null and faults = '{}' and known.attention is null then
    return next;
    return;
  end if;
  perform private.lock_mentor(mentor_id);
  perform from public.payments p where p.id = known.id and p.expert_id = mentor_id for no key update;
  if attempt.id is not null then
    update public.payment_attempts a set settlement_id = settlement, settled_at = paid_out_at
      where a.id = attempt.id and a.expert_id = mentor_id and a.settlement_id is null;
    -- The order may not have said yet what the provider keeps.
    update public.payment_attempts a set fee_minor = fee
      where a.id = attempt.id and a.expert_id = mentor_id and a.state = 'captured' and a.fee_minor is null
        and a.currency = money_currency;
    if found and fee > 0 then
      perform private.transfer(mentor_id, 'provider_fee', attempt.id, 'provider', mentor_id, 'provider_fees', mentor_id,
                               money_currency, fee);
    end if;
    faults := private.settlement_faults(mentor_id, attempt.id, settlement, amount, money_currency, fee);
    perform private.unflag_payment(mentor_id, known.id, 'not_settled');
  end if;
  foreach trouble in array array['settlement_differs', 'fee_differs'] loop
    if trouble = any (faults) then
      perform private.flag_payment(mentor_id, known.id, trouble);
    else
      perform private.unflag_payment(mentor_id, known.id, trouble);
    end if;
  end loop;
  return next;
end
$$;
comment on function private.note_settlement(text, text, text, text, timestamptz, bigint, text, bigint) is
  'Notes that the provider has paid out the money of an attempt, and what differs: the amount, the settlement or the fee. Any '
  'number of times; no row if the order is not ours.';

create or replace function private.unsettled_orders(
    with_provider text, from_at timestamptz, until_at timestamptz, most integer)
  returns table (mentor_id uuid, payment_id uuid, order_id text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select a.expert_id, a.payment_id, o.order_id
    from public.payment_attempts a join private.payment_orders o on o.payment_id = a.payment_id and o.expert_id = a.expert_id
    where a.state = 'captured' and a.settled_at is null and a.created_at between from_at and until_at and o.provider = with_provider
    order by a.created_at, a.id limit most
  $$;
comment on function private.unsettled_orders(text, timestamptz, timestamptz, integer) is
  'Our orders that were paid in this time and whose money the provider has not paid out, the oldest first.';

create or replace function private.note_unsettled(mentor uuid, payment uuid) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.flag_payment(mentor, payment, 'not_settled')
  $$;
comment on function private.note_unsettled(uuid, uuid) is
  'Brings a payment whose money the provider has not paid out to the attention of administrators.';

-- What administrators see --------------------------------------------------------------------------------------------------

create or replace function private.money_overview(login uuid)
  returns table (orphaned integer, refunds_overdue integer, attention integer, since timestamptz, webhooks jsonb, checks jsonb)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if private.administrator_state(login) <> 'ready' then
    raise exception 'for administrators only' using errcode = 'insufficient_privilege';
  end if;
  return query
    select c.orphaned, c.refunds_overdue, t.attention, t.since,
      jsonb_build_object(
        'refused', (select count(*) from (
          select from private.payment_events e
          where e.verdict <> 'genuine' and e.received_at > now() - interval '24 hours' limit 10000) w),
        'latest', coalesce((select jsonb_agg(w) from (
          select e.id, e.provider, e.verdict, e.kind, e.order_id, e.received_at from private.payment_events e
          where e.verdict <> 'genuine' order by e.received_at desc limit 10) w), '[]')),
      coalesce((select jsonb_agg(r) from (
        select r.id, r.provider, r.state, r.from_at, r.until_at, r.started_at, r.ended_at, r.orders, r.put_right, r.differing,
          r.failure, r.findings
        from private.reconciliations r order by r.id desc limit 7) r), '[]')
    from private.count_money_troubles() c,
      (select count(*)::integer as attention, min(t.since) as since from private.money_troubles() t) t;
end
$$;
comment on function private.money_overview(uuid) is
  'How many payments need attention, what the latest checks found and which webhooks were refused, without their contents. '
  'Names no person, so that it is not logged. For administrators.';

create or replace function private.describe_payment(mentor uuid, payment uuid) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object(
      'id', p.id, 'mentor_id', p.expert_id, 'provider', p.provider, 'order_id', o.order_id, 'capture', p.capture, 'state', p.state,
      'closed_because', p.closed_because, 'amount', p.amount_minor, 'currency', p.currency, 'captured', p.captured_minor,
      'refunded', p.refunded_minor, 'created_at', p.created_at, 'student_id', p.user_id,
      'package_purchase_id', p.package_purchase_id,
      'booking', case when b.id is not null then jsonb_build_object(
        'id', b.id, 'status', b.status, 'payment_status', b.payment_status, 'starts_at', b.starts_at, 'title', s.title,
        'student_name', b.user_name, 'mentor_name', m.full_name) end,
      'ledger', jsonb_build_object(
        'held', case when p.booking_id is null
          then private.balance_of(p.expert_id, 'package_money', p.package_purchase_id, p.currency)
          else private.balance_of(p.expert_id, 'escrow', p.booking_id, p.currency) end,
        'owed', private.balance_of(p.expert_id, 'refunds_payable', p.id, p.currency),
        'earned_at', p.earned_at))
    from public.payments p
      join public.expert_profiles m on m.id = p.expert_id
      left join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id
      left join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      left join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
    where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.describe_payment(uuid, uuid) is 'A payment, its booking and its ledger, with amounts in minor units.';

create or replace function private.find_payments(search text) returns uuid[]
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  pattern text := '%' || replace(replace(replace(lower(search), '\', '\\'), '%', '\%'), '_', '\_') || '%';
  as_id uuid := case when search ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then search::uuid end;
begin
  if as_id is not null then
    return array(
      select p.id from public.payments p where p.id = as_id or p.booking_id = as_id
      union select p.id from public.payments p where p.user_id = as_id
      order by 1 desc limit 1000);
  end if;
  return array(
    select o.payment_id from private.payment_orders o
    where o.provider in ('sandbox', 'razorpay', 'stripe') and o.order_id = search
    union
    select p.id
    from (
      select u.id from auth.users u left join public.profiles f on f.id = u.id
      where lower(u.email) like pattern or lower(coalesce(f.full_name, '')) like pattern
        or lower(coalesce(private.account_name(to_jsonb(u)), '')) like pattern
      order by u.id desc limit 100) person
      join public.payments p on p.user_id = person.id
    order by 1 desc limit 1000);
end
$$;
comment on function private.find_payments(text) is
  'Payments by the id of the payment, its booking or its student, the student''s name or address, or the provider''s order.';

create or replace function private.admin_payments(
    login uuid, request text, which text, search text, before_id uuid, most integer)
  returns table (id uuid, contents jsonb, kinds text[], since timestamptz)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  last_id constant uuid := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found uuid[] := case when search <> '' then private.find_payments(search) end;
begin
  -- Without the words: they may be a person's name or address, and the log stays.
  perform private.begin_admin_action(login, 'payments_listed', null, jsonb_build_object('which', which), null, request);
  return query
    with troubled as materialized (select * from private.money_troubles()),
    wanted as (
      (select t.payment_id as id from troubled t
       where which = 'attention' and t.payment_id < last_id and (found is null or t.payment_id = any (found))
       order by t.payment_id desc limit most)
      union all
      (select p.id from public.payments p
       where which <> 'attention' and found is null and p.id < last_id order by p.id desc limit most)
      union all
      (select f.id from unnest(found) f (id) where which <> 'attention' and f.id < last_id order by f.id desc limit most)
    )
    select p.id, private.describe_payment(p.expert_id, p.id), coalesce(t.kinds, '{}'), t.since
    from wanted w join public.payments p on p.id = w.id left join troubled t on t.payment_id = p.id
    order by p.id desc limit most;
end
$$;
comment on function private.admin_payments(uuid, text, text, text, uuid, integer) is
  'Payments with their bookings and ledgers, those that need attention or all, the newest first. For administrators.';

create or replace function private.admin_payment(login uuid, request text, mentor uuid, payment uuid)
  returns table (id uuid, contents jsonb, kinds text[], since timestamptz, attention text, refundable bigint, books text[],
                 attempts jsonb, refunds jsonb, transfers jsonb, events jsonb)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(
    login, 'payment_viewed', (select p.user_id from public.payments p where p.id = admin_payment.payment and p.expert_id = mentor),
    jsonb_build_object('payment_id', admin_payment.payment), null, request);
  return query
    select p.id, private.describe_payment(p.expert_id, p.id), coalesce(t.kinds, '{}'), t.since, p.attention,
      coalesce(private.refundable_minor(p.expert_id, p.id), 0), private.book_faults(p.expert_id, p.id),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', a.id, 'attempt_id', a.attempt_id, 'state', a.state, 'amount', a.amount_minor, 'currency', a.currency,
          'captured', a.captured_minor, 'refunded', a.refunded_minor, 'method', a.method, 'fee', a.fee_minor,
          'failure', a.failure_message, 'dispute', a.dispute, 'verdict', a.verdict, 'created_at', a.created_at,
          'settlement_id', a.settlement_id, 'settled_at', a.settled_at)
          order by a.created_at, a.id)
        from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id), '[]'),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', r.id, 'amount', r.amount_minor, 'currency', r.currency, 'why', r.why, 'state', r.state, 'failure', r.failure,
          'provider_refund_id', r.provider_refund_id, 'requested_at', r.requested_at, 'settled_at', r.settled_at,
          'can_retry', r.state = 'failed' and not exists (
            select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id))
          order by r.id)
        from public.refunds r where r.payment_id = p.id and r.expert_id = p.expert_id), '[]'),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', l.id, 'kind', l.kind, 'from', l.from_kind, 'to', l.to_kind, 'amount', l.amount_minor, 'currency', l.currency,
          'created_at', l.created_at) order by l.id)
        from (
          select l.* from private.ledger_transfers l
            where l.from_owner in (p.id, p.booking_id, p.package_purchase_id)
              and l.from_kind in ('escrow', 'refunds_payable', 'package_money') and l.expert_id = p.expert_id
          union
          select l.* from private.ledger_transfers l
            where l.to_owner in (p.id, p.booking_id, p.package_purchase_id)
              and l.to_kind in ('escrow', 'refunds_payable', 'package_money') and l.expert_id = p.expert_id
        ) l), '[]'),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', e.id::text, 'kind', e.kind, 'amount', e.amount_minor, 'currency', e.currency, 'detail', e.detail,
          'created_at', e.created_at) order by e.id)
        from public.money_events e where e.payment_id = p.id and e.expert_id = p.expert_id), '[]')
    from public.payments p left join private.money_troubles() t on t.payment_id = p.id and t.mentor_id = p.expert_id
    where p.id = admin_payment.payment and p.expert_id = mentor;
end
$$;
comment on function private.admin_payment(uuid, text, uuid, uuid) is
  'One payment with its attempts, refunds, lines of the ledger and history. For administrators.';

-- What administrators do ---------------------------------------------------------------------------------------------------

create or replace function private.begin_payment_action(
    login uuid, request text, action text, mentor uuid, payment uuid, details jsonb, why text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  student uuid;
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  select p.user_id into student from public.payments p where p.id = payment and p.expert_id = mentor;
  perform private.begin_admin_action(
    login, action, student, jsonb_build_object('payment_id', payment, 'mentor_id', mentor) || details, why, request);
  if student is null then
    return false;
  end if;
  perform private.lock_mentor(mentor);
  perform from public.bookings b join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
    where p.id = payment and p.expert_id = mentor for no key update of b;
  perform from public.payments p where p.id = payment and p.expert_id = mentor for no key update;
  return true;
end
$$;
comment on function private.begin_payment_action(uuid, text, text, uuid, uuid, jsonb, text) is
  'Checks the administrator, writes the log and locks the payment as everything else does; false if there is none.';

create or replace function private.refundable_minor(mentor uuid, payment uuid) returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select case when private.is_shared(p.expert_id, p.id, a.id) then null else least(
      a.captured_minor - private.returned_minor(a.expert_id, a.id),
      -- Of a package, what no session has used.
      case when p.booking_id is null then private.balance_of(p.expert_id, 'package_money', p.package_purchase_id, p.currency) end) end
    from public.payments p join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
    where p.id = payment and p.expert_id = mentor and p.state = 'captured'
  $$;
comment on function private.refundable_minor(uuid, uuid) is
  'What is left of a booking''s money; null if it has none. A failed refund is owed, and repeated. What was paid for a basket is '
  'the money of its bookings.';

create or replace function private.sync_by_hand(login uuid, request text, mentor uuid, payment uuid, why text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.begin_payment_action(login, request, 'payment_synced', mentor, payment, '{}', why) then
    return false;
  end if;
  perform private.enqueue_for_payment('sync_payment', mentor, payment);
  return true;
end
$$;
comment on function private.sync_by_hand(uuid, text, uuid, uuid, text) is
  'Asks the provider about a payment; false if there is none. For administrators.';

create or replace function private.retry_refund(login uuid, request text, mentor uuid, payment uuid, refund uuid, why text)
  returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  failed public.refunds;
  repeated uuid;
begin
  if not private.begin_payment_action(
      login, request, 'refund_retried', mentor, payment, jsonb_build_object('refund_id', refund), why) then
    return null;
  end if;
  select * into failed from public.refunds r
    where r.id = refund and r.payment_id = retry_refund.payment and r.expert_id = mentor for no key update;
  if not found then
    return null;
  end if;
  if failed.state <> 'failed' then
    raise exception 'the refund has not failed' using errcode = 'check_violation', constraint = 'refunds_retried_has_failed';
  end if;
  repeated := private.request_refund(mentor, payment, failed.attempt_id, failed.amount_minor, failed.why, failed.id);
  perform private.unflag_payment(mentor, payment, 'refund_failed');
  perform private.refresh_payment_status(mentor, payment);
  return repeated;
end
$$;
comment on function private.retry_refund(uuid, text, uuid, uuid, uuid, text) is
  'Repeats a failed refund, once; null if there is none. For administrators.';

create or replace function private.refund_by_hand(
    login uuid, request text, mentor uuid, payment uuid, amount bigint, left_seen bigint, why text)
  returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  is_left bigint;
  attempt uuid;
  refund uuid;
begin
  if not private.begin_payment_action(
      login, request, 'refunded_by_hand', mentor, payment, jsonb_build_object('amount_minor', amount), why) then
    return null;
  end if;
  is_left := coalesce(private.refundable_minor(mentor, payment), 0);
  -- Two administrators, or one who presses twice, saw the same amount.
  if is_left <> left_seen then
    raise exception 'another amount is left' using errcode = 'check_violation', constraint = 'payments_left_as_seen';
  end if;
  if amount > is_left then
    raise exception 'more than is left' using errcode = 'check_violation', constraint = 'payments_refund_within_left';
  end if;
  select p.accepted_attempt_id into attempt
    from public.payments p where p.id = payment and p.expert_id = mentor;
  refund := private.request_refund(mentor, payment, attempt, amount, 'administrator');
  perform private.refresh_payment_status(mentor, payment);
  return refund;
end
$$;
comment on function private.refund_by_hand(uuid, text, uuid, uuid, bigint, bigint, text) is
  'Sends back a part of a booking''s money. `left_seen`: what was left when the administrator decided. Null if there is no such '
  'payment. For administrators.';

create or replace function private.release_by_hand(login uuid, request text, mentor uuid, payment uuid, why text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.begin_payment_action(login, request, 'authorization_released', mentor, payment, '{}', why) then
    return false;
  end if;
  if not exists (
      select from public.payments p
      where p.id = payment and p.expert_id = mentor and p.state = 'authorized' and p.closed_because is not null)
    and not exists (
      select from public.payment_attempts a
      where a.payment_id = payment and a.expert_id = mentor and a.state = 'authorized' and a.verdict is distinct from 'accepted') then
    raise exception 'nothing is to be released' using errcode = 'check_violation', constraint = 'payments_something_to_release';
  end if;
  perform private.enqueue_for_payment('release_authorizations', mentor, payment);
  return true;
end
$$;
comment on function private.release_by_hand(uuid, text, uuid, uuid, text) is
  'Lets go of what was reserved and is not wanted any more. What a booking waits for is released by declining or cancelling it. '
  'False if there is no such payment. For administrators.';

create or replace function private.unflag_payment(mentor uuid, payment uuid, why text) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    update public.payments p
      set attention = rest.attention, attention_at = case when rest.attention is not null then p.attention_at end
      from (
        select nullif(array_to_string(array_remove(string_to_array(q.attention, ', '), why), ', '), '') as attention
        from public.payments q where q.id = payment and q.expert_id = mentor) rest
      where p.id = payment and p.expert_id = mentor and p.attention is not null
        and not (why = 'refund_failed' and exists (
          select from public.refunds r
          where r.payment_id = p.id and r.expert_id = p.expert_id and r.state = 'failed' and not exists (
            select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)))
  $$;
comment on function private.unflag_payment(uuid, uuid, text) is
  'Takes one reason for attention away; a failed refund stays one until all are repeated.';

create or replace function private.clear_attention(
    login uuid, request text, mentor uuid, payment uuid, attention_seen text, why text)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.begin_payment_action(
      login, request, 'attention_cleared', mentor, payment, jsonb_build_object('attention', attention_seen), why) then
    return false;
  end if;
  update public.payments p set attention = null, attention_at = null
    where p.id = payment and p.expert_id = mentor and p.attention = attention_seen;
  if not found then
    raise exception 'it is another attention' using errcode = 'check_violation', constraint = 'payments_attention_as_seen';
  end if;
  return true;
end
$$;
comment on function private.clear_attention(uuid, text, uuid, uuid, text, text) is
  'Marks as settled what an administrator saw. What was added meanwhile stays. False if there is no such payment. For administrators.';

create or replace function private.start_reconciliation(login uuid, request text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'reconciliation_started', null, '{}', null, request);
  perform private.enqueue('reconcile_payments', '{}', 'reconcile_payments');
  return true;
end
$$;
comment on function private.start_reconciliation(uuid, text) is
  'Compares our payments with the provider''s list now. For administrators.';

revoke execute on function
    private.overdue_refunds(integer),
    private.orphaned_payments(integer),
    private.money_troubles(),
    private.count_money_troubles(),
    private.book_faults(uuid, uuid),
    private.begin_reconciliation(text, timestamptz, timestamptz),
    private.end_reconciliation(uuid, integer, jsonb, integer, integer, text),
    private.compare_order(text, jsonb),
    private.captured_orders(text, timestamptz, timestamptz, timestamptz, uuid, integer),
    private.note_difference(uuid, uuid),
    private.settlement_faults(uuid, uuid, text, bigint, text, bigint),
    private.note_settlement(text, text, text, text, timestamptz, bigint, text, bigint),
    private.unsettled_orders(text, timestamptz, timestamptz, integer),
    private.note_unsettled(uuid, uuid),
    private.money_overview(uuid),
    private.describe_payment(uuid, uuid),
    private.find_payments(text),
    private.admin_payments(uuid, text, text, text, uuid, integer),
    private.admin_payment(uuid, text, uuid, uuid),
    private.begin_payment_action(uuid, text, text, uuid, uuid, jsonb, text),
    private.refundable_minor(uuid, uuid),
    private.sync_by_hand(uuid, text, uuid, uuid, text),
    private.retry_refund(uuid, text, uuid, uuid, uuid, text),
    private.refund_by_hand(uuid, text, uuid, uuid, bigint, bigint, text),
    private.release_by_hand(uuid, text, uuid, uuid, text),
    private.unflag_payment(uuid, uuid, text),
    private.clear_attention(uuid, text, uuid, uuid, text, text),
    private.start_reconciliation(uuid, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.begin_reconciliation(text, timestamptz, timestamptz),
    private.end_reconciliation(uuid, integer, jsonb, integer, integer, text),
    private.compare_order(text, jsonb),
    private.captured_orders(text, timestamptz, timestamptz, timestamptz, uuid, integer),
    private.note_difference(uuid, uuid),
    private.note_settlement(text, text, text, text, timestamptz, bigint, text, bigint),
    private.unsettled_orders(text, timestamptz, timestamptz, integer),
    private.note_unsettled(uuid, uuid),
    private.money_overview(uuid),
    private.admin_payments(uuid, text, text, text, uuid, integer),
    private.admin_payment(uuid, text, uuid, uuid),
    private.sync_by_hand(uuid, text, uuid, uuid, text),
    private.retry_refund(uuid, text, uuid, uuid, uuid, text),
    private.refund_by_hand(uuid, text, uuid, uuid, bigint, bigint, text),
    private.release_by_hand(uuid, text, uuid, uuid, text),
    private.clear_attention(uuid, text, uuid, uuid, text, text),
    private.start_reconciliation(uuid, text)
  to matepeak_app;
grant execute on function private.count_money_troubles() to matepeak_jobs;

-- private.reconciliations --------------------------------------------------------------------------------------------------

revoke all on private.reconciliations
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
