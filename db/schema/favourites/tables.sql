-- Favourites: mentors that a student has saved.

create table public.favourite_mentors (
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (user_id, expert_id)
);
comment on table public.favourite_mentors is 'Mentors that a student has saved. Visible to that student only.';
create index favourite_mentors_expert_id_idx on public.favourite_mentors (expert_id);
alter table public.favourite_mentors enable row level security;
