import type { JobHelpers, Task, TaskList } from "graphile-worker";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alertTasks } from "../alerts/jobs.ts";
import { systemClock } from "../platform/clock.ts";
import type { Database, SystemTx } from "../platform/database/database.ts";
import { sliceSizes } from "../platform/queue/slices.ts";
import { bookAny, letEnd } from "../testing/booking.ts";
import { allowQueue, runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { timeRequestTasks } from "../timeRequests/jobs.ts";
import { cleanUpTasks } from "./cleanUps.ts";
import { crontab, taskList } from "./tasks.ts";

const sizes = { plain: 3, changed: 3, withEffects: 2 };
let test: TestApp;
let mentors: Mentor[];
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
  mentors = await Promise.all([1, 2, 3].map(() => test.makeMentor()));
  [student] = (await test.signUpCrowd(1)) as [Person];
  await allowQueue(test.db);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.db.owner.query("delete from private.idempotency_keys");
});

const all = async <Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await test.db.owner.query<Row>(text, values)).rows;
const countOf = async (from: string) =>
  (await all<{ count: number }>(`select count(*)::int as count from ${from}`))[0]!.count;

/** The test's database, counting the transactions of the task; `during` runs in the given one, after its statement. */
function watched(during: (turn: number, tx: SystemTx) => unknown = () => undefined) {
  const seen = { transactions: 0 };
  const asSystem: Database["asSystem"] = (reason, actor, work) =>
    test.db.database.asSystem(reason, actor, async (tx) => {
      const turn = ++seen.transactions;
      const result = await work(tx);
      await during(turn, tx);
      return result;
    });
  return { seen, database: { ...test.db.database, asSystem } };
}

const run = (task: Task | undefined, abortSignal = new AbortController().signal) =>
  Promise.resolve(task?.({}, { abortSignal } as JobHelpers));
const runCleanUp = (database: Database, name: string, abortSignal?: AbortSignal) =>
  run(cleanUpTasks({ database }, sizes)[name], abortSignal);

/** Old keys, and one that stays. */
async function plantKeys(old: number): Promise<void> {
  await all(
    `insert into private.idempotency_keys (user_id, key, request_hash, created_at)
     select $1::uuid, n::text, 'x', now() - interval '2 days' + n * interval '1 second' from generate_series(1, $2::int) n
     union all select $1::uuid, 'young', 'x', now()`,
    student.id,
    old,
  );
}

describe("a backlog", () => {
  it("goes in slices, the oldest first, and what is not due stays", async () => {
    await plantKeys(10);
    const left: number[] = [];
    const { seen, database } = watched(async (_turn, { client }) => {
      const { rows } = await client.query("select private.delete_idempotency_keys(0)");
      expect(rows).toHaveLength(1);
      left.push(await countOf("private.idempotency_keys"));
    });
    await runCleanUp(database, "delete_idempotency_keys");
    expect(seen.transactions).toBe(4);
    // Seen from outside, before each commit.
    expect(left).toEqual([11, 8, 5, 2]);
    expect(await all("select key from private.idempotency_keys")).toEqual([{ key: "young" }]);
  });

  it("rests after each slice, several times as long as it took", async () => {
    await plantKeys(4);
    const { database } = watched(() => new Promise((resolve) => setTimeout(resolve, 30)));
    const begunAt = performance.now();
    await runCleanUp(database, "delete_idempotency_keys");
    expect(performance.now() - begunAt).toBeGreaterThan(2 * 30 * 6);
  });

  it("of a stopped worker goes on in the next one, at once", async () => {
    await plantKeys(10);
    const stopping = new AbortController();
    const { seen, database } = watched((turn) => (turn === 2 ? stopping.abort() : undefined));
    const begunAt = performance.now();
    await runCleanUp(database, "delete_idempotency_keys", stopping.signal);
    expect(performance.now() - begunAt).toBeLessThan(2_000);
    // The third is the job for the next worker.
    expect(seen.transactions).toBe(3);
    expect(await countOf("private.idempotency_keys")).toBe(5);
    expect(
      await all(
        "select task_identifier as task from graphile_worker.jobs where key = 'delete_idempotency_keys'",
      ),
    ).toEqual([{ task: "delete_idempotency_keys" }]);
    await runJobs(test.db);
    expect(await countOf("private.idempotency_keys")).toBe(1);
  });

  it("of a killed worker is finished by the next run: slices before the kill are kept, its own is not", async () => {
    await plantKeys(10);
    const { database } = watched(async (turn, { client }) => {
      if (turn === 3) await client.query("select 1 / 0");
    });
    await expect(runCleanUp(database, "delete_idempotency_keys")).rejects.toThrow();
    expect(await countOf("private.idempotency_keys")).toBe(5);
    await runCleanUp(test.db.database, "delete_idempotency_keys");
    expect(await countOf("private.idempotency_keys")).toBe(1);
  });

  it("is the work of one run at a time in a process", async () => {
    await plantKeys(10);
    const { seen, database } = watched();
    const task = cleanUpTasks({ database }, sizes).delete_idempotency_keys;
    await Promise.all([run(task), run(task)]);
    expect(seen.transactions).toBe(4);
    await plantKeysAgain();
    await run(task);
    expect(await countOf("private.idempotency_keys")).toBe(1);
  });
  const plantKeysAgain = async () => {
    await all("delete from private.idempotency_keys");
    await plantKeys(2);
  };
});

describe("two workers at once", () => {
  const skip = "for no key update skip locked";
  const definition = async () =>
    (
      await all<{ text: string }>(
        "select pg_get_functiondef('private.expire_time_requests(integer)'::regprocedure) as text",
      )
    )[0]!.text;

  /** Open time requests whose time to reply is over. */
  async function plantRequests(count: number): Promise<void> {
    await all("set session_replication_role = replica");
    await all("delete from time_requests");
    await all("delete from graphile_worker._private_jobs");
    await all(
      `insert into time_requests (user_id, expert_id, service_id, duration, total_minor, currency, student_timezone,
         expires_at, status)
       select gen_random_uuid(), $1, $2, 60, 0, 'INR', 'Asia/Kolkata', now() - n * interval '1 second', 'open'
       from generate_series(1, $3::int) n`,
      mentors[0]!.id,
      mentors[0]!.services[0]!.id,
      count,
    );
    await all("reset session_replication_role");
  }
  const messages = () => countOf("graphile_worker.jobs where task_identifier = 'notify_time_request'");
  const expired = () => countOf("time_requests where status = 'expired'");

  it("share a backlog: nothing twice, nothing missed", async () => {
    await plantRequests(11);
    await Promise.all(
      [1, 2, 3].map(() => run(timeRequestTasks({ database: test.db.database }, sizes).expire_time_requests)),
    );
    await run(timeRequestTasks({ database: test.db.database }, sizes).expire_time_requests);
    expect([await expired(), await messages()]).toEqual([11, 11]);
  });

  /** One slice in a transaction that is still open, and another beside it. */
  async function besideAnother(): Promise<number> {
    const statement = "select private.expire_time_requests($1) as count";
    return test.db.database.asSystem("a test", null, async (first) => {
      await first.client.query(statement, [2]);
      const { rows } = await test.db.database.asSystem("a test", null, async ({ client }) => {
        await client.query("set local lock_timeout = '300ms'");
        return client.query<{ count: number }>(statement, [3]);
      });
      return rows[0]!.count;
    });
  }

  it("do not wait for each other's rows", async () => {
    await plantRequests(4);
    expect(await besideAnother()).toBe(2);
    expect([await expired(), await messages()]).toEqual([4, 4]);
  });

  it("twin: without the skipped locks they do", async () => {
    await plantRequests(4);
    const text = await definition();
    await all(text.replace(skip, ""));
    await expect(besideAnother()).rejects.toThrow(/lock timeout/);
    await all(text);
  });
});

describe("mentor by mentor", () => {
  it("each mentor's past days go in slices too", async () => {
    for (const { id } of mentors) {
      await all(
        "insert into blocked_dates (expert_id, date) select $1, current_date - 3 - n from generate_series(1, 5) n",
        id,
      );
      await all("insert into blocked_dates (expert_id, date) values ($1, current_date + 3)", id);
    }
    const { seen, database } = watched();
    await runCleanUp(database, "remove_past_blocked_dates");
    expect(await countOf("blocked_dates where date < current_date")).toBe(0);
    expect(await countOf("blocked_dates")).toBe(3);
    // Three slices for each mentor, and the lists of at most three of the oldest rows.
    expect(seen.transactions).toBeGreaterThanOrEqual(9 + 2);
  });

  it("a session with a report is passed by: those behind it complete, once each", async () => {
    const sessions: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const mentor = mentors[turn % 2]!;
      const { id } = await bookAny(student, mentor);
      await mentor.call("POST", `/bookings/${id}/confirm`);
      await letEnd(test.db, id, 90 - Math.floor(turn / 2) * 5);
      sessions.push(id);
    }
    await all("set session_replication_role = replica");
    // Two end at the same instant.
    await all(
      `update bookings set starts_at = date_trunc('hour', starts_at), ends_at = date_trunc('hour', ends_at)
       where id = any ($1)`,
      sessions,
    );
    await all(
      `insert into no_show_claims (booking_id, expert_id, claimed_by, state, answer_until, settled_at)
       select id, expert_id, 'student', 'agreed', now(), now() from bookings where id = any ($1)`,
      sessions.slice(0, 3),
    );
    await all("reset session_replication_role");
    await runCleanUp(test.db.database, "complete_held_sessions");
    await runCleanUp(test.db.database, "complete_held_sessions");
    expect(
      await all(
        "select id, status from bookings where id = any ($1) order by array_position($1::uuid[], id)",
        sessions,
      ),
    ).toEqual(sessions.map((id, turn) => ({ id, status: turn < 3 ? "confirmed" : "completed" })));
    expect(await countOf("booking_events where kind = 'completed'")).toBe(3);
  });

  it("every mentor with alerts is checked, two in each transaction", async () => {
    await all("set session_replication_role = replica");
    for (const { id, services } of mentors) {
      await all(
        `insert into availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
         select $1, $2, $3, 60, current_date, current_date + n, 'Asia/Kolkata' from generate_series(0, 4) n`,
        student.id,
        id,
        services[0]!.id,
      );
    }
    await all("reset session_replication_role");
    const { seen, database } = watched();
    await run(alertTasks({ database, now: systemClock }, sizes).check_all_alerts);
    expect(await countOf("graphile_worker.jobs where task_identifier = 'check_alerts'")).toBe(3);
    expect(seen.transactions).toBe(2);
  });

  it("alerts end at the midnight of their own zone, whatever other zones have", async () => {
    await all("delete from availability_alerts");
    await all("set session_replication_role = replica");
    const [{ id, services }] = mentors as [Mentor];
    // What is yesterday in Kiritimati (UTC+14) is not over yet at UTC-12.
    await all(
      `insert into availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
       select $1, $2, $3, 10 * n + length(zone), day - 9 - n, day - case when n > 5 then 9 else 0 end, zone
       from unnest(array['Pacific/Kiritimati', 'Etc/GMT+12']) zone, generate_series(1, 9) n,
         (select (now() at time zone 'Pacific/Kiritimati')::date - 1 as day) yesterday`,
      student.id,
      id,
      services[0]!.id,
    );
    await all("reset session_replication_role");
    const { seen, database } = watched();
    await run(alertTasks({ database, now: systemClock }, sizes).expire_alerts);
    expect(
      await all("select timezone, count(*)::int from availability_alerts where status = 'active' group by 1"),
    ).toEqual([{ timezone: "Etc/GMT+12", count: 5 }]);
    expect(seen.transactions).toBe(5);
  });
});

describe("every clean-up takes a limit", () => {
  /** Statements of all scheduled tasks, with a row of each kind in the way of each. */
  async function statements(): Promise<{ text: string; values: unknown[] }[]> {
    const asked: { text: string; values: unknown[] }[] = [];
    const id = mentors[0]!.id;
    const row = {
      id,
      count: 0,
      mentor_id: id,
      booking_id: id,
      ends_at: "2026-01-01",
      can_complete: true,
      user_id: "other",
    };
    const client = {
      query: async (text: string, values: unknown[] = []) => {
        asked.push({ text, values });
        return { rows: [row] };
      },
    };
    const asSystem = (_reason: string, _actor: null, work: (tx: unknown) => unknown) => work({ client });
    const database = { ...test.db.database, asSystem } as unknown as Database;
    const tasks: TaskList = taskList({ database, now: systemClock, secret: "none" });
    for (const name of scheduled()) await run(tasks[name]);
    // Asked for each single reminder.
    return asked.filter(({ text }) => !text.includes("message_parties"));
  }
  const scheduled = () => Array.from(crontab.matchAll(/^\S+ \S+ \S+ \S+ \S+ (\w+)/gm), ([, name]) => name!);

  /** Functions that a scheduled task calls, and that handle all rows there are. */
  async function unlimited(): Promise<string[]> {
    const asked = await statements();
    const names = new Set(
      asked.flatMap(({ text }) => Array.from(text.matchAll(/private\.(\w+)\(/g), ([, name]) => name!)),
    );
    names.delete("enqueue");
    expect(names.size).toBeGreaterThan(15);
    const rows = await all<{ name: string }>(
      `select p.proname as name from pg_proc p
       where p.pronamespace = 'private'::regnamespace and p.proname = any ($1)
         and not ('most' = any (p.proargnames) and p.prosrc ~ '(limit|place <) most')
         -- Its list is one slice.
         and p.oid <> 'private.complete_held_sessions(uuid, uuid[])'::regprocedure`,
      [...names],
    );
    return rows.map(({ name }) => name);
  }

  it("and each task passes one", async () => {
    expect(await unlimited()).toEqual([]);
    for (const { text, values } of await statements()) {
      expect(text).toMatch(/private\.\w+\(\$1/);
      const limits: unknown[] = Object.values(sliceSizes);
      expect(values.some((value) => limits.includes(value) || Array.isArray(value))).toBe(true);
    }
  });

  it("twin: one without a limit is found", async () => {
    const [old] = await all<{ text: string }>(
      "select pg_get_functiondef('private.archive_old_bookings(integer)'::regprocedure) as text",
    );
    await all(old!.text.replace("limit most", ""));
    expect(await unlimited()).toEqual(["archive_old_bookings"]);
    await all(old!.text);
  });
});
