-- Documents: receipts, fee invoices and credit notes, and what they say about who issues and who receives them.

create function private.is_gstin(text) returns boolean
  language plpgsql immutable strict
  set search_path = pg_catalog, pg_temp
  as $$
declare
  letters constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  total integer := 0;
  product integer;
begin
  if $1 !~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$' then
    return false;
  end if;
  -- Every second character counts twice, and a product is the sum of its two digits to the base of 36.
  for place in 1..14 loop
    product := (strpos(letters, substr($1, place, 1)) - 1) * (2 - place % 2);
    total := total + product / 36 + product % 36;
  end loop;
  return substr(letters, (36 - total % 36) % 36 + 1, 1) = substr($1, 15, 1);
end
$$;
comment on function private.is_gstin(text) is
  'Whether this is a tax number of India (GSTIN) with the right check character, as rules/tax.ts has it.';

create table public.tax_settings (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  enabled boolean not null default false,
  legal_name text constraint tax_settings_legal_name_length check (char_length(legal_name) between 1 and 120),
  address text constraint tax_settings_address_length check (char_length(address) between 1 and 300),
  state_code text constraint tax_settings_state_code_form check (state_code ~ '^[0-9]{2}$'),
  gstin text constraint tax_settings_gstin_valid check (private.is_gstin(gstin)),
  sac text not null default '999293' constraint tax_settings_sac_form check (sac ~ '^99[0-9]{4}$'),
  rate_basis_points integer not null default 1800
    constraint tax_settings_rate_range check (rate_basis_points between 0 and 10000),
  updated_at timestamptz not null default now(),
  constraint tax_settings_enabled_when_complete check (
    not enabled or num_nulls(legal_name, address, state_code, gstin) = 0),
  constraint tax_settings_gstin_of_state check (left(gstin, 2) = state_code),
  constraint tax_settings_legal_name_clean check (
    legal_name is nfc normalized and legal_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint tax_settings_address_clean check (
    address is nfc normalized and address !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F]')
);
comment on table public.tax_settings is
  'What a mentor''s receipts and fee invoices say about GST. No row, or not enabled: receipts are plain receipts.';
comment on column public.tax_settings.state_code is 'Of the State''s two digits in a GSTIN.';
comment on column public.tax_settings.sac is 'Code of the service (SAC).';
comment on column public.tax_settings.rate_basis_points is 'In hundredths of a percent; contained in the price.';
alter table public.tax_settings enable row level security;

create table public.billing_details (
  user_id uuid primary key references auth.users (id) on delete cascade,
  name text constraint billing_details_name_length check (char_length(name) between 1 and 120),
  address text constraint billing_details_address_length check (char_length(address) between 1 and 300),
  state_code text constraint billing_details_state_code_form check (state_code ~ '^[0-9]{2}$'),
  gstin text constraint billing_details_gstin_valid check (private.is_gstin(gstin)),
  updated_at timestamptz not null default now(),
  constraint billing_details_gstin_of_state check (left(gstin, 2) = state_code),
  constraint billing_details_gstin_has_state check (gstin is null or state_code is not null),
  constraint billing_details_name_clean check (
    name is nfc normalized and name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint billing_details_address_clean check (
    address is nfc normalized and address !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F]')
);
comment on table public.billing_details is
  'What a student''s documents say about the student, besides the name of the booking. The State decides between CGST and IGST.';
alter table public.billing_details enable row level security;

create table private.platform_details (
  id integer primary key default 1 constraint platform_details_one_row check (id = 1),
  legal_name text not null,
  address text,
  state_code text constraint platform_details_state_code_form check (state_code ~ '^[0-9]{2}$'),
  gstin text constraint platform_details_gstin_valid check (private.is_gstin(gstin)),
  sac text not null,
  rate_basis_points integer not null
    constraint platform_details_rate_range check (rate_basis_points between 0 and 10000),
  constraint platform_details_gstin_of_state check (gstin is null or left(gstin, 2) is not distinct from state_code)
);
comment on table private.platform_details is
  'Who runs the platform, as its invoices to mentors say it: written by the app when it starts, from the configuration.';
alter table private.platform_details enable row level security;

create table private.document_series (
  issuer_id uuid not null,
  series text not null constraint document_series_form check (series ~ '^[A-Z]{1,3}$'),
  start_year integer not null,
  last_number integer not null default 0
    constraint document_series_number_fits check (last_number >= 0),
  last_issued_at timestamptz not null,
  primary key (issuer_id, series)
);
comment on table private.document_series is
  'The last number of each series of documents. A row is locked from the taking of a number to the end of its transaction, so '
  'that a rolled-back one leaves no gap.';
comment on column private.document_series.issuer_id is 'The mentor, or the nil id for the platform.';
comment on column private.document_series.start_year is 'In which the financial year of last_number began.';
alter table private.document_series enable row level security;

create table public.documents (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  kind text not null constraint documents_kind_known check (
    kind in ('receipt', 'fee_invoice', 'credit_note', 'fee_credit_note')),
  series text not null,
  start_year integer not null,
  number_in_series integer not null constraint documents_number_in_series_positive check (number_in_series > 0),
  number text not null constraint documents_number_length check (char_length(number) between 1 and 16),
  issued_at timestamptz not null,
  sandbox boolean not null,
  reference_id uuid not null,
  booking_id uuid,
  payment_id uuid,
  refund_id uuid,
  currency text not null constraint documents_currency_known check (currency in ('INR')),
  total_minor bigint not null constraint documents_total_positive check (total_minor > 0),
  content jsonb not null constraint documents_content_object check (jsonb_typeof(content) = 'object'),
  fee_id uuid,
  constraint documents_id_expert_id_key unique (id, expert_id),
  constraint documents_number_key unique (expert_id, series, start_year, number_in_series),
  constraint documents_once unique (expert_id, kind, reference_id),
  constraint documents_reference_is_the_cause check (
    reference_id is not distinct from
      case kind when 'receipt' then payment_id when 'fee_invoice' then coalesce(fee_id, booking_id) else refund_id end),
  constraint documents_fee_of_a_fee_invoice check (fee_id is null or kind = 'fee_invoice'),
  constraint documents_fee_invoice_is_the_mentors check (
    kind not in ('fee_invoice', 'fee_credit_note') or user_id = expert_id),
  constraint documents_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint documents_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id),
  constraint documents_refund_id_fkey foreign key (refund_id, expert_id) references public.refunds (id, expert_id)
);
comment on table public.documents is
  'Receipts, fee invoices and credit notes for either as they were issued. Never changed; kept after people are gone, as the law wants.';
comment on column public.documents.user_id is 'For whom it is: the student, or the mentor if it is about the fee.';
comment on column public.documents.series is
  'Receipts (R) and credit notes (C) are numbered per mentor, who issues them; fee invoices (F) and credit notes for them (N) by '
  'the platform. T before it: '
  'of the sandbox.';
comment on column public.documents.start_year is 'In which the financial year of the number began.';
comment on column public.documents.sandbox is 'No real money: such documents have series of their own, and may be deleted.';
comment on column public.documents.reference_id is
  'What it is about: the payment of a receipt, the refund of either credit note, the booking of a fee invoice or its fee_id.';
comment on column public.documents.fee_id is
  'The reference of the fee in the ledger, if it was kept from the money of a package: for a session, or what was left.';
comment on column public.documents.content is 'All that it says, as it was: names, lines, taxes. server/documents/ shows it.';
-- The platform's numbers are of all mentors together.
create unique index documents_platform_number_key on public.documents (series, start_year, number_in_series)
  where kind in ('fee_invoice', 'fee_credit_note');
create index documents_user_id_idx on public.documents (user_id, issued_at desc, id desc);
create index documents_expert_id_idx on public.documents (expert_id, issued_at desc, id desc);
create index documents_booking_id_idx on public.documents (booking_id, expert_id);
create index documents_payment_id_idx on public.documents (payment_id, expert_id);
create index documents_refund_id_idx on public.documents (refund_id, expert_id);
alter table public.documents enable row level security;
