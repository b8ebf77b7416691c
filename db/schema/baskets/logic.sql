-- Baskets: bookings that are held, paid and lapse together. The order at the provider is the basket's; when it is paid, each
-- booking gets its part, and from then on is dealt with as if it had been paid alone.

-- Opening and holding --------------------------------------------------------------------------------------------------

create or replace function private.open_basket(mentor uuid, basket uuid) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  total bigint;
  parts bigint;
begin
  select k.total_minor, (
      select coalesce(sum(b.total_minor), 0) from public.bookings b where b.basket_id = k.id and b.expert_id = k.expert_id)
    into total, parts
    from public.baskets k where k.id = basket and k.expert_id = mentor and k.user_id = auth.uid();
  if total is distinct from parts then
    raise exception 'the basket has bookings of %, not %', parts, total
      using errcode = 'check_violation', constraint = 'baskets_total_is_sum';
  end if;
  -- Nothing is paid if nothing is collected.
  insert into public.payments (expert_id, user_id, basket_id, provider, capture, amount_minor, currency)
    select k.expert_id, k.user_id, k.id, s.provider, 'automatic', k.total_minor, k.currency
    from public.baskets k, private.money_settings s
    where k.id = basket and k.expert_id = mentor and exists (
      select from public.payments p where p.basket_id = k.id and p.expert_id = k.expert_id);
end
$$;
comment on function private.open_basket(uuid, uuid) is
  'Opens the payment of a basket, which its bookings'' payments are the parts of. For its student, after the bookings are written.';

create or replace function private.held_together(mentor uuid, booking uuid) returns setof uuid
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select o.id from public.bookings b
      join public.bookings o
        on o.expert_id = b.expert_id and o.id <> b.id and (o.basket_id = b.basket_id or o.series_id = b.series_id)
    where b.id = booking and b.expert_id = mentor and o.status = 'pending' and o.status_when_paid is not null
      -- Once one session of a series is paid, each other one is paid, and lapses, by itself.
      and (o.basket_id is not null or not exists (
        select from public.bookings p
        where p.series_id = b.series_id and p.expert_id = b.expert_id and p.status_when_paid is null))
  $$;
comment on function private.held_together(uuid, uuid) is
  'The other bookings whose time is held for the same payment, or for the first one of their series.';

create or replace function private.end_holds_together() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.bookings b set status = 'cancelled'
    where b.expert_id = new.expert_id and b.id in (select private.held_together(new.expert_id, new.id));
  return null;
end
$$;
comment on function private.end_holds_together() is 'What is held together lapses and is given up together: all or none.';

-- Paying ---------------------------------------------------------------------------------------------------------------

create or replace function private.has_basket_lapsed(mentor uuid, payment uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.payments p join public.bookings b on b.basket_id = p.basket_id and b.expert_id = p.expert_id
      where p.id = payment and p.expert_id = mentor and b.status = 'cancelled' and b.status_when_paid is not null)
  $$;
comment on function private.has_basket_lapsed(uuid, uuid) is 'Whether what a basket''s payment is for is no longer held.';

create or replace function private.accept_basket(mentor uuid, basket uuid, may_retake boolean) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  part uuid;
begin
  for part in
    select b.id from public.bookings b where b.basket_id = basket and b.expert_id = mentor order by b.starts_at, b.id
  loop
    if not private.accept_payment(mentor, part, may_retake, true) then
      raise exception 'not all of the basket can be booked' using errcode = 'MP001';
    end if;
  end loop;
  return true;
exception when sqlstate 'MP001' then
  return false;
end
$$;
comment on function private.accept_basket(uuid, uuid, boolean) is
  'Gives all bookings of a paid basket their status, or none: as accept_payment() for each.';

create or replace function private.share_payment(mentor uuid, payment uuid, attempt uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  part record;
  share uuid;
begin
  for part in
    select p.id, p.booking_id, p.basket_id, p.amount_minor, p.currency
    from public.payments whole
      join public.payments p on p.basket_id = whole.basket_id and p.expert_id = whole.expert_id and p.booking_id is not null
    where whole.id = payment and whole.expert_id = mentor
    order by p.id for no key update of p
  loop
    insert into public.payment_attempts (
        expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method, verdict, created_at)
      select a.expert_id, part.id, a.attempt_id, a.state, part.amount_minor, a.currency, part.amount_minor, a.method, 'accepted',
        a.created_at
      from public.payment_attempts a where a.id = attempt and a.expert_id = mentor
      returning id into share;
    update public.payments p
      set state = 'captured', closed_because = null, accepted_attempt_id = share, captured_minor = part.amount_minor,
          updated_at = now()
      where p.id = part.id and p.expert_id = mentor;
    perform private.transfer(mentor, 'basket_share', share, 'basket_money', part.basket_id, 'escrow', part.booking_id,
                             part.currency, part.amount_minor, (select a.created_at from public.payment_attempts a
                               where a.id = attempt and a.expert_id = mentor));
    -- The message about the payment is about all of them.
    insert into public.money_events (
        expert_id, user_id, payment_id, booking_id, kind, amount_minor, currency, notified_at)
      select p.expert_id, p.user_id, p.id, p.booking_id, 'paid', p.amount_minor, p.currency, now()
      from public.payments p where p.id = part.id and p.expert_id = mentor;
    perform private.issue_receipt(mentor, part.id);
  end loop;
end
$$;
comment on function private.share_payment(uuid, uuid, uuid) is
  'Divides what was paid for a basket among its bookings: each has its price in escrow, its part of the attempt and its receipt.';

-- The whole and its parts ------------------------------------------------------------------------------------------------

create or replace function private.ordered_payment(mentor uuid, payment uuid) returns uuid
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce((
        select whole.id from public.payments whole
        where whole.basket_id = p.basket_id and whole.expert_id = p.expert_id and whole.booking_id is null), p.id)
    from public.payments p where p.id = payment and p.expert_id = mentor
  $$;
comment on function private.ordered_payment(uuid, uuid) is
  'The payment that has the order at the provider: the basket''s for a part of one, or else the payment itself.';

create or replace function private.parts_of_payment(mentor uuid, payment uuid) returns setof uuid
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select p.id from public.payments p where p.id = payment and p.expert_id = mentor
    union all
    select part.id from public.payments p
      join public.payments part
        on part.basket_id = p.basket_id and part.expert_id = p.expert_id and part.booking_id is not null
    where p.id = payment and p.expert_id = mentor and p.booking_id is null and p.basket_id is not null
  $$;
comment on function private.parts_of_payment(uuid, uuid) is 'The payment, and of a basket''s the parts.';

create or replace function private.same_attempts(mentor uuid, payment uuid, attempt uuid) returns setof uuid
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select attempt
    union all
    select part.id from public.payment_attempts a
      join private.parts_of_payment(mentor, payment) p (id) on p.id <> payment
      join public.payment_attempts part
        on part.payment_id = p.id and part.expert_id = a.expert_id and part.attempt_id = a.attempt_id
    where a.id = attempt and a.expert_id = mentor
  $$;
comment on function private.same_attempts(uuid, uuid, uuid) is
  'An attempt, and if it paid for a basket its parts: the provider knows them as one.';

create or replace function private.is_shared(mentor uuid, payment uuid, attempt uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.payments p
      where p.id = payment and p.expert_id = mentor and p.booking_id is null and p.basket_id is not null
        and p.accepted_attempt_id = attempt)
  $$;
comment on function private.is_shared(uuid, uuid, uuid) is
  'Whether the money of an attempt was divided among the bookings of a basket: what goes back of it goes back from them.';

create or replace function private.series_paid_by(mentor uuid, payment uuid) returns uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select k.series_id from public.payments p join public.baskets k on k.id = p.basket_id and k.expert_id = p.expert_id
      where p.id = payment and p.expert_id = mentor and p.booking_id is null
  $$;
comment on function private.series_paid_by(uuid, uuid) is
  'The series whose sessions one payment is for; null if it is for something else.';

create or replace function private.bookings_paid_by(mentor uuid, payment uuid) returns uuid[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select array_agg(b.id order by b.starts_at, b.id)
      from public.payments p join public.bookings b on b.basket_id = p.basket_id and b.expert_id = p.expert_id
      where p.id = payment and p.expert_id = mentor and p.booking_id is null
  $$;
comment on function private.bookings_paid_by(uuid, uuid) is
  'The bookings that one payment is for together, earliest first; null if it is for something else.';

create or replace function private.titles_of(mentor uuid, bookings uuid[]) returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select array_agg(x.title order by x.first, x.title) from (
      select s.title, min(b.starts_at) as first
      from public.bookings b join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      where b.id = any (bookings) and b.expert_id = mentor
      group by s.title) x
  $$;
comment on function private.titles_of(uuid, uuid[]) is
  'What the services of some bookings are called, each once, in the order of their first starts.';

revoke execute on function
    private.open_basket(uuid, uuid),
    private.held_together(uuid, uuid),
    private.end_holds_together(),
    private.has_basket_lapsed(uuid, uuid),
    private.accept_basket(uuid, uuid, boolean),
    private.share_payment(uuid, uuid, uuid),
    private.ordered_payment(uuid, uuid),
    private.parts_of_payment(uuid, uuid),
    private.same_attempts(uuid, uuid, uuid),
    private.is_shared(uuid, uuid, uuid),
    private.series_paid_by(uuid, uuid),
    private.bookings_paid_by(uuid, uuid),
    private.titles_of(uuid, uuid[])
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.open_basket(uuid, uuid),
    private.series_paid_by(uuid, uuid),
    private.bookings_paid_by(uuid, uuid),
    private.titles_of(uuid, uuid[])
  to matepeak_app;

-- public.baskets -------------------------------------------------------------------------------------------------------

revoke all on public.baskets
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.baskets to authenticated, matepeak_app;
grant insert (id, expert_id, user_id, series_id, total_minor, currency, before_coupon_minor) on public.baskets to matepeak_app;
drop policy if exists baskets_read_party on public.baskets;
create policy baskets_read_party on public.baskets for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy baskets_read_party on public.baskets is 'Only its student and its mentor.';
drop policy if exists baskets_insert_own on public.baskets;
create policy baskets_insert_own on public.baskets for insert to matepeak_app with check (user_id = (select auth.uid()));
comment on policy baskets_insert_own on public.baskets is 'Students book only for themselves.';
