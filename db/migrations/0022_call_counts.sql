-- Counts of calls that all app processes share: sign-in, sign-up, bookings, requests.

-- Unlogged: counting writes nothing to the log and waits for no disk. After a crash of the server the counts begin anew,
-- and a standby does not have them.
create unlogged table private.call_counts (
  key bytea primary key,
  total integer not null,
  ends_at timestamptz not null
) with (fillfactor = 50);
comment on table private.call_counts is
  'How often a call was made in its current window. The key is a hash of the limit''s name and of whose call it is: '
  'nobody''s address is stored. Written by count_calls() only.';
create index call_counts_ends_at_idx on private.call_counts (ends_at);
alter table private.call_counts enable row level security;
revoke all on private.call_counts from public, anon, authenticated, service_role;

create function private.count_calls(keys bytea[], amounts integer[], seconds integer[])
  returns table (key bytea, total integer, ends_in double precision)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into private.call_counts as c (key, total, ends_at)
      select asked.key, asked.amount, clock_timestamp() + asked.seconds * interval '1 second'
      from unnest(keys, amounts, seconds) asked (key, amount, seconds)
      -- Two processes that count the same calls wait for each other in the same order.
      order by asked.key
    on conflict on constraint call_counts_pkey do update set
      total = case when c.ends_at <= clock_timestamp() then excluded.total
                   else least(c.total::bigint + excluded.total, 1000000000)::integer end,
      ends_at = case when c.ends_at <= clock_timestamp() then excluded.ends_at else c.ends_at end
    returning c.key, c.total, date_part('epoch', c.ends_at - clock_timestamp()) * 1000
  $$;
comment on function private.count_calls(bytea[], integer[], integer[]) is
  'Counts calls in fixed windows, each beginning with its first call, and answers the counts and the ms until the '
  'windows end. Each key once.';

create function private.forget_call_counts() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  forgotten integer;
begin
  -- A count that is being renewed at this moment is left to whoever renews it.
  delete from private.call_counts where key in (
    select c.key from private.call_counts c where c.ends_at < now() for update skip locked);
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;
comment on function private.forget_call_counts() is 'Windows that are over.';

revoke execute on function
    private.count_calls(bytea[], integer[], integer[]), private.forget_call_counts()
  from public, anon, authenticated, service_role;
grant execute on function
    private.count_calls(bytea[], integer[], integer[]), private.forget_call_counts()
  to matepeak_app;
