-- Documents: receipts, fee invoices and credit notes. Numbers, taxes, and who reads them.

create or replace function private.financial_year(at timestamptz) returns integer
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    -- April begins a year.
    select extract(year from private.wall_clock(at, 'Asia/Kolkata') - interval '3 months')::integer
  $$;
comment on function private.financial_year(timestamptz) is
  'The calendar year in which India''s financial year of an instant began, as rules/tax.ts.';

create or replace function private.document_number(series text, start_year integer, ordinal integer) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select format('%s/%s-%s/%s', series, lpad((start_year % 100)::text, 2, '0'), lpad(((start_year + 1) % 100)::text, 2, '0'),
      case when ordinal < 1000000 then lpad(ordinal::text, 6, '0') else ordinal::text end)
  $$;
comment on function private.document_number(text, integer, integer) is
  'The number as it is printed: R/26-27/000123. Rule 46 of the CGST Rules: at most 16 letters, digits, "-" and "/".';

create or replace function private.issue_document(
  mentor uuid,
  reader uuid,
  of_kind text,
  of_booking uuid,
  of_payment uuid,
  of_refund uuid,
  of_currency text,
  total bigint,
  is_sandbox boolean,
  facts jsonb,
  at timestamptz default null
) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  about uuid := case of_kind when 'receipt' then of_payment when 'credit_note' then of_refund else of_booking end;
  in_series text := case when is_sandbox then 'T' else '' end
    || case of_kind when 'receipt' then 'R' when 'credit_note' then 'C' else 'F' end;
  issuer uuid := case when of_kind = 'fee_invoice' then '00000000-0000-0000-0000-000000000000' else mentor end;
  current private.document_series;
  dated timestamptz;
  in_year integer;
  ordinal integer;
  issued uuid;
begin
  insert into private.document_series (issuer_id, series, start_year, last_issued_at)
    values (issuer, in_series, private.financial_year(coalesce(at, clock_timestamp())), '-infinity')
    on conflict do nothing;
  -- The lock that makes numbers gapless: held until the transaction ends.
  select * into current from private.document_series s where s.issuer_id = issuer and s.series = in_series for update;
  select d.id into issued from public.documents d
    where d.expert_id = mentor and d.kind = of_kind and d.reference_id = about;
  if found then
    return issued;
  end if;
  -- Read after waiting for the lock, and never before the last number's: numbers are in the order of their dates, whatever the
  -- clock does.
  dated := greatest(coalesce(at, clock_timestamp()), current.last_issued_at);
  in_year := private.financial_year(dated);
  ordinal := case when in_year > current.start_year then 1 else current.last_number + 1 end;
  update private.document_series s
    set start_year = in_year, last_number = ordinal, last_issued_at = dated
    where s.issuer_id = issuer and s.series = in_series;
  insert into public.documents (expert_id, user_id, kind, series, start_year, number_in_series, number, issued_at, sandbox,
      reference_id, booking_id, payment_id, refund_id, currency, total_minor, content)
    values (mentor, reader, of_kind, in_series, in_year, ordinal, private.document_number(in_series, in_year, ordinal),
      dated, is_sandbox, about, of_booking, of_payment, of_refund, of_currency, total, facts)
    returning id into issued;
  return issued;
end
$$;
comment on function private.issue_document(uuid, uuid, text, uuid, uuid, uuid, text, bigint, boolean, jsonb, timestamptz) is
  'Issues a document under the next number of its series, in the transaction that causes it. A second call for the same cause '
  'returns the same document. The series stays locked until the transaction ends: the last lock that it takes.';

create or replace function private.keep_document() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'DELETE' and old.sandbox then
    return old;
  end if;
  raise exception 'documents are never changed' using errcode = 'check_violation', constraint = 'documents_never_change';
end
$$;
comment on function private.keep_document() is
  'Rejects every change of a document, and the deletion of any but the sandbox''s, which the removal of the demo deletes.';

create or replace function private.set_platform_details(
  legal_name text, address text, state_code text, gstin text, sac text, rate_basis_points integer
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into private.platform_details as p (legal_name, address, state_code, gstin, sac, rate_basis_points)
      values (legal_name, address, state_code, gstin, sac, rate_basis_points)
    on conflict (id) do update set legal_name = excluded.legal_name, address = excluded.address,
      state_code = excluded.state_code, gstin = excluded.gstin, sac = excluded.sac,
      rate_basis_points = excluded.rate_basis_points
  $$;
comment on function private.set_platform_details(text, text, text, text, text, integer) is
  'Stores who runs the platform, for the invoices that are issued from now on.';

revoke execute on function
    private.is_gstin(text),
    private.financial_year(timestamptz),
    private.document_number(text, integer, integer),
    private.issue_document(uuid, uuid, text, uuid, uuid, uuid, text, bigint, boolean, jsonb, timestamptz),
    private.keep_document(),
    private.set_platform_details(text, text, text, text, text, integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- The checks of tables that people write to themselves.
grant execute on function private.is_gstin(text) to authenticated;
grant execute on function private.set_platform_details(text, text, text, text, text, integer) to matepeak_app;

-- public.documents -----------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_keep (update, delete)
create or replace trigger documents_10_keep before update or delete on public.documents
  for each row execute function private.keep_document();

revoke all on public.documents
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.documents to authenticated;
drop policy if exists documents_read_party on public.documents;
create policy documents_read_party on public.documents for select to authenticated
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy documents_read_party on public.documents is
  'Students read their receipts and credit notes, and so does the mentor in whose name they are; mentors their fee invoices.';

-- public.tax_settings --------------------------------------------------------------------------------------------------

revoke all on public.tax_settings
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.tax_settings to authenticated;
grant insert (expert_id, enabled, legal_name, address, state_code, gstin, sac, rate_basis_points),
  update (enabled, legal_name, address, state_code, gstin, sac, rate_basis_points, updated_at)
  on public.tax_settings to authenticated;
drop policy if exists tax_settings_read_own on public.tax_settings;
create policy tax_settings_read_own on public.tax_settings for select to authenticated
  using (expert_id = (select auth.uid()));
comment on policy tax_settings_read_own on public.tax_settings is 'Mentors read only their own tax settings.';
drop policy if exists tax_settings_insert_own on public.tax_settings;
create policy tax_settings_insert_own on public.tax_settings for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy tax_settings_insert_own on public.tax_settings is 'Mentors write only their own tax settings.';
drop policy if exists tax_settings_update_own on public.tax_settings;
create policy tax_settings_update_own on public.tax_settings for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy tax_settings_update_own on public.tax_settings is 'Mentors change only their own tax settings.';

-- public.billing_details -----------------------------------------------------------------------------------------------

revoke all on public.billing_details
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.billing_details to authenticated;
grant insert (user_id, name, address, state_code, gstin), update (name, address, state_code, gstin, updated_at)
  on public.billing_details to authenticated;
drop policy if exists billing_details_read_own on public.billing_details;
create policy billing_details_read_own on public.billing_details for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy billing_details_read_own on public.billing_details is 'People read only their own details.';
drop policy if exists billing_details_insert_own on public.billing_details;
create policy billing_details_insert_own on public.billing_details for insert to authenticated
  with check (user_id = (select auth.uid()));
comment on policy billing_details_insert_own on public.billing_details is 'People write only their own details.';
drop policy if exists billing_details_update_own on public.billing_details;
create policy billing_details_update_own on public.billing_details for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy billing_details_update_own on public.billing_details is 'People change only their own details.';

-- private.document_series, private.platform_details --------------------------------------------------------------------

revoke all on private.document_series, private.platform_details
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
