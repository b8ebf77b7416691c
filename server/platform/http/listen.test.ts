import { type ChildProcess, spawn } from "node:child_process";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import Fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { sendRaw } from "../../testing/rawHttp.ts";
import { listen } from "./listen.ts";
import type { TypedApp } from "./route.ts";

const apps: TypedApp[] = [];
let knocking: ChildProcess | undefined;
afterEach(async () => {
  knocking?.kill();
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function open(doors?: number, at = { host: "127.0.0.1", port: 0 }): Promise<TypedApp> {
  const app = Fastify({ forceCloseConnections: true }) as unknown as TypedApp;
  apps.push(app);
  app.get("/", async () => "hello");
  await listen(app, at, doors);
  return app;
}

const portOf = (app: TypedApp) => (app.addresses()[0] as AddressInfo).port;

/** Blocks this process until another one has connected that often, so that all of them wait to be taken. */
function letWait(port: number, times: number): void {
  const flag = join(mkdtempSync(join(tmpdir(), "matepeak-doors-")), "all");
  const code = `
    const { connect } = require("node:net");
    let waiting = ${times};
    for (let n = waiting; n > 0; n--) connect(${port}, "127.0.0.1").on("error", () => {}).on("connect", () => {
      if (--waiting === 0) require("node:fs").writeFileSync(${JSON.stringify(flag)}, "");
    });
    setTimeout(() => process.exit(), 10000);`;
  knocking = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 1000 && !existsSync(flag); tries++) Atomics.wait(clock, 0, 0, 20);
  rmSync(dirname(flag), { recursive: true });
}

/** In how many turns of the event loop that many waiting connections are taken. */
async function turnsToTake(app: TypedApp, connections: number): Promise<number> {
  const turns = new Set<number>();
  let turn = 0;
  let taken = 0;
  app.server.on("connection", () => {
    turns.add(turn);
    taken += 1;
  });
  letWait(portOf(app), connections);
  for (; taken < connections; turn++) await nextTurn();
  return turns.size;
}

describe("listening", () => {
  it("answers whoever comes, through whichever door", async () => {
    const url = `http://127.0.0.1:${portOf(await open())}/`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => fetch(url, { headers: { connection: "close" } })),
    );
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(50).fill("hello"));
  });

  it.runIf(process.platform === "linux")("takes many who wait at once", async () => {
    expect(await turnsToTake(await open(), 100)).toBeLessThan(40);
  });

  it("with one door takes them one by one (twin)", async () => {
    expect(await turnsToTake(await open(1), 100)).toBe(100);
  });

  it("does not share a port with another server, nor with one that would share it", async () => {
    const first = await open();
    await expect(open(undefined, { host: "127.0.0.1", port: portOf(first) })).rejects.toThrow("is in use");
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(open(undefined, { host: "127.0.0.1", port })).rejects.toThrow("is in use");
    other.close();
  });

  it("treats all addresses of localhost alike, also what it cannot read", async () => {
    const app = Fastify({
      forceCloseConnections: true,
      clientErrorHandler: (_error, socket) =>
        void socket.end("HTTP/1.1 418 ours\r\nContent-Length: 0\r\n\r\n"),
    }) as unknown as TypedApp;
    apps.push(app);
    await listen(app, { host: "localhost", port: 0 });
    const addresses = await lookup("localhost", { all: true });
    for (const { address, family } of addresses) {
      const name = family === 6 ? `[${address}]` : address;
      for (let n = 0; n < 40; n++) {
        expect((await sendRaw(`http://${name}:${portOf(app)}`, "no HTTP\r\n\r\n")).status).toBe(418);
      }
    }
  });

  it("takes nobody in once the app is closed", async () => {
    const app = await open();
    const port = portOf(app);
    await app.close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
