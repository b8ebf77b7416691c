-- What an operator watches: how much waits, and never whose. The role of the job queue may ask, because its connections
-- stay free when visitors and bookings have taken all the others.

grant usage on schema private to matepeak_jobs;

create function private.count_what_waits(out holds integer, out requests integer, out time_requests integer)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    -- Each from its partial index, and never more than somebody would look at.
    select
      (select count(*) from (select from public.occupancies where state = 'hold' limit 10000) h)::integer,
      (select count(*) from (select from public.bookings where status = 'pending' limit 10000) b)::integer,
      (select count(*) from (select from public.time_requests where status = 'open' limit 10000) t)::integer
  $$;
comment on function private.count_what_waits() is
  'How many holds stand, bookings wait for their mentor and requests for a time are open; 10,000 means at least so many.';
revoke all on function private.count_what_waits() from public, anon, authenticated, service_role;
grant execute on function private.count_what_waits() to matepeak_jobs;
