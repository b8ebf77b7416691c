-- Money: arithmetic in whole minor units, the same as in rules/; a test compares them.

create or replace function private.fee_minor(amount bigint, basis_points integer) returns bigint
  language sql immutable
  -- Not in bigint: the product of the largest amounts does not fit.
  return div(amount::numeric * basis_points + 5000, 10000)::bigint;
comment on function private.fee_minor(bigint, integer) is
  'The platform''s share of an amount, in hundredths of a percent, half a unit rounded up: rules/fees.ts.';

create or replace function private.refund_minor(
    paid bigint, refunded bigint, full_cutoff integer, partial_cutoff integer, partial_percent integer, starts_at timestamptz,
    at timestamptz, fault text)
  returns bigint
  language sql immutable
  return greatest(0, case
    when fault <> 'student' or at < starts_at - full_cutoff * interval '1 minute' then paid
    when at < starts_at - partial_cutoff * interval '1 minute' then (paid * partial_percent + 50) / 100
    else 0 end - refunded);
comment on function private.refund_minor(bigint, bigint, integer, integer, integer, timestamptz, timestamptz, text) is
  'What goes back when a booking is cancelled at this time by the student''s choice, or for another reason by anyone: '
  'rules/refundPolicy.ts.';

revoke execute on function
    private.fee_minor(bigint, integer),
    private.refund_minor(bigint, bigint, integer, integer, integer, timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.refund_minor(bigint, bigint, integer, integer, integer, timestamptz, timestamptz, text)
  to authenticated, matepeak_app;
