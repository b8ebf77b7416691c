import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import { type Database, openDatabase } from "./database.ts";

let db: TestDatabase;
let pooler: Server;
let pooledUrl: string;
beforeAll(async () => {
  db = await openTestDatabase();
  [pooler, pooledUrl] = await openPooler(db.ownerUrl);
});
afterAll(async () => {
  pooler.close();
  await db.drop();
});

/** The first message of a connection without one of its parameters. PostgreSQL: int32 length, int32 version, pairs of C strings. */
function withoutOptions(message: Buffer): Buffer {
  const texts = message.subarray(8).toString("latin1").split("\0");
  const kept: string[] = [];
  for (let index = 0; texts[index]; index += 2) {
    if (texts[index] !== "options") kept.push(texts[index] ?? "", texts[index + 1] ?? "");
  }
  const body = Buffer.from(`${kept.join("\0")}\0\0`, "latin1");
  const head = Buffer.from(message.subarray(0, 8));
  head.writeInt32BE(8 + body.length);
  return Buffer.concat([head, body]);
}

/** Does to a connection what PgBouncer with `ignore_startup_parameters = options` does. */
async function openPooler(to: string): Promise<[Server, string]> {
  const url = new URL(to);
  const target = { port: Number(url.port), host: url.hostname };
  const server = createServer((near) => {
    const far = connect(target);
    near.once("data", (first: Buffer) => {
      far.write(withoutOptions(first));
      near.pipe(far);
    });
    far.pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url.port = String((server.address() as { port: number }).port);
  return [server, url.href];
}

it("no connection acts as the owner behind a pooler that drops the role", async () => {
  const database = openDatabase({ url: pooledUrl });
  const complaint = "acts as postgres and not as";
  await expect(database.checkRoles()).rejects.toThrow(complaint);
  const ways: ((database: Database) => Promise<unknown>)[] = [
    ({ public: visitors }) => visitors.query("select 1"),
    ({ revisionPool }) => revisionPool.query("select 1"),
    ({ accounts }) => accounts.query("select 1"),
    ({ queue }) => queue.query("select 1"),
    ({ asSystem }) => asSystem("tries", null, async ({ client }) => client.query("select 1")),
    ({ connectListener }) => connectListener(),
  ];
  for (const ask of ways) await expect(ask(database)).rejects.toThrow(complaint);
  await database.close();
});

it("without the pooler every connection has the role of its purpose: the twin", async () => {
  const database = openDatabase({ url: db.ownerUrl });
  await database.checkRoles();
  await database.close();
});

it.each(["main.ts", "worker.ts"])(
  "%s does not start behind such a pooler and says why in one line",
  async (program) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL(`../../${program}`, import.meta.url))], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATABASE_URL: pooledUrl,
        AUTH_SECRET: "x".repeat(40),
        PORT: "0",
        LOG_LEVEL: "error",
      },
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    expect((await once(child, "exit"))[0]).toBe(1);
    expect(output.trim().split("\n")).toEqual([
      expect.stringContaining("drops the startup parameter options"),
    ]);
  },
  60_000,
);
