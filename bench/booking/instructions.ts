// How many instructions PostgreSQL needs for a booking, counted by callgrind: a figure that no other work on the machine
// changes. Only where valgrind is installed.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createBooking as createBookingInput } from "#contract/bookings.ts";
import { openBooker } from "../../server/bookings/bookJudged.ts";
import { createBooking } from "../../server/bookings/createBooking.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { openDatabase } from "../../server/platform/database/database.ts";
import { idempotentRequest } from "../../server/platform/idempotency.ts";
import { pathsIn } from "../../server/postgres/cluster.ts";
import { startEmbeddedPostgres } from "../../server/postgres/embedded.ts";
import { findHost } from "../../server/postgres/host.ts";
import { prepareEmbeddedDatabase } from "../../server/postgres/prepareDatabase.ts";
import { freePort } from "../../server/testing/freePort.ts";
import { liftCaps } from "../../server/testing/testDatabase.ts";
import { table } from "../table.ts";
import { FreeSlots } from "./freeSlots.ts";
import { createHandWritten, nextCall } from "./handWritten.ts";

/** More than there are mentors, whose schedules are then known. Two lives of a connection, one longer by so many calls: their difference is that many times the work of one. */
const warmCalls = 35;
const countedCalls = 20;

/** As many as a call takes (server/platform/database/batches.ts). */
const together = 32;

/** Repeats one piece of work on connections of its own. */
interface Life {
  call(): Promise<unknown>;
  close(): Promise<void>;
}

/** A table in Markdown, or why there is none. */
export async function measureInstructions(): Promise<string> {
  if (spawnSync("valgrind", ["--version"]).error)
    return "PostgreSQL's instructions are counted only where valgrind is installed.";
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "matepeak-callgrind-"));
  chmodSync(folder, 0o711);
  try {
    const { urls, slots } = await prepare(join(folder, "data"));
    const port = await freePort("127.0.0.1");
    const server = await startUnderCallgrind(folder, port);
    try {
      const at = (url: string) => Object.assign(new URL(url), { port: String(port) }).href;
      return await measure(folder, { ownerUrl: at(urls.ownerUrl), appUrl: at(urls.appUrl) }, slots);
    } finally {
      server.kill("SIGINT");
      await once(server, "exit");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

interface Urls {
  ownerUrl: string;
  appUrl: string;
}

/** Fills the data folder with the usual server, which is stopped again. */
async function prepare(dataDir: string): Promise<{ urls: Urls; slots: FreeSlots }> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const { logins, answer: slots } = await prepareEmbeddedDatabase(postgres.adminUrl, async (owner) => {
      await liftCaps({ owner });
      const prepared = await FreeSlots.prepare({ owner }, together, 500);
      await createHandWritten(owner);
      return prepared;
    });
    const ownerUrl = Object.assign(new URL(postgres.adminUrl), { pathname: "/matepeak" }).href;
    return { urls: { ownerUrl, appUrl: logins.url }, slots };
  } finally {
    await postgres.stop();
  }
}

async function startUnderCallgrind(folder: string, port: number): Promise<ChildProcess> {
  const { programs, user } = await findHost();
  const counts = join(folder, "counts");
  mkdirSync(counts);
  if (user) chownSync(counts, user.uid, user.gid);
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "autovacuum=off"];
  const server = spawn(
    "valgrind",
    [
      "--tool=callgrind",
      "--trace-children=yes",
      `--callgrind-out-file=${counts}/%p`,
      programs.postgres,
      "-D",
      pathsIn(join(folder, "data")).cluster,
      "-p",
      String(port),
      ...settings.flatMap((setting) => ["-c", setting]),
    ],
    { cwd: "/", stdio: "ignore", env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" }, ...user },
  );
  return server;
}

async function measure(folder: string, { ownerUrl, appUrl }: Urls, slots: FreeSlots): Promise<string> {
  const owner = await connectPatiently(ownerUrl);
  const openClient = async (query: () => pg.QueryConfig): Promise<Life> => {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    return { call: () => client.query(query()), close: () => client.end() };
  };
  const openCommand =
    (key: () => string | undefined, atOnce = 1) =>
    async (): Promise<Life> => {
      const database = openDatabase({ url: appUrl, poolSize: 1, longestWait: 600_000 });
      const dependencies = { database, now: systemClock, booker: openBooker({ database, now: systemClock }) };
      const book = () => {
        const { student, body } = slots.takeOne();
        const caller = { id: student.id, name: "Student", email: "student@example.com", loginId: student.id };
        const request = createBookingInput.parse(body);
        const once = idempotentRequest(key(), "POST /bookings", request);
        return createBooking(dependencies, caller, request, once);
      };
      return {
        call: () => Promise.all(Array.from({ length: atOnce }, book)),
        close: () => database.close(),
      };
    };
  await owner.query(
    "create table by_hand.bare (id uuid primary key default gen_random_uuid(), expert_id uuid not null, during tstzrange not null, exclude using gist (expert_id with =, during with &&))",
  );
  let hour = 0;
  const kinds: [name: string, open: () => Promise<Life>, bookings?: number][] = [
    [
      "a bare insert",
      () =>
        openClient(() => ({
          name: "bare",
          text: "insert into by_hand.bare (expert_id, during) values ($1, tstzrange($2, $2::timestamptz + interval '1 hour'))",
          values: [slots.mentors[0]!.id, new Date(++hour * 3_600_000)],
        })),
    ],
    ["one hand-written function", () => openClient(() => nextCall(slots))],
    ["the command, with its Idempotency-Key", openCommand(randomUUID)],
    ["the command, without", openCommand(() => undefined)],
    [
      `the command, ${together} at one moment, with their keys, each`,
      openCommand(randomUUID, together),
      together,
    ],
  ];
  const rows: string[][] = [];
  for (const [name, open, bookings = 1] of kinds) {
    const short = await countLife(owner, folder, open, warmCalls);
    const long = await countLife(owner, folder, open, warmCalls + countedCalls);
    const each = Array.from(long, ([connection, count]): [string, number] => [
      connection,
      (count - (short.get(connection) ?? 0)) / countedCalls / bookings,
    ]);
    rows.push([name, thousands(each.reduce((sum, [, count]) => sum + count, 0))]);
    // Connections are named by their role.
    if (each.length > 1)
      for (const [connection, count] of each) rows.push([`… by ${connection}`, thousands(count)]);
  }
  await owner.end();
  return table(["PostgreSQL, for one", "instructions"], rows);
}

function thousands(instructions: number): string {
  return `${Math.round(instructions / 1000).toLocaleString("en")}k`;
}

/** The instructions of all connections that served these calls, from their start to their end, by their names. */
async function countLife(
  owner: pg.Client,
  folder: string,
  open: () => Promise<Life>,
  calls: number,
): Promise<Map<string, number>> {
  const life = await open();
  let connections: { pid: number; name: string }[];
  try {
    for (let call = 0; call < calls; call++) await life.call();
    const { rows } = await owner.query<{ pid: number; name: string }>(
      `select pid, application_name as name from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
    );
    connections = rows;
  } finally {
    await life.close();
  }
  const counts = new Map<string, number>();
  for (const { pid, name } of connections) {
    // The announcer's connection has the same role as the one for bookings.
    const connection = [name, `${name}, second connection`].find((free) => !counts.has(free)) ?? name;
    counts.set(
      connection,
      (counts.get(connection) ?? 0) + (await readCount(join(folder, "counts", String(pid)))),
    );
  }
  return counts;
}

/** Of a process that has ended or is about to. */
async function readCount(file: string): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    const total = existsSync(file) ? /^totals: (\d+)$/m.exec(readFileSync(file, "utf8"))?.[1] : undefined;
    if (total !== undefined) return Number(total);
    await sleep(200);
  }
  throw new Error(`There are no counts in ${file}.`);
}

/** A server under callgrind takes a while to start. */
async function connectPatiently(url: string): Promise<pg.Client> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    // Its statement reports what is wrong.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (tries >= 120) throw error;
      await sleep(500);
    }
  }
}
