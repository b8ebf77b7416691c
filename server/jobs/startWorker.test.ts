import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { systemClock } from "../platform/clock.ts";
import { bookAny } from "../testing/booking.ts";
import { allowQueue } from "../testing/jobs.ts";
import { captureLog } from "../testing/logCapture.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testMailConfig } from "../testing/testApp.ts";
import { startWorker, type Worker } from "./startWorker.ts";
import { crontab, jobAttempts } from "./tasks.ts";

const log = captureLog();
let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp({ logger: log.options });
  await allowQueue(test.db);
  mentor = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const begin = (): Worker =>
  startWorker({ database: test.db.database, now: systemClock }, testMailConfig, test.app.log);
const count = async (text: string) => (await test.db.owner.query(text)).rowCount;
const heard = () => count("select from notifications");
const waiting = () => count("select from graphile_worker.jobs");

it("tries a failing job jobAttempts times", async () => {
  await test.db.owner.query("select private.enqueue('one'), private.enqueue('two', '{}', 'key')");
  const { rows } = await test.db.owner.query<{ max_attempts: number }>(
    "delete from graphile_worker._private_jobs returning max_attempts",
  );
  expect(rows.map(({ max_attempts }) => max_attempts)).toEqual([jobAttempts.enqueued, jobAttempts.enqueued]);
  const scheduled = crontab.trim().split("\n");
  for (const line of scheduled) expect(line).toMatch(/[?&]max=3$/);
});

it("runs a job that is enqueued while it runs, without delay", async () => {
  const worker = begin();
  await expect.poll(() => waiting(), { timeout: 10_000 }).toBe(0);
  const before = await heard();
  await bookAny(student, mentor);
  await expect.poll(heard, { timeout: 3_000 }).toBe((before ?? 0) + 1);
  await worker.stop();
});

it("does nothing once it is stopped, and the next one finds what was left", async () => {
  await begin().stop();
  const before = await heard();
  await bookAny(student, mentor);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await heard()).toBe(before);
  const next = begin();
  await expect.poll(heard, { timeout: 10_000 }).toBe((before ?? 0) + 1);
  await next.stop();
});

it("two processes share the work, and do nothing twice", async () => {
  const before = (await heard()) ?? 0;
  const workers = [begin(), begin()];
  for (let index = 0; index < 6; index++) await bookAny(student, mentor);
  await expect.poll(heard, { timeout: 10_000 }).toBe(before + 6);
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(await heard()).toBe(before + 6);
});

it("goes on when the database went away and came back", async () => {
  // The queue's library itself prints a trace of each connection it loses; our log has one line.
  vi.spyOn(globalThis.console, "trace").mockImplementation(() => undefined);
  const worker = begin();
  await expect.poll(() => log.text(), { timeout: 10_000 }).toContain("looking for jobs");
  for (let round = 0; round < 3; round++) {
    await count(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'matepeak matepeak_jobs' and datname = current_database()`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const before = (await heard()) ?? 0;
  await bookAny(student, mentor);
  await expect.poll(heard, { timeout: 20_000 }).toBe(before + 1);
  await worker.stop();
});

it("a job whose end could not be recorded, however often it was tried, runs again", async () => {
  vi.spyOn(globalThis.console, "trace").mockImplementation(() => undefined);
  // More often than one runner tries; the trigger is the owner's, who may end any session.
  await test.db.owner.query(`
    create sequence private.endings;
    create function private.cut_ending() returns trigger language plpgsql security definer as $$
      begin
        if nextval('private.endings') < 7 then
          perform pg_terminate_backend(pg_backend_pid()), pg_sleep(5);
        end if;
        return old;
      end $$;
    create trigger cut_ending before delete on graphile_worker._private_jobs
      for each row when (old.key = 'cut') execute function private.cut_ending()`);
  const worker = begin();
  await test.db.owner.query("select private.enqueue('notify_booking_event', $1, 'cut')", [
    JSON.stringify({ event_id: 0, mentor_id: "00000000-0000-4000-8000-000000000000" }),
  ]);
  await expect
    .poll(() => count("select from private.endings where last_value >= 7"), { timeout: 25_000 })
    .toBe(1);
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  await worker.stop();
  expect(log.text()).toContain("The end of a job could not be recorded; it will run again");
});

it("the queue's role reaches the queue and nothing else", async () => {
  const { queue } = test.db.database;
  expect((await queue.query("select count(*) from graphile_worker.jobs")).rowCount).toBe(1);
  for (const table of [
    "public.bookings",
    "public.notifications",
    "public.expert_profiles",
    "auth.users",
    "private.idempotency_keys",
  ]) {
    await expect(queue.query(`select from ${table}`)).rejects.toMatchObject({ code: "42501" });
  }
  for (const role of ["matepeak_app", "authenticated", "postgres"]) {
    await expect(queue.query(`set role ${role}`)).rejects.toMatchObject({ code: "42501" });
  }
  // And no other role has access to the queue except through private.enqueue().
  for (const who of [student.id, null]) {
    await expect(
      test.db.as(who, (client) => client.query("select graphile_worker.add_job('x')")),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(
      test.db.as(who, (client) => client.query("select private.enqueue('x')")),
    ).rejects.toMatchObject({ code: "42501" });
  }
});
