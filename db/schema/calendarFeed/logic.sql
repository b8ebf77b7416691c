-- The calendar feed: a private address at which calendar programs read a person's sessions.

create or replace function private.calendar_feed_owner(hash bytea) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  found public.calendar_feeds;
begin
  select * into found from public.calendar_feeds f where f.token_hash = hash;
  -- Programs ask every few minutes; a write each time would be more work than the answer. A feed that is being replaced
  -- is not waited for.
  if found.last_read_at is null or found.last_read_at < now() - interval '60 minutes' then
    update public.calendar_feeds f set last_read_at = now()
    where f.user_id = (
      select o.user_id from public.calendar_feeds o where o.token_hash = hash for update skip locked);
  end if;
  return found.user_id;
end
$$;
comment on function private.calendar_feed_owner(bytea) is
  'Whose feed a token opens, by its hash; null for none. Notes that it was read.';

create or replace function public.replace_calendar_feed(hash bytea) returns timestamptz
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into public.calendar_feeds as f (user_id, token_hash)
      select auth.uid(), hash where not private.is_anonymous()
    on conflict (user_id) do update set token_hash = hash, created_at = now(), last_read_at = null
    returning created_at
  $$;
comment on function public.replace_calendar_feed(bytea) is
  'Turns on the caller''s feed under a token with this hash. An address that it had before ends.';

revoke execute on function
    private.calendar_feed_owner(bytea),
    public.replace_calendar_feed(bytea)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.calendar_feed_owner(bytea) to matepeak_app;
grant execute on function public.replace_calendar_feed(bytea) to authenticated;

-- public.calendar_feeds ------------------------------------------------------------------------------------------------

revoke all on public.calendar_feeds
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, delete on public.calendar_feeds to authenticated;
drop policy if exists calendar_feeds_read_own on public.calendar_feeds;
create policy calendar_feeds_read_own on public.calendar_feeds for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy calendar_feeds_read_own on public.calendar_feeds is 'People see only whether their own feed is on.';
drop policy if exists calendar_feeds_delete_own on public.calendar_feeds;
create policy calendar_feeds_delete_own on public.calendar_feeds for delete to authenticated
  using (user_id = (select auth.uid()));
comment on policy calendar_feeds_delete_own on public.calendar_feeds is 'People turn off only their own feed.';
