-- Favourites: mentors that a student has saved.

create or replace function private.limit_favourites() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- One at a time per person: two concurrent inserts would not see each other.
  perform pg_advisory_xact_lock(hashtextextended('favourite_mentors ' || new.user_id, 0));
  -- An existing favourite is inserted again when a request is repeated, and does not count twice.
  if (select count(*) from public.favourite_mentors f where f.user_id = new.user_id) >= 200
     and not exists (
       select from public.favourite_mentors f where f.user_id = new.user_id and f.expert_id = new.expert_id) then
    raise exception 'too many favourite mentors'
      using errcode = 'check_violation', constraint = 'favourite_mentors_at_most_200';
  end if;
  return new;
end
$$;
comment on function private.limit_favourites() is 'Limits the favourites, because their list is read as a whole.';

revoke execute on function private.limit_favourites()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.favourite_mentors ---------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_limit (insert)
-- * after a row: 55_check_open (insert)
create or replace trigger favourite_mentors_10_limit before insert on public.favourite_mentors
  for each row execute function private.limit_favourites();
create or replace trigger favourite_mentors_55_check_open after insert on public.favourite_mentors
  for each row execute function private.require_open_accounts();

revoke all on public.favourite_mentors
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, insert (user_id, expert_id), delete on public.favourite_mentors to authenticated;
drop policy if exists favourite_mentors_read_own on public.favourite_mentors;
create policy favourite_mentors_read_own on public.favourite_mentors for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy favourite_mentors_read_own on public.favourite_mentors is 'Students read only their own favourites.';
drop policy if exists favourite_mentors_insert_own on public.favourite_mentors;
create policy favourite_mentors_insert_own on public.favourite_mentors for insert to authenticated
  with check (user_id = (select auth.uid()));
comment on policy favourite_mentors_insert_own on public.favourite_mentors is 'Students add only their own favourites.';
drop policy if exists favourite_mentors_delete_own on public.favourite_mentors;
create policy favourite_mentors_delete_own on public.favourite_mentors for delete to authenticated
  using (user_id = (select auth.uid()));
comment on policy favourite_mentors_delete_own on public.favourite_mentors is 'Students remove their own favourites.';
