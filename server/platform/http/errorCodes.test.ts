import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CreateAvailabilityAlert } from "#contract/alerts.ts";
import type { Booking } from "#contract/bookings.ts";
import { type ErrorCode, errors } from "#contract/errors.ts";
import type { CreateTimeRequest } from "#contract/timeRequests.ts";
import { asMinutes } from "#scheduling/units.ts";
import { instantOf } from "#scheduling/zonedTime.ts";
import { openConnecting } from "../../calendarConnections/connectionKinds.ts";
import { startFeedServer } from "../../calendarConnections/testing/feedServer.ts";
import { readPlainEvents } from "../../calendarConnections/testing/plainEvents.ts";
import { makeAdministrator } from "../../testing/administrator.ts";
import type { Answer } from "../../testing/answer.ts";
import { bookAny, bookingOf, dateIn, letEnd, moveBooking, readSlots } from "../../testing/booking.ts";
import { openGroup } from "../../testing/groups.ts";
import { openTestProvider } from "../../testing/paymentProvider.ts";
import { openRaw } from "../../testing/rawHttp.ts";
import { makeSoftPasskey } from "../../testing/softPasskey.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  password,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../../testing/testApp.ts";
import { liftCaps } from "../../testing/testDatabase.ts";
import { confirmedPerson, letProofAge, switchTwoFactorOn } from "../../testing/twoFactor.ts";

/** What only a fault of ours or of the machine brings about: see databaseDown.test.ts and problems.test.ts. */
type OurFault = "internal" | "overloaded" | "database_unavailable";
/** Only where Supabase Auth keeps the accounts: see server/auth/supabase/signIn.test.ts. */
type Elsewhere = "sign_in_unavailable";
/** A key's row is written and completed in one transaction, so it is never visible without its response. */
type Unseen = "request_in_progress";

let test: TestApp;
let feed: Awaited<ReturnType<typeof startFeedServer>>;
let limited: TestApp;
/** The address of an app that waits for no body. */
let impatient: string;
let mentor: Mentor;
let student: Person;
/** An app through which students pay. */
let paying: TestApp;
let held: Booking;
let payer: Person;
let payingAdmin: Person;
const provider = openTestProvider();
beforeAll(async () => {
  feed = await startFeedServer();
  const connecting = openConnecting(
    { authSecret: testSecret, publicUrl: testPublicUrl, privateCalendarHosts: [feed.host] },
    readPlainEvents,
  );
  test = await openTestApp({ connecting });
  limited = await openTestApp({ rateLimit: true, clientLimits: { bodyTime: 100, sweepEvery: 50 } });
  impatient = await limited.listen();
  mentor = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
  paying = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 0 } } });
  [payer] = (await paying.signUpCrowd(1)) as [Person];
  held = await bookAny(payer, await paying.makeMentor());
  payingAdmin = await makeAdministrator(paying);
  await paying.db.owner.query("update auth.sessions set proved_at = now() where user_id = $1", [
    payingAdmin.id,
  ]);
});
afterAll(async () => {
  await test.close();
  await paying.close();
  await limited.close();
  await feed.close();
});

const unknown = randomUUID();

async function wanted(): Promise<ReturnType<typeof bookingOf>> {
  const [slot] = await readSlots(student.call, mentor);
  return bookingOf(mentor, slot?.starts_at ?? "");
}

/** Outside of the mentor's hours. */
function lateEvening(): CreateTimeRequest {
  const start = instantOf(mentor.profile.timezone, dateIn(mentor, 5), asMinutes(22 * 60));
  const service_id = mentor.services[0]?.id ?? "";
  return {
    expert_id: mentor.id,
    service_id,
    duration: 60,
    total_amount: 2000,
    starts_at: [new Date(start).toISOString()],
  };
}

/** A session that has been marked as completed. */
async function heldSession(): Promise<string> {
  const { id } = await bookAny(student, mentor);
  await mentor.call("POST", `/bookings/${id}/confirm`);
  await moveBooking(test.db, id, -(10 + moved++));
  (await mentor.call("POST", `/bookings/${id}/complete`)).expect(200);
  return id;
}
let moved = 0;

/** An agreed session that ended some hours ago. */
async function endedSession(): Promise<string> {
  const { id } = await bookAny(student, mentor);
  await mentor.call("POST", `/bookings/${id}/confirm`);
  await letEnd(test.db, id, ended);
  ended += 1.1;
  return id;
}
let ended = 1;

function waitingFor(days: number): CreateAvailabilityAlert {
  const date = dateIn(mentor, days);
  const service_id = mentor.services[0]?.id ?? "";
  const { timezone } = mentor.profile;
  return { expert_id: mentor.id, service_id, duration: 60, from: date, to: date, timezone };
}

async function withCapsOf(most: number, ask: () => Promise<Answer>): Promise<Answer> {
  await liftCaps(test.db, most);
  try {
    return await ask();
  } finally {
    await liftCaps(test.db);
  }
}

function connectTo(status: number): Promise<Answer> {
  feed.say(status, "Hello");
  return student.call("POST", "/me/calendar-connections", { kind: "feed", url: feed.url });
}

async function receiveIn(isWritable: boolean, mayWrite: boolean): Promise<Answer> {
  const { rows } = await test.db.owner.query<{ id: string }>(
    `with connection as (
       insert into calendar_connections (user_id, kind, name, credential, may_write)
       values ($1, 'google', 'Google', $2, $4) returning id, user_id
     )
     insert into connected_calendars (connection_id, user_id, remote_id, name, is_writable, counts_as_busy)
     select id, user_id, 'one', 'Work', $3, true from connection returning id`,
    [student.id, Buffer.alloc(40), isWritable, mayWrite],
  );
  return student.call("PATCH", `/me/connected-calendars/${rows[0]?.id}`, { receives_sessions: true });
}

async function payoutRun() {
  const administrator = await makeAdministrator(test);
  const started = await administrator.call("POST", "/admin/payout-runs", { reason: "Payouts of the week." });
  const { id } = started.expect(201).json as { id: string };
  return { administrator, id, path: `/admin/payout-runs/${id}` };
}

const quoteOf = (offer: object) => ({ service_id: mentor.services[0]?.id, duration: 60, ...offer });
const pay = (step: string, of = held) => payer.call("POST", `/bookings/${of.id}/payment/${step}`);

const ways: Record<Exclude<ErrorCode, OurFault | Elsewhere | Unseen>, () => Promise<Answer>> = {
  calendar_connection_not_found: () => student.call("DELETE", `/me/calendar-connections/${unknown}`),
  connected_calendar_not_found: () =>
    student.call("PATCH", `/me/connected-calendars/${unknown}`, { counts_as_busy: true }),
  calendar_login_refused: () => connectTo(401),
  calendar_not_found: () => connectTo(404),
  calendar_unreachable: () => connectTo(500),
  calendar_unreadable: () => connectTo(200),
  calendar_too_large: () => connectTo(413),
  calendar_read_only: () => receiveIn(false, true),
  calendar_writing_not_allowed: () => receiveIn(true, false),
  calendar_address_private: () =>
    student.call("POST", "/me/calendar-connections", { kind: "feed", url: "https://127.0.0.1/" }),
  cannot_link: () => mentor.call("PUT", "/mentors/me/payout-account/linked", { account: "acc_ABC123456" }),
  payout_not_found: async () =>
    (await makeAdministrator(test)).call("POST", `/admin/payout-runs/${unknown}/payouts/${unknown}/result`, {
      result: "failed",
      reason: "Account closed.",
    }),
  payout_run_not_found: async () =>
    (await makeAdministrator(test)).call("POST", `/admin/payout-runs/${unknown}/approve`, {
      reason: "A test.",
    }),
  payout_run_closed: async () => {
    const { administrator, path } = await payoutRun();
    (await administrator.call("POST", `${path}/cancel`, { reason: "A mistake." })).expect(204);
    return administrator.call("POST", `${path}/file`);
  },
  payout_approval_required: async () => {
    const { administrator, path } = await payoutRun();
    return administrator.call("POST", `${path}/approve`, { reason: "A test." });
  },
  payout_settled: async () => {
    const { administrator, path, id } = await payoutRun();
    const { rows } = await test.db.owner.query<{ id: string }>(
      `insert into payouts (expert_id, run_id, amount_minor, currency, method) values ($1, $2, 10000, 'INR', 'csv')
       returning id`,
      [mentor.id, id],
    );
    const paid = { result: "paid", reference: "UTR000001" };
    return administrator.call("POST", `${path}/payouts/${rows[0]?.id}/result`, paid);
  },
  payment_not_found: () => student.call("GET", `/bookings/${unknown}/payment`),
  coupon_not_found: () =>
    student.call("POST", `/mentors/${mentor.id}/quote`, quoteOf({ coupon_code: "NOTHING" })),
  coupon_exists: async () => {
    await mentor.call("POST", "/mentors/me/coupons", { code: "TWICE", percent: 10 });
    return mentor.call("POST", "/mentors/me/coupons", { code: "twice", percent: 20 });
  },
  coupon_not_usable: async () => {
    await mentor.call("POST", "/mentors/me/coupons", { code: "OFF", percent: 10, enabled: false });
    return student.call("POST", `/mentors/${mentor.id}/quote`, quoteOf({ coupon_code: "OFF" }));
  },
  package_not_found: () => student.call("POST", `/packages/${unknown}/purchases`),
  package_not_usable: () =>
    student.call("POST", `/mentors/${mentor.id}/quote`, quoteOf({ package_purchase_id: unknown })),
  payment_closed: async () => {
    const other = await bookAny(payer, await paying.makeMentor());
    await payer.call("POST", `/bookings/${other.id}/cancel`);
    return pay("checkout", other);
  },
  payment_changed: async () => {
    const stale = { amount: 1, refundable: 1, reason: "Goodwill" };
    const { rows } = await paying.db.owner.query("select id, expert_id from payments limit 1");
    const { id, expert_id } = rows[0] as { id: string; expert_id: string };
    return payingAdmin.call("POST", `/admin/payments/${expert_id}/${id}/refunds`, stale);
  },
  more_time_used: async () => {
    await pay("more-time");
    return pay("more-time");
  },
  payment_provider_unavailable: () => {
    provider.faults.set("createOrder", ["unknown_before"]);
    return pay("checkout");
  },
  webhook_refused: () => paying.visitor("POST", "/webhooks/sandbox", { id: "evt_1" }),
  unauthenticated: () => test.visitor("GET", "/me"),
  link_invalid: async () => {
    const { id } = await bookAny(student, mentor);
    return test.visitor("GET", `/bookings/${id}`, undefined, { "booking-link": "v1.student.nothing" });
  },
  invalid_credentials: () =>
    test.visitor("POST", "/api/auth/sign-in/email", {
      email: "nobody@example.com",
      password: "not this one",
    }),
  code_not_accepted: () =>
    test.visitor("POST", "/api/auth/sign-in/email-otp", { email: student.email, otp: "123456" }),
  forbidden: async () => student.call("POST", `/bookings/${(await bookAny(student, mentor)).id}/confirm`),
  passkey_not_accepted: async () =>
    student.call("POST", "/api/auth/passkey/sign-in", {
      passkey: makeSoftPasskey().get({ challenge: "none", origin: testPublicUrl, host: "localhost" }),
    }),
  second_step_over: () => test.visitor("POST", "/api/auth/two-factor/verify-totp", { code: "123456" }),
  account_closed: async () => {
    const person = await test.signUp("Suspended");
    const closed = "insert into private.closed_accounts (user_id, why) values ($1, 'suspended')";
    await test.db.owner.query(closed, [person.id]);
    return test.visitor("POST", "/api/auth/sign-in/email", { email: person.email, password });
  },
  two_factor_required: async () => {
    const person = await test.signUp("New administrator");
    await test.db.owner.query("insert into private.administrators (user_id) values ($1)", [person.id]);
    return person.call("GET", "/admin/people");
  },
  person_not_found: async () => (await makeAdministrator(test)).call("GET", `/admin/people/${unknown}`),
  account_state_changed: async () => {
    const administrator = await makeAdministrator(test);
    return administrator.call("POST", `/admin/people/${student.id}/lift`, { reason: "A mistake." });
  },
  proof_required: async () => {
    const person = await confirmedPerson(test, "Long Here");
    await letProofAge(test, person);
    return person.call("POST", "/me/two-factor");
  },
  two_factor_already_on: async () => {
    const person = await confirmedPerson(test, "Two Factors");
    await switchTwoFactorOn(person);
    return person.call("POST", "/me/two-factor");
  },
  last_sign_in_method: async () => {
    const person = await confirmedPerson(test, "One Way");
    await test.db.owner.query("update auth.accounts set provider_id = 'google' where user_id = $1", [
      person.id,
    ]);
    return person.call("DELETE", "/me/google");
  },
  not_a_mentor: () => student.call("PATCH", "/mentors/me", { bio: "?" }),
  not_found: () => test.visitor("GET", "/nowhere"),
  mentor_not_found: () => test.visitor("GET", `/mentors/${unknown}`),
  service_not_found: () => mentor.call("DELETE", `/mentors/me/services/${unknown}`),
  availability_slot_not_found: () => mentor.call("DELETE", `/availability-slots/${unknown}`),
  blocked_date_not_found: () => mentor.call("DELETE", `/blocked-dates/${unknown}`),
  student_not_found: () => mentor.call("GET", `/mentors/me/students/${unknown}`),
  note_changed: async () => {
    await bookAny(student, mentor);
    const note = `/mentors/me/students/${student.id}/note`;
    await mentor.call("PUT", note, { body: "Likes charts.", revision: 0 });
    return mentor.call("PUT", note, { body: "Likes tables.", revision: 0 });
  },
  no_show_not_allowed: async () =>
    student.call("POST", `/bookings/${(await bookAny(student, mentor)).id}/no-show`),
  room_needed: async () => {
    const room = { meeting_url: "https://meet.example.com/needed" };
    (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
    await test.db.owner.query("insert into meeting_places (expert_id, kind) values ($1, 'zoom')", [
      mentor.id,
    ]);
    const answer = await mentor.call("DELETE", "/mentors/me/room");
    await test.db.owner.query("delete from meeting_places where expert_id = $1", [mentor.id]);
    return answer;
  },
  no_show_exists: async () => {
    const path = `/bookings/${await endedSession()}/no-show`;
    (await student.call("POST", path)).expect(200);
    return mentor.call("POST", path);
  },
  no_show_closed: async () =>
    student.call("POST", `/bookings/${await endedSession()}/no-show/answer`, { answer: "dispute" }),
  review_changed: async () => {
    const review = `/bookings/${await heldSession()}/review`;
    await student.call("POST", review, { rating: 5 });
    return student.call("PATCH", review, { rating: 4 }, { "if-match": '"7"' });
  },
  review_not_found: () => mentor.call("PUT", `/reviews/${unknown}/reply`, { reply: "Thank you." }),
  review_not_allowed: async () =>
    student.call("POST", `/bookings/${(await bookAny(student, mentor)).id}/review`, { rating: 5 }),
  review_exists: async () => {
    const path = `/bookings/${await heldSession()}/review`;
    (await student.call("POST", path, { rating: 5 })).expect(201);
    return student.call("POST", path, { rating: 4 });
  },
  review_closed: async () => {
    const path = `/bookings/${await heldSession()}/review`;
    (await student.call("POST", path, { rating: 5 })).expect(201);
    await test.db.owner.query("update reviews set created_at = now() - interval '15 days'");
    return student.call("PATCH", path, { rating: 4 });
  },
  booking_not_found: () => student.call("GET", `/bookings/${unknown}`),
  request_timeout: async () => {
    const slow = await openRaw(impatient);
    slow.write(
      `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${new URL(impatient).host}\r\n` +
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    );
    return slow.answer().finally(() => slow.destroy());
  },
  method_not_allowed: () => student.call("DELETE", "/me"),
  slot_taken: async () => {
    const { starts_at } = await bookAny(student, mentor);
    return student.call("POST", "/bookings", bookingOf(mentor, starts_at));
  },
  already_booked: async () => {
    const services = [{ session_type: "groupSession" as const, title: "Group", capacity: 3 }];
    const group = await test.makeMentor({ services });
    const { starts_at } = await bookAny(student, group);
    return student.call("POST", "/bookings", bookingOf(group, starts_at));
  },
  username_taken: () =>
    student.call("POST", "/mentors", {
      username: mentor.profile.username,
      full_name: "Me Too",
      timezone: "Asia/Kolkata",
    }),
  already_a_mentor: () =>
    mentor.call("POST", "/mentors", { username: "again", full_name: "Again", timezone: "Asia/Kolkata" }),
  date_already_blocked: async () => {
    await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 50) });
    return mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 50) });
  },
  duplicate_window: () =>
    mentor.call("POST", "/availability-slots", { day_of_week: 1, start_time: "09:00", end_time: "17:00" }),
  timezone_period_not_found: () => mentor.call("DELETE", `/timezone-periods/${unknown}`),
  timezone_periods_overlap: async () => {
    const period = { starts_on: "2090-03-03", ends_on: "2090-03-17", timezone: "Europe/London" };
    (await mentor.call("POST", "/timezone-periods", period)).expect(201);
    return mentor.call("POST", "/timezone-periods", { ...period, starts_on: period.ends_on });
  },
  hours_changed: () =>
    mentor.call("PUT", "/availability-slots", { recurringSlots: [] }, { "if-match": '"0"' }),
  invalid_transition: async () =>
    mentor.call("POST", `/bookings/${(await bookAny(student, mentor)).id}/complete`),
  entry_question_closed: async () => {
    const other = await test.makeMentor();
    const { id } = await bookAny(student, other);
    await student.call("POST", `/bookings/${id}/cancel`);
    const answer = { question_id: unknown, answer: "put_back" };
    return other.call("POST", `/bookings/${id}/entry-question/answer`, answer);
  },
  group_session_not_found: () => mentor.call("GET", `/mentors/me/group-sessions/${unknown}/roster`),
  waitlist_entry_not_found: () => student.call("DELETE", `/waitlist/${unknown}`),
  waitlist_entry_exists: async () => {
    const full = await openGroup(test, { people: 2, capacity: 2 });
    const wait = { kind: "group", group_session_id: full.session.id, timezone: "UTC" };
    (await student.call("POST", `/mentors/${full.mentor.id}/waitlist`, wait)).expect(201);
    return student.call("POST", `/mentors/${full.mentor.id}/waitlist`, wait);
  },
  waitlist_offer_not_found: () => student.call("POST", `/waitlist-offers/${unknown}/pass`),
  waitlist_offer_closed: async () => {
    const { mentor: host, session } = await openGroup(test, { capacity: 2 });
    const { rows } = await test.db.owner.query<{ id: string }>(
      `with entry as (
         insert into waitlist_entries (user_id, expert_id, service_id, duration, kind, timezone, starts_from, starts_until, state)
         values ($1, $2, $3, 60, 'slot', 'UTC', $4, $4::timestamptz + interval '1 hour', 'left') returning *
       )
       insert into waitlist_offers (
           expert_id, entry_id, user_id, service_id, starts_at, ends_at, state, is_final, expires_at, settled_at)
         select expert_id, id, user_id, service_id, starts_from, starts_until, 'passed', false, starts_from, now() from entry
         returning id`,
      [student.id, host.id, session.service_id, session.starts_at],
    );
    return student.call("POST", `/waitlist-offers/${rows[0]?.id}/pass`);
  },
  programme_not_found: () => test.visitor("GET", `/mentors/${mentor.id}/programmes/${unknown}`),
  series_not_found: () => student.call("GET", `/series/${unknown}`),
  basket_not_found: () => student.call("GET", `/baskets/${unknown}`),
  seats_taken: async () => {
    const open = await openGroup(test, { people: 3 });
    return open.mentor.call("PATCH", `/mentors/me/group-sessions/${open.session.id}`, { capacity: 2 });
  },
  cutoff_passed: async () => {
    const strict = await test.makeMentor({ services: [{ cancel_cutoff: 43_200 }] });
    return student.call("POST", `/bookings/${(await bookAny(student, strict)).id}/cancel`);
  },
  time_request_not_found: () => student.call("GET", `/time-requests/${unknown}`),
  time_request_already_open: async () => {
    await student.call("POST", "/time-requests", lateEvening());
    return student.call("POST", "/time-requests", lateEvening());
  },
  time_request_closed: async () => {
    const [other] = (await test.signUpCrowd(1)) as [Person];
    const { id } = (await other.call("POST", "/time-requests", lateEvening())).expect(201).json as {
      id: string;
    };
    (await other.call("POST", `/time-requests/${id}/withdraw`)).expect(200);
    return mentor.call("POST", `/time-requests/${id}/decline`);
  },
  times_already_free: () => student.call("POST", "/availability-alerts", waitingFor(2)),
  availability_alert_exists: async () => {
    await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 40) });
    (await student.call("POST", "/availability-alerts", waitingFor(40))).expect(201);
    return student.call("POST", "/availability-alerts", waitingFor(40));
  },
  address_not_confirmed: async () => {
    const [newcomer] = (await test.signUpCrowd(1, "unconfirmed")) as [Person];
    const [slot] = await readSlots(newcomer.call, mentor);
    return newcomer.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? ""));
  },
  too_many_requests_open: async () => {
    const [eager] = (await test.signUpCrowd(1)) as [Person];
    return withCapsOf(0, () => eager.call("POST", "/time-requests", lateEvening()));
  },
  too_many_sessions_ahead: () => withCapsOf(0, async () => student.call("POST", "/bookings", await wanted())),
  cap_reached: () => withCapsOf(0, () => mentor.call("POST", "/blocked-dates", { date: "2099-01-01" })),
  too_many_favourites: async () => {
    const [collector] = (await test.signUpCrowd(1)) as [Person];
    const crowd = await test.signUpCrowd(200);
    await test.db.owner.query(
      `with made as (
         insert into expert_profiles (id, username, full_name, timezone)
           select id, 'f-' || right(id::text, 12), 'Favourite', 'UTC' from unnest($1::uuid[]) id returning id
       )
       insert into favourite_mentors (user_id, expert_id) select $2, id from made`,
      [crowd.map(({ id }) => id), collector.id],
    );
    return collector.call("PUT", `/me/favourites/${mentor.id}`);
  },
  document_not_found: () => student.call("GET", `/documents/${unknown}`),
  availability_alert_not_found: () => student.call("DELETE", `/availability-alerts/${unknown}`),
  body_too_large: () => student.call("POST", "/bookings", { message: "x".repeat(1_100_000) }),
  unsupported_media_type: () => student.call("POST", "/bookings", "a=b", { "content-type": "text/plain" }),
  unknown_host: () => test.visitor("GET", "/mentors", undefined, { host: "evil.example" }),
  malformed_request: () => student.call("POST", "/bookings", "{"),
  another_user: () => student.call("GET", "/bookings", undefined, { "for-user": mentor.id }),
  account_not_created: async () => {
    const { name, email } = await test.signUp("Bina");
    return test.visitor("POST", "/api/auth/sign-up/email", { name, email, password: "harbour lamp violet" });
  },
  validation_failed: async () => student.call("POST", "/bookings", { ...(await wanted()), duration: 61 }),
  price_mismatch: async () => student.call("POST", "/bookings", { ...(await wanted()), total_amount: 1 }),
  slot_unavailable: async () =>
    student.call("POST", "/bookings", { ...(await wanted()), scheduled_time: "03:00" }),
  own_session: async () => mentor.call("POST", "/bookings", await wanted()),
  idempotency_key_reused: async () => {
    const first = await wanted();
    const key = { "idempotency-key": "one key" };
    (await student.call("POST", "/bookings", first, key)).expect(201);
    return student.call("POST", "/bookings", { ...first, message: "something else" }, key);
  },
  rate_limited: async () => {
    let answer = await limited.visitor("GET", "/mentors");
    for (let asked = 1; answer.status === 200 && asked < 300; asked++) {
      answer = await limited.visitor("GET", "/mentors");
    }
    return answer;
  },
};

it.each(Object.entries(ways))("%s", async (code, reach) => {
  const answer = await reach();
  const problem = answer.problem(code as ErrorCode);
  expect(problem.title).toBe(errors[code as ErrorCode].title);
  expect(problem.detail).not.toBe("");
  expect(problem.request_id).toBe(answer.headers["x-request-id"]);
});

it("covers every code that a client can get", () => {
  const others: string[] = [
    "internal",
    "overloaded",
    "database_unavailable",
    "sign_in_unavailable",
    "request_in_progress",
  ];
  expect([...Object.keys(ways), ...others].sort()).toEqual(Object.keys(errors).sort());
});
