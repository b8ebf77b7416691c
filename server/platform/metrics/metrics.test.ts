import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorker } from "../../jobs/startWorker.ts";
import { bookAny, bookingOf, readSlots } from "../../testing/booking.ts";
import { allowQueue } from "../../testing/jobs.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testMailConfig,
} from "../../testing/testApp.ts";
import { systemClock } from "../clock.ts";
import { openMetrics } from "./metrics.ts";

const metricsToken = "a token for tests that is long enough";
let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp({ metricsToken });
  await allowQueue(test.db);
  mentor = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const scrape = (authorization?: string) =>
  test.visitor("GET", "/metrics", undefined, authorization ? { authorization } : {});

/** The value of one line, "name" or 'name{label="value"}'; labels in their order. */
async function figure(line: string): Promise<number | undefined> {
  const { text } = (await scrape(`Bearer ${metricsToken}`)).expect(200);
  const found = text.split("\n").find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length));
}

describe("who may read the figures", () => {
  it.each([
    ["no token", undefined],
    ["another token", "Bearer another token that is long enough"],
    ["a part of the token", `Bearer ${metricsToken.slice(0, -1)}`],
    ["no person's login", "login"],
  ])("%s", async (_who, authorization) => {
    const answer = await scrape(authorization === "login" ? `Bearer ${student.token}` : authorization);
    answer.problem("unauthenticated");
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.text).not.toContain("matepeak_");
  });

  it("with the token, in Prometheus' format", async () => {
    const answer = (await scrape(`Bearer ${metricsToken}`)).expect(200);
    expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it("no address at all when no token is set", async () => {
    const closed = await openTestApp();
    (await closed.visitor("GET", "/metrics", undefined, { authorization: "Bearer undefined" })).problem(
      "not_found",
    );
    await closed.close();
  });

  it("contain nothing about any person", async () => {
    await bookAny(student, mentor);
    const { text } = (await scrape(`Bearer ${metricsToken}`)).expect(200);
    for (const word of [mentor.id, student.id, mentor.profile.username, student.email]) {
      expect(text).not.toContain(word);
    }
  });
});

describe("what is counted", () => {
  it("requests, by the pattern of their route", async () => {
    const line = (status: string) =>
      `matepeak_http_request_duration_seconds_count{method="GET",route="/api/v1/mentors/:mentor",status="${status}"}`;
    const [before, lost] = [(await figure(line("2xx"))) ?? 0, (await figure(line("4xx"))) ?? 0];
    (await test.visitor("GET", `/mentors/${mentor.id}`)).expect(200);
    (await test.visitor("GET", "/mentors/nobody-at-all")).problem("mentor_not_found");
    expect(await figure(line("2xx"))).toBe(before + 1);
    expect(await figure(line("4xx"))).toBe(lost + 1);
    expect(await figure('matepeak_problems_total{code="mentor_not_found"}')).toBe(1);
  });

  it("responses with free times, computed and cached", async () => {
    const line = (source: string) => `matepeak_slot_answer_duration_seconds_count{source="${source}"}`;
    const other = await test.makeMentor();
    const [computed, cached] = [(await figure(line("computed"))) ?? 0, (await figure(line("cached"))) ?? 0];
    for (let i = 0; i < 3; i++) await readSlots(student.call, other);
    // The minute may end between two of them; then one more is computed.
    const more = ((await figure(line("computed"))) ?? 0) - computed;
    expect(more).toBeGreaterThanOrEqual(1);
    expect(more + ((await figure(line("cached"))) ?? 0) - cached).toBe(3);
    expect(more).toBeLessThan(3);
  });

  it("bookings by their outcome, conflicts among them", async () => {
    const line = (outcome: string) => `matepeak_bookings_total{outcome="${outcome}"}`;
    const [created, taken] = [(await figure(line("created"))) ?? 0, (await figure(line("slot_taken"))) ?? 0];
    const [slot] = await readSlots(student.call, mentor);
    const body = bookingOf(mentor, slot?.starts_at ?? "");
    (await student.call("POST", "/bookings", body)).expect(201);
    const [late] = (await test.signUpCrowd(1)) as [Person];
    (await late.call("POST", "/bookings", body)).problem("slot_taken");
    expect(await figure(line("created"))).toBe(created + 1);
    expect(await figure(line("slot_taken"))).toBe(taken + 1);
  });

  it("connections of each purpose", async () => {
    for (const pool of ["visitors", "app", "accounts", "queue"]) {
      expect(await figure(`matepeak_pool_connections{pool="${pool}",state="waited_for"}`)).toBe(0);
      expect(await figure(`matepeak_pool_longest_wait_seconds{pool="${pool}"}`)).toBe(0);
    }
    expect(await figure('matepeak_pool_connections{pool="app",state="idle"}')).toBeGreaterThan(0);
  });
});

describe("what waits in the database", () => {
  it("requests, holds and jobs; a finished job no longer", async () => {
    const asking = await test.makeMentor({ services: [{ instant_confirm: false }] });
    await bookAny(student, asking);
    await test.db.owner.query(
      "select private.enqueue('nobody_knows_this', run_at => now() + interval '1 day')",
    );
    await test.db.owner.query(
      `insert into private.payment_events (provider, event_id, verdict, body, received_at, processed_at) values
         ('sandbox', '1', 'genuine', '', now() - interval '10 minutes', null),
         ('sandbox', '2', 'genuine', '', now() - interval '20 minutes', now())`,
    );
    // Fine, late because no one came, late because it failed, broken twice.
    await test.db.owner.query(
      `insert into calendar_connections (user_id, kind, name, credential, synced_at, problem, needs_owner, broken_since,
           stale_told_at, sync_due_at)
         select $1, 'feed', 'One', decode(repeat('00', 40), 'hex'), now() - age, problem, needs_owner,
           case when problem is not null then now() end, stale, now() + due
         from (values
           (interval '1 minute', null, false, null::timestamptz, interval '1 minute'),
           ('11 minutes', null, false, null, '-7 minutes'),
           ('1 minute', 'unreachable', false, null, '1 minute'),
           ('1 minute', 'login_refused', true, null, '1 minute'),
           ('40 minutes', null, false, now(), '-5 minutes')) one (age, problem, needs_owner, stale, due)`,
      [asking.id],
    );
    // One reading is valid for two seconds.
    await expect
      .poll(() => figure('matepeak_waiting{what="requests"}'), { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect(await figure('matepeak_waiting{what="holds"}')).toBe(0);
    expect(await figure("matepeak_webhooks_unprocessed")).toBe(1);
    const oldest = (await figure("matepeak_webhooks_oldest_unprocessed_seconds")) ?? 0;
    expect(oldest).toBeGreaterThanOrEqual(600);
    expect(oldest).toBeLessThan(1_200);
    const connections = await Promise.all(
      ["fine", "late", "broken"].map((health) => figure(`matepeak_calendar_connections{health="${health}"}`)),
    );
    expect(connections).toEqual([1, 2, 2]);
    const oldestRead = (await figure("matepeak_calendar_reads_oldest_due_seconds")) ?? 0;
    expect(oldestRead).toBeGreaterThanOrEqual(420);
    expect(oldestRead).toBeLessThan(480);
    expect(await figure("matepeak_database_up")).toBe(1);
    await expect.poll(() => figure('matepeak_jobs{state="later"}'), { timeout: 10_000 }).toBe(1);
    expect(await figure('matepeak_waiting{what="events"}')).toBeGreaterThan(0);
    await test.db.owner.query(
      "select private.enqueue('check_alerts', jsonb_build_object('mentor_id', $1::uuid))",
      [asking.id],
    );
    await expect.poll(() => figure('matepeak_jobs{state="due"}'), { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await figure("matepeak_jobs_oldest_due_seconds")).toBeGreaterThan(0);

    const metrics = openMetrics();
    const worker = startWorker(
      { database: test.db.database, now: systemClock },
      testMailConfig,
      test.app.log,
      metrics,
    );
    await expect.poll(() => figure('matepeak_jobs{state="due"}'), { timeout: 20_000 }).toBe(0);
    await worker.stop();
    expect(await figure("matepeak_jobs_oldest_due_seconds")).toBe(0);
    await expect.poll(() => figure('matepeak_waiting{what="events"}'), { timeout: 10_000 }).toBe(0);
    expect(await metrics.registry.metrics()).toMatch(/^matepeak_jobs_total\{.*outcome="done"\} [1-9]/m);
  });

  it("are omitted if the database does not respond, but the others are not", async () => {
    const broken = await openTestApp({ metricsToken });
    await broken.db.owner.query("drop function private.count_pending_work()");
    const answer = await broken.visitor("GET", "/metrics", undefined, {
      authorization: `Bearer ${metricsToken}`,
    });
    expect(answer.expect(200).text).toContain("\nmatepeak_database_up 0\n");
    expect(answer.text).not.toContain("matepeak_waiting{");
    expect(answer.text).toContain("matepeak_pool_connections{");
    await broken.close();
  });

  it("need no access to rows: the queue's role can count but not read", async () => {
    await expect(test.db.database.queue.query("select * from bookings")).rejects.toThrow(/permission denied/);
    await expect(test.db.database.public.query("select private.count_pending_work()")).rejects.toThrow(
      /permission denied/,
    );
  });
});
