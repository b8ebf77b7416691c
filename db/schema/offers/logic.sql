-- Offers: whether a coupon or a bought session may be used, what it takes off, and what becomes of it.

-- Price ----------------------------------------------------------------------------------------------------------------

create or replace function private.coupon_discount(basis_points integer, amount_minor bigint, price_minor bigint) returns bigint
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select case
      when basis_points is null then least(amount_minor, price_minor)
      -- Rounded half up, and not in bigint: the product of the largest amounts does not fit.
      else div(price_minor::numeric * basis_points + 5000, 10000)::bigint end
  $$;
comment on function private.coupon_discount(integer, bigint, bigint) is
  'What a coupon takes off a price: hundredths of a percent of it, or an amount, but no more than the price.';

create or replace function private.price_lines_of(
    session_minor bigint, recording_minor bigint, with_credit boolean, coupon_basis_points integer, coupon_minor bigint)
  returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    with list as (
      select case when with_credit then 0 else session_minor end + coalesce(recording_minor, 0) as before_coupon
    ), lines (place, kind, amount) as (
      select 1, 'session', session_minor
      union all select 2, 'credit', -session_minor where with_credit
      union all select 3, 'recording', recording_minor where recording_minor is not null
      union all select 4, 'coupon', -private.coupon_discount(coupon_basis_points, coupon_minor, l.before_coupon)
        from list l where num_nonnulls(coupon_basis_points, coupon_minor) > 0
    )
    select jsonb_agg(jsonb_build_object('kind', kind, 'amount_minor', amount) order by place) from lines
  $$;
comment on function private.price_lines_of(bigint, bigint, boolean, integer, bigint) is
  'The lines of a price, which add up to it: the same as rules/priceLines.ts; a test compares them. '
  'recording_minor: null without a recording.';

-- Coupons --------------------------------------------------------------------------------------------------------------

create or replace function private.count_of_uses(mentor uuid, coupon uuid, student uuid, without uuid) returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select count(distinct coalesce(u.together_id, u.booking_id)) from public.coupon_uses u
    where u.coupon_id = coupon and u.expert_id = mentor and (student is null or u.user_id = student)
      and (without is null or u.together_id is distinct from without) and u.given_back_at is null
  $$;
comment on function private.count_of_uses(uuid, uuid, uuid, uuid) is
  'How often a coupon is used, by a student if one is given: several sessions that were booked together are one use. Without that of '
  'a series or a basket.';

create or replace function private.coupon_refusal(mentor uuid, coupon uuid, student uuid, service uuid, together uuid) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select case
      when c.deleted_at is not null or not c.enabled then 'withdrawn'
      when c.active_from > now() then 'not_yet'
      when c.active_until <= now() then 'over'
      when c.service_ids is not null and service <> all (c.service_ids) then 'other_service'
      when c.first_session_only and together is not null then 'first_alone'
      when c.first_session_only and exists (
        select from public.bookings b
        where b.expert_id = mentor and b.user_id = student and b.status <> 'cancelled') then 'first_session_only'
      when c.max_uses_per_student <= (
        select private.count_of_uses(mentor, c.id, student, together)) then 'used_by_you'
      when c.max_uses <= (
        select private.count_of_uses(mentor, c.id, null, together)) then 'used_up'
      end
    from public.coupons c where c.id = coupon and c.expert_id = mentor
  $$;
comment on function private.coupon_refusal(uuid, uuid, uuid, uuid, uuid) is
  'Why a student cannot use a coupon for a service now; null if nothing prevents it. With the series or the basket that the session '
  'is booked with, whose own use is no obstacle. Exact under the mentor''s lock.';

create or replace function private.find_coupon(
    mentor uuid, coupon_code text, student uuid, services uuid[], are_together boolean)
  returns table (id uuid, basis_points integer, amount_minor bigint, currency text, service_ids uuid[], refusal text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select c.id, c.basis_points, c.amount_minor, c.currency, c.service_ids,
      private.coupon_refusal(
        mentor, c.id, student,
        -- One of the services is enough: the others are booked without the coupon.
        coalesce((select s.id from unnest(services) s (id) where s.id = any (c.service_ids) limit 1), services[1]),
        case when are_together then private.uuid_v7() end)
    from public.coupons c where c.expert_id = mentor and c.code = upper(coupon_code) and c.deleted_at is null
  $$;
comment on function private.find_coupon(uuid, text, uuid, uuid[], boolean) is
  'A mentor''s coupon of this code, and why the student cannot use it for a session, or for several that are booked together. '
  'Students cannot read coupons.';

-- Several sessions that are booked together have one use, which is counted once, and given back when each of them has given it back.

create or replace function private.couponed_sum(mentor uuid, series uuid, basket uuid) returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- Volatile: a trigger sees the rows that the same statement has written before.
  return coalesce((
    select sum((l.line ->> 'amount_minor')::bigint)
    from public.bookings b cross join jsonb_array_elements(b.price_lines) l (line)
    where b.expert_id = mentor and (b.series_id = series or b.basket_id = basket) and b.coupon_id is not null
      and l.line ->> 'kind' <> 'coupon'), 0);
end
$$;
comment on function private.couponed_sum(uuid, uuid, uuid) is
  'What the bookings of a series or a basket that have its coupon cost without it, as far as they are written.';

create or replace function private.sum_before_coupon(mentor uuid, series uuid, basket uuid) returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select case
      when series is not null then (
        select q.before_coupon_minor from public.series q where q.id = series and q.expert_id = mentor)
      else (select k.before_coupon_minor from public.baskets k where k.id = basket and k.expert_id = mentor) end
  $$;
comment on function private.sum_before_coupon(uuid, uuid, uuid) is
  'The sum that the coupon of a series or a basket is applied to, as it was announced. take_offers_of_booking() compares.';

create or replace function private.part_of_discount(discount bigint, before bigint, price_minor bigint, whole bigint) returns bigint
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    -- Not in bigint: the product of the largest amounts does not fit.
    select div(2 * discount::numeric * (before + price_minor) + whole, 2 * whole)
      - div(2 * discount::numeric * before + whole, 2 * whole)
  $$;
comment on function private.part_of_discount(bigint, bigint, bigint, bigint) is
  'The part of a price in a discount on the whole, after prices that add up to before: by proportion. Differences of rounded running '
  'sums, so the parts add up: the same as rules/couponShares.ts; a test compares them.';

create or replace function private.coupon_share(
    mentor uuid, series uuid, basket uuid, basis_points integer, amount_minor bigint, price_minor bigint)
  returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  whole bigint := private.sum_before_coupon(mentor, series, basket);
  off bigint := private.coupon_discount(basis_points, amount_minor, whole);
  before bigint := private.couponed_sum(mentor, series, basket);
begin
  return private.part_of_discount(off, before, price_minor, whole);
end
$$;
comment on function private.coupon_share(uuid, uuid, uuid, integer, bigint, bigint) is
  'What the next booking of a series or a basket has of its coupon, in the order in which they are written.';

-- Credits --------------------------------------------------------------------------------------------------------------

create or replace function private.credit_currency(service uuid) returns text
  language sql immutable
  return 'session:' || service;
comment on function private.credit_currency(uuid) is 'What the ledger counts sessions of a service in.';

create or replace function private.is_purchase_disputed(mentor uuid, purchase uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.payments p
      where p.package_purchase_id = purchase and p.expert_id = mentor
        and private.is_disputed(p.expert_id, p.accepted_attempt_id))
  $$;
comment on function private.is_purchase_disputed(uuid, uuid) is
  'Whether the payer''s bank has not decided yet who has the money of a package: until then none of it is used or earned.';

create or replace function private.credit_refusal(mentor uuid, purchase uuid, student uuid, service uuid, length integer)
  returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce((
      select case
        when p.service_id <> service or p.minutes <> length then 'other_service'
        when p.state in ('unpaid', 'lapsed') then 'unpaid'
        when p.state = 'refunded' then 'refunded'
        when private.is_purchase_disputed(mentor, p.id) then 'disputed'
        when p.expires_at <= now() then 'over'
        when private.balance_of(mentor, 'credits', p.id, private.credit_currency(p.service_id)) < 1 then 'used_up'
        else '' end
      from public.package_purchases p where p.id = purchase and p.expert_id = mentor and p.user_id = student), 'unknown')
  $$;
comment on function private.credit_refusal(uuid, uuid, uuid, uuid, integer) is
  'Why a student cannot book such a session with a bought package; empty if nothing prevents it.';

create or replace function private.credits_left(mentor uuid, purchases uuid[])
  returns table (purchase_id uuid, credits bigint, money_minor bigint)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select p.id, private.balance_of(p.expert_id, 'credits', p.id, private.credit_currency(p.service_id)),
      private.balance_of(p.expert_id, 'package_money', p.id, p.currency)
    from public.package_purchases p
    where p.id = any (purchases) and p.expert_id = mentor and auth.uid() in (p.user_id, p.expert_id)
  $$;
comment on function private.credits_left(uuid, uuid[]) is
  'The sessions that are left of bought packages, and the money in them. For their student and mentor only.';

create or replace function private.reserve_credit(mentor uuid, booking uuid, purchase uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  bought public.package_purchases;
  credits bigint;
  money bigint;
  share bigint;
  use uuid := private.uuid_v7();
begin
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor for no key update;
  credits := private.balance_of(mentor, 'credits', purchase, private.credit_currency(bought.service_id));
  money := private.balance_of(mentor, 'package_money', purchase, bought.currency);
  -- Equal parts of what is there: less, after a refund of a part. The last session has the remainder.
  share := money / credits;
  insert into public.credit_uses (id, expert_id, booking_id, package_purchase_id, share_minor, currency)
    values (use, mentor, booking, purchase, share, bought.currency);
  perform private.transfer(mentor, 'credit_reserved', use, 'credits', purchase, 'credits_reserved', booking,
                           private.credit_currency(bought.service_id), 1);
  if share > 0 then
    perform private.transfer(mentor, 'package_share', use, 'package_money', purchase, 'escrow', booking, bought.currency, share);
  end if;
end
$$;
comment on function private.reserve_credit(uuid, uuid, uuid) is
  'Takes one session of a package, and its part of the money, for a booking.';

create or replace function private.use_credit(mentor uuid, booking uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  taken record;
begin
  update public.credit_uses u set state = 'used'
    from public.package_purchases p
    where u.booking_id = booking and u.expert_id = mentor and u.state = 'reserved' and p.id = u.package_purchase_id
      and p.expert_id = u.expert_id
    returning u.id, p.service_id into taken;
  if found then
    perform private.transfer(mentor, 'credit_used', taken.id, 'credits_reserved', booking, 'credits_used', mentor,
                             private.credit_currency(taken.service_id), 1);
  end if;
end
$$;
comment on function private.use_credit(uuid, uuid) is 'The reserved session of a package is used up.';

create or replace function private.remind_of_expiry(mentor uuid, purchase uuid) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    insert into public.money_events (expert_id, user_id, payment_id, kind, amount_minor, currency, notify_at)
      select p.expert_id, p.user_id, p.id, 'expiring', p.amount_minor, p.currency, g.expires_at - interval '7 days'
      from public.package_purchases g join public.payments p on p.package_purchase_id = g.id and p.expert_id = g.expert_id
      where g.id = purchase and g.expert_id = mentor
  $$;
comment on function private.remind_of_expiry(uuid, uuid) is
  'Plans the message that sessions of a package expire soon. It is written only if that is still so.';

create or replace function private.return_credit(mentor uuid, booking uuid, is_students_doing boolean) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  taken public.credit_uses;
  bought public.package_purchases;
  expired_at timestamptz;
begin
  select * into taken from public.credit_uses u
    where u.booking_id = booking and u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null;
  if not found then
    return false;
  end if;
  select * into bought from public.package_purchases p where p.id = taken.package_purchase_id and p.expert_id = mentor;
  if taken.share_minor = 0 and bought.price_minor >= bought.sessions then
    -- Its money went back by a dispute, or by hand at the provider: there is no session to give back.
    perform private.use_credit(mentor, booking);
    return false;
  end if;
  expired_at := bought.expires_at;
  update public.package_purchases p
    set state = 'active', updated_at = now(),
        -- Otherwise a mentor who cancels could let it expire.
        expires_at = case when is_students_doing then p.expires_at else greatest(p.expires_at, now() + interval '30 days') end
    where p.id = taken.package_purchase_id and p.expert_id = mentor
    returning * into bought;
  update public.credit_uses u set state = 'returned' where u.id = taken.id and u.expert_id = mentor;
  if taken.state = 'reserved' then
    perform private.transfer(mentor, 'credit_returned', taken.id, 'credits_reserved', booking, 'credits', bought.id,
                             private.credit_currency(bought.service_id), 1);
  else
    perform private.transfer(mentor, 'credit_returned', taken.id, 'credits_used', mentor, 'credits', bought.id,
                             private.credit_currency(bought.service_id), 1);
  end if;
  if taken.share_minor > 0 then
    perform private.transfer(mentor, 'package_share_returned', taken.id, 'escrow', booking, 'package_money', bought.id,
                             bought.currency, taken.share_minor);
  end if;
  if bought.expires_at > expired_at then
    perform private.remind_of_expiry(mentor, bought.id);
  end if;
  return true;
end
$$;
comment on function private.return_credit(uuid, uuid, boolean) is
  'Gives back the session of a package that a booking has taken, with its money; false if there is none. One that comes back '
  'without the student''s doing can be used for at least 30 days.';

-- A booking's steps ----------------------------------------------------------------------------------------------------

create or replace function private.take_offers(
    mentor uuid, booking uuid, student uuid, service uuid, length integer, coupon uuid, together uuid, purchase uuid)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if coupon is not null and (
    select private.coupon_refusal(mentor, coupon, student, service, together)) is not null then
    return 'coupon';
  end if;
  if purchase is not null and private.credit_refusal(mentor, purchase, student, service, length) <> '' then
    return 'credit';
  end if;
  if coupon is not null then
    insert into public.coupon_uses as u (booking_id, expert_id, coupon_id, user_id, together_id)
      values (booking, mentor, coupon, student, together)
      on conflict (booking_id, expert_id) do update set given_back_at = null, used_at = now();
  end if;
  if purchase is not null then
    perform private.reserve_credit(mentor, booking, purchase);
  end if;
  return null;
end
$$;
comment on function private.take_offers(uuid, uuid, uuid, uuid, integer, uuid, uuid, uuid) is
  'Uses a booking''s coupon and session of a package, again if they were given back when it lapsed. Returns what cannot be '
  'used. The caller has locked the mentor.';

create or replace function private.take_offers_of_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.coupon_id is not null then
    if coalesce(new.series_id, new.basket_id) is not null
       and private.sum_before_coupon(new.expert_id, new.series_id, new.basket_id)
         is distinct from private.couponed_sum(new.expert_id, new.series_id, new.basket_id) then
      raise exception 'the coupon was applied to another sum than that of the bookings'
        using errcode = 'check_violation', constraint = 'coupons_apply_to_sum';
    end if;
    insert into public.coupon_uses (booking_id, expert_id, coupon_id, user_id, together_id)
      values (new.id, new.expert_id, new.coupon_id, new.user_id, coalesce(new.series_id, new.basket_id));
  end if;
  if new.package_purchase_id is not null then
    perform private.reserve_credit(new.expert_id, new.id, new.package_purchase_id);
  end if;
  return null;
end
$$;
comment on function private.take_offers_of_booking() is
  'Uses what prepare_booking() has found usable under the same lock.';

create or replace function private.settle_offers_of_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  by_student boolean := coalesce(auth.uid() = new.user_id, false) and not (old.status = 'pending' and old.expires_at <= now());
  credit_is_back boolean;
begin
  if new.status = 'completed' then
    perform private.use_credit(new.expert_id, new.id);
  elsif new.status = 'cancelled' then
    -- What was not agreed yet costs nothing. Later the policy of a full refund decides about what the student does.
    if old.status = 'pending' or not by_student
       or private.refund_minor(100, 0, old.refund_full_cutoff, old.refund_partial_cutoff, old.refund_partial_percent,
                               old.starts_at, now(), 'student') = 100 then
      update public.coupon_uses u set given_back_at = now()
        where u.booking_id = new.id and u.expert_id = new.expert_id and u.given_back_at is null;
      -- In a statement of its own: an AND whose other side is known to be false may leave out the call.
      credit_is_back := private.return_credit(new.expert_id, new.id, by_student);
      if credit_is_back and new.payment_status = 'completed' and not exists (
        select from public.payments p where p.booking_id = new.id and p.expert_id = new.expert_id) then
        new.payment_status := 'refunded';
      end if;
    else
      perform private.use_credit(new.expert_id, new.id);
    end if;
  end if;
  return new;
end
$$;
comment on function private.settle_offers_of_booking() is
  'Gives back the coupon''s use and the session of a package when a session is called off, or uses them up, by the stored policy.';

-- Packages -------------------------------------------------------------------------------------------------------------

create or replace function private.buy_package(student uuid, mentor uuid, package uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  offered record;
  money private.money_settings;
  bought public.package_purchases;
begin
  perform private.lock_mentor(mentor);
  select * into money from private.money_settings;
  select g.*, s.title into offered
    from public.packages g
      join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
      join public.service_durations d on d.service_id = g.service_id and d.expert_id = g.expert_id and d.minutes = g.minutes
      join public.expert_profiles m on m.id = g.expert_id
    where g.id = package and g.expert_id = mentor and g.enabled and g.deleted_at is null and s.enabled
      and s.deleted_at is null and m.accepting_bookings and m.hidden_because is null;
  if not found or not coalesce(money.collects, false) then
    raise exception 'not on offer' using errcode = 'check_violation', constraint = 'packages_on_offer';
  end if;
  if exists (select from private.closed_accounts c where c.user_id = student) then
    perform private.raise_cap_reached('accounts_open');
  end if;
  select * into bought from public.package_purchases p
    where p.user_id = student and p.package_id = package and p.expert_id = mentor and p.state = 'unpaid' for no key update;
  if found then
    if (bought.sessions, bought.minutes, bought.price_minor, bought.valid_days, bought.currency)
       = (offered.sessions, offered.minutes, offered.price_minor, offered.valid_days, offered.currency)
       and exists (select from public.payments p where p.package_purchase_id = bought.id and p.expert_id = mentor and p.state = 'open') then
      return bought.id;
    end if;
    perform private.abandon_purchase(mentor, bought.id, 'cancelled');
  end if;
  insert into public.package_purchases (
      expert_id, user_id, package_id, service_id, minutes, sessions, price_minor, currency, valid_days, fee_basis_points)
    values (mentor, student, package, offered.service_id, offered.minutes, offered.sessions, offered.price_minor,
            offered.currency, offered.valid_days, money.fee_basis_points)
    returning * into bought;
  insert into public.payments (expert_id, user_id, package_purchase_id, provider, capture, amount_minor, currency)
    values (mentor, student, bought.id, money.provider, 'automatic', bought.price_minor, bought.currency);
  return bought.id;
end
$$;
comment on function private.buy_package(uuid, uuid, uuid) is
  'Begins the purchase of a package on its present terms, or returns the one that was begun on the same terms.';

create or replace function private.abandon_purchase(mentor uuid, purchase uuid, why text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  payment uuid;
begin
  update public.package_purchases p set state = 'lapsed', updated_at = now()
    where p.id = purchase and p.expert_id = mentor and p.state = 'unpaid';
  update public.payments p set state = 'closed', closed_because = why, updated_at = now()
    where p.package_purchase_id = purchase and p.expert_id = mentor and p.state = 'open' returning p.id into payment;
  if found then
    perform private.enqueue_for_payment('close_order', mentor, payment);
  end if;
end
$$;
comment on function private.abandon_purchase(uuid, uuid, text) is
  'A purchase that is not paid any more. If it lapsed and is paid after all, it becomes active; if cancelled, the money goes back.';

create or replace function private.accept_purchase(mentor uuid, purchase uuid) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  bought public.package_purchases;
begin
  update public.package_purchases p
    set state = 'active', expires_at = now() + p.valid_days * interval '1 day', updated_at = now()
    where p.id = purchase and p.expert_id = mentor and p.state in ('unpaid', 'lapsed')
      -- What a deleted person pays, or is paid, goes back.
      and not exists (
        select from private.closed_accounts c where c.user_id in (p.user_id, p.expert_id) and c.why = 'deleted')
    returning * into bought;
  if not found then
    return false;
  end if;
  perform private.transfer(mentor, 'credits_issued', purchase, 'credits_issued', mentor, 'credits', purchase,
                           private.credit_currency(bought.service_id), bought.sessions);
  perform private.remind_of_expiry(mentor, purchase);
  return true;
end
$$;
comment on function private.accept_purchase(uuid, uuid) is
  'A paid package can be used from now on. False if it has been given up, or one of the two is deleted.';

create or replace function private.end_credits(mentor uuid, purchase uuid, ending text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  bought public.package_purchases;
  credits bigint;
begin
  update public.package_purchases p set state = ending, updated_at = now()
    where p.id = purchase and p.expert_id = mentor returning * into bought;
  credits := private.balance_of(mentor, 'credits', purchase, private.credit_currency(bought.service_id));
  if credits > 0 then
    perform private.transfer(mentor, 'credits_' || ending, private.uuid_v7(), 'credits', purchase, 'credits_expired', mentor,
                             private.credit_currency(bought.service_id), credits);
  end if;
end
$$;
comment on function private.end_credits(uuid, uuid, text) is 'What is left of a package cannot be used any more: expired or refunded.';

create or replace function private.withdraw_credits(mentor uuid, purchase uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  bought public.package_purchases;
  credits bigint;
  money bigint;
  kept bigint;
begin
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor for no key update;
  credits := private.balance_of(mentor, 'credits', purchase, private.credit_currency(bought.service_id));
  money := private.balance_of(mentor, 'package_money', purchase, bought.currency);
  if money = 0 then
    perform private.end_credits(mentor, purchase, 'refunded');
    return;
  end if;
  -- Rounded, so that a small sum out of kindness takes no session away.
  kept := round(money * bought.sessions / bought.price_minor::numeric);
  if credits > greatest(kept, 1) then
    perform private.transfer(mentor, 'credits_refunded', private.uuid_v7(), 'credits', purchase, 'credits_expired', mentor,
                             private.credit_currency(bought.service_id), credits - greatest(kept, 1));
  end if;
end
$$;
comment on function private.withdraw_credits(uuid, uuid) is
  'After a refund: as many sessions can still be booked as what is left of the money pays for.';

create or replace function private.refund_package(mentor uuid, purchase uuid) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  bought public.package_purchases;
  paid public.payments;
  amount bigint;
begin
  perform private.lock_mentor(mentor);
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor for no key update;
  select * into paid from public.payments p where p.package_purchase_id = purchase and p.expert_id = mentor for no key update;
  if bought.state is distinct from 'active' or paid.state <> 'captured' then
    return 0;
  end if;
  amount := private.balance_of(mentor, 'package_money', purchase, bought.currency);
  if amount > 0 then
    perform private.request_refund(mentor, paid.id, paid.accepted_attempt_id, amount, 'unused');
  else
    perform private.end_credits(mentor, purchase, 'refunded');
  end if;
  return amount;
end
$$;
comment on function private.refund_package(uuid, uuid) is
  'Sends back the money of the sessions that no booking has taken, and returns how much that is.';

create or replace function private.end_packages_of_deleted(mentor uuid, most integer) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  due record;
  ended integer := 0;
begin
  for due in
    select p.id, p.state from public.package_purchases p
      join private.closed_accounts c on c.user_id in (p.user_id, p.expert_id) and c.why = 'deleted'
    where p.expert_id = mentor and p.state in ('active', 'unpaid') and not private.is_purchase_disputed(mentor, p.id)
    order by p.created_at limit most
  loop
    if due.state = 'unpaid' then
      perform private.abandon_purchase(mentor, due.id, 'cancelled');
    else
      perform private.refund_package(mentor, due.id);
    end if;
    ended := ended + 1;
  end loop;
  return ended;
end
$$;
comment on function private.end_packages_of_deleted(uuid, integer) is
  'Sends back the money of unused sessions when their student or their mentor has deleted the account.';

create or replace function private.mentors_with_offers_to_settle(most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select distinct due.expert_id
    from (
      (select p.expert_id from public.package_purchases p
       where p.state = 'active' and p.expires_at <= now() and not private.is_purchase_disputed(p.expert_id, p.id)
       order by p.expires_at limit most)
      union all
      (select p.expert_id from public.package_purchases p
       where p.state = 'unpaid' and p.created_at <= now() - interval '1 day' order by p.created_at limit most)
      union all
      (select u.expert_id from public.credit_uses u
         join public.bookings b on b.id = u.booking_id and b.expert_id = u.expert_id
       where u.state <> 'returned' and u.earned_at is null and b.ends_at + interval '72 hours' <= now()
         -- Judged before the limit, so that what a report holds up is not in the way of others.
         and private.is_earned(u.expert_id, b.id, b.status)
         and not private.is_purchase_disputed(u.expert_id, u.package_purchase_id)
       order by u.created_at limit most)
      union all
      (select p.expert_id from private.closed_accounts c
         join public.package_purchases p on p.user_id = c.user_id and p.state in ('active', 'unpaid')
       where c.why = 'deleted' limit most)
      union all
      (select p.expert_id from private.closed_accounts c
         join public.package_purchases p on p.expert_id = c.user_id and p.state in ('active', 'unpaid')
       where c.why = 'deleted' limit most)
    ) due
  $$;
comment on function private.mentors_with_offers_to_settle(integer) is
  'The mentors whose packages have expired, were not paid or are of a deleted person, or who have earned a session of one.';

create or replace function private.settle_offers(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  due record;
  held bigint;
  reference uuid;
  settled integer := 0;
begin
  perform private.lock_mentor(mentor);
  settled := private.end_packages_of_deleted(mentor, most);
  for due in
    select p.id, p.state, p.currency, p.fee_basis_points from public.package_purchases p
    where p.expert_id = mentor and (
      p.state = 'active' and p.expires_at <= now() and not private.is_purchase_disputed(mentor, p.id) or p.state = 'unpaid' and p.created_at <= now() - interval '1 day')
    order by p.created_at limit most for no key update
  loop
    settled := settled + 1;
    if due.state = 'unpaid' then
      perform private.abandon_purchase(mentor, due.id, 'lapsed');
      continue;
    end if;
    perform private.end_credits(mentor, due.id, 'expired');
    held := private.balance_of(mentor, 'package_money', due.id, due.currency);
    reference := private.uuid_v7();
    perform private.earn_share(mentor, reference, due.id, null, due.currency, held, due.fee_basis_points);
  end loop;
  for due in
    select u.id, u.booking_id, u.share_minor, p.id as purchase_id, p.currency, p.fee_basis_points
    from public.credit_uses u
      join public.package_purchases p on p.id = u.package_purchase_id and p.expert_id = u.expert_id
      join public.bookings b on b.id = u.booking_id and b.expert_id = u.expert_id
    where u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null and b.ends_at + interval '72 hours' <= now()
      and private.is_earned(mentor, b.id, b.status) and not private.is_purchase_disputed(mentor, p.id)
    order by u.created_at limit most for no key update of u
  loop
    perform private.use_credit(mentor, due.booking_id);
    perform private.earn_share(
      mentor, due.id, due.purchase_id, due.booking_id, due.currency, due.share_minor, due.fee_basis_points);
    update public.credit_uses u set earned_at = now() where u.id = due.id and u.expert_id = mentor;
    settled := settled + 1;
  end loop;
  return settled;
end
$$;
comment on function private.settle_offers(uuid, integer) is
  'Ends a mentor''s packages that have expired, whose money is the mentor''s, and purchases that were not paid for a day; '
  'credits the sessions of packages whose dispute window is over. Less the platform''s fee, with its invoice. Nothing of a '
  'package whose payment is disputed.';

create or replace function private.earn_share(
    mentor uuid, reference uuid, purchase uuid, booking uuid, money_currency text, amount bigint, basis_points integer)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  fee bigint := private.fee_minor(amount, basis_points);
  from_kind text := case when booking is null then 'package_money' else 'escrow' end;
  from_owner uuid := coalesce(booking, purchase);
begin
  if amount - fee > 0 then
    perform private.transfer(mentor, 'package_earned', reference, from_kind, from_owner, 'mentor', mentor, money_currency, amount - fee);
    perform private.record_money(
      mentor, p.id, 'earned', amount - fee, case when booking is null then 'expired' end)
      from public.payments p where p.package_purchase_id = purchase and p.expert_id = mentor;
    perform private.request_route_payout(mentor, p.id, reference, amount - fee)
      from public.payments p where p.package_purchase_id = purchase and p.expert_id = mentor;
  end if;
  if fee > 0 then
    perform private.transfer(mentor, 'package_fee', reference, from_kind, from_owner, 'fees', mentor, money_currency, fee);
    perform private.issue_package_fee_invoice(mentor, reference, booking, purchase, fee, amount);
  end if;
end
$$;
comment on function private.earn_share(uuid, uuid, uuid, uuid, text, bigint, integer) is
  'Shares the money of a package''s session, or of an expired package (no booking), between the platform and the mentor.';

create or replace function private.unearned_share(mentor uuid, booking uuid) returns bigint
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(sum(u.share_minor), 0)::bigint from public.credit_uses u
    where u.booking_id = booking and u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null
  $$;
comment on function private.unearned_share(uuid, uuid) is
  'The package''s money in a booking''s escrow, next to what the student paid for the recording.';

create or replace function private.keep_deleted_offer() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.deleted_at := old.deleted_at;
  return new;
end
$$;
comment on function private.keep_deleted_offer() is 'Prevents restoring a deleted coupon or package, which would bypass the cap.';

revoke execute on function
    private.sum_of_lines(jsonb),
    private.price_lines_of(bigint, bigint, boolean, integer, bigint),
    private.coupon_discount(integer, bigint, bigint),
    private.count_of_uses(uuid, uuid, uuid, uuid),
    private.coupon_refusal(uuid, uuid, uuid, uuid, uuid),
    private.find_coupon(uuid, text, uuid, uuid[], boolean),
    private.couponed_sum(uuid, uuid, uuid),
    private.sum_before_coupon(uuid, uuid, uuid),
    private.part_of_discount(bigint, bigint, bigint, bigint),
    private.coupon_share(uuid, uuid, uuid, integer, bigint, bigint),
    private.credit_currency(uuid),
    private.is_purchase_disputed(uuid, uuid),
    private.credit_refusal(uuid, uuid, uuid, uuid, integer),
    private.credits_left(uuid, uuid[]),
    private.remind_of_expiry(uuid, uuid),
    private.reserve_credit(uuid, uuid, uuid),
    private.use_credit(uuid, uuid),
    private.return_credit(uuid, uuid, boolean),
    private.take_offers(uuid, uuid, uuid, uuid, integer, uuid, uuid, uuid),
    private.take_offers_of_booking(),
    private.settle_offers_of_booking(),
    private.buy_package(uuid, uuid, uuid),
    private.abandon_purchase(uuid, uuid, text),
    private.accept_purchase(uuid, uuid),
    private.end_credits(uuid, uuid, text),
    private.withdraw_credits(uuid, uuid),
    private.end_packages_of_deleted(uuid, integer),
    private.refund_package(uuid, uuid),
    private.mentors_with_offers_to_settle(integer),
    private.settle_offers(uuid, integer),
    private.earn_share(uuid, uuid, uuid, uuid, text, bigint, integer),
    private.unearned_share(uuid, uuid),
    private.keep_deleted_offer()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.find_coupon(uuid, text, uuid, uuid[], boolean),
    private.credit_refusal(uuid, uuid, uuid, uuid, integer),
    private.credits_left(uuid, uuid[]),
    private.buy_package(uuid, uuid, uuid),
    private.refund_package(uuid, uuid),
    private.mentors_with_offers_to_settle(integer),
    private.settle_offers(uuid, integer)
  to matepeak_app;
grant execute on function private.credits_left(uuid, uuid[]) to authenticated;
-- A CHECK of bookings calls it.
grant execute on function private.sum_of_lines(jsonb) to authenticated, matepeak_app;

-- public.coupons -------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, update)
-- * before a row: 10_keep_deleted (update), 20_touch (update)
-- * after a statement: 90_limit (insert)
-- A coupon does not change between a booking's check and its use.
create or replace trigger coupons_05_lock_schedule before insert or update on public.coupons
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger coupons_10_keep_deleted before update of deleted_at on public.coupons
  for each row when (old.deleted_at is not null) execute function private.keep_deleted_offer();
create or replace trigger coupons_20_touch before update on public.coupons
  for each row execute function private.touch_updated_at();
create or replace trigger coupons_90_limit after insert on public.coupons
  referencing new table as added for each statement execute function private.limit_owned('coupons');

revoke all on public.coupons
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.coupons to authenticated;
grant insert (expert_id, code, basis_points, amount_minor, currency, active_from, active_until, max_uses,
              max_uses_per_student, service_ids, first_session_only, enabled),
      update (basis_points, amount_minor, currency, active_from, active_until, max_uses, max_uses_per_student, service_ids,
              first_session_only, enabled, deleted_at)
  on public.coupons to authenticated;
drop policy if exists coupons_own on public.coupons;
create policy coupons_own on public.coupons for all to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy coupons_own on public.coupons is 'Only their mentor: a code is a secret that the mentor gives away.';

-- public.coupon_uses ---------------------------------------------------------------------------------------------------

revoke all on public.coupon_uses
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.coupon_uses to authenticated;
drop policy if exists coupon_uses_read_party on public.coupon_uses;
create policy coupon_uses_read_party on public.coupon_uses for select to authenticated
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy coupon_uses_read_party on public.coupon_uses is 'Only the student and the mentor of the booking.';

-- public.packages ------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, update)
-- * before a row: 10_keep_deleted (update), 20_touch (update)
-- * after a statement: 90_limit (insert)
create or replace trigger packages_05_lock_schedule before insert or update on public.packages
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger packages_10_keep_deleted before update of deleted_at on public.packages
  for each row when (old.deleted_at is not null) execute function private.keep_deleted_offer();
create or replace trigger packages_20_touch before update on public.packages
  for each row execute function private.touch_updated_at();
create or replace trigger packages_90_limit after insert on public.packages
  referencing new table as added for each statement execute function private.limit_owned('packages');

revoke all on public.packages
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.packages to anon, authenticated, matepeak_app;
grant insert (expert_id, service_id, minutes, sessions, price_minor, currency, valid_days, enabled),
      update (sessions, price_minor, valid_days, enabled, deleted_at)
  on public.packages to authenticated;
drop policy if exists packages_read on public.packages;
create policy packages_read on public.packages for select to anon, authenticated, matepeak_app using (true);
comment on policy packages_read on public.packages is 'Packages are public, like services and their prices.';
drop policy if exists packages_insert_own on public.packages;
create policy packages_insert_own on public.packages for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy packages_insert_own on public.packages is 'Mentors add their own packages.';
drop policy if exists packages_update_own on public.packages;
create policy packages_update_own on public.packages for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy packages_update_own on public.packages is 'Mentors edit their own packages.';

-- public.package_purchases ---------------------------------------------------------------------------------------------

revoke all on public.package_purchases
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.package_purchases to authenticated, matepeak_app;
drop policy if exists package_purchases_read_party on public.package_purchases;
create policy package_purchases_read_party on public.package_purchases for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy package_purchases_read_party on public.package_purchases is 'Only its student and its mentor.';

-- public.credit_uses ---------------------------------------------------------------------------------------------------

revoke all on public.credit_uses
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.credit_uses to authenticated;
drop policy if exists credit_uses_read_party on public.credit_uses;
create policy credit_uses_read_party on public.credit_uses for select to authenticated
  using (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = credit_uses.expert_id));
comment on policy credit_uses_read_party on public.credit_uses is 'The same people as the booking itself, whose policy decides.';
