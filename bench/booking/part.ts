import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createBooking as createBookingInput } from "#contract/bookings.ts";
import { openBooker } from "../../server/bookings/bookJudged.ts";
import { createBooking } from "../../server/bookings/createBooking.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { idempotentRequest } from "../../server/platform/idempotency.ts";
import { describeProfile, profileCpu } from "../cpuProfile.ts";
import { type Generator, startGenerator } from "../load/startGenerator.ts";
import { bestRates } from "../rates.ts";
import { describeMachine, type Section } from "../report.ts";
import { figure, microseconds, ratio, table } from "../table.ts";
import { openWorld, type World } from "../world.ts";
import { type BareInserts, openBareInserts } from "./bareInserts.ts";
import { FreeSlots } from "./freeSlots.ts";
import { type HandWritten, openHandWritten } from "./handWritten.ts";
import { measureInstructions } from "./instructions.ts";
import { Watch } from "./watch.ts";

const sampleMs = 700;
const perLevelMs = 12_000;
/** More than a sample can use. */
const requestsPerSample = 1500;
/** No student books twice within the half minute for which the app remembers a login. */
const students = 20_000;

export async function measureBooking(): Promise<Section> {
  const watch = new Watch();
  const world = await openWorld({ wrap: (database) => watch.wrap(database) });
  const generator = startGenerator();
  const pool = new pg.Pool({ connectionString: world.ownerUrl, max: 64, idleTimeoutMillis: 0 });
  try {
    const many = await FreeSlots.prepare(world, 400, students);
    const one = await FreeSlots.prepare(world, 1, students);
    const bare = await openBareInserts(world.owner, pool);
    const byHand = await openHandWritten(world.owner, pool);
    // Like a day of business before: no plan is made for empty tables.
    await book(world, generator, many, 16, 1000);
    await world.owner.query("vacuum analyze");
    const rates = await measureRates(world, generator, { bare, byHand }, { many, one });
    const slow = await measureSlowCommit(world, generator, many);
    const steps = await measureSteps(world, generator, watch, many);
    const profile = await profileBooking(world, generator, many);
    const instructions = await measureInstructions();
    return {
      title: "POST bookings",
      text: [describeMachine(world.postgresVersion), rates, slow, instructions, steps, profile].join("\n\n"),
    };
  } finally {
    generator.stop();
    await pool.end();
    await world.close();
  }
}

async function measureRates(
  world: World,
  generator: Generator,
  { bare, byHand }: { bare: BareInserts; byHand: HandWritten },
  { many, one }: { many: FreeSlots; one: FreeSlots },
): Promise<string> {
  const rows: string[][] = [];
  const booker = openBooker({ database: world.database, now: systemClock });
  const dependencies = { database: world.database, now: systemClock, booker };
  const levels = [
    { name: "1 client", clients: 1, slots: many, limit: requestsPerSample },
    { name: "16 clients", clients: 16, slots: many, limit: requestsPerSample },
    { name: "64 clients", clients: 64, slots: many, limit: requestsPerSample },
    // A mentor has only so many hours.
    { name: "16 clients, one mentor", clients: 16, slots: one, limit: 40 },
  ];
  for (const { name, clients, slots, limit } of levels) {
    const mentors = slots.mentors.map(({ id }) => id);
    const contenders = [
      { name: "http", sample: () => book(world, generator, slots, clients, limit) },
      { name: "command", sample: () => runCommand(dependencies, slots, clients, limit) },
      { name: "by hand", sample: () => byHand.book(slots, clients, sampleMs, limit) },
      { name: "bare", sample: () => bare.insert(clients, sampleMs, mentors) },
    ];
    const best = await bestRates(contenders, slots === one ? 6000 : perLevelMs);
    const [http, command] = [best.get("http")!, best.get("command")!];
    const bounds = [best.get("by hand")!, best.get("bare")!];
    rows.push([
      name,
      ...[http, command, ...bounds].map(figure),
      ...bounds.flatMap((bound) => [ratio(http / bound), ratio(command / bound)]),
    ]);
  }
  const head = [
    "per second",
    "POST bookings",
    "command alone",
    "one function",
    "bare inserts",
    "POST / function",
    "command / function",
    "POST / bare",
    "command / bare",
  ];
  return `${table(head, rows)}

Each booking is a separate request by another signed-in student, with an Idempotency-Key: login looked up, start judged,
booking, ledger, history and key written, durable (fsync on). *Command alone* is the same without HTTP, validation and
session look-up: \`createBooking\` called in the app's process, with a key. *One function* is the bound of one booking: a
function in the database, written by hand, that reads the price and writes the same five rows (the mentor's revision, ledger,
booking, event, key with the response) into copies of the tables with the same constraints and indexes but without
triggers; a pg client calls it. The bare insert is one statement into a table with the same exclusion constraint and a primary
key. Both have as many connections as clients; the app has at most 16 for transactions. 400 mentors, each booking takes
another free hour. Targets: POST / function 0.8 × with one client; POST / bare 0.35 × and command / bare 0.5 × with 64.`;
}

const slowCommitMs = 30;

/** Bookings on a server whose disk takes long to flush: PostgreSQL waits that long before each flush. */
async function measureSlowCommit(world: World, generator: Generator, slots: FreeSlots): Promise<string> {
  const set = async (sql: string) => {
    await world.owner.query(sql);
    await world.owner.query("select pg_reload_conf()");
    await sleep(500);
  };
  await world.owner.query("alter system set commit_siblings = 0");
  await set(`alter system set commit_delay = ${slowCommitMs * 1000}`);
  const rate = await book(world, generator, slots, 64, requestsPerSample);
  await world.owner.query("alter system reset commit_siblings");
  await set("alter system reset commit_delay");
  return `With a commit of ${slowCommitMs} ms (\`commit_delay\`), 64 clients make ${figure(rate)} bookings a second, ${ratio(rate / (1000 / slowCommitMs))} as many as commits one by one. Target: 4 ×.`;
}

/** One sample of bookings without HTTP: per second. */
async function runCommand(
  dependencies: Parameters<typeof createBooking>[0],
  slots: FreeSlots,
  clients: number,
  limit: number,
): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (count < limit && performance.now() - startedAt < sampleMs) {
        count += 1;
        const { student, body } = slots.takeOne();
        const caller = {
          id: student.id,
          name: "Student",
          email: "student@example.com",
          loginId: student.id,
        };
        const request = createBookingInput.parse(body);
        const once = idempotentRequest(randomUUID(), "POST /bookings", request);
        await createBooking(dependencies, caller, request, once);
      }
    }),
  );
  return count / ((performance.now() - startedAt) / 1000);
}

/** One sample: bookings per second. Every answer must be a booking. */
async function book(
  world: World,
  generator: Generator,
  slots: FreeSlots,
  connections: number,
  limit: number,
): Promise<number> {
  const requests = slots.take(limit);
  const order = { port: world.port, requests, connections, milliseconds: sampleMs, limit };
  const { perSecond, statuses } = await generator.generate(order);
  if (Object.keys(statuses).join() !== "201") throw new Error(`Answers: ${JSON.stringify(statuses)}`);
  return perSecond;
}

/** Where the time of a booking goes without other bookings, so that nothing waits. */
async function measureSteps(
  world: World,
  generator: Generator,
  watch: Watch,
  slots: FreeSlots,
): Promise<string> {
  watch.reset();
  const requests = slots.take(600);
  const { median } = await generator.generate({
    port: world.port,
    requests,
    connections: 1,
    milliseconds: 5000,
    limit: requests.length,
  });
  const call = watch.median();
  const rows: [string, number][] = [
    [
      "the call, to the database and back: judged revision, ledger, booking, history, key, commit (fsync)",
      call,
    ],
    ["the rest: HTTP, looking up the login, validation, engine, JSON", median - call],
  ];
  return table(
    ["one booking, one client (medians)", "time", "share"],
    rows.map(([name, ms]) => [name, microseconds(ms * 1000), `${((100 * ms) / median).toFixed(0)} %`]),
  );
}

/** What PostgreSQL does in its functions and triggers, and the app's process, for one booking. */
async function profileBooking(world: World, generator: Generator, slots: FreeSlots): Promise<string> {
  const { owner } = world;
  const bookings = 400;
  await owner.query("alter system set track_functions = 'all'");
  await owner.query("select pg_reload_conf()");
  await book(world, generator, slots, 1, 50);
  await owner.query("select pg_stat_reset()");
  const profile = await profileCpu(async () => {
    await generator.generate({
      port: world.port,
      requests: slots.take(bookings),
      connections: 1,
      milliseconds: 20_000,
      limit: bookings,
    });
    return bookings;
  });
  // Each connection reports its figures once in a second.
  await sleep(2000);
  const { rows } = await owner.query<{ name: string; calls: number; self: number }>(
    `select schemaname || '.' || funcname as name, calls::float8 / $1 as calls, self_time / $1 as self
     from pg_stat_user_functions where self_time / $1 > 0.03 order by self_time desc`,
    [bookings],
  );
  const functions = rows.map(({ name, calls, self }) => [
    name,
    figure(Math.round(calls)),
    microseconds(self * 1000),
  ]);
  return `${describeProfile("processor time of the app for one booking", profile)}

${table(["functions of PostgreSQL, for one booking", "calls", "own time"], functions)}`;
}
