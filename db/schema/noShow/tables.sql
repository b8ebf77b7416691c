-- No-shows: one party of a session reports that the other did not attend.

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
  'A report by one party of a session that the other did not attend. Triggers set all columns but texts and status.';
comment on column public.no_show_claims.claimed_by is 'The party who reported the other.';
comment on column public.no_show_claims.reason is 'The claimer''s comment.';
comment on column public.no_show_claims.state is
  'Effective once agreed or unanswered; disputed and withdrawn claims have no effect.';
comment on column public.no_show_claims.answer_until is 'When the other party''s time to respond ends.';
comment on column public.no_show_claims.answer is 'The comment on an agreement or a dispute.';
create index no_show_claims_booking_id_idx on public.no_show_claims (booking_id, expert_id, created_at desc);
-- When both parties report at the same moment, one is first. A disputed claim counts: both have given their view.
create unique index no_show_claims_one_key on public.no_show_claims (booking_id, expert_id) where state <> 'withdrawn';
create index no_show_claims_answer_until_idx on public.no_show_claims (answer_until) where state = 'open';
alter table public.no_show_claims enable row level security;
