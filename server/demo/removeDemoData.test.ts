import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { me } from "#contract/accounts.ts";
import { booking } from "#contract/bookings.ts";
import { ownServiceList } from "#contract/services.ts";
import { bookAny, bookingOf, dateIn, letEnd, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { callWith, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { makeTemplate } from "../testing/testDatabase.ts";
import { describeRemoval } from "./describeRemoval.ts";
import { demoIdStart, demoPassword, demoPeople, personOf } from "./people.ts";
import { removeDemoData } from "./removeDemoData.ts";
import { seedDemoData } from "./seedDemoData.ts";

let test: TestApp;
let owner: pg.Client;

let planted: Awaited<ReturnType<typeof makeTemplate>>;

beforeAll(async () => {
  planted = await makeTemplate(async (client) => {
    expect(await seedDemoData(client, { wanted: true })).toBe(true);
  });
});
afterAll(() => planted.drop());
beforeEach(async () => {
  test = await openTestApp({ template: planted.name });
  owner = test.db.owner;
});
afterEach(() => test.close());

/** About no person (calls are counted by hashes), or never changed. */
const impersonal = [
  "private.admin_log",
  "private.schema_migrations",
  "private.zone_rules",
  "private.call_counts",
  "private.demo_removals",
  "private.money_settings",
  "private.payout_settings",
  "private.platform_details",
  "private.reconciliations",
];

async function tablesOf(schemas: readonly string[]): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any ($1) and c.relkind = 'r' order by 1`,
    [schemas],
  );
  return rows.map(({ name }) => name).filter((name) => !impersonal.includes(name));
}

const ownTables = () => tablesOf(["auth", "private", "public"]);

/** Every row about people, as its table's name and its text. */
async function allRows(): Promise<Set<string>> {
  const found = new Set<string>();
  for (const name of await ownTables()) {
    const { rows } = await owner.query<{ row: string }>(`select t::text as row from ${name} t`);
    for (const { row } of rows) found.add(`${name} ${row}`);
  }
  return found;
}

/** The tables, the queue's too, in which any column holds the id or the address of a demo person, in whatever form. */
async function traces(): Promise<string[]> {
  const addresses = demoPeople.map(({ email }) => email.replaceAll(".", "\\.")).join("|");
  const found: string[] = [];
  for (const name of await tablesOf(["auth", "private", "public", "graphile_worker"])) {
    const { rowCount } = await owner.query(`select from ${name} t where t::text ~ $1 limit 1`, [
      `${demoIdStart}|\\m(${addresses})\\M`,
    ]);
    if (rowCount) found.push(name);
  }
  return found;
}

async function filledTables(): Promise<string[]> {
  const filled: string[] = [];
  for (const name of await ownTables()) {
    const { rowCount } = await owner.query(`select from ${name} limit 1`);
    if (rowCount) filled.push(name);
  }
  return filled;
}

async function signIn(handle: string): Promise<Person> {
  const { id, email, full_name: name } = personOf(handle);
  const answer = await test.visitor("POST", "/api/auth/sign-in/email", { email, password: demoPassword });
  const token = String(answer.expect(200).headers["set-auth-token"]);
  return { id, name, email, token, call: callWith(test.app, { authorization: `Bearer ${token}` }) };
}

/** A demo mentor, with the 1:1 services alone. */
async function signInMentor(handle: string): Promise<Mentor> {
  const person = await signIn(handle);
  const profile = (await person.call("GET", "/me")).read(me).mentor;
  if (!profile) throw new Error(`${handle} is no mentor.`);
  const { data } = (await person.call("GET", "/mentors/me/services")).read(ownServiceList);
  const services = data.filter(({ session_type }) => session_type === "oneOnOneSession");
  return { ...person, profile, services };
}

/** Some hour of the night, which is not offered. */
function requestFor(mentor: Mentor) {
  const [service] = mentor.services;
  const [length] = service?.durations ?? [];
  return {
    expert_id: mentor.id,
    service_id: service?.id,
    duration: length?.minutes,
    total_amount: length?.price,
    starts_at: [`${dateIn(mentor, 20)}T22:30:00Z`],
  };
}

async function waitFor(mentor: Mentor, student: Person): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
     values ($1, $2, $3, 60, $4, $4, 'UTC') returning id`,
    [student.id, mentor.id, mentor.services[0]?.id, dateIn(mentor, 30)],
  );
  return rows[0]?.id ?? "";
}

/** A transaction that locks a mentor's row, as all changes of the mentor's time do; its caller ends it. */
async function lockedBy(mentor: Mentor): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: test.db.ownerUrl });
  await client.connect();
  await client.query("begin");
  await client.query("select private.lock_mentor($1)", [mentor.id]);
  return client;
}

/** How many connections wait for a lock; queried on another connection, because the owner's may be among them. */
async function waiting(): Promise<number | null> {
  return test.db.as(null, async (client) => {
    const sql =
      "select from pg_stat_activity where datname = current_database() and pid in (select pid from pg_locks where not granted)";
    return (await client.query(sql)).rowCount;
  });
}

/** A payment that came too late, at the sandbox, with its webhook and the refund that follows; and a transfer taken back. */
async function pay(mentor: Person, student: Person, booking: string): Promise<void> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into payments (expert_id, user_id, booking_id, provider, capture, amount_minor, currency)
     values ($1, $2, $3, 'sandbox', 'automatic', 100000, 'INR') returning id`,
    [mentor.id, student.id, booking],
  );
  const payment = rows[0]?.id;
  await owner.query(`do $$ declare paid uuid := (select booking_id from payments where id = '${payment}'); begin
       insert into series (expert_id, user_id, service_id, duration, pattern, payment)
         select expert_id, user_id, service_id, duration, 'weekly', 'at_once' from bookings where id = paid;
       insert into baskets (expert_id, user_id, series_id, total_minor, currency)
         select expert_id, user_id, id, 100, 'INR' from series;
       insert into attendances (booking_id, expert_id, state) select id, expert_id, 'present' from bookings where id = paid;
       insert into group_sessions (expert_id, service_id, origin, state, cancelled_because, starts_at, ends_at, capacity, decide_at,
           decided_at)
         select expert_id, service_id, 'scheduled', 'cancelled', 'mentor', starts_at, ends_at, 2, starts_at, now()
         from bookings where id = paid;
       insert into programmes (expert_id, service_id, title, duration, capacity, price_minor, currency, min_attendees, decide_at)
         select expert_id, service_id, 'Eight weeks', 60, 2, 100, 'INR', 1, starts_at from bookings where id = paid;
       insert into waitlist_entries (user_id, expert_id, service_id, duration, kind, timezone, starts_from, starts_until, state)
         select user_id, expert_id, service_id, 60, 'slot', 'UTC', starts_at + interval '100 days', ends_at + interval '100 days', 'left'
         from bookings where id = paid;
       insert into waitlist_offers (
           expert_id, entry_id, user_id, service_id, starts_at, ends_at, state, is_final, expires_at, settled_at, booking_id)
         select w.expert_id, w.id, w.user_id, w.service_id, starts_from, starts_until, 'passed', false, starts_from, now(), paid
         from waitlist_entries w where w.expert_id = (select expert_id from bookings where id = paid);
       insert into coupons (expert_id, code, basis_points) select expert_id, 'WELCOME', 1000 from bookings where id = paid;
       insert into coupon_uses (booking_id, expert_id, coupon_id, user_id)
         select b.id, b.expert_id, c.id, b.user_id from bookings b join coupons c on c.expert_id = b.expert_id
         where b.id = paid;
       insert into packages (expert_id, service_id, minutes, sessions, price_minor, valid_days)
         select expert_id, service_id, 60, 2, 100, 30 from bookings where id = paid;
       insert into package_purchases (expert_id, user_id, package_id, service_id, minutes, sessions, price_minor, currency,
           valid_days)
         select g.expert_id, b.user_id, g.id, g.service_id, 60, 2, 100, 'INR', 30
         from bookings b join packages g on g.expert_id = b.expert_id where b.id = paid;
       insert into credit_uses (expert_id, booking_id, package_purchase_id, share_minor, currency)
         select b.expert_id, b.id, p.id, 50, 'INR'
         from bookings b join package_purchases p on p.expert_id = b.expert_id where b.id = paid;
       end $$`);
  const order = { id: `order-${payment}`, amount_minor: 100_000, currency: "INR", reference: payment };
  const attempt = { id: "pay_1", state: "captured", amount_minor: 100_000, currency: "INR" };
  const attempts = [{ ...attempt, created_at: new Date(), refunds: [] }];
  await owner.query("select private.set_payment_order($1, $2, $3)", [mentor.id, payment, order.id]);
  await owner.query("select private.receive_payment_event('sandbox', 'evt_1', 'paid', $1, 'genuine', 'x')", [
    order.id,
  ]);
  await owner.query("select private.settle_payment($1, $2, $3, false)", [
    mentor.id,
    payment,
    JSON.stringify({ ...order, attempts }),
  ]);
  // This app has no provider: its worker does not know the calls of one.
  await owner.query(
    "delete from graphile_worker._private_jobs where payload ->> 'payment_id' = $1 or payload ->> 'refund_id' is not null",
    [payment],
  );
  await owner.query(
    `update payments p set accepted_attempt_id = a.id from payment_attempts a where a.payment_id = p.id`,
  );
  await owner.query(
    `insert into private.payout_accounts (expert_id, usable_from) values ('${mentor.id}', now());
     insert into private.payout_runs (created_by) values ('${mentor.id}');
     insert into payouts (expert_id, run_id, amount_minor, currency, method)
       select '${mentor.id}', id, 10000, 'INR', 'csv' from private.payout_runs;
     insert into payout_reversals (expert_id, payout_id, refund_id, amount_minor, currency)
       select p.expert_id, p.id, r.id, 100, 'INR' from payouts p join refunds r on r.expert_id = p.expert_id`,
  );
  await owner.query(
    `insert into private.sandbox_orders (id, reference, amount_minor, currency, capture, description)
       values ('${order.id}', '${payment}', 100000, 'INR', 'automatic', 'A session');
     insert into private.sandbox_attempts (id, order_id, state, amount_minor, currency, method)
       values ('pay_1', '${order.id}', 'captured', 100000, 'INR', 'upi');
     insert into private.sandbox_refunds (id, attempt_id, reference, amount_minor, currency)
       values ('rfnd_1', 'pay_1', 'one', 100, 'INR');
     insert into private.sandbox_transfers (id, attempt_id, reference, account, amount_minor, currency)
       values ('trf_1', 'pay_1', 'one', 'acc_1', 100, 'INR');
     insert into private.sandbox_reversals (id, transfer_id, reference, amount_minor, currency)
       values ('rvrsl_1', 'trf_1', 'one', 100, 'INR')`,
  );
}

/** Actions of demo people that fill tables which the demo leaves empty. */
async function useDemo(): Promise<void> {
  const [asha, meera] = [await signInMentor("asha"), await signIn("meera")];
  const days = { from: dateIn(asha, 3), to: dateIn(asha, 9) };
  const [slot] = await readSlots(meera.call, asha, days);
  const wish = bookingOf(asha, slot?.starts_at ?? "");
  const key = { "idempotency-key": randomUUID() };
  const { id } = (await meera.call("POST", "/bookings", wish, key)).expect(201).read(booking);
  (await meera.call("DELETE", `/bookings/${id}/link`)).expect(204);
  (await meera.call("POST", "/me/calendar-feed")).expect(201);
  (await asha.call("PATCH", "/mentors/me", { username: "asha-anew" })).expect(200);
  const note = { body: "Quick.", revision: 0 };
  (await asha.call("PUT", `/mentors/me/students/${meera.id}/note`, note)).expect(200);
  const travel = { starts_on: dateIn(asha, 300), ends_on: dateIn(asha, 301), timezone: "Asia/Tokyo" };
  (await asha.call("POST", "/timezone-periods", travel)).expect(201);
  (await meera.call("POST", "/time-requests", requestFor(asha))).expect(201);
  await waitFor(asha, meera);
  (await meera.call("PATCH", "/me/notification-settings", { reminder_leads: [60] })).expect(200);
  await owner.query("insert into tax_settings (expert_id) values ($1)", [asha.id]);
  await owner.query(
    `insert into calendar_connections (user_id, kind, name, server_url, credential)
       values ('${asha.id}', 'caldav', 'Home', 'https://dav.example.com', decode(repeat('00', 29), 'hex'));
     insert into connected_calendars (connection_id, user_id, remote_id, name, is_writable, counts_as_busy)
       select id, user_id, 'one', 'Home', true, true from calendar_connections;
     insert into connected_objects (calendar_id, ref, user_id) select id, 'a', user_id from connected_calendars;
     insert into connected_events (calendar_id, ref, user_id, during, is_all_day)
       select id, 'a', user_id, tstzrange(now(), now() + interval '1 hour'), false from connected_calendars;
     insert into session_entries (booking_id, expert_id, calendar_id) select '${id}', user_id, id from connected_calendars;
     select private.refresh_busy_times('${asha.id}')`,
  );
  await owner.query("insert into billing_details (user_id) values ($1)", [meera.id]);
  await owner.query(
    "select private.issue_document($1, $1, 'fee_invoice', $2, null, null, 'INR', 1, true, '{}')",
    [asha.id, id],
  );
  await pay(asha, meera, id);
  await owner.query(
    `insert into meeting_places (expert_id, kind, address) values ('${asha.id}', 'in_person', '12 MG Road');
     insert into private.made_meetings (occupancy_id, expert_id, known_as, kind)
       select occupancy_id, expert_id, id, 'jitsi' from bookings where id = '${id}'
       on conflict do nothing;
     insert into join_events (booking_id, expert_id, party, how, at) values ('${id}', '${asha.id}', 'student', 'button', now())`,
  );
  await owner.query("insert into private.administrators (user_id) values ($1)", [asha.id]);
  await owner.query("insert into private.closed_accounts (user_id, why) values ($1, 'suspended')", [
    meera.id,
  ]);
  await owner.query("insert into private.local_mail (address, subject, source) values ($1, 'Booked', 'x')", [
    meera.email,
  ]);
  await owner.query("insert into private.unreachable_addresses values ($1, '550 Gone')", [meera.email]);
  await owner.query(
    `insert into auth.passkeys (user_id, name, public_key, credential_id, counter, transports)
     values ($1, 'Phone', 'x', 'x', 0, '{}')`,
    [meera.id],
  );
  await owner.query("insert into auth.two_factors (user_id, secret, recovery_codes) values ($1, 'x', 'x')", [
    meera.id,
  ]);
  await owner.query("insert into private.booking_origins values ($1, $2, 'x', now())", [id, asha.id]);
  await owner.query(
    "insert into auth.verifications (identifier, value, expires_at) values ($1, 'x', now() + interval '1 hour')",
    [`sign-in-${meera.email}`],
  );
  await runJobs(test.db);
  await owner.query(
    "select private.enqueue('check_alerts', jsonb_build_object('mentor_id', $1::text), 'check_alerts:' || $1)",
    [asha.id],
  );
}

describe("a removed demo", () => {
  it("leaves no row in any table, after all possible actions of its people", async () => {
    await useDemo();
    // The twin: all rows searched for below exist now, in every table searched.
    expect(await filledTables()).toEqual(await ownTables());
    expect(await traces()).toContain("auth.users");
    expect(await traces()).toContain("graphile_worker._private_jobs");
    const { rows: was } = await owner.query(
      `select (select count(*) from bookings) as bookings, (select count(*) from reviews) as reviews,
         (select count(*) from services) as services, (select count(*) from auth.sessions) as devices`,
    );

    const removal = await removeDemoData(owner);
    expect(await filledTables()).toEqual([]);
    expect(await traces()).toEqual([]);
    if (removal.is !== "removed") throw new Error(removal.is);
    const counts = Object.fromEntries(removal.rows.map(({ what, rows }) => [what, rows]));
    const { bookings, reviews, services, "signed-in devices": devices } = counts;
    expect([{ bookings, reviews, services, devices }]).toEqual(was);
    expect(counts).toMatchObject({ people: demoPeople.length, "mentors' pages": 12 });
    expect(removal.shared).toEqual({ withDemoMentors: 0, withOtherMentors: 0, requests: 0 });
    expect(describeRemoval(removal)).toContain(`  ${demoPeople.length} people\n`);
    // Their enqueued jobs no longer refer to anything.
    await runJobs(test.db);
    expect(await filledTables()).toEqual([]);
  });

  it("twin: an id without a foreign key, and an address, are found", async () => {
    const [student, mentor] = [await test.signUp("Noor"), await test.makeMentor()];
    const { id } = await bookAny(student, mentor);
    expect(await removeDemoData(owner)).toMatchObject({ is: "removed" });
    expect(await traces()).toEqual([]);
    const meera = personOf("meera");
    await owner.query("update booking_events set actor_id = $2 where booking_id = $1", [id, meera.id]);
    expect(await traces()).toEqual(["public.booking_events"]);
    await owner.query("update bookings set user_email = $2 where id = $1", [id, meera.email]);
    expect(await traces()).toEqual(["public.booking_events", "public.bookings"]);
  });

  it("does not come back, and is removed once", async () => {
    expect(await removeDemoData(owner)).toMatchObject({ is: "removed" });
    expect(await seedDemoData(owner, { wanted: true })).toBe(false);
    expect(await filledTables()).toEqual([]);
    const again = await removeDemoData(owner);
    expect(describeRemoval(again)).toBe("There is no demo here.");
    // The twin: the record of the removal prevents it.
    await owner.query("delete from private.demo_removals");
    expect(await seedDemoData(owner, { wanted: true })).toBe(true);
  });

  it("ends its logins, also those of signed-in devices", async () => {
    const meera = await signIn("meera");
    await removeDemoData(owner);
    expect((await meera.call("GET", "/me")).status).toBe(401);
    const credentials = { email: meera.email, password: demoPassword };
    expect((await test.visitor("POST", "/api/auth/sign-in/email", credentials)).status).toBe(401);
  });

  it("rejects its people's requests in progress with 401", async () => {
    const [meera, mentor] = [await signIn("meera"), await test.makeMentor()];
    const [slot] = await readSlots(meera.call, mentor);
    const other = await lockedBy(mentor);
    const answer = meera.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? ""));
    await expect.poll(waiting, { interval: 20 }).toBe(1);
    expect(await removeDemoData(owner)).toMatchObject({ is: "removed" });
    await other.query("commit");
    await other.end();
    (await answer).problem("unauthenticated");
    expect(await traces()).toEqual([]);
  });

  it("may have been seeded by another version: all ids with the prefix are demo people", async () => {
    await removeDemoData(owner);
    await owner.query("delete from private.demo_removals");
    await owner.query("insert into auth.users (id, name, email) values ($1, 'Of old', 'old@example.com')", [
      `${demoIdStart}0000000000ff`,
    ]);
    expect(await seedDemoData(owner, { wanted: false })).toBe(true);
    expect(await removeDemoData(owner)).toMatchObject({ is: "removed", rows: [{ what: "people", rows: 1 }] });
    expect(await filledTables()).toEqual([]);
  });
});

describe("other people in the same database", () => {
  it("keep their accounts, pages, bookings and reviews, to the last column", async () => {
    await runJobs(test.db);
    const demo = await allRows();
    const [student, mentor] = [await test.signUp("Noor Haddad"), await test.makeMentor({ name: "Ada King" })];
    const { id } = await bookAny(student, mentor);
    (await mentor.call("POST", `/bookings/${id}/confirm`)).expect(200);
    // Long enough ago for a student whose address is not confirmed.
    await letEnd(test.db, id, 25);
    (await mentor.call("POST", `/bookings/${id}/complete`)).expect(200);
    (await student.call("POST", `/bookings/${id}/review`, { rating: 4 })).expect(201);
    await bookAny(student, mentor);
    (await student.call("PUT", `/me/favourites/${mentor.id}`)).expect(204);
    await runJobs(test.db);
    const theirs = new Set([...(await allRows())].filter((row) => !demo.has(row)));
    expect(theirs.size).toBeGreaterThan(30);

    expect(await removeDemoData(owner)).toMatchObject({ is: "removed" });
    await runJobs(test.db);
    expect(await allRows()).toEqual(theirs);
    expect((await student.call("GET", "/me")).status).toBe(200);
    expect((await test.visitor("GET", `/mentors/${mentor.id}`)).status).toBe(200);
    // No demo is seeded among other people, with or without a recorded removal.
    await owner.query("delete from private.demo_removals");
    expect(await seedDemoData(owner, { wanted: true })).toBe(false);
  });

  it("lose what they share with demo people only if that was requested", async () => {
    const { student, mentor } = await share();
    // The twin: what is gone below exists now.
    expect(await traces()).toContain("private.idempotency_keys");
    expect(await firedAlerts()).toBe(1);
    const before = await allRows();
    const refusal = await removeDemoData(owner);
    expect(refusal).toEqual({
      is: "refused",
      shared: { withDemoMentors: 1, withOtherMentors: 2, requests: 1 },
    });
    expect(describeRemoval(refusal)).toBe(
      "Nothing was removed, because these would go with the demo: 1 booking of another person with a demo mentor, " +
        "2 bookings of demo people with other mentors, 1 request for another time between a demo person and another person. " +
        "To remove them too, run: npm run demo:remove -- --with-bookings-of-others",
    );
    expect(await allRows()).toEqual(before);
    // A refused removal is not recorded.
    expect(await seedDemoData(owner, { wanted: false })).toBe(true);

    const removal = await removeDemoData(owner, { withBookingsOfOthers: true });
    expect(removal).toMatchObject({ is: "removed", shared: { withDemoMentors: 1, withOtherMentors: 2 } });
    expect(describeRemoval(removal)).toContain(
      "Among them: 1 booking of another person with a demo mentor, ",
    );
    expect(await traces()).toEqual([]);
    await runJobs(test.db);
    expect(await traces()).toEqual([]);
    expect(await ledgerFaults(owner)).toEqual([]);
    expect(await firedAlerts()).toBe(0);
    const { data } = (await student.call("GET", "/bookings?as=student")).json as { data: unknown[] };
    expect(data).toMatchObject([{ expert_id: mentor.id, session_type: "groupSession" }]);
  });

  it("get back their freed time and seats, and the rating of the remaining reviews", async () => {
    const { mentor, group } = await share();
    const seats = "select seats_taken, state from occupancies where service_id = $1";
    expect((await owner.query(seats, [group])).rows).toEqual([{ seats_taken: 2, state: "booked" }]);
    const page = "select rating, review_count from expert_profiles where id = $1";
    expect((await owner.query(page, [mentor.id])).rows).toEqual([{ rating: 3, review_count: 1 }]);
    await removeDemoData(owner, { withBookingsOfOthers: true });
    expect((await owner.query(seats, [group])).rows).toEqual([{ seats_taken: 1, state: "booked" }]);
    expect((await owner.query(page, [mentor.id])).rows).toEqual([{ rating: null, review_count: 0 }]);
    const times = "select from occupancies where expert_id = $1 and service_id <> $2";
    expect((await owner.query(times, [mentor.id, group])).rowCount).toBe(0);
  });

  it("are served during the removal: a booking exists with its mentor, or was never made", async () => {
    const asha = await signInMentor("asha");
    const free = await readSlots(asha.call, asha, { from: dateIn(asha, 2), to: dateIn(asha, 8) });
    const mentor = await test.makeMentor();
    const theirs = await readSlots(asha.call, mentor);
    const students = await Promise.all(["meera", "daniel", "lucia", "tebora"].map(signIn));
    const attempts = [
      ...(await test.signUpCrowd(12)).map((person, index) =>
        person.call("POST", "/bookings", bookingOf(asha, free[index * 2]?.starts_at ?? "")),
      ),
      ...students.map((person, index) =>
        person.call("POST", "/bookings", bookingOf(mentor, theirs[index * 2]?.starts_at ?? "")),
      ),
    ];
    // Some have ended, some are in progress.
    await Promise.race(attempts);
    const removal = await removeDemoData(owner, { withBookingsOfOthers: true });
    expect(removal).toMatchObject({ is: "removed" });
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses.filter((status) => ![201, 401, 404].includes(status))).toEqual([]);
    expect(await traces()).toEqual([]);
    expect(await ledgerFaults(owner)).toEqual([]);
  });

  it("can cause a deadlock: then the removal is repeated", async () => {
    const { mentor } = await share();
    const other = await lockedBy(mentor);
    const removal = removeDemoData(owner, { withBookingsOfOthers: true });
    // The removal has locked the people and waits for the mentor, whose transaction now needs one of the people.
    await expect.poll(waiting, { interval: 20 }).toBe(1);
    await other.query("insert into favourite_mentors (user_id, expert_id) values ($1, $2)", [
      personOf("meera").id,
      mentor.id,
    ]);
    await other.query("commit");
    await other.end();
    expect(await removal).toMatchObject({ is: "removed" });
    expect(await traces()).toEqual([]);
  });

  const firedAlerts = async () =>
    (await owner.query("select from notifications where kind = 'alert_fired'")).rowCount;

  /** A student with a demo mentor; a demo student with a mentor, once alone and once together with that student. */
  async function share() {
    const [student, meera] = [await test.signUp("Noor Haddad"), await signIn("meera")];
    const circle = { session_type: "groupSession", title: "Circle", capacity: 3 } as const;
    const mentor = await test.makeMentor({ services: [{}, circle] });
    const asha = await signInMentor("asha");
    const [free] = await readSlots(student.call, asha, { from: dateIn(asha, 2), to: dateIn(asha, 8) });
    const wanted = bookingOf(asha, free?.starts_at ?? "");
    const key = { "idempotency-key": randomUUID() };
    (await student.call("POST", "/bookings", wanted, key)).expect(201);
    (await student.call("PUT", `/me/favourites/${asha.id}`)).expect(204);
    (await student.call("POST", "/time-requests", requestFor(asha))).expect(201);
    const alert = await waitFor(asha, student);
    await owner.query("select private.trigger_alert($1, now() + interval '1 day')", [alert]);

    const { id } = await bookAny(meera, mentor);
    (await mentor.call("POST", `/bookings/${id}/confirm`)).expect(200);
    await letEnd(test.db, id, 1);
    (await mentor.call("POST", `/bookings/${id}/complete`)).expect(200);
    (await meera.call("POST", `/bookings/${id}/review`, { rating: 3 })).expect(201);
    const group = mentor.services[1]?.id ?? "";
    const day = dateIn(mentor, 3);
    const [slot] = await readSlots(student.call, mentor, { from: day, service_id: group });
    for (const person of [student, meera]) {
      const wish = bookingOf(mentor, slot?.starts_at ?? "", { serviceIndex: 1 });
      const { id: seat } = (await person.call("POST", "/bookings", wish)).expect(201).read(booking);
      (await mentor.call("POST", `/bookings/${seat}/confirm`)).expect(200);
    }
    await runJobs(test.db);
    return { student, mentor, group };
  }
});
