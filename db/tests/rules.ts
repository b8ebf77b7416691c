/** What holds for the whole schema, whatever is added to it. */
export interface Rule {
  name: string;
  /** Rows are offenders. $1 schemas, $2 roles that requests run as. */
  offenders: string;
  /** Each of these breaks the rule. */
  brokenBy: string[];
}

export const requestRoles = ["anon", "authenticated", "matepeak_app", "matepeak_auth"] as const;

const ownTables = `
  select c.oid, c.oid::regclass::text as name, c.relowner, c.relrowsecurity
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p') and $2::text[] is not null`;

const ownColumns = `
  select t.oid, t.name || '.' || a.attname as name, a.attname, a.attnotnull,
    -- A domain's own type counts.
    case d.typtype when 'd' then format_type(d.typbasetype, d.typtypmod) else format_type(a.atttypid, a.atttypmod) end as type
  from (${ownTables}) t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    join pg_type d on d.oid = a.atttypid`;

const ownFunctions = `
  select p.*, p.oid::regprocedure::text as name
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any ($1::text[]) and $2::text[] is not null
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`;

/** Every right on a table or on some of its columns, of all roles but its owner. */
const rights = `
  select t.oid, t.name, a.grantee, a.privilege_type as privilege
  from (${ownTables}) t join pg_class c on c.oid = t.oid, aclexplode(c.relacl) a where a.grantee <> c.relowner
  union
  select t.oid, t.name, a.grantee, a.privilege_type
  from (${ownTables}) t join pg_attribute c on c.attrelid = t.oid, aclexplode(c.attacl) a
  where a.grantee <> t.relowner`;

const roleName = (oid: string) => `case ${oid} when 0 then 'public' else pg_get_userbyid(${oid}) end`;

export const rules: Rule[] = [
  {
    name: "every table has row level security",
    offenders: `select name from (${ownTables}) t where not relrowsecurity`,
    brokenBy: [
      "create table public.notes (id int)",
      "alter table public.bookings disable row level security",
      "create table private.notes (id int)",
    ],
  },
  {
    name: "no view looks past the policies",
    offenders: `
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any ($1::text[]) and $2::text[] is not null
        and (c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false))`,
    brokenBy: [
      "create view public.everything as select * from public.bookings",
      "create materialized view public.everything as select * from public.bookings",
    ],
  },
  {
    name: "every right has a policy",
    offenders: `
      select r.name, ${roleName("r.grantee")} as role, r.privilege from (${rights}) r
      where ${roleName("r.grantee")} = any ($2::text[]) and not exists (
        select from pg_policy p where p.polrelid = r.oid and r.grantee = any (p.polroles)
          and (p.polcmd = '*' or p.polcmd = case r.privilege
            when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' when 'DELETE' then 'd' end::"char"))`,
    brokenBy: [
      "grant delete on public.bookings to authenticated",
      "grant select (message) on public.bookings to anon",
      "grant truncate on public.bookings to matepeak_app",
      "drop policy users_library on auth.users",
    ],
  },
  {
    name: "no other role has any right, and a visitor only reads",
    offenders: `
      select r.name, ${roleName("r.grantee")} as role, r.privilege from (${rights}) r
      where not ${roleName("r.grantee")} = any ($2::text[])
        or r.privilege not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        or (${roleName("r.grantee")} = 'anon' and r.privilege <> 'SELECT')`,
    brokenBy: [
      "grant select on public.profiles to public",
      "grant all on public.bookings to service_role",
      "grant insert (user_id) on public.bookings to anon",
    ],
  },
  {
    name: "no role has a right on a sequence",
    offenders: `
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace,
        aclexplode(c.relacl) a
      where n.nspname = any ($1::text[]) and $2::text[] is not null and c.relkind = 'S' and a.grantee <> c.relowner`,
    brokenBy: ["grant usage on sequence public.booking_events_id_seq to authenticated"],
  },
  {
    name: "every foreign key is indexed",
    offenders: `
      select t.name, c.conname from (${ownTables}) t join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
      where not exists (
        select from pg_index i where i.indrelid = c.conrelid and i.indisvalid
          -- Where the key is null there is nothing to find.
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) in (
            select format('(%I IS NOT NULL)', a.attname) from pg_attribute a
            where a.attrelid = c.conrelid and a.attnum = any (c.conkey)))
          and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`,
    brokenBy: [
      "drop index public.bookings_service_id_idx",
      "drop index public.bookings_basket_id_idx",
      "alter table public.services add column parent_id uuid references public.services",
    ],
  },
  {
    name: "every table, policy and function is commented",
    offenders: `
      select name from (${ownTables}) t where obj_description(t.oid, 'pg_class') is null
      union all
      select name from (${ownFunctions}) f where obj_description(f.oid, 'pg_proc') is null
      union all
      select p.polname from (${ownTables}) t join pg_policy p on p.polrelid = t.oid
      where obj_description(p.oid, 'pg_policy') is null`,
    brokenBy: [
      "comment on table public.bookings is null",
      "comment on policy bookings_read_party on public.bookings is null",
      "comment on function private.prepare_booking() is null",
    ],
  },
  {
    // Triggers fire in the order of their names: a number in the name makes that order a decision.
    name: "a trigger's name carries its place: 0_ before a statement, 1_ to 4_ before a row, 5_ to 7_ after a row, then after a statement",
    offenders: `
      select g.tgname as name from (${ownTables}) t join pg_class c on c.oid = t.oid join pg_trigger g on g.tgrelid = t.oid
      where not g.tgisinternal and (
        g.tgname !~ ('^' || c.relname || case g.tgtype & 3
          when 2 then '_0' when 3 then '_[1-4]' when 1 then '_[5-7]' else '_[89]' end || '[0-9]_[a-z]')
        or exists (select from pg_trigger o where o.tgrelid = t.oid and o.oid <> g.oid and not o.tgisinternal
          and substring(o.tgname from '_([0-9]{2})_') = substring(g.tgname from '_([0-9]{2})_')))`,
    brokenBy: [
      "alter trigger bookings_20_prepare on public.bookings rename to bookings_prepare",
      "alter trigger bookings_20_prepare on public.bookings rename to reviews_20_prepare",
      "alter trigger bookings_20_prepare on public.bookings rename to bookings_60_prepare",
      "alter trigger bookings_20_prepare on public.bookings rename to bookings_35_prepare",
    ],
  },
  {
    name: "no function reads a zone's clock by PostgreSQL's own rules",
    offenders: `
      select f.name from (${ownFunctions}) f
      where regexp_replace(f.prosrc, '--[^\\n]*', '', 'g') || coalesce(pg_get_function_sqlbody(f.oid), '')
        ~* 'at time zone (?!\\(?''UTC'')|\\mtimezone\\s*\\(|pg_timezone_names'`,
    brokenBy: [
      "create function private.noon(zone text) returns timestamptz language sql return timestamp '2026-01-01' at time zone zone",
      "create function private.noon(zone text) returns timestamp language plpgsql as 'begin return timezone(zone, now()); end'",
    ],
  },
  {
    name: "money is whole minor units, except in the guide's column",
    offenders: `
      select c.name from (${ownColumns}) c
      where (c.type ~ '^(numeric|money|real|double precision)'
          and c.name not in ('bookings.total_amount', 'expert_profiles.rating', 'expert_profiles.ranked_rating'))
        or (c.attname ~ '_minor$' and c.type <> 'bigint')
        or (c.attname ~ '(^|_)(price|amount|fee)$' and c.name <> 'bookings.total_amount')`,
    brokenBy: [
      "alter table public.services add column deposit numeric(10, 2)",
      "alter table public.services add column deposit money",
      "alter table public.services add column deposit double precision",
      "create table private.payouts (paid numeric)",
      "create domain private.fraction as numeric; create table private.payouts (paid private.fraction)",
      "alter table public.services add column group_price integer",
      "alter table public.service_durations alter column price_minor type integer",
    ],
  },
  {
    // The lengths of a service are priced in the service's currency.
    name: "an amount has its currency in its row",
    offenders: `
      select c.name from (${ownColumns}) c
      where c.attname ~ '_minor$' and c.name not in (
          'service_durations.price_minor', 'group_sessions.share_minor', 'series.before_coupon_minor') and not exists (
        select from (${ownColumns}) other
        where other.oid = c.oid and other.attname = 'currency' and other.type = 'text' and other.attnotnull)`,
    brokenBy: [
      "alter table public.reviews add column tip_minor bigint",
      "alter table public.time_requests drop column currency",
      "alter table public.bookings alter column currency drop not null",
    ],
  },
  {
    name: "every constraint has a name of its own",
    offenders: `
      select t.name, c.conname from (${ownTables}) t join pg_constraint c on c.conrelid = t.oid
      where c.contype in ('c', 'x') and (c.conname ~ '_(check|excl)[0-9]*$'
        or c.conname not like (select relname from pg_class where oid = t.oid) || '\\_%')
      union all
      select t.typname, c.conname from pg_constraint c join pg_type t on t.oid = c.contypid
      where c.connamespace::regnamespace::text = any ($1::text[]) and c.conname ~ '_check[0-9]*$'`,
    brokenBy: [
      "create domain private.short_text as text check (char_length(value) < 9)",
      "alter table public.services add check (title <> 'x')",
      "alter table public.services add constraint titled check (title <> 'x')",
    ],
  },
  {
    name: "a function runs for those it was granted to, and for no other role by default",
    offenders: `
      select f.name, ${roleName("a.grantee")} as role from (${ownFunctions}) f,
        aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
      where a.grantee <> f.proowner and (f.name, ${roleName("a.grantee")}) not in (
        ('auth.uid()', 'anon'), ('auth.uid()', 'authenticated'), ('auth.uid()', 'matepeak_app'),
        ('private.uuid_v7()', 'authenticated'), ('private.uuid_v7()', 'matepeak_app'), ('private.uuid_v7()', 'matepeak_auth'),
        ('private.mentor_of_booking(uuid)', 'authenticated'), ('private.mentor_of_booking(uuid)', 'matepeak_app'),
        ('private.lock_mentor(uuid)', 'matepeak_app'), ('private.settings_of(jsonb)', 'authenticated'),
        ('private.move_booking(uuid,uuid,timestamp with time zone,date,text,text,text)', 'matepeak_app'),
        ('private.enqueue(text,jsonb,text,timestamp with time zone)', 'matepeak_app'),
        ('private.applied_migrations()', 'matepeak_app'),
        ('private.mentors_with_expired_time(integer)', 'matepeak_app'),
        ('private.sweep_mentor(uuid,integer)', 'matepeak_app'),
        ('private.mentors_with_abandoned_bookings(integer)', 'matepeak_app'),
        ('private.cancel_abandoned_bookings(uuid,integer)', 'matepeak_app'),
        ('private.delete_idempotency_keys(integer)', 'matepeak_app'),
        ('private.count_calls(bytea[],integer[],integer[])', 'matepeak_app'),
        ('private.delete_call_counts(integer)', 'matepeak_app'),
        ('private.follow_removals(integer)', 'matepeak_app'),
        ('private.delete_expired_logins(integer)', 'matepeak_app'), ('private.open_logins(uuid[])', 'matepeak_app'),
        ('private.is_anonymous()', 'authenticated'),
        ('private.delete_booking_origins(integer)', 'matepeak_app'),
        ('private.mentors_with_past_blocked_dates(integer)', 'matepeak_app'),
        ('private.remove_past_blocked_dates(uuid,integer)', 'matepeak_app'),
        ('private.archive_old_bookings(integer)', 'matepeak_app'),
        ('private.accept_time_proposal(uuid)', 'matepeak_app'),
        ('private.propose_instead(uuid,uuid,timestamp with time zone,text,text)', 'matepeak_app'),
        ('private.expire_time_requests(integer)', 'matepeak_app'),
        ('private.write_notifications(uuid[],text[],text[],jsonb[],uuid[],uuid[])', 'matepeak_app'),
        ('private.book_sessions(private.judged_booking[])', 'matepeak_app'),
        ('private.change_judged_status(uuid,uuid,uuid,integer,text,text)', 'matepeak_app'),
        ('private.move_judged_booking(uuid,uuid,bigint,uuid,integer,timestamp with time zone,date,text,text,text,text,text,jsonb)', 'matepeak_app'),
        ('private.events_to_notify(integer)', 'matepeak_app'),
        ('private.set_payout_settings(bigint)', 'matepeak_app'),
        ('private.set_payout_account(text,bytea,text)', 'matepeak_app'),
        ('private.payout_account()', 'matepeak_app'),
        ('private.forget_payout_accounts(integer)', 'matepeak_app'),
        ('private.mentors_to_pay(uuid,integer)', 'matepeak_app'),
        ('private.request_run_payouts(uuid,uuid)', 'matepeak_app'),
        ('private.finish_filling(uuid)', 'matepeak_app'),
        ('private.payouts_due(uuid,text,uuid,integer)', 'matepeak_app'),
        ('private.start_payout_run(uuid,text,text)', 'matepeak_app'),
        ('private.payout_runs(uuid,text,uuid,integer)', 'matepeak_app'),
        ('private.payouts_of_run(uuid,text,uuid,uuid,integer)', 'matepeak_app'),
        ('private.approve_payout_run(uuid,text,uuid,text)', 'matepeak_app'),
        ('private.cancel_payout_run(uuid,text,uuid,text)', 'matepeak_app'),
        ('private.payouts_to_return(uuid)', 'matepeak_app'),
        ('private.return_payout(uuid,uuid)', 'matepeak_app'),
        ('private.export_payout_run(uuid,text,uuid)', 'matepeak_app'),
        ('private.settle_bank_payout(uuid,text,uuid,uuid,text,text,text)', 'matepeak_app'),
        ('private.claim_transfer(uuid,uuid)', 'matepeak_app'),
        ('private.note_transfer(uuid,uuid,text,text,text)', 'matepeak_app'),
        ('private.open_transfers(integer)', 'matepeak_app'),
        ('private.claim_reversal(uuid,uuid)', 'matepeak_app'),
        ('private.note_reversal(uuid,uuid,text,text,text)', 'matepeak_app'),
        ('private.own_earnings(text)', 'matepeak_app'),
        ('private.own_statement(date,date,timestamp with time zone,uuid,integer)', 'matepeak_app'),
        ('private.own_releases(text,integer)', 'matepeak_app'),
        ('private.own_months(text,integer)', 'matepeak_app'),
        ('private.money_to_notify(integer)', 'matepeak_app'),
        ('private.payout_message_facts(uuid,uuid)', 'matepeak_app'),
        ('private.claim_money_events(uuid[],bigint[])', 'matepeak_app'),
        ('private.money_event_facts(uuid,bigint)', 'matepeak_app'),
        ('private.series_paid_by(uuid,uuid)', 'matepeak_app'),
        ('private.bookings_paid_by(uuid,uuid)', 'matepeak_app'),
        ('private.titles_of(uuid,uuid[])', 'matepeak_app'),
        ('private.set_money_settings(boolean,text,integer)', 'matepeak_app'),
        ('private.set_payment_order(uuid,uuid,text)', 'matepeak_app'),
        ('private.extend_hold(uuid,uuid,uuid)', 'matepeak_app'),
        ('private.note_refund(uuid,uuid,text,text,text)', 'matepeak_app'),
        ('private.settle_payment(uuid,uuid,jsonb,boolean)', 'matepeak_app'),
        ('private.settle_captures(uuid[],uuid[],text[],text[],bigint[],text[],text[],bigint[],timestamp with time zone[])', 'matepeak_app'),
        ('private.orders_of(uuid[],uuid[])', 'matepeak_app'),
        ('private.refund_no_show(uuid,uuid)', 'matepeak_app'),
        ('private.mentors_with_due_earnings(integer)', 'matepeak_app'),
        ('private.earn_payments(uuid,integer)', 'matepeak_app'),
        ('private.claim_polls(integer)', 'matepeak_app'),
        ('private.receive_payment_event(text,text,text,text,text,bytea)', 'matepeak_app'),
        ('private.delete_old_payment_events(integer)', 'matepeak_app'),
        ('private.payment_facts(uuid,uuid)', 'matepeak_app'),
        ('private.refund_facts(uuid,uuid)', 'matepeak_app'),
        ('private.refund_minor(bigint,bigint,integer,integer,integer,timestamp with time zone,timestamp with time zone,text)', 'authenticated'),
        ('private.refund_minor(bigint,bigint,integer,integer,integer,timestamp with time zone,timestamp with time zone,text)', 'matepeak_app'),
        ('private.payment_status_of(uuid,uuid)', 'authenticated'),
        ('private.find_coupon(uuid,text,uuid,uuid[],boolean)', 'matepeak_app'),
        ('private.credit_refusal(uuid,uuid,uuid,uuid,integer)', 'matepeak_app'),
        ('private.buy_package(uuid,uuid,uuid)', 'matepeak_app'),
        ('private.refund_package(uuid,uuid)', 'matepeak_app'),
        ('private.open_basket(uuid,uuid)', 'matepeak_app'),
        ('private.change_together(uuid,uuid[],text,text)', 'matepeak_app'),
        ('private.move_together(uuid,jsonb,text,text)', 'matepeak_app'),
        ('private.payment_status_of(uuid,uuid)', 'matepeak_app'),
        ('private.mentors_with_offers_to_settle(integer)', 'matepeak_app'),
        ('private.settle_offers(uuid,integer)', 'matepeak_app'),
        ('private.schedule_group_sessions(uuid,uuid,timestamp with time zone[],integer,integer,integer,integer,integer)',
         'matepeak_app'),
        ('private.create_programme(uuid,uuid,text,text,timestamp with time zone[],integer,integer,integer,timestamp with time zone,bigint)',
         'matepeak_app'),
        ('private.change_programme(uuid,uuid,text,text,integer)', 'matepeak_app'),
        ('private.cancel_programme(uuid,uuid,text)', 'matepeak_app'),
        ('private.change_group_session(uuid,uuid,integer,integer,integer,integer)', 'matepeak_app'),
        ('private.cancel_group_session(uuid,uuid,text)', 'matepeak_app'),
        ('private.move_group_session(uuid,uuid,timestamp with time zone,text)', 'matepeak_app'),
        ('private.message_group(uuid,uuid,text)', 'matepeak_app'),
        ('private.mark_attendance(uuid,uuid,text)', 'matepeak_app'),
        ('private.show_name(uuid,uuid,boolean)', 'matepeak_app'),
        ('private.mentors_with_groups_to_decide(integer)', 'matepeak_app'),
        ('private.decide_group_sessions(uuid,integer)', 'matepeak_app'),
        ('private.attendee_names(uuid,uuid,uuid)', 'authenticated'),
        ('private.group_entries(uuid,uuid[],integer)', 'matepeak_app'),
        ('own_group_entries(uuid,uuid[],integer)', 'authenticated'),
        ('own_groups_after(uuid,timestamp with time zone,integer)', 'authenticated'),
        ('private.credits_left(uuid,uuid[])', 'matepeak_app'), ('private.credits_left(uuid,uuid[])', 'authenticated'),
        ('private.sum_of_lines(jsonb)', 'matepeak_app'), ('private.sum_of_lines(jsonb)', 'authenticated'),
        ('private.accepted_attempt(uuid,uuid)', 'matepeak_app'),
        ('private.begin_reconciliation(text,timestamp with time zone,timestamp with time zone)', 'matepeak_app'),
        ('private.end_reconciliation(uuid,integer,jsonb,integer,integer,text)', 'matepeak_app'),
        ('private.compare_order(text,jsonb)', 'matepeak_app'),
        ('private.captured_orders(text,timestamp with time zone,timestamp with time zone,timestamp with time zone,uuid,integer)', 'matepeak_app'),
        ('private.note_settlement(text,text,text,text,timestamp with time zone,bigint,text,bigint)', 'matepeak_app'),
        ('private.unsettled_orders(text,timestamp with time zone,timestamp with time zone,integer)', 'matepeak_app'),
        ('private.note_unsettled(uuid,uuid)', 'matepeak_app'),
        ('private.sandbox_settlements(timestamp with time zone,timestamp with time zone,text,integer)', 'matepeak_app'),
        ('private.note_difference(uuid,uuid)', 'matepeak_app'),
        ('private.money_overview(uuid)', 'matepeak_app'),
        ('private.admin_payments(uuid,text,text,text,uuid,integer)', 'matepeak_app'),
        ('private.admin_payment(uuid,text,uuid,uuid)', 'matepeak_app'),
        ('private.sync_by_hand(uuid,text,uuid,uuid,text)', 'matepeak_app'),
        ('private.retry_refund(uuid,text,uuid,uuid,uuid,text)', 'matepeak_app'),
        ('private.refund_by_hand(uuid,text,uuid,uuid,bigint,bigint,text)', 'matepeak_app'),
        ('private.release_by_hand(uuid,text,uuid,uuid,text)', 'matepeak_app'),
        ('private.clear_attention(uuid,text,uuid,uuid,text,text)', 'matepeak_app'),
        ('private.start_reconciliation(uuid,text)', 'matepeak_app'),
        ('private.note_unclear(uuid,uuid)', 'matepeak_app'),
        ('private.returned_minor(uuid,uuid)', 'authenticated'), ('private.returned_minor(uuid,uuid)', 'matepeak_app'),
        ('private.count_money_troubles()', 'matepeak_jobs'),
        ('private.count_calendar_connections()', 'matepeak_jobs'),
        ('private.sandbox_order(text)', 'matepeak_app'),
        ('private.sandbox_create_order(text,bigint,text,text,text)', 'matepeak_app'),
        ('private.sandbox_close_order(text)', 'matepeak_app'),
        ('private.sandbox_pay(text,text,integer,boolean,text,integer)', 'matepeak_app'),
        ('private.sandbox_finish_payment(text)', 'matepeak_app'),
        ('private.sandbox_fail(text,text,text,text,text)', 'matepeak_app'),
        ('private.sandbox_dispute(text,text,text)', 'matepeak_app'),
        ('private.sandbox_set_refunds(text,boolean)', 'matepeak_app'),
        ('private.sandbox_capture(text,text,bigint,text)', 'matepeak_app'),
        ('private.sandbox_release(text,text,bigint,text)', 'matepeak_app'),
        ('private.sandbox_refund(text,text,bigint,text,integer)', 'matepeak_app'),
        ('private.sandbox_finish_refund(text)', 'matepeak_app'),
        ('private.sandbox_transfer_state(text)', 'matepeak_app'),
        ('private.sandbox_transfer(text,text,text,bigint,text)', 'matepeak_app'),
        ('private.sandbox_reverse(text,text,bigint,text)', 'matepeak_app'),
        ('private.sandbox_changed_orders(timestamp with time zone,timestamp with time zone,timestamp with time zone,text,integer)', 'matepeak_app'),
        ('private.claim_events(uuid[],bigint[])', 'matepeak_app'),
        ('private.announce_late_events(uuid[],bigint[])', 'matepeak_app'),
        ('private.send_announcements(text[],text[])', 'matepeak_app'),
        ('private.lock_own_mentor()', 'authenticated'), ('private.own_address_is_confirmed()', 'authenticated'),
        ('private.delete_old_notifications(integer)', 'matepeak_app'),
        ('private.booking_event_facts(uuid,bigint)', 'matepeak_app'),
        ('private.time_request_facts(uuid)', 'matepeak_app'),
        ('private.review_facts(uuid,uuid)', 'matepeak_app'),
        ('private.expire_no_show_claims(integer)', 'matepeak_app'),
        ('private.held_sessions(integer,timestamp with time zone,uuid)', 'matepeak_app'),
        ('private.complete_held_sessions(uuid,uuid[])', 'matepeak_app'),
        ('private.may_review(uuid,uuid)', 'authenticated'),
        ('private.review_opens_at(uuid,uuid)', 'authenticated'),
        ('private.rating_with_prior(numeric,integer)', 'authenticated'),
        ('private.words_for_search(text)', 'authenticated'),
        ('private.mentor_search_text(text,text,text,text[],text[])', 'authenticated'),
        ('fold_for_search(text)', 'anon'),
        ('fold_for_search(text)', 'authenticated'),
        ('fold_for_search(text)', 'matepeak_app'),
        ('private.review_is_open(uuid,uuid)', 'authenticated'),
        ('private.review_is_open(uuid,uuid)', 'matepeak_app'),
        ('private.review_of_booking(uuid,uuid)', 'authenticated'),
        ('private.review_of_booking(uuid,uuid)', 'matepeak_app'),
        ('private.mentors_with_alerts(integer,uuid)', 'matepeak_app'),
        ('private.lock_active_alerts(uuid)', 'matepeak_app'),
        ('private.trigger_alert(uuid,timestamp with time zone)', 'matepeak_app'),
        ('private.alert_facts(uuid)', 'matepeak_app'),
        ('private.waiting_people(uuid)', 'matepeak_app'),
        ('private.leave_waitlist(uuid,uuid)', 'matepeak_app'),
        ('private.pass_offer(uuid,uuid)', 'matepeak_app'),
        ('private.leave_overlapping_elsewhere(uuid,uuid,timestamp with time zone,timestamp with time zone)', 'matepeak_app'),
        ('private.waiting_entries(uuid)', 'matepeak_app'),
        ('private.make_offer(uuid,uuid,timestamp with time zone,timestamp with time zone,boolean)', 'matepeak_app'),
        ('private.mentors_with_waits(integer,uuid)', 'matepeak_app'),
        ('private.delete_waitlist_entries(integer)', 'matepeak_app'),
        ('private.mentors_waited_for(uuid)', 'matepeak_app'),
        ('private.withdraw_from_waitlist(uuid,uuid)', 'matepeak_app'),
        ('private.waitlist_offer_facts(uuid,uuid)', 'matepeak_app'),
        ('private.waitlist_entry_facts(uuid,uuid)', 'matepeak_app'),
        ('private.mentor_of_waitlist(uuid)', 'matepeak_app'),
        ('private.message_parties(uuid,uuid,uuid)', 'matepeak_app'),
        ('private.recipient_settings(uuid[])', 'matepeak_app'),
        ('private.write_deliveries(uuid[],text[],text[],text[],jsonb[],bytea[],boolean[],timestamp with time zone[],timestamp with time zone[])', 'matepeak_app'),
        ('private.claim_deliveries(integer,interval)', 'matepeak_app'),
        ('private.renew_claims(uuid[],integer[],interval)', 'matepeak_app'),
        ('private.end_delivery(uuid,integer,text,text,text)', 'matepeak_app'),
        ('private.address_was_reached(text)', 'matepeak_app'),
        ('private.postpone_delivery(uuid,integer,interval,text,boolean)', 'matepeak_app'),
        ('private.send_again(uuid)', 'matepeak_app'),
        ('private.mail_sessions(uuid[],uuid[])', 'matepeak_app'),
        ('private.arm_own_reminders()', 'authenticated'),
        ('private.claim_due_reminders(timestamp with time zone,integer)', 'matepeak_app'),
        ('private.keep_local_mail(text,text,bytea)', 'matepeak_app'),
        ('private.has_reachable_address()', 'authenticated'),
        ('private.mute_topic(uuid,text)', 'matepeak_app'),
        ('private.delete_old_deliveries(integer)', 'matepeak_app'),
        ('private.expire_alerts(integer)', 'matepeak_app'),
        ('private.lock_schedule(uuid)', 'matepeak_app'),
        ('private.require_revision(uuid,bigint)', 'matepeak_app'),
        ('private.request_deletion()', 'matepeak_app'),
        ('private.mentors_with_upcoming(uuid,integer)', 'matepeak_app'),
        ('private.cancel_upcoming(uuid,uuid,text,integer)', 'matepeak_app'),
        ('private.end_wishes(uuid,text,integer)', 'matepeak_app'),
        ('private.has_messages_to_come(uuid)', 'matepeak_app'),
        ('private.erase_person(uuid,text,text,integer)', 'matepeak_app'),
        ('private.deletion_step(uuid)', 'matepeak_app'),
        ('private.go_on_with_deletion(uuid,text,text)', 'matepeak_app'),
        ('private.finish_deletion(uuid)', 'matepeak_app'),
        ('private.continue_deletions(integer)', 'matepeak_app'),
        ('private.upcoming_of(uuid)', 'matepeak_app'),
        ('private.unused_packages_of(uuid)', 'matepeak_app'),
        ('private.has_password(uuid)', 'matepeak_app'),
        ('private.own_data(text,text,integer)', 'matepeak_app'),
        ('private.administrator_state(uuid)', 'matepeak_app'),
        ('private.admin_people(uuid,text,text,uuid,integer)', 'matepeak_app'),
        ('private.admin_person(uuid,text,uuid)', 'matepeak_app'),
        ('private.suspend_person(uuid,text,uuid,text)', 'matepeak_app'),
        ('private.lift_suspension(uuid,text,uuid,text)', 'matepeak_app'),
        ('private.verify_mentor(uuid,text,uuid,boolean)', 'matepeak_app'),
        ('private.undelivered_mail(uuid,text,uuid,integer)', 'matepeak_app'),
        ('private.send_undelivered_mail(uuid,text,uuid)', 'matepeak_app'),
        ('private.failed_jobs(uuid,text,bigint,integer)', 'matepeak_app'),
        ('private.run_job_again(uuid,text,bigint)', 'matepeak_app'),
        ('private.give_up_job(uuid,text,bigint)', 'matepeak_app'),
        ('private.read_admin_log(uuid,uuid,text,bigint,integer)', 'matepeak_app'),
        ('private.is_gstin(text)', 'authenticated'),
        ('private.set_platform_details(text,text,text,text,text,integer)', 'matepeak_app'),
        ('private.count_pending_work()', 'matepeak_jobs'),
        ('private.is_deleted()', 'authenticated'),
        ('my_blocked_dates()', 'authenticated'),
        ('private.calendar_feed_owner(bytea)', 'matepeak_app'),
        ('replace_calendar_feed(bytea)', 'authenticated'),
        ('private.lease_connection(integer,uuid)', 'matepeak_app'),
        ('private.note_host(uuid,text)', 'matepeak_app'),
        ('private.connect_calendars(uuid,uuid,text,text,text,text,bytea,timestamp with time zone,jsonb,jsonb)', 'matepeak_app'),
        ('private.change_login(uuid,uuid,bytea,timestamp with time zone,text,jsonb)', 'matepeak_app'),
        ('private.sealed_login(uuid,uuid)', 'matepeak_app'),
        ('private.mark_stale_connections(integer,interval)', 'matepeak_app'),
        ('private.mark_ending_logins(integer,interval)', 'matepeak_app'),
        ('private.connection_message_facts(uuid)', 'matepeak_app'),
        ('private.credentials_of_other_keys(integer,bytea,uuid)', 'matepeak_app'),
        ('private.reseal_credential(uuid,bytea,bytea)', 'matepeak_app'),
        ('private.write_connected_calendar(uuid,uuid,uuid,text[],text[],text[],text[],boolean,text[],timestamp with time zone[],timestamp with time zone[],boolean[],text[],jsonb,timestamp with time zone)', 'matepeak_app'),
        ('private.end_sync(uuid,uuid,interval,text,text,boolean)', 'matepeak_app'),
        ('private.save_credential(uuid,bytea,bytea,timestamp with time zone,text,boolean)', 'matepeak_app'),
        ('private.list_connected_calendars(uuid,jsonb)', 'matepeak_app'),
        ('private.note_push_channel(uuid,uuid,uuid,text,text,bytea,timestamp with time zone,interval)', 'matepeak_app'),
        ('private.receive_pushes(text[],text)', 'matepeak_app'),
        ('choose_connected_calendar(uuid,boolean,boolean)', 'authenticated'),
        ('disconnect_calendars(uuid)', 'authenticated'),
        ('private.take_session_entry(uuid)', 'matepeak_app'),
        ('private.begin_entry_write(uuid,uuid,uuid,uuid,timestamp with time zone)', 'matepeak_app'),
        ('private.session_entries_due(uuid)', 'matepeak_app'),
        ('private.note_entry_written(uuid,uuid,uuid,uuid,text,text,text,integer,timestamp with time zone)', 'matepeak_app'),
        ('private.note_entry_removed(uuid,uuid,uuid,uuid)', 'matepeak_app'),
        ('private.note_entry_found(uuid,uuid,uuid,uuid,integer,boolean,text,timestamp with time zone)', 'matepeak_app'),
        ('private.suspect_entry(uuid,uuid,uuid,uuid)', 'matepeak_app'),
        ('private.note_entry_failed(uuid,uuid,uuid,uuid,text,text,interval,boolean,boolean)', 'matepeak_app'),
        ('private.enqueue_session_entries(uuid,timestamp with time zone)', 'matepeak_app'),
        ('private.entry_question_facts(uuid,uuid,uuid)', 'matepeak_app'),
        ('own_entry_questions(uuid,uuid)', 'authenticated'),
        ('claim_entry_answer(uuid,uuid,uuid)', 'authenticated'),
        ('settle_entry_question(uuid,uuid,uuid,text)', 'authenticated'),
        ('end_booking_links(uuid,uuid)', 'authenticated'),
        ('lock_booking(uuid,uuid)', 'authenticated'),
        ('private.host_url(uuid,uuid,text)', 'authenticated'),
        ('private.host_url(uuid,uuid,text)', 'matepeak_app'),
        ('private.can_meet_through_google(uuid)', 'matepeak_app'),
        ('private.meet_calendar(uuid,uuid,uuid)', 'matepeak_app'),
        ('record_join(uuid,uuid)', 'authenticated'),
        ('shown_meeting_places(uuid)', 'anon'),
        ('shown_meeting_places(uuid)', 'authenticated'),
        ('private.has_link(jsonb)', 'authenticated'),
        ('private.has_link(jsonb)', 'matepeak_app'),
        ('private.place_of(uuid,uuid)', 'matepeak_app'),
        ('private.arrange_meeting(uuid,uuid,interval)', 'matepeak_app'),
        ('private.claim_meeting(uuid,uuid,uuid,text[])', 'matepeak_app'),
        ('private.note_meeting(uuid,uuid,uuid,text,text,uuid[],text[],text,text,timestamp with time zone,timestamp with time zone)', 'matepeak_app'),
        ('private.settle_meeting(uuid,uuid,uuid,boolean)', 'matepeak_app'),
        ('private.note_meeting_failure(uuid,uuid,uuid,text,boolean,boolean,interval)', 'matepeak_app'),
        ('private.made_meeting_ref(uuid,uuid)', 'matepeak_app'),
        ('private.meeting_facts(uuid,uuid)', 'matepeak_app'),
        ('private.record_zoom_event(text,text,text,text,timestamp with time zone,integer)', 'matepeak_app'),
        ('set_booking_meeting(uuid,uuid,text,text)', 'authenticated'),
        ('change_booking_status(uuid,uuid,text,text)', 'authenticated'))`,
    brokenBy: [
      "create function public.anything() returns int language sql as 'select 1'",
      "grant execute on function public.lock_booking(uuid,uuid) to anon",
      "grant execute on function private.expire_requests(uuid) to service_role",
    ],
  },
  {
    name: "every function pins search_path, with pg_temp last, or has a body whose names are bound already",
    offenders: `
      select name from (${ownFunctions}) f
      where f.prosqlbody is null and not coalesce(f.proconfig @> array['search_path=pg_catalog, pg_temp'], false)`,
    brokenBy: [
      "alter function public.lock_booking(uuid,uuid) reset search_path",
      "alter function public.lock_booking(uuid,uuid) set search_path = ''",
      "alter function private.prepare_booking() set search_path = public",
    ],
  },
  {
    name: "a role that requests run as has no power over the schema",
    offenders: `
      select r.rolname from pg_roles r where r.rolname = any ($2::text[]) and (
        r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolinherit
        or has_database_privilege(r.oid, current_database(), 'create')
        or exists (select from pg_namespace n where n.nspname = any ($1::text[] || '{extensions}'::text[])
                   and (n.nspowner = r.oid or has_schema_privilege(r.oid, n.oid, 'create')))
        or exists (select from (${ownTables}) t where t.relowner = r.oid)
        or exists (select from (${ownFunctions}) f where f.proowner = r.oid))`,
    brokenBy: [
      "alter role matepeak_app bypassrls",
      "alter role authenticated createrole",
      "alter role matepeak_app inherit",
      "grant create on schema public to authenticated",
      "alter table public.services owner to matepeak_app",
    ],
  },
  {
    name: "a role that requests run as acts only as the app may",
    offenders: `
      select m.member::regrole::text || ' as ' || m.roleid::regrole as name from pg_auth_members m
      where m.member::regrole::text = any ($2::text[]) and $1::text[] is not null
        and (m.admin_option or m.member::regrole::text || ' as ' || m.roleid::regrole
          not in ('matepeak_app as anon', 'matepeak_app as authenticated'))`,
    brokenBy: ["grant matepeak_auth to matepeak_app", "grant anon to matepeak_app with admin option"],
  },
];
