-- A signed link can be taken back: links carry the generation they were made in, and a person can end all earlier ones.

create table public.booking_link_generations (
  booking_id uuid not null references public.bookings (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  generation integer not null
    constraint booking_link_generations_counted check (generation > 0),
  ended_at timestamptz not null default now(),
  primary key (booking_id, user_id)
);
comment on table public.booking_link_generations is
  'How often a student or mentor has ended the links to one of their bookings. No row: never, and links are of generation 0.';
create index booking_link_generations_user_id_idx on public.booking_link_generations (user_id);

alter table public.booking_link_generations enable row level security;
revoke all on public.booking_link_generations from public, anon, authenticated, service_role;
grant select (booking_id, user_id, generation, ended_at) on public.booking_link_generations to authenticated;
create policy booking_link_generations_own on public.booking_link_generations
  for select to authenticated using (user_id = (select auth.uid()));
comment on policy booking_link_generations_own on public.booking_link_generations is
  'People see how often they ended their own links.';

create function public.end_booking_links(target_booking uuid) returns integer
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into public.booking_link_generations as g (booking_id, user_id, generation)
    select b.id, auth.uid(), 1 from public.bookings b
    where b.id = target_booking and auth.uid() in (b.user_id, b.expert_id)
    on conflict (booking_id, user_id) do update set generation = g.generation + 1, ended_at = now()
    returning generation
  $$;
comment on function public.end_booking_links(uuid) is
  'Ends all links that the caller has made to a booking of theirs. Null for a booking that is none of theirs.';
revoke execute on function public.end_booking_links(uuid) from public, anon, authenticated, service_role;
grant execute on function public.end_booking_links(uuid) to authenticated;
