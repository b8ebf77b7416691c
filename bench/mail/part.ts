import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FreeSlots } from "../booking/freeSlots.ts";
import { processSeconds } from "../load/processTimes.ts";
import { benchPublicUrl } from "../load/startGenerator.ts";
import { benchSecret } from "../people.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, table } from "../table.ts";
import { openWorld, type World } from "../world.ts";
import { openSink, type Sink } from "./sink.ts";

const dueAtOnce = 10_000;
const bookingsPerSecond = 50;
const loadSeconds = 30;

export async function measureMail(): Promise<Section> {
  const world = await openWorld();
  try {
    const slots = await FreeSlots.prepare(world, 200, 5_000);
    const burst = await measureBurst(world, slots);
    const steady = await measureSteady(world, slots);
    return {
      title: "Mail",
      text: [describeMachine(world.postgresVersion), burst, steady, notes].join("\n\n"),
    };
  } finally {
    await world.close();
  }
}

async function withWorker<T>(
  world: World,
  work: (sink: Sink, worker: ChildProcess & { pid: number }) => Promise<T>,
): Promise<T> {
  const sink = await openSink();
  const file = fileURLToPath(new URL("../../server/worker.ts", import.meta.url));
  const worker = spawn(process.execPath, [file], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: world.ownerUrl,
      PUBLIC_URL: benchPublicUrl,
      AUTH_SECRET: benchSecret,
      LOG_LEVEL: "warn",
      SMTP_URL: sink.url,
      MAIL_FROM: "matepeak@example.com",
      MAIL_PER_SECOND: "10000",
    },
    stdio: "ignore",
  }) as ChildProcess & { pid: number };
  try {
    return await work(sink, worker);
  } finally {
    const ended = once(worker, "exit");
    worker.kill("SIGTERM");
    await ended;
    await sink.close();
  }
}

/** Many mails about bookings, with invitations, that are all due when the worker starts. */
async function measureBurst(world: World, slots: FreeSlots): Promise<string> {
  for (let booked = 0; booked < dueAtOnce / 2; booked += 100)
    await Promise.all(Array.from({ length: 100 }, () => book(world, slots)));
  return withWorker(world, async (sink, worker) => {
    while (sink.accepted.size === 0) await sleep(10);
    const [startedAt, first, cpu] = [performance.now(), sink.accepted.size, processSeconds(worker.pid)];
    while (sink.accepted.size < dueAtOnce) await sleep(10);
    const seconds = (performance.now() - startedAt) / 1000;
    const sent = sink.accepted.size - first;
    const cpuPerMail = (processSeconds(worker.pid) - cpu) / sent;
    const rows = [
      ["mails due at once", figure(dueAtOnce)],
      ["accepted per second", figure(sent / seconds)],
      ["worker's processor time per mail, ms", (cpuPerMail * 1000).toFixed(2)],
      ["size of a mail, kB", (sink.bytes / sink.accepted.size / 1024).toFixed(1)],
      ["copies", figure(sink.copies)],
    ];
    return table(["a burst", ""], rows);
  });
}

/** The time from the commit of a booking until the mail server has accepted its mails. */
async function measureSteady(world: World, slots: FreeSlots): Promise<string> {
  return withWorker(world, async (sink, worker) => {
    const count = bookingsPerSecond * loadSeconds;
    const cpu = processSeconds(worker.pid);
    // The worker has started when it has sent the first ones.
    await Promise.all([book(world, slots), book(world, slots)]);
    while (sink.accepted.size < 4) await sleep(20);
    const whileWorking = await bookSteadily(world, slots, count);
    const deadline = performance.now() + 120_000;
    while (sink.accepted.size < 2 * count + 4 && performance.now() < deadline) await sleep(20);
    const { rows } = await world.owner.query<{ id: string; at: Date }>(
      `select d.id, e.created_at as at from private.deliveries d
         join public.booking_events e on substr(d.occasion, 9) = 'booking_event:' || e.id
       where d.id = any ($1::uuid[])`,
      [[...sink.accepted.keys()]],
    );
    const used = processSeconds(worker.pid) - cpu;
    sink.isStalled = true;
    const whileStalled = await bookSteadily(world, slots, count);
    sink.isStalled = false;
    const delays = rows
      .map(({ id, at }) => ((sink.accepted.get(id) ?? Number.NaN) - at.getTime()) / 1000)
      .sort((one, other) => one - other);
    const part = (share: number) => partOf(delays, share).toFixed(2);
    return table(
      [`${bookingsPerSecond} bookings per second for ${loadSeconds} s`, "budget", ""],
      [
        ["mails accepted, of those due", "", `${sink.accepted.size - 4} of ${2 * count}`],
        ["from commit to acceptance, median, s", "", part(0.5)],
        ["95th percentile, s", "60", part(0.95)],
        ["longest, s", "", part(1)],
        ["worker's processor time, % of a core", "", figure((used / loadSeconds) * 100)],
        ["copies", "0", figure(sink.copies)],
        ["response to a booking, 95th percentile, ms", "", partOf(whileWorking, 0.95).toFixed(0)],
        ["the same while the mail server replies to nothing, ms", "", partOf(whileStalled, 0.95).toFixed(0)],
      ],
    );
  });
}

/** Returns how long each response took, ms, in ascending order. */
async function bookSteadily(world: World, slots: FreeSlots, count: number): Promise<number[]> {
  const startedAt = performance.now();
  const bookings: Promise<number>[] = [];
  for (let number = 0; number < count; number++) {
    const at = startedAt + (number * 1000) / bookingsPerSecond;
    await sleep(Math.max(0, at - performance.now()));
    const askedAt = performance.now();
    bookings.push(book(world, slots).then(() => performance.now() - askedAt));
  }
  return (await Promise.all(bookings)).sort((one, other) => one - other);
}

function partOf(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

async function book({ port }: World, slots: FreeSlots): Promise<void> {
  const { student, body } = slots.takeOne();
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/bookings`, {
    method: "POST",
    headers: { authorization: `Bearer ${student.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
}

const notes = `The worker is a process of its own, as in docs/operations.md; its processor time contains the messages in the inbox, the
composed mails with their invitations and SMTP. The mail server (\`smtp-server\`) and the app are in the benchmark's process
and compete for the same processors. Of each booking the student and the mentor get a mail.`;
