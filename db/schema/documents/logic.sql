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
  at timestamptz default null,
  of_fee uuid default null
) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  about uuid := case of_kind when 'receipt' then of_payment when 'fee_invoice' then coalesce(of_fee, of_booking) else of_refund end;
  in_series text := case when is_sandbox then 'T' else '' end
    || case of_kind when 'receipt' then 'R' when 'credit_note' then 'C' when 'fee_invoice' then 'F' else 'N' end;
  issuer uuid := case when of_kind in ('fee_invoice', 'fee_credit_note') then '00000000-0000-0000-0000-000000000000' else mentor end;
  current private.document_series;
  dated timestamptz;
  in_year integer;
  ordinal integer;
  issued uuid;
begin
  loop
    -- The lock that makes numbers gapless: held until the transaction ends.
    select * into current from private.document_series s where s.issuer_id = issuer and s.series = in_series for update;
    exit when found;
    insert into private.document_series (issuer_id, series, start_year, last_issued_at)
      values (issuer, in_series, private.financial_year(coalesce(at, clock_timestamp())), '-infinity')
      on conflict do nothing;
  end loop;
  -- Read after waiting for the lock, and never before the last number's: numbers are in the order of their dates, whatever the
  -- clock does.
  dated := greatest(coalesce(at, clock_timestamp()), current.last_issued_at);
  in_year := private.financial_year(dated);
  ordinal := case when in_year > current.start_year then 1 else current.last_number + 1 end;
  insert into public.documents (expert_id, user_id, kind, series, start_year, number_in_series, number, issued_at, sandbox,
      reference_id, booking_id, payment_id, refund_id, currency, total_minor, content, fee_id)
    values (mentor, reader, of_kind, in_series, in_year, ordinal, private.document_number(in_series, in_year, ordinal),
      dated, is_sandbox, about, of_booking, of_payment, of_refund, of_currency, total, facts, of_fee)
    -- Asked by its constraint, and not by a query, whose plan may be one from when the table was small.
    on conflict on constraint documents_once do nothing
    returning id into issued;
  if not found then
    return (select d.id from public.documents d
      where d.expert_id = mentor and d.kind = of_kind and d.reference_id = about);
  end if;
  update private.document_series s
    set start_year = in_year, last_number = ordinal, last_issued_at = dated
    where s.issuer_id = issuer and s.series = in_series;
  return issued;
end
$$;
comment on function private.issue_document(uuid, uuid, text, uuid, uuid, uuid, text, bigint, boolean, jsonb, timestamptz, uuid) is
  'Issues a document under the next number of its series, in the transaction that causes it. A second call for the same cause '
  'returns the same document. The series stays locked until the transaction ends: the last lock that it takes.';

-- What documents say ---------------------------------------------------------------------------------------------------

create or replace function private.document_party(name text, address text, state_code text, gstin text) returns jsonb
  -- Without a search_path, so that it is a part of the statement that calls it.
  language sql stable
  return jsonb_build_object('name', name, 'address', address, 'state_code', state_code, 'gstin', gstin);
comment on function private.document_party(text, text, text, text) is 'Who issues or receives a document.';

create or replace function private.tax_contained(total bigint, basis_points integer) returns bigint
  language sql immutable
  -- Half a unit is rounded up. Not in bigint: the product of the largest amounts does not fit.
  return div(2 * total::numeric * basis_points + 10000 + basis_points, 2 * (10000 + basis_points))::bigint;
comment on function private.tax_contained(bigint, integer) is 'The tax in an amount that contains it: rules/priceLines.ts, taxContained.';

create or replace function private.tax_within(total bigint, basis_points integer, sac text, supplier text, place text)
  returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object('sac', sac, 'rate_basis_points', basis_points, 'place_of_supply', place,
      'taxable_minor', total - t.tax,
      'cgst_minor', case when supplier = place then (t.tax + 1) / 2 else 0 end,
      'sgst_minor', case when supplier = place then t.tax / 2 else 0 end,
      'igst_minor', case when supplier = place then 0 else t.tax end)
    from (select private.tax_contained(total, basis_points)) t (tax)
  $$;
comment on function private.tax_within(bigint, integer, text, text, text) is
  'The GST that an amount contains, by the States of the supplier and of the place of supply: rules/tax.ts, splitGst.';

create or replace function private.platform_name() returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce((select p.legal_name from private.platform_details p), 'MatePeak')
  $$;
comment on function private.platform_name() is 'Who runs the platform; its own name until the app has stored another.';

create or replace function private.session_on_document(
    title text, mentor_name text, starts_at timestamptz, minutes integer, zone text)
  returns jsonb
  language sql stable
  return jsonb_build_object('title', title, 'mentor', mentor_name, 'starts_at', starts_at, 'minutes', minutes,
    'timezone', zone);
comment on function private.session_on_document(text, text, timestamptz, integer, text) is 'What a document says about a session.';

create or replace function private.document_session(mentor uuid, booking uuid, zone text) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select private.session_on_document(s.title, m.full_name, b.starts_at, b.duration, zone)
    from public.bookings b
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      join public.expert_profiles m on m.id = b.expert_id
    where b.id = booking and b.expert_id = mentor
  $$;
comment on function private.document_session(uuid, uuid, text) is 'The session that a document is about.';

create or replace function private.document_package(mentor uuid, purchase uuid) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object('title', s.title, 'mentor', m.full_name, 'sessions', p.sessions, 'minutes', p.minutes,
      'expires_at', p.expires_at)
    from public.package_purchases p
      join public.services s on s.id = p.service_id and s.expert_id = p.expert_id
      join public.expert_profiles m on m.id = p.expert_id
    where p.id = purchase and p.expert_id = mentor
  $$;
comment on function private.document_package(uuid, uuid) is 'The package of sessions that a document is about.';

create or replace function private.whole_price(total bigint) returns jsonb
  language sql stable
  return jsonb_build_array(jsonb_build_object('kind', 'session', 'amount_minor', total));
comment on function private.whole_price(bigint) is 'The price of a session without anything else, as lines.';

create or replace function private.price_on_document(total bigint, price_lines jsonb, tax jsonb) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    -- Lines that name the tax are net of it. If it was another one, the price is one line.
    select case
      when price_lines is null then private.whole_price(total)
      when tax is null or stated.amount is null then price_lines
      when stated.amount = total - (tax ->> 'taxable_minor')::bigint then stated.others
      else private.whole_price(total) end
    from (
      select sum((l ->> 'amount_minor')::bigint) filter (where l ->> 'kind' = 'tax'),
        jsonb_agg(l order by place) filter (where l ->> 'kind' <> 'tax')
      from jsonb_array_elements(price_lines) with ordinality e (l, place)
    ) stated (amount, others)
  $$;
comment on function private.price_on_document(bigint, jsonb, jsonb) is
  'The lines of a receipt: those of the price that was agreed on, without the tax, which is stated below them.';

create or replace function private.receipts_of(mentors uuid[], payments uuid[])
  returns table (mentor uuid, payment uuid, reader uuid, booking uuid, currency text, total bigint, is_sandbox boolean, facts jsonb)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    with platform as materialized (select private.platform_name() as name)
    select p.expert_id, p.id, p.user_id, p.booking_id, p.currency, a.amount_minor, p.provider = 'sandbox', jsonb_build_object(
        'issuer', private.document_party(coalesce(t.legal_name, m.full_name), t.address, t.state_code, t.gstin),
        'recipient', private.document_party(coalesce(d.name, b.user_name, private.account_name(to_jsonb(u))), d.address, d.state_code, d.gstin),
        'platform', platform.name,
        'session', case when b.id is not null then
          private.session_on_document(s.title, m.full_name, b.starts_at, b.duration, b.student_timezone) end,
        'package', case when b.id is null then private.document_package(p.expert_id, p.package_purchase_id) end,
        'lines', case
          when b.id is null then jsonb_build_array(jsonb_build_object('kind', 'package', 'amount_minor', a.amount_minor))
          when b.price_lines is null then private.whole_price(a.amount_minor)
          else private.price_on_document(a.amount_minor, b.price_lines, tax.stated) end,
        'tax', tax.stated,
        'payment', jsonb_build_object('method', a.method, 'reference', a.attempt_id, 'at', a.created_at),
        'refund', null, 'receipt', null, 'fee', null)
    from unnest(mentors, payments) asked (mentor, payment)
      join public.payments p on p.id = asked.payment and p.expert_id = asked.mentor
      join public.payment_attempts a on a.id = p.accepted_attempt_id and a.payment_id = p.id and a.expert_id = p.expert_id
        and a.state = 'captured'
      join auth.users u on u.id = p.user_id
      join public.expert_profiles m on m.id = p.expert_id
      left join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      left join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      left join public.billing_details d on d.user_id = p.user_id
      left join public.tax_settings t on t.expert_id = p.expert_id and t.enabled
      cross join platform
      cross join lateral (
        select case when t.expert_id is not null then
          private.tax_within(a.amount_minor, t.rate_basis_points, t.sac, t.state_code, coalesce(d.state_code, t.state_code)) end
      ) tax (stated)
  $$;
comment on function private.receipts_of(uuid[], uuid[]) is
  'What the receipts for payments say, or the tax invoices if the mentor charges GST; no row where nothing was captured for the '
  'booking or the package.';

create or replace function private.issue_receipt(mentor uuid, payment uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  r record;
begin
  select * into r from private.receipts_of(array[mentor], array[payment]);
  if not found then
    return null;
  end if;
  return private.issue_document(mentor, r.reader, 'receipt', r.booking, payment, null, r.currency, r.total, r.is_sandbox, r.facts);
end
$$;
comment on function private.issue_receipt(uuid, uuid) is
  'Issues the receipt for a payment that was captured, or the tax invoice if the mentor charges GST. Null: nothing was captured '
  'for the booking or the package.';

create or replace function private.issue_receipts(mentors uuid[], payments uuid[]) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    with receipts as materialized (
      select r.*, case when r.is_sandbox then 'TR' else 'R' end as series,
        row_number() over (partition by r.mentor, r.is_sandbox order by r.payment) as place
      from private.receipts_of(mentors, payments) r
    ), numbers as (
      -- As in issue_document(): each series stays locked until the transaction ends, and no date is before the last number's.
      insert into private.document_series as s (issuer_id, series, start_year, last_number, last_issued_at)
        select r.mentor, r.series, private.financial_year(clock_timestamp()), count(*), clock_timestamp()
          from receipts r group by r.mentor, r.series order by r.mentor
        on conflict (issuer_id, series) do update
          set start_year = greatest(s.start_year, excluded.start_year),
              last_number = excluded.last_number + case when excluded.start_year > s.start_year then 0 else s.last_number end,
              last_issued_at = greatest(s.last_issued_at, excluded.last_issued_at)
        returning s.issuer_id, s.series, s.start_year, s.last_number, s.last_issued_at
    )
    -- A receipt that exists is an error: it would have taken a number.
    insert into public.documents (expert_id, user_id, kind, series, start_year, number_in_series, number, issued_at, sandbox,
        reference_id, booking_id, payment_id, currency, total_minor, content)
      select r.mentor, r.reader, 'receipt', r.series, n.start_year, ordinal, private.document_number(r.series, n.start_year, ordinal),
          n.last_issued_at, r.is_sandbox, r.payment, r.booking, r.payment, r.currency, r.total, r.facts
        from receipts r join numbers n on n.issuer_id = r.mentor and n.series = r.series
          cross join lateral (
            select (n.last_number - (select count(*) from receipts o where o.mentor = r.mentor and o.series = r.series) + r.place)::integer
          ) numbered (ordinal)
  $$;
comment on function private.issue_receipts(uuid[], uuid[]) is
  'issue_receipt() for many payments that were just captured, in one go.';

create or replace function private.issue_credit_note(mentor uuid, refund uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  returned record;
  receipt public.documents;
  tax jsonb;
begin
  -- A refund that repeats a failed one is about the same money.
  with recursive chain as (
    select r.* from public.refunds r where r.id = refund and r.expert_id = mentor
    union all
    select r.* from public.refunds r join chain c on r.id = c.retry_of and r.expert_id = c.expert_id
  )
  select c.id, c.payment_id, c.attempt_id, c.amount_minor, c.why into returned from chain c where c.retry_of is null;
  if not found then
    return null;
  end if;
  select d.* into receipt
    from public.payments p
      join public.documents d on d.expert_id = p.expert_id and d.kind = 'receipt' and d.reference_id = p.id
    where p.id = returned.payment_id and p.expert_id = mentor and p.accepted_attempt_id = returned.attempt_id;
  if not found then
    return null;
  end if;
  tax := receipt.content -> 'tax';
  if jsonb_typeof(tax) = 'object' then
    tax := private.tax_within(returned.amount_minor, (tax ->> 'rate_basis_points')::integer, tax ->> 'sac',
                              receipt.content #>> '{issuer,state_code}', tax ->> 'place_of_supply');
  end if;
  return private.issue_document(mentor, receipt.user_id, 'credit_note', receipt.booking_id, receipt.payment_id, returned.id,
    receipt.currency, returned.amount_minor, receipt.sandbox, receipt.content || jsonb_build_object(
      'lines', jsonb_build_array(jsonb_build_object('kind', 'refund', 'amount_minor', returned.amount_minor)),
      'tax', tax,
      'refund', jsonb_build_object('why', returned.why),
      'receipt', jsonb_build_object('number', receipt.number, 'issued_at', receipt.issued_at)));
end
$$;
comment on function private.issue_credit_note(uuid, uuid) is
  'Issues the credit note for a refund, by the facts of the receipt. Null for money that had none: a second payment, or one that '
  'came too late.';

create or replace function private.fee_invoice_facts(
    mentor uuid, zone text, booking uuid, purchase uuid, fee bigint, of_minor bigint, basis_points integer)
  returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  platform private.platform_details;
  recipient public.tax_settings;
  tax jsonb;
begin
  select * into platform from private.platform_details;
  select * into recipient from public.tax_settings t where t.expert_id = mentor;
  if platform.gstin is not null then
    tax := private.tax_within(fee, platform.rate_basis_points, platform.sac, platform.state_code,
                              coalesce(recipient.state_code, platform.state_code));
  end if;
  return jsonb_build_object(
    'issuer', private.document_party(private.platform_name(), platform.address, platform.state_code, platform.gstin),
    'recipient', private.document_party(
      coalesce(recipient.legal_name, (select m.full_name from public.expert_profiles m where m.id = mentor)),
      recipient.address, recipient.state_code, recipient.gstin),
    'platform', private.platform_name(),
    'session', private.document_session(mentor, booking, zone),
    'package', private.document_package(mentor, purchase),
    'lines', jsonb_build_array(jsonb_build_object('kind', 'fee', 'amount_minor', fee)),
    'tax', tax,
    'payment', null, 'refund', null, 'receipt', null,
    'fee', jsonb_build_object('basis_points', basis_points, 'of_minor', of_minor));
end
$$;
comment on function private.fee_invoice_facts(uuid, text, uuid, uuid, bigint, bigint, integer) is
  'What the platform''s invoice for a fee says.';

create or replace function private.issue_package_fee_invoice(
    mentor uuid, fee_id uuid, booking uuid, purchase uuid, fee bigint, of_minor bigint)
  returns uuid
  language sql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select private.issue_document(mentor, mentor, 'fee_invoice', booking, p.id, null, p.currency, fee, p.provider = 'sandbox',
        private.fee_invoice_facts(mentor, m.timezone, booking, purchase, fee, of_minor, g.fee_basis_points),
        null, fee_id)
      from public.payments p
        join public.package_purchases g on g.id = p.package_purchase_id and g.expert_id = p.expert_id
        join public.expert_profiles m on m.id = p.expert_id
      where p.package_purchase_id = purchase and p.expert_id = mentor
  $$;
comment on function private.issue_package_fee_invoice(uuid, uuid, uuid, uuid, bigint, bigint) is
  'Issues the platform''s invoice for its fee from the money of a package: for a session, or for what was left when it expired '
  '(no booking).';

create or replace function private.issue_fee_invoice(mentor uuid, booking uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  charged record;
begin
  select f.amount_minor as fee, f.amount_minor + coalesce(e.amount_minor, 0) as of_minor, f.currency, p.id as payment_id,
      p.provider, b.fee_basis_points, b.mentor_timezone
    into charged
    from public.payments p
      join private.ledger_transfers f on f.expert_id = p.expert_id and f.kind = 'fee' and f.reference = p.id
      left join private.ledger_transfers e on e.expert_id = p.expert_id and e.kind = 'earned' and e.reference = p.id
      join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where p.booking_id = booking and p.expert_id = mentor;
  if not found then
    return null;
  end if;
  return private.issue_document(mentor, mentor, 'fee_invoice', booking, charged.payment_id, null, charged.currency, charged.fee,
    charged.provider = 'sandbox', private.fee_invoice_facts(
      mentor, charged.mentor_timezone, booking, null, charged.fee, charged.of_minor, charged.fee_basis_points));
end
$$;
comment on function private.issue_fee_invoice(uuid, uuid) is
  'Issues the platform''s invoice for its fee, once it was taken. Null: there was none.';

create or replace function private.return_fee(mentor uuid, refund uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  returned record;
  invoice public.documents;
  tax jsonb;
  issued uuid;
begin
  -- A refund that repeats a failed one is about the same money: the fee was returned when the first was requested.
  with recursive chain as (
    select r.* from public.refunds r where r.id = refund and r.expert_id = mentor
    union all
    select r.* from public.refunds r join chain c on r.id = c.retry_of and r.expert_id = c.expert_id
  )
  select c.id, c.payment_id, c.why, f.amount_minor into returned
    from chain c
      join private.ledger_transfers f on f.expert_id = c.expert_id and f.kind = 'refund_of_fee' and f.reference = c.id
    where c.retry_of is null;
  if not found or exists (
    select from public.documents d
    where d.expert_id = mentor and d.kind = 'fee_credit_note' and d.reference_id = returned.id)
  then
    return null;
  end if;
  select d.* into invoice
    from public.payments p
      join public.documents d on d.expert_id = p.expert_id and d.kind = 'fee_invoice'
        -- Sessions of a package have an invoice each: it is for the last of them.
        and (d.reference_id = p.booking_id or p.booking_id is null and d.payment_id = p.id)
    where p.id = returned.payment_id and p.expert_id = mentor
    order by d.issued_at desc, d.number_in_series desc limit 1;
  if not found then
    return null;
  end if;
  tax := invoice.content -> 'tax';
  if jsonb_typeof(tax) = 'object' then
    tax := private.tax_within(returned.amount_minor, (tax ->> 'rate_basis_points')::integer, tax ->> 'sac',
                              invoice.content #>> '{issuer,state_code}', tax ->> 'place_of_supply');
  end if;
  issued := private.issue_document(mentor, mentor, 'fee_credit_note', case when invoice.fee_id is null then invoice.booking_id end, returned.payment_id, returned.id,
    invoice.currency, returned.amount_minor, invoice.sandbox, invoice.content || jsonb_build_object(
      'lines', jsonb_build_array(jsonb_build_object('kind', 'fee_returned', 'amount_minor', returned.amount_minor)),
      'tax', tax,
      'fee', null,
      'session', case when invoice.fee_id is null then invoice.content -> 'session' end,
      'refund', jsonb_build_object('why', returned.why),
      'receipt', jsonb_build_object('number', invoice.number, 'issued_at', invoice.issued_at)));
  perform private.record_money(mentor, returned.payment_id, 'fee_returned', returned.amount_minor, returned.why, returned.id);
  return issued;
end
$$;
comment on function private.return_fee(uuid, uuid) is
  'Issues the platform''s credit note for the part of its fee that a refund gave back, once the refund is done, and lets the '
  'mentor hear of it. Null: the fee was not taken yet, or the note is there.';

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
    private.issue_document(uuid, uuid, text, uuid, uuid, uuid, text, bigint, boolean, jsonb, timestamptz, uuid),
    private.document_party(text, text, text, text),
    private.tax_contained(bigint, integer),
    private.tax_within(bigint, integer, text, text, text),
    private.platform_name(),
    private.document_session(uuid, uuid, text),
    private.session_on_document(text, text, timestamptz, integer, text),
    private.whole_price(bigint),
    private.receipts_of(uuid[], uuid[]),
    private.issue_receipts(uuid[], uuid[]),
    private.document_package(uuid, uuid),
    private.fee_invoice_facts(uuid, text, uuid, uuid, bigint, bigint, integer),
    private.issue_package_fee_invoice(uuid, uuid, uuid, uuid, bigint, bigint),
    private.price_on_document(bigint, jsonb, jsonb),
    private.issue_receipt(uuid, uuid),
    private.issue_credit_note(uuid, uuid),
    private.issue_fee_invoice(uuid, uuid),
    private.return_fee(uuid, uuid),
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
  'Students read their receipts and credit notes, and so does the mentor in whose name they are; mentors what is about the fee.';

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
