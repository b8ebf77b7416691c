-- No-shows: one side of a session reports that the other did not come.

create table public.no_show_claims (
  id uuid primary key default private.uuid_v7(),
  booking_id uuid not null,
  expert_id uuid not null,
  claimed_by text not null constraint no_show_claims_claimed_by_known check (claimed_by in ('student', 'mentor')),
  reason text constraint no_show_claims_reason_length check (char_length(reason) between 1 and 500),
  state text not null default 'open' constraint no_show_claims_state_known
    check (state in ('open', 'agreed', 'disputed', 'withdrawn', 'unanswered')),
  answer_until timestamptz not null,
  answer text constraint no_show_claims_answer_length check (char_length(answer) between 1 and 500),
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint no_show_claims_settled_once check ((state = 'open') = (settled_at is null)),
  constraint no_show_claims_only_answers_have_words check (answer is null or state in ('agreed', 'disputed')),
  constraint no_show_claims_reason_clean check (
    reason is nfc normalized and reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint no_show_claims_answer_clean check (
    answer is nfc normalized and answer !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint no_show_claims_id_expert_id_key unique (id, expert_id),
  constraint no_show_claims_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.no_show_claims is
  'One side of a session says that the other did not come. All but the words and the step is filled in by triggers.';
comment on column public.no_show_claims.claimed_by is 'Who says so; it is the other side that did not come.';
comment on column public.no_show_claims.reason is 'The claimer''s words.';
comment on column public.no_show_claims.state is
  'It stands once it is agreed or unanswered; disputed and withdrawn ones are as if they had never been.';
comment on column public.no_show_claims.answer_until is 'Until when the other side may answer.';
comment on column public.no_show_claims.answer is 'The words that go with an agreement or a dispute.';
create index no_show_claims_booking_id_idx on public.no_show_claims (booking_id, expert_id, created_at desc);
-- Of two people who say so at the same moment one is first. A disputed one counts: both have had their say.
create unique index no_show_claims_one_key on public.no_show_claims (booking_id, expert_id) where state <> 'withdrawn';
create index no_show_claims_answer_until_idx on public.no_show_claims (answer_until) where state = 'open';
alter table public.no_show_claims enable row level security;
