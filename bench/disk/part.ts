import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FreeSlots } from "../booking/freeSlots.ts";
import { benchPublicUrl } from "../load/startGenerator.ts";
import { benchSecret } from "../people.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, table } from "../table.ts";
import { openWorld, type World } from "../world.ts";

const count = 2_000;
/** The mailbox of installations without a mail server, and what is deleted after a day. */
const passing = ["private.local_mail", "private.idempotency_keys"];

/** What a booking leaves in the database when its messages and mails are written. */
export async function measureDisk(): Promise<Section> {
  const world = await openWorld();
  try {
    const slots = await FreeSlots.prepare(world, 200, 1_000);
    const before = await sizes(world);
    for (let booked = 0; booked < count; booked += 50)
      await Promise.all(Array.from({ length: 50 }, () => book(world, slots)));
    await finishJobs(world);
    const after = await sizes(world);
    return {
      title: "Disk",
      text: [describeMachine(world.postgresVersion), describe(before, after), notes].join("\n\n"),
    };
  } finally {
    await world.close();
  }
}

type Sizes = Map<string, { heap: number; indexes: number }>;

async function sizes({ owner }: World): Promise<Sizes> {
  // What updates have left behind is used again later.
  await owner.query("vacuum");
  const { rows } = await owner.query<{ name: string; heap: number; indexes: number }>(
    `select c.oid::regclass::text as name, pg_table_size(c.oid)::float8 as heap, pg_indexes_size(c.oid)::float8 as indexes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'private', 'auth') and c.relkind = 'r'`,
  );
  return new Map(rows.map(({ name, ...size }) => [name, size]));
}

function describe(before: Sizes, after: Sizes): string {
  const each = (bytes: number) => Math.round(bytes / count);
  const rows = Array.from(after, ([name, { heap, indexes }]) => {
    const was = before.get(name) ?? { heap: 0, indexes: 0 };
    return { name, heap: each(heap - was.heap), indexes: each(indexes - was.indexes) };
  })
    .filter(({ name, heap, indexes }) => heap + indexes >= 10 && !passing.includes(name))
    .sort((one, other) => other.heap + other.indexes - one.heap - one.indexes);
  const sum = (of: "heap" | "indexes") => rows.reduce((total, row) => total + row[of], 0);
  return table(
    ["bytes for each booking", "rows", "indexes", "all"],
    [
      ...rows.map(({ name, heap, indexes }) => [name, figure(heap), figure(indexes), figure(heap + indexes)]),
      ["**together**", figure(sum("heap")), figure(sum("indexes")), figure(sum("heap") + sum("indexes"))],
    ],
  );
}

/** A worker writes the messages and mails of all bookings. */
async function finishJobs({ owner, ownerUrl }: World): Promise<void> {
  const worker: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL("../../server/worker.ts", import.meta.url))],
    {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: ownerUrl,
        PUBLIC_URL: benchPublicUrl,
        AUTH_SECRET: benchSecret,
        LOG_LEVEL: "warn",
        MAIL_PER_SECOND: "10000",
      },
      stdio: "ignore",
    },
  );
  const open = `select from booking_events where notified_at is null
    union all select from private.deliveries where state = 'waiting' limit 1`;
  while ((await owner.query(open)).rowCount) await sleep(200);
  const ended = once(worker, "exit");
  worker.kill("SIGTERM");
  await ended;
}

async function book({ port }: World, slots: FreeSlots): Promise<void> {
  const { student, body } = slots.takeOne();
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/bookings`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${student.token}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
}

const notes = `2,000 bookings of 1:1 sessions by 1,000 students of 200 mentors, and what a worker made of them, without
PostgreSQL's log, after a vacuum. Left out are idempotency keys (1.8 kB for a day) and the mailbox of installations without a mail
server (18 kB); notifications and deliveries are deleted later, too. Pages of a new table are fuller than those of an old one.`;
