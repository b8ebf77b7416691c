import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mentorProfile } from "#contract/mentors.ts";
import { service } from "#contract/services.ts";
import { accountDeletedReason, deletedPerson } from "#words/personalData.ts";
import type { Answer } from "../testing/answer.ts";
import { bookAny, dateIn, letEnd, moveBooking } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { rewriteFunction } from "../testing/rewriteFunction.ts";
import {
  callWith,
  daily,
  type Mentor,
  openTestApp,
  password,
  type TestApp,
  usualService,
} from "../testing/testApp.ts";
import { goOnWithDeletion } from "./deletion.ts";
import { erasureRules } from "./erasureRules.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const schemas = ["auth", "private", "public"];

const tables = `
  select c.oid, format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p')`;

/**
 * Columns that may have a person in them: texts, documents and bytes, references to people and mentors, and ids that are
 * named after someone.
 */
const personalColumns = `
  select t.name, a.attname as column from (${tables}) t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    join pg_type y on y.oid = a.atttypid
  where coalesce(nullif(y.typbasetype, 0), y.oid) in (
      'text'::regtype, 'varchar'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'inet'::regtype)
    or a.attname ~ '(^|_)(user|person|actor|subject|student|expert|mentor)_id$'
    or exists (
      select from pg_constraint f where f.contype = 'f' and f.conrelid = t.oid and f.conkey = array[a.attnum]
        and f.confrelid in ('auth.users'::regclass, 'public.expert_profiles'::regclass))`;

async function findFaults(owner: pg.ClientBase, rules = erasureRules): Promise<string[]> {
  const { rows: known } = await owner.query<{ name: string }>(tables, [schemas]);
  const names = known.map(({ name }) => name);
  const { rows: columns } = await owner.query<{ name: string; column: string }>(personalColumns, [schemas]);
  return [
    ...names.filter((name) => !rules[name]).map((name) => `${name} has no rule`),
    ...Object.keys(rules)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} does not exist`),
    ...columns.flatMap(({ name, column }) => {
      const rule = rules[name];
      if (rule?.rows === "kept" && !rule.columns[column]) return [`${name}.${column} has no rule`];
      return rule?.rows === "impersonal" &&
        /(^|_)(user|person|actor|expert)_id$|(full|user)_name$|email|phone/.test(column)
        ? [`${name}.${column} is personal`]
        : [];
    }),
  ];
}

describe("every table and column that may have a person in it has a rule", () => {
  it("holds", async () => {
    expect(await findFaults(test.db.owner)).toEqual([]);
    const count = Object.values(erasureRules).flatMap((rule) =>
      rule.rows === "kept" ? Object.keys(rule.columns) : [],
    );
    expect(count.length).toBeGreaterThan(80);
  });

  it.each([
    ["create table public.guests (id int)", "public.guests has no rule"],
    ["alter table public.bookings add column guest_names text[]", "public.bookings.guest_names has no rule"],
    [
      "alter table public.occupancies add column student_id uuid",
      "public.occupancies.student_id has no rule",
    ],
    [
      "alter table public.services add column helped_by uuid references auth.users (id)",
      "public.services.helped_by has no rule",
    ],
    ["alter table private.admin_log add column seen jsonb", "private.admin_log.seen has no rule"],
    ["alter table private.call_counts add column user_id uuid", "private.call_counts.user_id is personal"],
  ])("twin: %s", async (change, fault) => {
    await test.db.owner.query("begin");
    await test.db.owner.query(change);
    const faults = await findFaults(test.db.owner);
    await test.db.owner.query("rollback");
    expect(faults).toEqual([fault]);
  });
});

/** Each word identifies the person, and occurs nowhere else. */
const words = {
  name: "Zebulon Quixote",
  phone: "+91 98765 43219",
  url: "https://meet.example.com/zebulon",
  username: "zebulon-q",
} as const;
const marks = (id: string, email: string) => ["zebulon", "quixote", "98765 43219", "zeb-secret", email, id];

const callAs = ({ headers }: Answer) =>
  callWith(test.app, { authorization: `Bearer ${String(headers["set-auth-token"])}` });

interface Leaver {
  id: string;
  email: string;
  mentor: Mentor;
  others: { student: Mentor; mentor: Mentor };
}

/** A person who is a mentor and a student and has left something in every table. */
async function makeLeaver(): Promise<Leaver> {
  const { db, visitor } = test;
  const email = `zebulon.${Math.random().toString(36).slice(2)}@example.com`;
  const signedUp = await visitor("POST", "/api/auth/sign-up/email", { name: words.name, email, password });
  const { user } = signedUp.expect(200).json as { user: { id: string } };
  const call = callAs(signedUp);
  await db.owner.query("update auth.users set email_verified = true where id = $1", [user.id]);
  const username = `${words.username}-${user.id.slice(-4)}`;
  const created = await call("POST", "/mentors", {
    username: `${username}-old`,
    full_name: words.name,
    headline: "Zebulon teaches",
    bio: "I am Zebulon.",
    expertise: ["Quixote studies"],
    languages: ["Zebulonese"],
    timezone: "Asia/Kolkata",
  });
  const profile = created.expect(201).read(mentorProfile);
  (await call("PATCH", "/mentors/me", { username })).expect(200);
  (await call("PUT", "/availability-slots", { recurringSlots: daily("09:00", "17:00") })).expect(200);
  const offered = await call("POST", "/mentors/me/services", {
    ...usualService,
    description: "With Zebulon",
  });
  const mentor: Mentor = {
    id: user.id,
    name: words.name,
    email,
    token: "",
    call,
    profile,
    services: [offered.expect(201).read(service)],
  };
  const student = await test.makeMentor({ name: "A student" });
  const other = await test.makeMentor({ name: "Another mentor" });
  const note = { body: "About Zebulon.", revision: 0 };

  // As a mentor.
  (await call("PUT", "/mentors/me/room", { meeting_url: words.url, meeting_note: "zeb-secret" })).expect(200);
  const place = { kind: "in_person", address: "Zebulon Road 1", map_url: words.url };
  (await call("PUT", "/mentors/me/meeting-place", place)).expect(200);
  (await call("POST", "/blocked-dates", { date: dateIn(mentor, 50), reason: "Zebulon's birthday" })).expect(
    201,
  );
  const trip = { starts_on: dateIn(mentor, 400), ends_on: dateIn(mentor, 401), timezone: "Asia/Tokyo" };
  (await call("POST", "/timezone-periods", trip)).expect(201);
  const given = (await bookAny(student, mentor)).id;
  (await call("POST", `/bookings/${given}/confirm`)).expect(200);
  (await call("PUT", `/bookings/${given}/meeting`, { meeting_url: words.url })).expect(200);
  (await call("PUT", `/mentors/me/students/${student.id}/note`, { body: "zeb-secret", revision: 0 })).expect(
    200,
  );
  (await student.call("PUT", `/me/favourites/${mentor.id}`)).expect(204);
  (await student.call("POST", "/availability-alerts", await alertOn(mentor, 20))).expect(201);
  const held = (await bookAny(student, mentor)).id;
  (await call("POST", `/bookings/${held}/confirm`)).expect(200);
  await moveBooking(db, held, -40);
  (await call("POST", `/bookings/${held}/complete`)).expect(200);
  await db.owner.query(
    `insert into join_events (booking_id, expert_id, how, name, at)
       select id, expert_id, 'zoom_joined', 'Zebulon', now() from bookings where id = '${held}';
     insert into private.made_meetings (occupancy_id, expert_id, known_as, kind, ref, host_url, starts_at, ends_at)
       select occupancy_id, expert_id, id, 'jitsi', 'zebulon', '${words.url}', starts_at, ends_at from bookings where id = '${held}'`,
  );
  const review = (await student.call("POST", `/bookings/${held}/review`, { rating: 5 })).expect(201);
  const { id: reviewId } = review.json as { id: string };
  (await call("PUT", `/reviews/${reviewId}/reply`, { reply: "Zebulon says thanks." })).expect(204);
  (await student.call("POST", "/time-requests", requestFor(mentor, 30))).expect(201);
  // As a student.
  const body = {
    message: "I am Zebulon.",
    user_name: words.name,
    user_email: email,
    user_phone: words.phone,
  };
  const bookOther = async () => {
    const slot = await bookAny(mentor, other);
    await db.owner.query(
      "update bookings set message = $2, user_name = $3, user_email = $4, user_phone = $5 where id = $1",
      [slot.id, body.message, body.user_name, body.user_email, body.user_phone],
    );
    return slot.id;
  };
  await bookOther();
  const taken = await bookOther();
  (await other.call("POST", `/bookings/${taken}/confirm`)).expect(200);
  await moveBooking(db, taken, -41);
  (await other.call("POST", `/bookings/${taken}/complete`)).expect(200);
  (await call("POST", `/bookings/${taken}/review`, { rating: 4, comment: "Good." })).expect(201);
  (await other.call("PUT", `/mentors/me/students/${user.id}/note`, note)).expect(200);
  const missed = await bookOther();
  (await other.call("POST", `/bookings/${missed}/confirm`)).expect(200);
  await letEnd(db, missed, 1);
  (await call("POST", `/bookings/${missed}/no-show`, { reason: "Zebulon waited." })).expect(200);
  const cancelled = await bookOther();
  (await call("POST", `/bookings/${cancelled}/cancel`, { reason: "Zebulon is ill." })).expect(200);
  (await call("DELETE", `/bookings/${taken}/link`)).expect(204);
  (await call("PUT", `/me/favourites/${other.id}`)).expect(204);
  (await call("POST", "/availability-alerts", await alertOn(other, 21))).expect(201);
  const { expert_id, ...days } = await alertOn(other, 22);
  (await call("POST", `/mentors/${expert_id}/waitlist`, { kind: "days", ...days })).expect(201);
  await db.owner.query(
    `insert into waitlist_offers (
         expert_id, entry_id, user_id, service_id, starts_at, ends_at, state, is_final, expires_at, settled_at)
       select expert_id, id, user_id, service_id, starts_from, starts_until, 'passed', false, starts_from, now()
       from waitlist_entries`,
  );
  const asked = await call("POST", "/time-requests", { ...requestFor(other, 31), message: "From Zebulon." });
  asked.expect(201);
  (await call("PATCH", "/me", { name: words.name, timezone: "Asia/Tokyo" })).expect(200);
  await runJobs(db);
  await db.owner.query(
    `insert into notification_settings (user_id) values ($1);
     `.replaceAll("$1", `'${user.id}'`) +
      `insert into private.reminders (booking_id, expert_id, user_id, lead, due_at)
         select id, expert_id, user_id, 60, now() from bookings where id = '${missed}';
       insert into private.booking_origins (booking_id, expert_id, origin, starts_at)
         select id, expert_id, '\\x00', starts_at from bookings where id = '${missed}' on conflict do nothing;
       insert into private.deliveries (channel, user_id, kind, occasion, content, is_urgent, expires_at)
         values ('email', '${user.id}', 'booking_booked', 'one', '{"recipient":{"name":"Zebulon"}}', false, now() + interval '1 day');
       insert into private.deliveries (channel, user_id, kind, occasion, content, is_urgent, expires_at, state, ended_at)
         values ('email', '${other.id}', 'booking_requested', 'two',
           '{"booking":{"id":"${cancelled}"},"facts":{"counterpart":"Zebulon Quixote","reason":"Zebulon is ill."}}', false, now() + interval '1 day', 'undeliverable', now());
       insert into private.unreachable_addresses (address, reason) values ('${email}', 'rejected');
       insert into private.administrators (user_id) values ('${user.id}');
       insert into private.admin_log (actor_id, action, subject_id) values (null, 'person_viewed', '${user.id}');
       insert into auth.verifications (identifier, value, expires_at) values ('sign-in-otp-${email}', 'x', now());
       insert into auth.passkeys (user_id, name, credential_id, public_key, counter, transports)
         values ('${user.id}', 'Zebulon''s phone', '${user.id}', '\\x00', 0, '{}');
       insert into auth.two_factors (user_id, secret, recovery_codes) values ('${user.id}', 'x', 'x');
       insert into tax_settings (expert_id, legal_name, address) values ('${user.id}', '${words.name}', 'Zebulon Street');
       insert into billing_details (user_id, name) values ('${user.id}', '${words.name}');
       select private.issue_document('${user.id}', '${user.id}', 'fee_invoice', '${held}', null, null, 'INR', 1, false,
         '{"recipient":{"name":"${words.name}"}}');
       insert into private.document_series (issuer_id, series, start_year, last_issued_at)
         values ('${user.id}', 'R', 2026, now());
       insert into payments (expert_id, user_id, booking_id, provider, capture, amount_minor, currency)
         values ('${user.id}', '${student.id}', '${held}', 'sandbox', 'automatic', 200000, 'INR');
       select private.sandbox_create_order(id::text, amount_minor, currency, capture, 'Session · ${words.name}')
         from payments where booking_id = '${held}';
       insert into series (expert_id, user_id, service_id, duration, pattern, payment)
         select expert_id, user_id, service_id, duration, 'weekly', 'at_once' from bookings where id = '${held}';
       insert into baskets (expert_id, user_id, series_id, total_minor, currency)
         select expert_id, user_id, id, 100, 'INR' from series on conflict do nothing;
       insert into attendances (booking_id, expert_id, state) select id, expert_id, 'present' from bookings where id = '${held}';
       insert into group_sessions (expert_id, service_id, origin, state, cancelled_because, starts_at, ends_at, capacity, decide_at,
           decided_at)
         select expert_id, service_id, 'scheduled', 'cancelled', 'mentor', starts_at, ends_at, 2, starts_at, now()
         from bookings where id = '${held}';
       insert into programmes (expert_id, service_id, title, description, duration, capacity, price_minor, currency, min_attendees,
           decide_at)
         select expert_id, service_id, 'Eight weeks', '${words.name}', 60, 2, 100, 'INR', 1, starts_at
         from bookings where id = '${held}';
       insert into coupons (expert_id, code, basis_points) select expert_id, 'WELCOME', 1000 from bookings where id = '${held}';
       insert into coupon_uses (booking_id, expert_id, coupon_id, user_id)
         select b.id, b.expert_id, c.id, b.user_id from bookings b join coupons c on c.expert_id = b.expert_id
         where b.id = '${held}';
       insert into packages (expert_id, service_id, minutes, sessions, price_minor, valid_days)
         select expert_id, service_id, 60, 2, 100, 30 from bookings where id = '${held}';
       insert into package_purchases (expert_id, user_id, package_id, service_id, minutes, sessions, price_minor, currency,
           valid_days)
         select g.expert_id, b.user_id, g.id, g.service_id, 60, 2, 100, 'INR', 30
         from bookings b join packages g on g.expert_id = b.expert_id where b.id = '${held}';
       insert into credit_uses (expert_id, booking_id, package_purchase_id, share_minor, currency)
         select b.expert_id, b.id, p.id, 50, 'INR'
         from bookings b join package_purchases p on p.expert_id = b.expert_id where b.id = '${held}';
       insert into private.payment_orders (provider, order_id, payment_id, expert_id)
         select provider, 'order-' || id, id, expert_id from payments where booking_id = '${held}';
       select private.receive_payment_event('sandbox', 'evt-${held}', 'paid', 'order-' || id, 'genuine',
           convert_to('{"email":"${email}","contact":"${words.phone}"}', 'utf8')) from payments where booking_id = '${held}';
       select private.settle_payment(expert_id, id, jsonb_build_object('id', 'order-' || id, 'amount_minor', amount_minor,
           'currency', currency, 'attempts', jsonb_build_array(
             jsonb_build_object('id', 'pay_0', 'state', 'failed', 'amount_minor', amount_minor, 'currency', currency,
               'failure_message', 'Zebulon''s card expired.', 'created_at', now(), 'refunds', '[]'::jsonb),
             jsonb_build_object('id', 'pay_1', 'state', 'captured', 'amount_minor', amount_minor, 'currency', currency,
               'created_at', now(), 'refunds', '[]'::jsonb))), false)
         from payments where booking_id = '${held}';
       select private.note_refund(expert_id, id, 'failed', null, 'Zebulon''s account is closed.')
         from refunds where payment_id = (select id from payments where booking_id = '${held}');
       delete from graphile_worker._private_jobs where coalesce(payload ->> 'payment_id', payload ->> 'refund_id') is not null;
       insert into private.payout_accounts (expert_id, usable_from) values ('${user.id}', now());
       insert into private.payout_runs (created_by) values ('${student.id}');
       insert into payouts (expert_id, run_id, amount_minor, currency, method)
         select '${user.id}', id, 10000, 'INR', 'csv' from private.payout_runs where created_by = '${student.id}';
       insert into payout_reversals (expert_id, payout_id, refund_id, amount_minor, currency)
         select p.expert_id, p.id, r.id, 100, 'INR' from payouts p join refunds r on r.expert_id = p.expert_id
         where p.expert_id = '${user.id}' limit 1;
       insert into calendar_connections (user_id, kind, name, username, server_url, credential)
         values ('${user.id}', 'caldav', 'Home', 'zebulon', 'https://dav.example.com', decode(repeat('00', 29), 'hex'));
       insert into connected_calendars (connection_id, user_id, remote_id, name, is_writable, counts_as_busy)
         select id, user_id, 'one', 'Zebulon', true, true from calendar_connections where user_id = '${user.id}';
       insert into connected_objects (calendar_id, ref, user_id) select id, 'a', user_id from connected_calendars where user_id = '${user.id}';
       insert into connected_events (calendar_id, ref, user_id, during, is_all_day, title)
         select id, 'a', user_id, tstzrange(now(), now() + interval '1 hour'), false, 'Zebulon' from connected_calendars where user_id = '${user.id}';
       insert into session_entries (booking_id, expert_id, calendar_id)
         select b.id, k.user_id, k.id from connected_calendars k join bookings b on b.expert_id = k.user_id where k.user_id = '${user.id}';
       insert into busy_times (expert_id) values ('${user.id}');
       insert into calendar_feeds (user_id, token_hash) values ('${user.id}', sha256('${user.id}'));
       insert into private.idempotency_keys (user_id, key, request_hash, body)
         values ('${student.id}', 'k${user.id}', 'h', '{"answer":{"mentor":{"id":"${user.id}","full_name":"Zebulon Quixote"}}}');
       insert into private.idempotency_keys (user_id, key, request_hash) values ('${user.id}', 'own', 'h')`,
  );
  return { id: user.id, email, mentor, others: { student, mentor: other } };
}

/** Returns the tables with a row that contains a word in any column; bytes are read as text. */
async function tablesWith(word: string): Promise<string[]> {
  const { owner } = test.db;
  const { rows } = await owner.query<{ name: string }>(`${tables} order by 2`, [schemas]);
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await owner.query(
      `select from ${name} t, lateral (
         select string_agg(case when v ~ '^\\\\x([0-9a-f]{2})+$' then encode(decode(substr(v, 3), 'hex'), 'escape') else v end, ' ') as words
         from jsonb_each_text(to_jsonb(t)) e (k, v)) r
       where position(lower($1) in lower(r.words)) > 0 limit 1`,
      [word],
    );
    if (rowCount) found.push(name);
  }
  return found;
}

/** As the mail server would: also the cancellations, for which a deletion waits. */
async function sendAllMail(): Promise<void> {
  await test.db.owner.query(
    "update private.deliveries set state = 'sent', ended_at = now(), content = '{}' where state = 'waiting'",
  );
}

async function deleteAccount({ mentor }: Leaver): Promise<void> {
  (await mentor.call("POST", "/me/delete", { confirmed: true, password })).expect(202);
  await runJobs(test.db);
  // The job has cancelled, and waits until the other side's messages are written.
  await runJobs(test.db);
  await sendAllMail();
  expect(await goOnWithDeletion(test.db.database, mentor.id, async () => undefined)).toBeUndefined();
}

/** For days on which nothing is free. */
async function alertOn(mentor: Mentor, days: number) {
  const from = dateIn(mentor, days);
  await mentor.call("POST", "/blocked-dates", { date: from });
  const service_id = mentor.services[0]?.id;
  return { expert_id: mentor.id, service_id, duration: 60, from, to: from, timezone: "Asia/Kolkata" };
}

/** At three in the morning, which is not offered. */
function requestFor(mentor: Mentor, days: number) {
  const starts_at = [`${dateIn(mentor, days)}T21:30:00Z`];
  const service_id = mentor.services[0]?.id;
  return { expert_id: mentor.id, service_id, duration: 60, total_amount: 2000, starts_at };
}

/** Tables in which tax law keeps a name. */
const lawful = ["public.documents"];

const kept = Object.keys(erasureRules).filter((name) => erasureRules[name]?.rows === "kept");

describe("a deletion", () => {
  let leaver: Leaver;
  beforeAll(async () => {
    leaver = await makeLeaver();
  });

  it("is of a person with something in every table", async () => {
    const before = new Set((await Promise.all(marks(leaver.id, leaver.email).map(tablesWith))).flat());
    const without = ["private.local_mail", "private.closed_accounts", "private.booking_origins"];
    const expected = Object.keys(erasureRules).filter(
      (name) => erasureRules[name]?.rows !== "impersonal" && !without.includes(name),
    );
    expect(expected.filter((name) => !before.has(name))).toEqual([]);
  });

  it("leaves the person's words nowhere, and the id only where a rule keeps it", async () => {
    await deleteAccount(leaver);
    for (const word of marks(leaver.id, leaver.email).slice(0, -1))
      expect([word, (await tablesWith(word)).filter((name) => !lawful.includes(name))]).toEqual([word, []]);
    expect(await tablesWith("zebulon")).toEqual(lawful);
    const withId = await tablesWith(leaver.id);
    expect(withId.filter((name) => !kept.includes(name))).toEqual([]);
    expect(withId).toContain("public.bookings");
  });

  it("keeps the other side's sessions, with amounts, under another name", async () => {
    const { student, mentor } = leaver.others;
    const mine = (await student.call("GET", "/bookings?as=student")).expect(200).text;
    expect(mine).toContain(deletedPerson);
    const theirs = (await mentor.call("GET", "/bookings?as=mentor")).expect(200).text;
    expect(theirs).toContain(deletedPerson);
    const inbox = (await student.call("GET", "/notifications")).expect(200).text;
    expect(inbox).toContain(accountDeletedReason);
    expect(inbox).toContain(deletedPerson);
    const { rows } = await test.db.owner.query(
      "select status, total_minor from bookings where $1 in (user_id, expert_id) order by starts_at",
      [leaver.id],
    );
    expect(rows).toHaveLength(6);
    expect(rows.every(({ total_minor }) => total_minor === 200_000)).toBe(true);
    expect(rows.filter(({ status }) => status === "cancelled")).toHaveLength(3);
  });

  it("frees the address for another account", async () => {
    const again = { name: "Someone new", email: leaver.email, password: "harbour lamp violet" };
    const signedUp = (await test.visitor("POST", "/api/auth/sign-up/email", again)).expect(200);
    expect((signedUp.json as { user: { id: string } }).user.id).not.toBe(leaver.id);
    expect((await callAs(signedUp)("GET", "/bookings?as=student")).expect(200).json).toMatchObject({
      data: [],
    });
  });
});

describe("twins: what is not erased is found", () => {
  it.each([
    ["private.erase_person", "o.user_id = person and o.author <> replacement", "false", "public.reviews"],
    ["private.erase_person", "  delete from public.profiles p where p.id = person;", "", "public.profiles"],
    ["private.erase_person", "and o.description <> ''", "and false", "private.sandbox_orders"],
    ["private.erase_person", "and o.body <> ''", "and false", "private.payment_events"],
    ["private.erase_person", "and o.failure_message is not null", "and false", "public.payment_attempts"],
    ["private.erase_person", "and o.failure is not null", "and false", "public.refunds"],
    ["private.erase_person", "and o.detail is not null", "and false", "public.money_events"],
    [
      "private.without_person",
      "|| jsonb_build_object('counterpart', replacement)",
      "",
      "public.notifications",
    ],
  ])("%s without '%s'", async (name, line, replacement, table) => {
    const leaver = await makeLeaver();
    const restore = await rewriteFunction(test.db, name, line, replacement);
    try {
      await deleteAccount(leaver);
      expect(await tablesWith("zebulon")).toContain(table);
    } finally {
      await restore();
    }
  });
});
