-- Payments: how what a provider says becomes a paid booking, and how money goes back.

-- Settings -------------------------------------------------------------------------------------------------------------

create or replace function private.set_money_settings(collects boolean, provider text, fee_basis_points integer) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into private.money_settings as s (id, collects, provider, fee_basis_points)
      values (1, collects, provider, fee_basis_points)
      on conflict (id) do update
        set collects = excluded.collects, provider = excluded.provider, fee_basis_points = excluded.fee_basis_points
        where (s.collects, s.provider, s.fee_basis_points)
          is distinct from (excluded.collects, excluded.provider, excluded.fee_basis_points)
  $$;
comment on function private.set_money_settings(boolean, text, integer) is 'Adopts the configuration of the app that starts.';

-- Opening --------------------------------------------------------------------------------------------------------------

create or replace function private.booking_expiry(status text, status_when_paid text, session_start timestamptz)
  returns timestamptz
  language sql stable
  return case when status_when_paid is not null
    then date_trunc('milliseconds', least(now() + interval '12 minutes', session_start))
    else private.request_expiry(status, session_start) end;
comment on function private.booking_expiry(text, text, timestamptz) is
  'When an unpaid booking or a new request expires; null for a booking that is confirmed.';

create or replace function private.open_payment() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into public.payments (
      expert_id, user_id, booking_id, basket_id, provider, capture, amount_minor, currency, due_at, poll_at)
    select new.expert_id, new.user_id, new.id, new.basket_id, s.provider,
      -- A part of what is reserved for several sessions could not be charged by itself.
      case when new.status_when_paid = 'confirmed' or new.basket_id is not null then 'automatic' else 'manual' end,
      new.total_minor, new.currency, new.ends_at + interval '72 hours', null
    from private.money_settings s;
  return null;
end
$$;
comment on function private.open_payment() is 'Every unpaid booking has a payment of exactly its price.';

create or replace function private.follow_session_with_payment() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.payments set due_at = new.ends_at + interval '72 hours'
    where booking_id = new.id and expert_id = new.expert_id and earned_at is null;
  return null;
end
$$;
comment on function private.follow_session_with_payment() is 'A moved session keeps its payment; when the mentor has earned it moves too.';

create or replace function private.set_payment_order(mentor uuid, payment uuid, order_id text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  written uuid;
begin
  insert into private.payment_orders (provider, order_id, payment_id, expert_id)
    select p.provider, set_payment_order.order_id, p.id, p.expert_id
    from public.payments p where p.id = payment and p.expert_id = mentor
    on conflict do nothing
    -- Without it Citus would count the row of a conflict too.
    returning payment_id into written;
  if not found then
    return exists (
      select from private.payment_orders o
      where o.payment_id = payment and o.expert_id = mentor and o.order_id = set_payment_order.order_id);
  end if;
  update public.payments p set poll_at = now() + interval '1 minute', updated_at = now()
    where p.id = payment and p.expert_id = mentor;
  return true;
end
$$;
comment on function private.set_payment_order(uuid, uuid, text) is
  'Records the provider''s order of a payment, and from when the provider is asked about it. False if the payment has another '
  'order, or the order another payment.';

create or replace function private.extend_hold(student uuid, mentor uuid, booking uuid) returns timestamptz
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  held public.bookings;
  until timestamptz;
begin
  perform private.lock_mentor(mentor);
  select * into held from public.bookings b
    where b.id = booking and b.expert_id = mentor and b.user_id = student for no key update;
  if not found then
    return null;
  end if;
  if held.status <> 'pending' or held.status_when_paid is null or held.expires_at <= now() then
    raise exception 'nothing is held' using errcode = 'check_violation', constraint = 'payments_hold_is_open';
  end if;
  update public.payments p set more_time_at = now(), updated_at = now()
    where (p.booking_id = booking or p.basket_id = held.basket_id) and p.expert_id = mentor and p.more_time_at is null;
  if not found then
    raise exception 'there was more time already' using errcode = 'check_violation', constraint = 'payments_more_time_once';
  end if;
  until := least(held.expires_at + interval '5 minutes', held.starts_at);
  update public.bookings b set expires_at = until
    where b.expert_id = mentor and (b.id = booking or b.id in (select private.held_together(mentor, booking)));
  update public.occupancies o set expires_at = greatest(o.expires_at, until)
    from public.bookings b
    where b.expert_id = mentor and (b.id = booking or b.id in (select private.held_together(mentor, booking)))
      and o.id = b.occupancy_id and o.expert_id = mentor and o.expires_at is not null;
  return until;
end
$$;
comment on function private.extend_hold(uuid, uuid, uuid) is
  'Five more minutes to pay, once. Returns until when the time is held; null for other people''s bookings.';

-- History and jobs -----------------------------------------------------------------------------------------------------

create or replace function private.next_morning(mentor uuid) returns timestamptz
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    -- Ten minutes before it is too late for today: what is written until then is committed by nine.
    select private.instant_of(
        (private.wall_clock(now() + interval '10 minutes', zone) - time '09:00')::date + 1, '09:00', zone)
      from (
        select coalesce(u.timezone, m.timezone) as zone
        from public.expert_profiles m left join public.profiles u on u.id = m.id where m.id = mentor
      ) clock
  $$;
comment on function private.next_morning(uuid) is 'Nine o''clock on the mentor''s clock.';

create or replace function private.record_money(
    mentor uuid, payment uuid, event_kind text, amount bigint, event_detail text default null, refund uuid default null,
    money_currency text default null)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    insert into public.money_events (
        expert_id, user_id, payment_id, booking_id, refund_id, kind, amount_minor, currency, detail, notify_at)
      select p.expert_id, p.user_id, p.id, p.booking_id, refund, event_kind, amount, coalesce(money_currency, p.currency),
        event_detail,
        case event_kind when 'failed' then now() + interval '3 minutes' when 'earned' then private.next_morning(p.expert_id)
          else now() end
      from public.payments p where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.record_money(uuid, uuid, text, bigint, text, uuid, text) is
  'Adds a line to a payment''s history. money_currency: of the amount, if it is not the price''s.';

-- The history is its own outbox, as that of bookings. `server/notifications/outbox.ts` takes events in batches.
create or replace function private.money_to_notify(most integer) returns table (event_id bigint, mentor_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select e.id, e.expert_id from public.money_events e
      where e.notified_at is null and e.notify_at <= now() order by e.notify_at, e.id limit most
  $$;
comment on function private.money_to_notify(integer) is 'The money events whose messages have been due for the longest.';

create or replace function private.claim_money_events(mentors uuid[], events bigint[])
  returns table (event_id bigint, mentor_id uuid)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    with free as (
      select e.id, e.expert_id from public.money_events e
        join unnest(mentors, events) asked (mentor, event) on e.id = asked.event and e.expert_id = asked.mentor
      where e.notified_at is null
      order by e.id for update of e skip locked
    )
    update public.money_events e set notified_at = now() from free
      where e.id = free.id and e.expert_id = free.expert_id and e.notified_at is null
      returning e.id, e.expert_id
  $$;
comment on function private.claim_money_events(uuid[], bigint[]) is
  'Those of the events that no other worker has claimed. Write their messages in the same transaction.';

create or replace function private.money_event_facts(mentor uuid, event bigint)
  returns table (kind text, amount_minor bigint, currency text, why text, happened_at timestamptz, payment_id uuid,
                 booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid, student_name text, student_timezone text,
                 starts_at timestamptz, document_id uuid, held_until timestamptz, session_count integer,
                 purchase_id uuid, package_sessions integer, expires_at timestamptz, first_failed_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.kind, coalesce(day.earned, e.amount_minor), e.currency, coalesce(r.why, e.detail),
      case when e.kind in ('expiring', 'due') then e.notify_at else e.created_at end, e.payment_id, b.id, e.user_id, e.expert_id,
      coalesce(b.service_id, g.service_id), coalesce(b.user_name, z.full_name, private.account_name(to_jsonb(u))), coalesce(b.student_timezone, z.timezone, m.timezone), b.starts_at,
      (select d.id from public.documents d
       where d.expert_id = e.expert_id
         and case e.kind when 'paid' then d.kind = 'receipt' and d.reference_id = e.payment_id
                         when 'refund_done' then d.kind = 'credit_note' and d.reference_id = e.refund_id
                         when 'fee_returned' then d.kind = 'fee_credit_note' and d.reference_id = e.refund_id end),
      case when p.state = 'open' then b.expires_at end, case e.kind when 'earned' then day.sessions else parts.sessions end, g.id,
      case e.kind when 'expiring' then private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id))
        else g.sessions end::integer,
      g.expires_at,
      case when e.kind = 'failed' then (
        select min(f.created_at) from public.money_events f
        where f.payment_id = e.payment_id and f.expert_id = e.expert_id and f.kind = 'failed') end
    from public.money_events e
      join public.payments p on p.id = e.payment_id and p.expert_id = e.expert_id
      join public.expert_profiles m on m.id = e.expert_id
      join auth.users u on u.id = e.user_id
      left join public.profiles z on z.id = e.user_id
      -- Of a basket its first session, and how many there are.
      left join lateral (
        select (array_agg(x.id order by x.starts_at, x.id))[1] as first, count(*)::integer as sessions
        from public.bookings x where x.basket_id = p.basket_id and x.expert_id = p.expert_id
      ) parts on p.booking_id is null and p.basket_id is not null
      left join public.bookings b on b.id = coalesce(e.booking_id, parts.first) and b.expert_id = e.expert_id
      left join public.package_purchases g on g.id = p.package_purchase_id and g.expert_id = p.expert_id
      left join public.refunds r on r.id = e.refund_id and r.expert_id = e.expert_id
      left join lateral (
        select sum(o.amount_minor)::bigint as earned,
          -- What is left of an expired package is no session's.
          (count(*) filter (where o.detail is distinct from 'expired'))::integer as sessions, min(o.id) as first
        from public.money_events o
        where o.kind = 'earned' and e.kind = 'earned' and o.expert_id = e.expert_id and o.currency = e.currency
          and o.notify_at = e.notify_at
      ) day on e.kind = 'earned'
    where e.id = event and e.expert_id = mentor
      and case e.kind
        -- Of a day's earnings one message, with their sum.
        when 'earned' then day.first = e.id
        -- The last attempt so far, if nothing else came of it.
        when 'failed' then
          (p.state = 'open' and (b.status = 'pending' and b.expires_at > now() or g.state = 'unpaid')
           or p.state in ('open', 'closed') and (p.closed_because is null or p.closed_because = 'lapsed'))
          and not exists (
            select from public.money_events o
            where o.payment_id = e.payment_id and o.expert_id = e.expert_id and o.kind = 'failed' and o.id > e.id)
          and not exists (
            select from public.payment_attempts t
            where t.payment_id = e.payment_id and t.expert_id = e.expert_id and t.state = 'created'
              and t.created_at > e.created_at)
        -- Charged although it was to be let go: what counts for the student is that it goes back.
        when 'paid' then p.closed_because is null
          or not exists (
            select from public.refunds f
            where f.payment_id = e.payment_id and f.expert_id = e.expert_id and f.requested_at = e.created_at
              and f.why = 'unwanted')
        when 'refund_requested' then
          -- The message about the failure said that it would be repeated.
          r.retry_of is null
          -- Said in the message about the payment that is not wanted, or done by now.
          and not exists (
            select from public.money_events o
            where o.payment_id = e.payment_id and o.expert_id = e.expert_id and o.created_at = e.created_at
              and (o.kind in ('late', 'surplus') and o.amount_minor = e.amount_minor
                   or o.kind = 'refund_done' and o.refund_id = e.refund_id))
          -- Said in the message about the cancellation.
          and not exists (
            select from public.booking_events o
            where o.booking_id = e.booking_id and o.expert_id = e.expert_id and o.created_at = e.created_at
              and (o.kind in ('cancelled', 'expired')
                   or o.kind = 'declined' and not exists (
                     select from public.time_requests q
                     where q.replaces_booking_id = b.id and q.expert_id = b.expert_id)))
        -- The payer's bank took it and says so.
        when 'refund_done' then r.why <> 'dispute'
        -- A session that came back has postponed it, and has a message of its own.
        when 'expiring' then g.state = 'active' and g.expires_at > now() and e.notify_at = g.expires_at - interval '7 days'
          and private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)) > 0
        -- Neither paid nor given up, and not moved since.
        when 'due' then p.state = 'open' and b.status = 'pending' and b.expires_at > now()
          and e.notify_at = b.starts_at - interval '72 hours'
        else true
      end
  $$;
comment on function private.money_event_facts(uuid, bigint) is
  'The facts for the message about a money event; no row if another message says it, or if it is out of date.';

create or replace function private.enqueue_for_payment(task text, mentor uuid, payment uuid) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    select private.enqueue(task, jsonb_build_object('mentor_id', mentor, 'payment_id', payment), task || ' ' || payment)
  $$;
comment on function private.enqueue_for_payment(text, uuid, uuid) is 'Enqueues a call of the provider; one of each kind per payment.';

create or replace function private.flag_payment(mentor uuid, payment uuid, why text) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    update public.payments p
      set attention = case when p.attention is null then why
                           when strpos(p.attention, why) > 0 then p.attention else p.attention || ', ' || why end,
          attention_at = coalesce(p.attention_at, now())
      where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.flag_payment(uuid, uuid, text) is 'Brings a payment to the attention of administrators.';

create or replace function private.forgets_words(mentor uuid, payment uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.payments p join private.closed_accounts c on c.user_id in (p.user_id, p.expert_id)
      where p.id = payment and p.expert_id = mentor and c.why = 'deleted')
  $$;
comment on function private.forgets_words(uuid, uuid) is
  'Whether what a provider says about a payment in words is not stored: one of its people is deleted, and erased only once.';

-- Refunds --------------------------------------------------------------------------------------------------------------

create or replace function private.request_refund(
    mentor uuid, payment uuid, attempt uuid, amount bigint, refund_why text, retries uuid default null)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid public.payments;
  paying public.payment_attempts;
  refund uuid := private.uuid_v7();
  basis_points integer;
  fee_part bigint := 0;
  transferred_part bigint;
  mentor_part bigint;
  held bigint;
begin
  select * into paid from public.payments p where p.id = payment and p.expert_id = mentor;
  update public.payment_attempts a set refunded_minor = a.refunded_minor + amount, updated_at = now()
    where a.id = attempt and a.expert_id = mentor returning * into paying;
  update public.payments p
    set refunded_minor = p.refunded_minor + case when p.currency = paying.currency then amount else 0 end,
        -- Often again, however rarely the payment was asked about before: a killed worker may leave the outcome unknown.
        updated_at = now(), polls = 0,
        poll_at = case when p.basket_id is null or p.booking_id is null then least(p.poll_at, now() + interval '1 minute') end
    where p.id = payment and p.expert_id = mentor;
  if paid.basket_id is not null and paid.booking_id is not null then
    update public.payments p set updated_at = now(), polls = 0, poll_at = least(p.poll_at, now() + interval '1 minute')
      where p.basket_id = paid.basket_id and p.booking_id is null and p.expert_id = mentor;
  end if;
  insert into public.refunds (id, expert_id, payment_id, attempt_id, amount_minor, currency, why, retry_of)
    values (refund, mentor, payment, attempt, amount, paying.currency, refund_why, retries);
  -- A repeated refund is owed already. All other money but that of the booking is owed since it arrived.
  if retries is null and paying.verdict = 'accepted' then
    if paid.booking_id is null then
      perform private.refund_from_package(mentor, paid.package_purchase_id, payment, refund, amount, refund_why);
    elsif paid.earned_at is null then
      -- What was sent back by hand may be what a failed refund owes already.
      held := private.balance_of(mentor, 'escrow', paid.booking_id, paid.currency);
      if refund_why <> 'provider' or held > 0 then
        perform private.transfer(mentor, 'refund_requested', refund, 'escrow', paid.booking_id, 'refunds_payable', payment,
                                 paid.currency, case refund_why when 'provider' then least(amount, held) else amount end);
      end if;
    else
      -- The mentor has been credited: it is taken back with the platform's part, and what the balance lacks is our loss.
      select b.fee_basis_points into basis_points from public.bookings b where b.id = paid.booking_id and b.expert_id = mentor;
      fee_part := private.fee_minor(amount, coalesce(basis_points, 0));
      -- What went to the mentor's account at the provider comes back from there, and is our loss until then.
      transferred_part := private.request_reversal(mentor, payment, refund, amount - fee_part);
      mentor_part := least(
        amount - fee_part - transferred_part, private.balance_of(mentor, 'mentor', mentor, paid.currency));
      if fee_part > 0 then
        perform private.transfer(mentor, 'refund_of_fee', refund, 'fees', mentor, 'refunds_payable', payment, paid.currency, fee_part);
      end if;
      if mentor_part > 0 then
        perform private.transfer(mentor, 'refund_requested', refund, 'mentor', mentor, 'refunds_payable', payment,
                                 paid.currency, mentor_part);
      end if;
      if transferred_part > 0 then
        perform private.transfer(mentor, 'refund_before_reversal', refund, 'losses', mentor, 'refunds_payable', payment,
                                 paid.currency, transferred_part);
      end if;
      if amount - fee_part - transferred_part - mentor_part > 0 then
        perform private.transfer(mentor, 'refund_at_a_loss', refund, 'losses', mentor, 'refunds_payable', payment,
                                 paid.currency, amount - fee_part - transferred_part - mentor_part);
      end if;
    end if;
  end if;
  perform private.record_money(mentor, payment, 'refund_requested', amount, refund_why, refund, paying.currency);
  perform private.enqueue('send_refund', jsonb_build_object('mentor_id', mentor, 'refund_id', refund), 'send_refund ' || refund);
  return refund;
end
$$;
comment on function private.request_refund(uuid, uuid, uuid, bigint, text, uuid) is
  'Sends back a part of an attempt: never more than it captured, by constraint. The caller has locked mentor and payment.';

create or replace function private.refund_from_package(
    mentor uuid, purchase uuid, payment uuid, refund uuid, amount bigint, refund_why text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  bought public.package_purchases;
  rest bigint := amount;
  part bigint;
  used record;
begin
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor;
  if refund_why = 'provider' then
    -- What was sent back by hand may be what a failed refund owes already.
    rest := amount - least(amount, private.balance_of(mentor, 'refunds_payable', payment, bought.currency) - (
      select coalesce(sum(r.amount_minor), 0) from public.refunds r
      where r.payment_id = payment and r.expert_id = mentor and r.state in ('requested', 'sent') and r.id <> refund));
  end if;
  part := least(rest, private.balance_of(mentor, 'package_money', purchase, bought.currency));
  if part > 0 then
    perform private.transfer(mentor, 'refund_requested', refund, 'package_money', purchase, 'refunds_payable', payment,
                             bought.currency, part);
    rest := rest - part;
  end if;
  -- More than is left of it, by hand at the provider or by a lost dispute: from the sessions that are not earned yet, the latest
  -- first, then as from a booking that is earned.
  for used in
    select u.id, u.booking_id, u.share_minor from public.credit_uses u
      join public.bookings b on b.id = u.booking_id and b.expert_id = u.expert_id
    where u.package_purchase_id = purchase and u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null
      and u.share_minor > 0
    order by b.starts_at desc, u.id for no key update of u
  loop
    exit when rest = 0;
    part := least(rest, used.share_minor);
    perform private.transfer(mentor, 'refund_of_session', private.uuid_v7(), 'escrow', used.booking_id, 'refunds_payable', payment,
                             bought.currency, part);
    update public.credit_uses u set share_minor = u.share_minor - part where u.id = used.id and u.expert_id = mentor;
    rest := rest - part;
  end loop;
  if rest > 0 then
    part := private.fee_minor(rest, bought.fee_basis_points);
    if part > 0 then
      perform private.transfer(mentor, 'refund_of_fee', refund, 'fees', mentor, 'refunds_payable', payment, bought.currency, part);
      rest := rest - part;
    end if;
    -- As from a booking that is earned: what went to the mentor's account at the provider is our loss until it comes back.
    part := private.request_reversal(mentor, payment, refund, rest);
    if part > 0 then
      perform private.transfer(mentor, 'refund_before_reversal', refund, 'losses', mentor, 'refunds_payable', payment,
                               bought.currency, part);
      rest := rest - part;
    end if;
    part := least(rest, private.balance_of(mentor, 'mentor', mentor, bought.currency));
    if part > 0 then
      perform private.transfer(mentor, 'refund_of_used_sessions', refund, 'mentor', mentor, 'refunds_payable', payment,
                               bought.currency, part);
      rest := rest - part;
    end if;
    if rest > 0 then
      perform private.transfer(mentor, 'refund_at_a_loss', refund, 'losses', mentor, 'refunds_payable', payment,
                               bought.currency, rest);
    end if;
  end if;
  -- What is not paid for any more cannot be booked.
  perform private.withdraw_credits(mentor, purchase);
end
$$;
comment on function private.refund_from_package(uuid, uuid, uuid, uuid, bigint, text) is
  'Where the money of a package''s refund comes from: what is left of it, then its sessions that are not earned yet, then the '
  'platform''s fee, what was transferred to the mentor, and the mentor''s balance, then it is our loss.';

create or replace function private.returned_minor(mentor uuid, attempt uuid) returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select a.refunded_minor + coalesce((
        select sum(r.amount_minor) from public.refunds r
        where r.attempt_id = a.id and r.expert_id = a.expert_id and r.state = 'failed' and not exists (
          select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)), 0)::bigint
    from public.payment_attempts a where a.id = attempt and a.expert_id = mentor
  $$;
comment on function private.returned_minor(uuid, uuid) is
  'What of an attempt was or is being sent back, or is owed since a refund of it failed: no other refund may be of this money.';

create or replace function private.merge_refund(
    mentor uuid, refund uuid, new_state text, provider_id text, why_failed text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  known public.refunds;
begin
  select * into known from public.refunds r where r.id = refund and r.expert_id = mentor for no key update;
  if private.forgets_words(mentor, known.payment_id) then
    why_failed := null;
  end if;
  update public.refunds r set provider_refund_id = coalesce(r.provider_refund_id, provider_id)
    where r.id = refund and r.expert_id = mentor and provider_id is not null and r.provider_refund_id is null;
  -- A refund that arrived may still come back, if the payer's account is closed; nothing else goes back.
  if array_position(array['requested', 'sent', 'done', 'failed'], new_state)
     <= array_position(array['requested', 'sent', 'done', 'failed'], known.state) then
    return;
  end if;
  update public.refunds r
    set state = new_state, failure = why_failed, sent_at = coalesce(r.sent_at, now()),
        settled_at = case when new_state in ('done', 'failed') then now() end
    where r.id = refund and r.expert_id = mentor;
  if new_state = 'done' then
    perform private.transfer(mentor, 'refund_done', refund, 'refunds_payable', known.payment_id, 'provider', mentor,
                             known.currency, known.amount_minor);
    perform private.record_money(mentor, known.payment_id, 'refund_done', known.amount_minor, known.why, refund, known.currency);
    perform private.issue_credit_note(mentor, refund);
    perform private.return_fee(mentor, refund);
  elsif new_state = 'failed' then
    if known.state = 'done' then
      perform private.transfer(mentor, 'refund_came_back', refund, 'provider', mentor, 'refunds_payable', known.payment_id,
                               known.currency, known.amount_minor);
    end if;
    -- Still owed; what is sent back of the attempt is less.
    update public.payment_attempts a set refunded_minor = a.refunded_minor - known.amount_minor, updated_at = now()
      where a.id = known.attempt_id and a.expert_id = mentor;
    update public.payments p
      set refunded_minor = p.refunded_minor - case when p.currency = known.currency then known.amount_minor else 0 end,
          updated_at = now()
      where p.id = known.payment_id and p.expert_id = mentor;
    perform private.flag_payment(mentor, known.payment_id, 'refund_failed');
    perform private.record_money(mentor, known.payment_id, 'refund_failed', known.amount_minor, why_failed, refund, known.currency);
  end if;
end
$$;
comment on function private.merge_refund(uuid, uuid, text, text, text) is
  'Learns the state of a refund: requested, sent, done or failed, in this order and never back.';

create or replace function private.note_refund(
    mentor uuid, refund uuid, new_state text, provider_id text default null, why_failed text default null)
  returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  payment uuid;
begin
  perform private.lock_mentor(mentor);
  select r.payment_id into payment from public.refunds r where r.id = refund and r.expert_id = mentor;
  if not found then
    return null;
  end if;
  perform from public.payments p where p.id = payment and p.expert_id = mentor for no key update;
  perform private.merge_refund(mentor, refund, new_state, provider_id, why_failed);
  perform private.refresh_payment_status(mentor, payment);
  return payment;
end
$$;
comment on function private.note_refund(uuid, uuid, text, text, text) is
  'What the provider answered to a refund: sent, done or failed. Returns its payment.';

create or replace function private.payment_status_of(mentor uuid, payment uuid) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select case
      when p.state = 'captured' or p.captured_minor > 0 then case
        when r.owed > 0 then 'refund_pending'
        when r.done >= r.paid then 'refunded'
        when r.done > 0 then 'partially_refunded'
        else 'completed' end
      when p.state = 'released' then 'refunded'
      when p.state = 'authorized' and p.closed_because is not null then 'refund_pending'
      when p.state = 'closed' then 'failed'
      -- Nothing is known of a part before the whole is paid.
      when p.state = 'open' and p.basket_id is not null and p.booking_id is not null then coalesce((
        select private.payment_status_of(o.expert_id, o.id) from public.payments o
        where o.basket_id = p.basket_id and o.booking_id is null and o.expert_id = p.expert_id and o.state = 'open'), 'pending')
      when p.state = 'open' and exists (
        select from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id and a.state = 'failed')
        and not exists (
        select from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id and a.state = 'created')
        then 'failed'
      else 'pending' end
    from public.payments p,
      lateral (
        select coalesce(sum(a.captured_minor), 0) as paid,
          coalesce(sum((select sum(f.amount_minor) from public.refunds f
            where f.attempt_id = a.id and f.expert_id = a.expert_id and f.state = 'done')), 0) as done,
          coalesce(sum((select sum(f.amount_minor) from public.refunds f
            where f.attempt_id = a.id and f.expert_id = a.expert_id
              and (f.state in ('requested', 'sent') or f.state = 'failed' and not exists (
                select from public.refunds n where n.retry_of = f.id and n.expert_id = f.expert_id)))), 0) as owed
        from public.payment_attempts a
        where a.payment_id = p.id and a.expert_id = p.expert_id
          and (p.accepted_attempt_id is null or a.id = p.accepted_attempt_id)
      ) r
    where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.payment_status_of(uuid, uuid) is
  'The guide''s word for a payment. Money that is sent back for another reason than the booking does not count, once the booking is paid.';

create or replace function private.refresh_payment_status(mentor uuid, payment uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.bookings b set payment_status = s.current_status
    from private.parts_of_payment(mentor, payment) part (id)
      join public.payments p on p.id = part.id and p.expert_id = mentor,
      lateral (select private.payment_status_of(mentor, p.id) as current_status) s
    where b.id = p.booking_id and b.expert_id = p.expert_id and b.payment_status <> s.current_status;
  if found then
    perform private.notify_person(party, 'bookings')
      from public.payments p, unnest(array[p.user_id, p.expert_id]) party where p.id = payment and p.expert_id = mentor;
  end if;
end
$$;
comment on function private.refresh_payment_status(uuid, uuid) is 'Keeps the booking''s payment_status in step with its payment.';

-- Settling -------------------------------------------------------------------------------------------------------------

create or replace function private.retake_time(mentor uuid, booking uuid, becomes text, expiry timestamptz) returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  b record;
begin
  perform private.expire_requests(mentor);
  select l.service_id, l.starts_at, l.ends_at, s.capacity, p.buffer_before, p.buffer_after, q.programme_id into b
    from public.bookings l
      left join public.series q on q.id = l.series_id and q.expert_id = l.expert_id
      join public.services s on s.id = l.service_id and s.expert_id = l.expert_id
      join public.expert_profiles p on p.id = l.expert_id
    where l.id = booking and l.expert_id = mentor;
  if b.programme_id is not null then
    return private.take_programme_seat(mentor, b.programme_id, b.starts_at, becomes = 'confirmed', expiry);
  end if;
  return private.take_seat(
    mentor, b.service_id, b.capacity, b.starts_at, b.ends_at,
    private.busy_time(b.starts_at, b.ends_at, b.buffer_before, b.buffer_after),
    case when becomes = 'confirmed' then 'booked' else 'requested' end, expiry);
end
$$;
comment on function private.retake_time(uuid, uuid, text, timestamptz) is
  'Takes the time of a lapsed booking again; the exclusion constraint rejects taken time.';

create or replace function private.accept_payment(mentor uuid, booking uuid, may_retake boolean, is_captured boolean)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  b public.bookings;
  becomes text;
  expiry timestamptz;
begin
  select * into b from public.bookings where id = booking and expert_id = mentor for no key update;
  becomes := b.status_when_paid;
  if becomes is null or b.status = 'cancelled' and (b.starts_at <= now() or not may_retake) then
    return false;
  end if;
  -- The deletion cancels what is held; what is paid meanwhile, or later, goes back.
  if exists (select from private.closed_accounts c where c.user_id in (b.user_id, b.expert_id) and c.why = 'deleted') then
    return false;
  end if;
  expiry := private.request_expiry(becomes, b.starts_at);
  begin
    if b.status = 'cancelled' and (b.coupon_id is not null or b.package_purchase_id is not null) then
      -- They were given back when it lapsed. In this block, so that they are again if the time is not free.
      perform private.expire_requests(mentor);
      if private.take_offers(mentor, b.id, b.user_id, b.service_id, b.duration, b.coupon_id,
                             coalesce(b.series_id, b.basket_id), b.package_purchase_id)
         is not null then
        return false;
      end if;
    end if;
    update public.bookings
      set status = becomes, status_when_paid = null, expires_at = expiry,
          occupancy_id = coalesce(b.occupancy_id, private.retake_time(mentor, booking, becomes, expiry)),
          payment_status = case when is_captured then 'completed' else 'pending' end
      where id = booking and expert_id = mentor;
  exception when exclusion_violation or unique_violation then
    -- Another session has the time, or the student already has another seat in this one.
    return false;
  end;
  if becomes = 'pending' then
    update public.occupancies o set state = 'requested', expires_at = greatest(o.expires_at, expiry)
      where o.id = b.occupancy_id and o.expert_id = mentor and o.state = 'hold';
  end if;
  return true;
end
$$;
comment on function private.accept_payment(uuid, uuid, boolean, boolean) is
  'Gives an unpaid booking its status, or revives a lapsed one if its time is still free. False if there is nothing to pay for, '
  'or one of the two is deleted.';

create or replace function private.awaits_refund(mentor uuid, payment uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from private.parts_of_payment(mentor, payment) part (id)
        join public.refunds r on r.payment_id = part.id and r.expert_id = mentor and r.state in ('requested', 'sent'))
  $$;
comment on function private.awaits_refund(uuid, uuid) is 'Whether a refund of a payment is on its way.';

create or replace function private.correct_provider_fee(mentor uuid, money_currency text, more bigint) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if more > 0 then
    perform private.transfer(mentor, 'provider_fee_raised', private.uuid_v7(), 'provider', mentor, 'provider_fees', mentor,
                             money_currency, more);
  else
    perform private.transfer(mentor, 'provider_fee_lowered', private.uuid_v7(), 'provider_fees', mentor, 'provider', mentor,
                             money_currency, -more);
  end if;
end
$$;
comment on function private.correct_provider_fee(uuid, text, bigint) is
  'The provider keeps more of a payment than it said at first, or less. The caller stores the new fee in the same transaction.';

create or replace function private.refunds_known_as(
    mentor uuid, payment uuid, attempt uuid, our_reference uuid, their_id text)
  returns uuid[]
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(array_agg(r.id order by r.id), '{}')
    from private.same_attempts(mentor, payment, attempt) same (id)
      join public.refunds r on r.attempt_id = same.id and r.expert_id = mentor
        and (r.id = our_reference or r.provider_refund_id = their_id)
  $$;
comment on function private.refunds_known_as(uuid, uuid, uuid, uuid, text) is
  'Our refunds that the provider means: several, if it made one of a basket that was divided.';

create or replace function private.note_refund_by_hand(mentor uuid, payment uuid, attempt uuid, amount bigint) returns uuid[]
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  failed record;
  part record;
  rest bigint := amount;
  noted uuid[] := '{}';
begin
  -- Perhaps instead of one that had failed.
  select r.id, r.payment_id, r.attempt_id into failed
    from private.same_attempts(mentor, payment, attempt) same (id)
      join public.refunds r on r.attempt_id = same.id and r.expert_id = mentor
    where r.state = 'failed' and r.amount_minor = amount
      and not exists (select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)
    order by r.id limit 1;
  if found then
    return array[private.request_refund(mentor, failed.payment_id, failed.attempt_id, amount, 'provider', failed.id)];
  end if;
  for part in
    select a.id, a.payment_id, a.captured_minor - private.returned_minor(mentor, a.id) as is_left
    from private.same_attempts(mentor, payment, attempt) same (id)
      join public.payment_attempts a on a.id = same.id and a.expert_id = mentor
      join public.payments p on p.id = a.payment_id and p.expert_id = a.expert_id
      left join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where a.id <> attempt
    order by b.starts_at desc, b.id
  loop
    continue when rest = 0 or part.is_left <= 0;
    noted := noted || private.request_refund(mentor, part.payment_id, part.id, least(rest, part.is_left), 'provider');
    rest := rest - least(rest, part.is_left);
  end loop;
  if rest > 0 then
    noted := noted || private.request_refund(mentor, payment, attempt, rest, 'provider');
  end if;
  return noted;
end
$$;
comment on function private.note_refund_by_hand(uuid, uuid, uuid, bigint) is
  'A refund that was made at the provider. Of a basket it is taken from its sessions, the latest first.';

create or replace function private.lose_dispute(mentor uuid, payment uuid, attempt uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  part record;
  owed record;
  refund uuid;
begin
  for part in
    select a.id, a.payment_id from private.same_attempts(mentor, payment, attempt) same (id)
      join public.payment_attempts a on a.id = same.id and a.expert_id = mentor
    order by a.id
  loop
    -- A refund that had failed is not owed any more either.
    for owed in
      select r.id, r.amount_minor from public.refunds r
      where r.attempt_id = part.id and r.expert_id = mentor and r.state = 'failed' and not exists (
        select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)
    loop
      refund := private.request_refund(mentor, part.payment_id, part.id, owed.amount_minor, 'dispute', owed.id);
      perform private.merge_refund(mentor, refund, 'done', null, null);
    end loop;
    select a.captured_minor - a.refunded_minor as minor into owed from public.payment_attempts a
      where a.id = part.id and a.expert_id = mentor and not private.is_shared(mentor, a.payment_id, a.id);
    if owed.minor > 0 then
      refund := private.request_refund(mentor, part.payment_id, part.id, owed.minor, 'dispute');
      perform private.merge_refund(mentor, refund, 'done', null, null);
    end if;
  end loop;
end
$$;
comment on function private.lose_dispute(uuid, uuid, uuid) is
  'The payer''s bank has taken back what is left of an attempt.';

create or replace function private.settle_payment(mentor uuid, payment uuid, provider_order jsonb, may_retake boolean)
  returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  -- All its statements, and those of what it calls, find a few rows by key: planning them at each call was a fifth of the work.
  set plan_cache_mode = force_generic_plan
  as $$
declare
  held record;
  paid public.payments;
  given record;
  known public.payment_attempts;
  refunded record;
  our_refund uuid;
  our_refunds uuid[];
  is_new_state boolean;
  is_right_amount boolean;
  becomes text;
  judged text;
  is_wordless boolean;
  -- A payment that was just captured, and about which there is nothing else: its one update was the last.
  is_in_step boolean := false;
  ranks constant text[] := array['created', 'failed', 'authorized', 'released', 'captured'];
begin
  perform private.lock_mentor(mentor);
  select b.status = 'cancelled' and b.status_when_paid is not null as has_lapsed into held
    from public.bookings b join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
    where p.id = payment and p.expert_id = mentor for no key update of b;
  if (held.has_lapsed or not found and private.has_basket_lapsed(mentor, payment)) and may_retake is null then
    return 'lapsed';
  end if;
  select * into paid from public.payments p where p.id = payment and p.expert_id = mentor for no key update;
  if not found then
    return null;
  end if;
  if not exists (
    select from private.payment_orders o
    where o.payment_id = payment and o.expert_id = mentor and o.order_id = provider_order ->> 'id') then
    raise exception 'another order' using errcode = 'check_violation', constraint = 'payment_orders_is_this_one';
  end if;
  if (provider_order ->> 'amount_minor')::bigint <> paid.amount_minor or provider_order ->> 'currency' <> paid.currency
     or coalesce(provider_order ->> 'reference', payment::text) <> payment::text then
    perform private.flag_payment(mentor, payment, 'order_differs');
  end if;

  for given in
    select a.* from jsonb_to_recordset(provider_order -> 'attempts') a (
      id text, state text, amount_minor bigint, currency text, method text, fee_minor bigint, failure_code text,
      failure_message text, dispute text, created_at timestamptz, refunds jsonb)
    -- The first one that was paid is the one that counts.
    order by a.state <> 'captured', a.created_at, a.id
  loop
    select * into known from public.payment_attempts a
      where a.payment_id = payment and a.expert_id = mentor and a.attempt_id = given.id;
    is_new_state := known.id is null or array_position(ranks, given.state) > array_position(ranks, known.state);
    becomes := case when is_new_state then given.state else known.state end;
    judged := known.verdict;
    is_right_amount := given.amount_minor = paid.amount_minor and given.currency = paid.currency;
    is_wordless := given.failure_message is not null and private.forgets_words(mentor, payment);
    if is_wordless then
      given.failure_message := null;
    end if;

    -- Judged before it is written, so that it is written once.
    if is_new_state and becomes = 'authorized' and paid.capture = 'manual' then
      if is_right_amount and paid.state in ('open', 'closed')
         and paid.closed_because is distinct from 'cancelled' and paid.closed_because is distinct from 'taken'
         and private.accept_payment(mentor, paid.booking_id, may_retake, false) then
        judged := 'accepted';
      else
        judged := case when not is_right_amount then 'wrong_amount' when paid.accepted_attempt_id is not null then 'surplus'
                       when paid.closed_because = 'cancelled' then 'unwanted' else 'late' end;
      end if;
    elsif is_new_state and becomes = 'captured' then
      if not is_right_amount then
        judged := 'wrong_amount';
      elsif known.id = paid.accepted_attempt_id then
        judged := 'accepted';
      elsif paid.accepted_attempt_id is not null then
        judged := 'surplus';
      elsif paid.closed_because in ('cancelled', 'taken') then
        judged := case paid.closed_because when 'cancelled' then 'unwanted' else 'late' end;
      elsif paid.package_purchase_id is not null and private.accept_purchase(mentor, paid.package_purchase_id)
            or paid.booking_id is not null and private.accept_payment(mentor, paid.booking_id, may_retake, true)
            or paid.booking_id is null and paid.basket_id is not null
              and private.accept_basket(mentor, paid.basket_id, may_retake) then
        judged := 'accepted';
        is_in_step := paid.booking_id is not null and jsonb_array_length(provider_order -> 'attempts') = 1
          and jsonb_array_length(given.refunds) = 0 and given.dispute is null;
      else
        judged := 'late';
      end if;
    end if;

    if known.id is null then
      insert into public.payment_attempts (
          expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method, fee_minor, failure_code,
          failure_message, dispute, verdict, created_at)
        values (mentor, payment, given.id, becomes, given.amount_minor, given.currency,
          case when becomes = 'captured' then given.amount_minor else 0 end, given.method, given.fee_minor,
          given.failure_code, given.failure_message, null, judged, given.created_at)
        returning * into known;
    elsif is_new_state or given.fee_minor is distinct from known.fee_minor then
      update public.payment_attempts a
        set state = becomes, amount_minor = given.amount_minor, currency = given.currency,
            captured_minor = case when becomes = 'captured' then given.amount_minor else 0 end,
            method = coalesce(given.method, a.method), fee_minor = coalesce(given.fee_minor, a.fee_minor),
            failure_code = case when becomes = 'failed' then given.failure_code end,
            failure_message = case when becomes = 'failed' then given.failure_message end, verdict = judged, updated_at = now()
        where a.id = known.id and a.expert_id = mentor;
      known.verdict := judged;
    end if;

    if is_new_state and becomes = 'failed' and paid.state = 'open' then
      perform private.record_money(mentor, payment, 'failed', given.amount_minor, given.failure_message,
                                   money_currency => given.currency);
    elsif is_new_state and becomes = 'authorized' then
      if judged = 'accepted' then
        update public.payments p set state = 'authorized', accepted_attempt_id = known.id, closed_because = null
          where p.id = payment and p.expert_id = mentor returning * into paid;
        perform private.record_money(mentor, payment, 'authorized', given.amount_minor);
      elsif paid.capture = 'manual' then
        perform private.enqueue_for_payment('release_authorizations', mentor, payment);
      end if;
      -- With automatic capture it is charged in a moment.
    elsif is_new_state and becomes = 'released' and known.id = paid.accepted_attempt_id then
      update public.payments p set state = 'released' where p.id = payment and p.expert_id = mentor returning * into paid;
      perform private.record_money(mentor, payment, 'released', given.amount_minor);
      if paid.closed_because is null then
        -- The reservation ran out while the mentor had not answered, or before it was charged.
        perform private.flag_payment(mentor, payment, 'reservation_ended');
        update public.bookings b set status = 'cancelled'
          where b.id = paid.booking_id and b.expert_id = mentor and b.status in ('pending', 'confirmed') and b.starts_at > now();
      end if;
    elsif is_new_state and becomes = 'captured' then
      update public.payments p
        set captured_minor = p.captured_minor + case when p.currency = given.currency then given.amount_minor else 0 end,
            accepted_attempt_id = case judged when 'accepted' then known.id else p.accepted_attempt_id end,
            state = case when judged = 'accepted' then 'captured' when judged = 'late' and p.state = 'open' then 'closed'
                         else p.state end,
            closed_because = case when judged = 'late' then 'taken'
                                  when judged = 'accepted' and p.closed_because = 'lapsed' then null else p.closed_because end,
            unclear_since = null, updated_at = now(),
            poll_at = case when is_in_step and not private.awaits_refund(mentor, payment) then null else p.poll_at end
        where p.id = payment and p.expert_id = mentor returning * into paid;
      if judged = 'accepted' then
        perform private.transfer(
          mentor, 'captured', known.id, 'provider', mentor,
          case when paid.booking_id is not null then 'escrow' when paid.basket_id is not null then 'basket_money'
               else 'package_money' end,
          coalesce(paid.booking_id, paid.package_purchase_id, paid.basket_id), paid.currency, given.amount_minor, given.created_at);
        perform private.record_money(mentor, payment, 'paid', given.amount_minor);
        if paid.booking_id is null and paid.basket_id is not null then
          perform private.share_payment(mentor, payment, known.id);
        else
          perform private.issue_receipt(mentor, payment);
        end if;
        if paid.closed_because is not null then
          -- It was charged although it was to be released.
          perform private.request_refund(mentor, payment, known.id, given.amount_minor, 'unwanted');
        end if;
      else
        perform private.transfer(mentor, 'captured', known.id, 'provider', mentor, 'refunds_payable', payment,
                                 given.currency, given.amount_minor, given.created_at);
        perform private.record_money(
          mentor, payment, case when judged = 'surplus' then 'surplus' else 'late' end, given.amount_minor, judged,
          money_currency => given.currency);
        if judged = 'wrong_amount' then
          perform private.flag_payment(mentor, payment, 'wrong_amount');
        end if;
        perform private.request_refund(mentor, payment, known.id, given.amount_minor, judged);
      end if;
    end if;
    if becomes = 'captured' and coalesce(given.fee_minor, 0) > 0 then
      perform private.transfer(mentor, 'provider_fee', known.id, 'provider', mentor, 'provider_fees', mentor, given.currency,
                               given.fee_minor, given.created_at);
    end if;
    if not is_new_state and becomes = 'captured' and given.fee_minor <> known.fee_minor and known.fee_minor > 0 then
      perform private.correct_provider_fee(mentor, given.currency, given.fee_minor - known.fee_minor);
    end if;

    for refunded in
      select r.* from jsonb_to_recordset(given.refunds) r (id text, reference uuid, amount_minor bigint, state text, failure text)
        order by r.id
    loop
      -- One, but for what was sent back of a basket by hand.
      our_refunds := private.refunds_known_as(mentor, payment, known.id, refunded.reference, refunded.id);
      if cardinality(our_refunds) = 0 then
        our_refunds := private.note_refund_by_hand(mentor, payment, known.id, refunded.amount_minor);
        perform private.flag_payment(mentor, payment, 'refund_by_hand');
      end if;
      foreach our_refund in array our_refunds loop
        perform private.merge_refund(
          mentor, our_refund, case refunded.state when 'pending' then 'sent' else refunded.state end, refunded.id,
          refunded.failure);
      end loop;
    end loop;

    if given.dispute is distinct from known.dispute and given.dispute is not null
       and known.dispute is distinct from 'won' and known.dispute is distinct from 'lost' then
      update public.payment_attempts a set dispute = given.dispute, updated_at = now()
        from private.same_attempts(mentor, payment, known.id) same (id)
        where a.id = same.id and a.expert_id = mentor;
      perform private.record_money(mentor, payment, case given.dispute when 'open' then 'dispute_opened' else 'dispute_' || given.dispute end,
                                   given.amount_minor, money_currency => given.currency);
      perform private.flag_payment(mentor, payment, 'dispute');
      if given.dispute = 'lost' then
        perform private.lose_dispute(mentor, payment, known.id);
      end if;
    end if;
  end loop;

  -- accept_payment() has set the booking's payment_status already.
  if not is_in_step or paid.poll_at is not null or paid.state <> 'captured' or paid.closed_because is not null then
    perform private.refresh_payment_status(mentor, payment);
    update public.payments p
      set updated_at = now(), unclear_since = null,
          -- What will not change any more is not asked for again, but for a dispute, which the provider reports.
          poll_at = case
            when p.state in ('open', 'authorized') then p.poll_at
            when private.awaits_refund(mentor, payment) then coalesce(p.poll_at, now() + interval '1 minute')
            when p.state = 'closed' and p.created_at > now() - interval '3 days' then coalesce(p.poll_at, now() + interval '1 minute')
          end
      where p.id = payment and p.expert_id = mentor returning * into paid;
  end if;
  update private.payment_events e set processed_at = now()
    where e.provider = paid.provider and e.order_id = provider_order ->> 'id' and e.processed_at is null;
  return paid.state;
end
$$;
comment on function private.settle_payment(uuid, uuid, jsonb, boolean) is
  'Applies what a provider says about an order: confirms, books the money, sends back what is not owed. It may be said in any '
  'order and any number of times, and an old answer undoes nothing. Returns the state of the payment. may_retake: whether the time of a lapsed booking may be '
  'taken again, if it is free; null if it is not known, which returns ''lapsed'' and does nothing if the answer needs it.';

create or replace function private.settle_captures(
    mentors uuid[], payments uuid[], orders text[], attempts text[], amounts bigint[], currencies text[], methods text[],
    fees bigint[], times timestamptz[])
  returns table (payment_ids uuid[], announcements text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
  -- Several people wait for this call: what is locked for longer goes the other way.
  set lock_timeout = '100ms'
  as $$
declare
  free uuid[];
  made record;
begin
  -- The app announces them after the commit.
  perform set_config('matepeak.announces', 'later', true);
  -- Waits for no mentor, so that the order of their locks is no matter.
  select array_agg(l.expert_id) into free from (
    select r.expert_id from public.schedule_revisions r where r.expert_id = any (mentors) for no key update skip locked) l;
  with plain as (
    select p.expert_id, p.id, p.user_id, p.booking_id, p.provider, p.amount_minor, p.currency, c.order_id, c.attempt_id, c.method,
        c.fee, c.at
      from (
        select distinct on (g.payment) * from unnest(mentors, payments, orders, attempts, amounts, currencies, methods, fees, times)
          g (mentor, payment, order_id, attempt_id, amount, currency, method, fee, at)
      ) c
        join public.payments p on p.id = c.payment and p.expert_id = c.mentor
        join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id and o.order_id = c.order_id
        join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      where p.expert_id = any (free) and p.state = 'open' and p.capture = 'automatic'
        and p.amount_minor = c.amount and p.currency = c.currency
        and b.status = 'pending' and b.status_when_paid = 'confirmed'
        and not exists (select from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id)
        and not exists (
          select from private.closed_accounts d where d.user_id in (p.user_id, p.expert_id) and d.why = 'deleted')
      for no key update of b, p
  ), attempted as (
    insert into public.payment_attempts (
        expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method, fee_minor, verdict, created_at)
      select c.expert_id, c.id, c.attempt_id, 'captured', c.amount_minor, c.currency, c.amount_minor, c.method, c.fee, 'accepted', c.at
        from plain c
      returning id, payment_id, expert_id
  ), booked as (
    update public.bookings b
      set status = 'confirmed', status_when_paid = null, expires_at = null, payment_status = 'completed'
      from plain c where b.id = c.booking_id and b.expert_id = c.expert_id
  ), captured as (
    update public.payments p
      set state = 'captured', accepted_attempt_id = a.id, captured_minor = p.amount_minor, unclear_since = null, updated_at = now(),
          poll_at = null
      from attempted a where p.id = a.payment_id and p.expert_id = a.expert_id
  ), told as (
    insert into public.money_events (expert_id, user_id, payment_id, booking_id, kind, amount_minor, currency)
      select c.expert_id, c.user_id, c.id, c.booking_id, 'paid', c.amount_minor, c.currency from plain c
  ), processed as (
    update private.payment_events e set processed_at = now()
      from plain c where e.provider = c.provider and e.order_id = c.order_id and e.processed_at is null
  )
  select array_agg(c.expert_id) as mentors, array_agg(c.id) as payments, array_agg(a.id) as attempts,
      array_agg(c.booking_id) as bookings, array_agg(c.currency) as currencies, array_agg(c.amount_minor) as amounts,
      array_agg(c.fee) as fees, array_agg(c.at) as times
    into made from plain c join attempted a on a.payment_id = c.id and a.expert_id = c.expert_id;
  if made.payments is not null then
    perform private.receive_payments(
      made.mentors, made.attempts, made.bookings, made.currencies, made.amounts, made.fees, made.times);
    perform private.issue_receipts(made.mentors, made.payments);
  end if;
  payment_ids := coalesce(made.payments, '{}');
  announcements := coalesce(current_setting('matepeak.announcements', true), '');
  perform set_config('matepeak.announces', '', true), set_config('matepeak.announcements', '', true);
  return next;
end
$$;
comment on function private.settle_captures(uuid[], uuid[], text[], text[], bigint[], text[], text[], bigint[], timestamptz[]) is
  'settle_payment() for many payments of which there is nothing to say but that their only attempt has captured exactly the price '
  'of a booking that is held for it. Returns those; all others, and those of mentors who are locked at this moment, are settled '
  'one by one.';

-- A booking's steps ------------------------------------------------------------------------------------------------------

create or replace function private.settle_money_of_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  is_expired boolean := old.status = 'pending' and old.expires_at <= now();
  by_student boolean := caller = new.user_id and not (old.status = 'pending' and old.expires_at <= now());
  paid public.payments;
  whole uuid;
  refund_why text;
  amount bigint;
begin
  select * into paid from public.payments p where p.booking_id = new.id and p.expert_id = new.expert_id for no key update;
  if not found then
    return new;
  end if;
  if new.status = 'confirmed' and paid.state = 'authorized' then
    perform private.enqueue_for_payment('capture_payment', new.expert_id, paid.id);
    return new;
  end if;
  if new.status <> 'cancelled' then
    return new;
  end if;
  if paid.state = 'open' then
    update public.payments p
      set state = 'closed', closed_because = case when is_expired then 'lapsed' else 'cancelled' end, updated_at = now()
      where p.id = paid.id and p.expert_id = new.expert_id;
    if paid.basket_id is not null then
      update public.payments p
        set state = 'closed', closed_because = case when is_expired then 'lapsed' else 'cancelled' end, updated_at = now()
        where p.basket_id = paid.basket_id and p.booking_id is null and p.expert_id = new.expert_id and p.state = 'open'
        returning p.id into whole;
      -- Null: with the first of its bookings it was closed.
      if whole is not null then
        perform private.enqueue_for_payment('close_order', new.expert_id, whole);
      end if;
    else
      perform private.enqueue_for_payment('close_order', new.expert_id, paid.id);
    end if;
  elsif paid.state = 'authorized' then
    update public.payments p set closed_because = 'cancelled', updated_at = now()
      where p.id = paid.id and p.expert_id = new.expert_id;
    perform private.enqueue_for_payment('release_authorizations', new.expert_id, paid.id);
  elsif paid.state = 'captured' then
    refund_why := case
      when by_student then 'student_cancelled'
      when old.status = 'pending' and is_expired then 'expired'
      when old.status = 'pending' then 'declined'
      else 'mentor_cancelled' end;
    select private.refund_minor(
        a.captured_minor, private.returned_minor(a.expert_id, a.id), old.refund_full_cutoff, old.refund_partial_cutoff, old.refund_partial_percent,
        -- What the mentor has not agreed to yet costs its student nothing.
        old.starts_at, now(), case when by_student and old.status <> 'pending' then 'student' else 'mentor' end)
      into amount from public.payment_attempts a where a.id = paid.accepted_attempt_id and a.expert_id = paid.expert_id;
    if amount > 0 then
      perform private.request_refund(new.expert_id, paid.id, paid.accepted_attempt_id, amount, refund_why);
    end if;
  end if;
  new.payment_status := private.payment_status_of(new.expert_id, paid.id);
  return new;
end
$$;
comment on function private.settle_money_of_booking() is
  'A cancellation sends back what the stored policy says, and everything while the mentor has not agreed, or lets go of what was '
  'reserved; a confirmation charges it.';

create or replace function private.enqueue_no_show_settlement() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue(
    'refund_no_show', jsonb_build_object('mentor_id', new.expert_id, 'booking_id', new.booking_id),
    'refund_no_show ' || new.booking_id);
  return null;
end
$$;
comment on function private.enqueue_no_show_settlement() is
  'A mentor who did not come is settled by a job, which locks in the right order.';

create or replace function private.give_everything_back(mentor uuid, booking uuid, refund_why text) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  paid public.payments;
  amount bigint := 0;
  coupon_is_back boolean;
  credit_is_back boolean;
begin
  update public.coupon_uses u set given_back_at = now()
    where u.booking_id = booking and u.expert_id = mentor and u.given_back_at is null;
  coupon_is_back := found;
  credit_is_back := private.return_credit(mentor, booking, false);
  select * into paid from public.payments p where p.booking_id = booking and p.expert_id = mentor for no key update;
  if not found then
    if credit_is_back then
      update public.bookings b set payment_status = 'refunded' where b.id = booking and b.expert_id = mentor;
    end if;
  elsif paid.state = 'captured' then
    select a.captured_minor - private.returned_minor(mentor, a.id) into amount from public.payment_attempts a
      where a.id = paid.accepted_attempt_id and a.expert_id = mentor;
    if amount > 0 then
      perform private.request_refund(mentor, paid.id, paid.accepted_attempt_id, amount, refund_why);
      perform private.refresh_payment_status(mentor, paid.id);
    end if;
  end if;
  return coupon_is_back or credit_is_back or amount > 0;
end
$$;
comment on function private.give_everything_back(uuid, uuid, text) is
  'What is left of a booking''s payment, the session of its package and its coupon''s use go back, whatever the policy says. '
  'False if nothing is left. The caller has locked mentor and booking.';

create or replace function private.refund_no_show(mentor uuid, booking uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(mentor);
  perform from public.bookings b where b.id = booking and b.expert_id = mentor for no key update;
  if not exists (
    select from public.no_show_claims c
    where c.booking_id = booking and c.expert_id = mentor and c.claimed_by = 'student' and c.state in ('agreed', 'unanswered')) then
    return false;
  end if;
  return private.give_everything_back(mentor, booking, 'no_show');
end
$$;
comment on function private.refund_no_show(uuid, uuid) is
  'Everything goes back for a session that its mentor did not come to, once that is final.';

create or replace function private.join_cancellation(mentor uuid, booking uuid) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  cancelled_at timestamptz;
  something_is_back boolean;
  postponed uuid;
begin
  select max(e.created_at) into cancelled_at
    from public.bookings b join public.booking_events e on e.booking_id = b.id and e.expert_id = b.expert_id
    where b.id = booking and b.expert_id = mentor and b.status = 'cancelled' and b.starts_at > now()
      and e.to_status = 'cancelled' and e.actor = 'student';
  if cancelled_at is null or cancelled_at <= now() - interval '60 seconds' then
    return false;
  end if;
  something_is_back := private.give_everything_back(mentor, booking, 'mentor_cancelled');
  update public.refunds r set why = 'mentor_cancelled'
    from public.payments p
    where p.booking_id = booking and p.expert_id = mentor and r.payment_id = p.id and r.expert_id = p.expert_id
      and r.attempt_id = p.accepted_attempt_id and r.why = 'student_cancelled';
  -- The student's cancellation may have given back the session of a package already, but for no longer than it was usable.
  -- From the same moment however often this is called.
  update public.package_purchases p set expires_at = cancelled_at + interval '30 days', updated_at = now()
    from public.credit_uses u
    where u.booking_id = booking and u.expert_id = mentor and u.state = 'returned' and p.id = u.package_purchase_id
      and p.expert_id = u.expert_id and p.state = 'active' and p.expires_at < cancelled_at + interval '30 days'
    returning p.id into postponed;
  if postponed is not null then
    perform private.remind_of_expiry(mentor, postponed);
  end if;
  -- A second event, and with it a message, only if the mentor's cancellation has changed something.
  if something_is_back or postponed is not null then
    insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason)
      values (booking, mentor, 'cancelled', mentor, 'mentor', 'cancelled', 'cancelled',
              nullif(current_setting('matepeak.reason', true), ''));
  end if;
  return true;
end
$$;
comment on function private.join_cancellation(uuid, uuid) is
  'A mentor cancels what the student has cancelled less than a minute before: they did so at once, and the larger entitlement '
  'wins. Gives back what the student''s cancellation has left; any number of times. False, and without effect, if it is another '
  'case. The caller has locked mentor and booking.';

create or replace function private.join_cancellation_of_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if auth.uid() = new.expert_id then
    perform private.join_cancellation(new.expert_id, new.id);
  end if;
  return null;
end
$$;
comment on function private.join_cancellation_of_booking() is
  'A mentor''s plain update of a cancelled booking to cancelled, which is the guide''s way to cancel.';

-- Earnings -------------------------------------------------------------------------------------------------------------

create or replace function private.is_contested(mentor uuid, booking uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.no_show_claims c
      where c.booking_id = booking and c.expert_id = mentor
        and (c.state = 'open' or c.claimed_by = 'student' and c.state in ('agreed', 'unanswered')))
  $$;
comment on function private.is_contested(uuid, uuid) is
  'Whether a no-show report keeps the mentor from earning: one that is open, or that the mentor did not come.';

create or replace function private.is_earned(mentor uuid, booking uuid, booking_status text) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select not private.is_contested(mentor, booking)
      and (booking_status in ('completed', 'cancelled') or booking_status = 'confirmed' and exists (
        select from public.no_show_claims c
        where c.booking_id = booking and c.expert_id = mentor and c.claimed_by = 'mentor'
          and c.state in ('agreed', 'unanswered')))
  $$;
comment on function private.is_earned(uuid, uuid, text) is
  'Whether what is left of a session''s money is the mentor''s, once the dispute window is over: it took place, was cancelled, or '
  'the student did not come.';

create or replace function private.is_disputed(mentor uuid, attempt uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.payment_attempts a where a.id = attempt and a.expert_id = mentor and a.dispute = 'open')
  $$;
comment on function private.is_disputed(uuid, uuid) is 'Whether a payer disputes an attempt, and it is not decided yet.';

create or replace function private.mentors_with_due_earnings(most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select distinct due.expert_id
    from (
      select p.expert_id from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      where p.state = 'captured' and p.earned_at is null and p.due_at <= now()
        -- Judged before the limit, so that what a report or a dispute holds up is not in the way of others.
        and private.is_earned(p.expert_id, b.id, b.status) and not private.is_disputed(p.expert_id, p.accepted_attempt_id)
      order by p.due_at limit most
    ) due
  $$;
comment on function private.mentors_with_due_earnings(integer) is
  'The mentors of the payments that are earned and have been due for the longest.';

create or replace function private.earn_payments(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  due record;
  held bigint;
  fee bigint;
  earned integer := 0;
begin
  perform private.lock_mentor(mentor);
  for due in
    select p.id, p.booking_id, p.currency, b.fee_basis_points
    from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where p.expert_id = mentor and p.state = 'captured' and p.earned_at is null and p.due_at <= now()
      and private.is_earned(mentor, b.id, b.status) and not private.is_disputed(mentor, p.accepted_attempt_id)
    order by p.due_at limit most for no key update of p
  loop
    held := private.balance_of(mentor, 'escrow', due.booking_id, due.currency)
      - private.unearned_share(mentor, due.booking_id);
    fee := private.fee_minor(held, due.fee_basis_points);
    if fee > 0 then
      perform private.transfer(mentor, 'fee', due.id, 'escrow', due.booking_id, 'fees', mentor, due.currency, fee);
    end if;
    if held - fee > 0 then
      perform private.transfer(mentor, 'earned', due.id, 'escrow', due.booking_id, 'mentor', mentor, due.currency, held - fee);
      perform private.record_money(mentor, due.id, 'earned', held - fee);
      perform private.request_route_payout(mentor, due.id, due.id, held - fee);
    end if;
    perform private.issue_fee_invoice(mentor, due.booking_id);
    update public.payments p set earned_at = now() where p.id = due.id and p.expert_id = mentor;
    earned := earned + 1;
  end loop;
  return earned;
end
$$;
comment on function private.earn_payments(uuid, integer) is
  'Credits a mentor with what is left of the payments whose dispute window is over, less the platform''s fee.';

-- Asking the provider --------------------------------------------------------------------------------------------------

create or replace function private.claim_polls(most integer) returns table (mentor_id uuid, payment_id uuid)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    update public.payments p
      set polls = p.polls + 1,
          -- A minute at first, in the end every six hours, until three days after the order was made or there is nothing to learn.
          poll_at = case when p.state = 'closed' and p.created_at <= now() - interval '3 days' then null
            else now() + least(interval '1 minute' * power(1.6, least(p.polls, 20)), interval '360 minutes') end
      from (
        select q.id, q.expert_id from public.payments q where q.poll_at <= now()
        order by q.poll_at limit most for no key update skip locked
      ) due
      where p.id = due.id and p.expert_id = due.expert_id
      returning p.expert_id, p.id
  $$;
comment on function private.claim_polls(integer) is
  'The payments to ask the provider about, the longest overdue first; each is due again later, in case the process is killed.';

create or replace function private.note_unclear(mentor uuid, payment uuid) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update public.payments p set unclear_since = now()
      where p.id = payment and p.expert_id = mentor and p.unclear_since is null
  $$;
comment on function private.note_unclear(uuid, uuid) is 'The provider did not say what became of a payment.';

create or replace function private.receive_payment_event(
    from_provider text, event_key text, event_kind text, about_order text, judged text, raw bytea)
  returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  payment record;
begin
  -- Strangers must not fill the table.
  if judged <> 'genuine' then
    if (select count(*) from (
          select from private.payment_events e where e.verdict <> 'genuine' and e.received_at > now() - interval '60 minutes' limit 200) recent)
       < 200 then
      insert into private.payment_events (provider, verdict, body, processed_at)
        values (from_provider, judged, substr(raw, 1, 4096), now());
    end if;
    return judged;
  end if;
  select o.payment_id, o.expert_id into payment from private.payment_orders o
    where o.provider = from_provider and o.order_id = about_order;
  if not found then
    judged := 'unknown_order';
  end if;
  insert into private.payment_events (provider, event_id, kind, order_id, verdict, body, processed_at)
    values (from_provider, event_key, event_kind, about_order, judged,
            case when private.forgets_words(payment.expert_id, payment.payment_id) then '' else raw end,
            case when payment.payment_id is null then now() end)
    on conflict (provider, event_id) do nothing;
  if found and payment.payment_id is not null then
    perform private.enqueue_for_payment('sync_payment', payment.expert_id, payment.payment_id);
  end if;
  return judged;
end
$$;
comment on function private.receive_payment_event(text, text, text, text, text, bytea) is
  'Stores a webhook''s event and enqueues the question to the provider. An event that is known changes nothing.';

create or replace function private.delete_old_payment_events(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  handled integer;
  changed integer;
begin
  delete from private.payment_events where id = any (array(
    select e.id from private.payment_events e
    where e.verdict <> 'genuine' and e.verdict in ('forged', 'stale', 'unreadable') and e.received_at < now() - interval '7 days'
    order by e.received_at limit most for update skip locked));
  get diagnostics handled = row_count;
  delete from private.payment_events where id = any (array(
    select e.id from private.payment_events e
    where e.processed_at is not null and e.received_at < now() - interval '90 days'
    order by e.received_at limit most - handled for update skip locked));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update private.payment_events set body = '' where id = any (array(
    select e.id from private.payment_events e
    where e.body <> '' and e.processed_at is not null and e.received_at < now() - interval '30 days'
    order by e.received_at limit most - handled for no key update skip locked));
  get diagnostics changed = row_count;
  return handled + changed;
end
$$;
comment on function private.delete_old_payment_events(integer) is
  'Deletes refused webhooks after a week, and processed ones after three months, whose bodies are emptied after one.';

create or replace function private.payment_facts(mentor uuid, payment uuid)
  returns table (
    provider text, capture text, state text, amount_minor bigint, currency text, order_id text, booking_id uuid,
    booking_status text, is_unpaid boolean, starts_at timestamptz, duration integer, booked_at timestamptz, service_id uuid,
    service_title text, mentor_name text, student_name text, student_email text, sessions jsonb, is_programme boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
  as $$
    select p.provider, p.capture, p.state, p.amount_minor, p.currency, o.order_id, b.id, b.status,
      coalesce(b.status_when_paid is not null and b.id is not null or g.state = 'unpaid', false), b.starts_at,
      coalesce(b.duration, g.minutes), coalesce(b.created_at, g.created_at), s.id, s.title, m.full_name,
      coalesce(b.user_name, private.account_name(to_jsonb(u))), coalesce(b.user_email, u.email), parts.sessions,
      exists (
        select from public.series q
        where q.id = b.series_id and q.expert_id = b.expert_id and q.programme_id is not null)
    from public.payments p
      left join lateral (
        select (array_agg(x.id order by x.starts_at, x.id))[1] as first,
          jsonb_agg(jsonb_build_object('starts_at', x.starts_at, 'duration', x.duration, 'service_id', x.service_id)
                    order by x.starts_at, x.id) as sessions
        from public.bookings x where x.basket_id = p.basket_id and x.expert_id = p.expert_id
      ) parts on p.booking_id is null and p.basket_id is not null
      left join public.bookings b on b.id = coalesce(p.booking_id, parts.first) and b.expert_id = p.expert_id
      left join public.package_purchases g on g.id = p.package_purchase_id and g.expert_id = p.expert_id
      join public.services s on s.id = coalesce(b.service_id, g.service_id) and s.expert_id = p.expert_id
      join public.expert_profiles m on m.id = p.expert_id
      join auth.users u on u.id = p.user_id
      left join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id
    where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.payment_facts(uuid, uuid) is 'What the app needs to know about a payment to deal with its provider.';

create or replace function private.orders_of(mentors uuid[], payments uuid[])
  returns table (payment_id uuid, provider text, order_id text, state text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
  as $$
    select p.id, p.provider, o.order_id, p.state
    from unnest(mentors, payments) asked (mentor, payment)
      join public.payments p on p.id = asked.payment and p.expert_id = asked.mentor
      left join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id
  $$;
comment on function private.orders_of(uuid[], uuid[]) is 'The orders to ask the provider about, if there are any yet.';

create or replace function private.accepted_attempt(mentor uuid, payment uuid)
  returns table (attempt_id text, is_unwanted boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select a.attempt_id, p.closed_because is not null
    from public.payments p join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
    where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.accepted_attempt(uuid, uuid) is
  'The attempt that pays for the booking, and whether it is to be released because the booking was cancelled.';

create or replace function private.refund_facts(mentor uuid, refund uuid)
  returns table (state text, amount_minor bigint, currency text, attempt_id text, provider text, order_id text, payment_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select r.state, r.amount_minor, r.currency, a.attempt_id, p.provider, o.order_id, p.id
    from public.refunds r
      join public.payment_attempts a on a.id = r.attempt_id and a.expert_id = r.expert_id
      join public.payments p on p.id = r.payment_id and p.expert_id = r.expert_id
      join private.payment_orders o on o.payment_id = private.ordered_payment(p.expert_id, p.id) and o.expert_id = p.expert_id
    where r.id = refund and r.expert_id = mentor
  $$;
comment on function private.refund_facts(uuid, uuid) is 'What the app needs to know to send a refund.';

revoke execute on function
    private.set_money_settings(boolean, text, integer),
    private.booking_expiry(text, text, timestamptz),
    private.open_payment(),
    private.follow_session_with_payment(),
    private.set_payment_order(uuid, uuid, text),
    private.extend_hold(uuid, uuid, uuid),
    private.next_morning(uuid),
    private.record_money(uuid, uuid, text, bigint, text, uuid, text),
    private.money_to_notify(integer),
    private.claim_money_events(uuid[], bigint[]),
    private.money_event_facts(uuid, bigint),
    private.enqueue_for_payment(text, uuid, uuid),
    private.flag_payment(uuid, uuid, text),
    private.forgets_words(uuid, uuid),
    private.request_refund(uuid, uuid, uuid, bigint, text, uuid),
    private.refund_from_package(uuid, uuid, uuid, uuid, bigint, text),
    private.returned_minor(uuid, uuid),
    private.note_unclear(uuid, uuid),
    private.merge_refund(uuid, uuid, text, text, text),
    private.note_refund(uuid, uuid, text, text, text),
    private.payment_status_of(uuid, uuid),
    private.refresh_payment_status(uuid, uuid),
    private.retake_time(uuid, uuid, text, timestamptz),
    private.accept_payment(uuid, uuid, boolean, boolean),
    private.awaits_refund(uuid, uuid),
    private.refunds_known_as(uuid, uuid, uuid, uuid, text),
    private.note_refund_by_hand(uuid, uuid, uuid, bigint),
    private.lose_dispute(uuid, uuid, uuid),
    private.correct_provider_fee(uuid, text, bigint),
    private.settle_payment(uuid, uuid, jsonb, boolean),
    private.settle_captures(uuid[], uuid[], text[], text[], bigint[], text[], text[], bigint[], timestamptz[]),
    private.orders_of(uuid[], uuid[]),
    private.settle_money_of_booking(),
    private.enqueue_no_show_settlement(),
    private.give_everything_back(uuid, uuid, text),
    private.join_cancellation(uuid, uuid),
    private.join_cancellation_of_booking(),
    private.refund_no_show(uuid, uuid),
    private.is_contested(uuid, uuid),
    private.is_earned(uuid, uuid, text),
    private.is_disputed(uuid, uuid),
    private.mentors_with_due_earnings(integer),
    private.earn_payments(uuid, integer),
    private.claim_polls(integer),
    private.receive_payment_event(text, text, text, text, text, bytea),
    private.delete_old_payment_events(integer),
    private.payment_facts(uuid, uuid),
    private.accepted_attempt(uuid, uuid),
    private.refund_facts(uuid, uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.returned_minor(uuid, uuid) to authenticated, matepeak_app;
grant execute on function
    private.set_money_settings(boolean, text, integer),
    private.set_payment_order(uuid, uuid, text),
    private.extend_hold(uuid, uuid, uuid),
    private.money_to_notify(integer),
    private.claim_money_events(uuid[], bigint[]),
    private.money_event_facts(uuid, bigint),
    private.note_refund(uuid, uuid, text, text, text),
    private.settle_payment(uuid, uuid, jsonb, boolean),
    private.settle_captures(uuid[], uuid[], text[], text[], bigint[], text[], text[], bigint[], timestamptz[]),
    private.orders_of(uuid[], uuid[]),
    private.refund_no_show(uuid, uuid),
    private.mentors_with_due_earnings(integer),
    private.earn_payments(uuid, integer),
    private.claim_polls(integer),
    private.note_unclear(uuid, uuid),
    private.receive_payment_event(text, text, text, text, text, bytea),
    private.delete_old_payment_events(integer),
    private.payment_facts(uuid, uuid),
    private.accepted_attempt(uuid, uuid),
    private.refund_facts(uuid, uuid)
  to matepeak_app;
grant execute on function private.payment_status_of(uuid, uuid) to authenticated, matepeak_app;

-- private.money_settings, private.payment_orders and private.payment_events ---------------------------------------------

revoke all on private.money_settings, private.payment_orders, private.payment_events
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.payments -------------------------------------------------------------------------------------------------------

revoke all on public.payments
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.payments to authenticated, matepeak_app;
drop policy if exists payments_read_party on public.payments;
create policy payments_read_party on public.payments for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy payments_read_party on public.payments is 'Only its student and its mentor.';

-- public.payment_attempts -----------------------------------------------------------------------------------------------

revoke all on public.payment_attempts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.payment_attempts to authenticated, matepeak_app;
drop policy if exists payment_attempts_read_party on public.payment_attempts;
create policy payment_attempts_read_party on public.payment_attempts for select to authenticated, matepeak_app
  using (exists (
    select from public.payments p where p.id = payment_id and p.expert_id = payment_attempts.expert_id));
comment on policy payment_attempts_read_party on public.payment_attempts is 'The same people as the payment itself, whose policy decides.';

-- public.refunds --------------------------------------------------------------------------------------------------------

revoke all on public.refunds
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.refunds to authenticated, matepeak_app;
drop policy if exists refunds_read_party on public.refunds;
create policy refunds_read_party on public.refunds for select to authenticated, matepeak_app
  using (exists (
    select from public.payments p where p.id = payment_id and p.expert_id = refunds.expert_id));
comment on policy refunds_read_party on public.refunds is 'The same people as the payment itself, whose policy decides.';

-- public.money_events ---------------------------------------------------------------------------------------------------

revoke all on public.money_events
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
revoke all on sequence public.money_events_id_seq
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.money_events to authenticated, matepeak_app;
drop policy if exists money_events_read_party on public.money_events;
create policy money_events_read_party on public.money_events for select to authenticated, matepeak_app
  using (exists (
    select from public.payments p where p.id = payment_id and p.expert_id = money_events.expert_id));
comment on policy money_events_read_party on public.money_events is 'The same people as the payment itself, whose policy decides.';
