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
import type { TrustedProxies } from "./trustedProxies.ts";

const apps: TypedApp[] = [];
let connector: ChildProcess | undefined;
afterEach(async () => {
  connector?.kill();
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function open({ port = 0, trustProxy = false as TrustedProxies } = {}): Promise<TypedApp> {
  const app = Fastify({ forceCloseConnections: true }) as unknown as TypedApp;
  apps.push(app);
  app.get("/", async () => "hello");
  await listen(app, { host: "127.0.0.1", port, trustProxy });
  return app;
}

const portOf = (app: TypedApp) => (app.addresses()[0] as AddressInfo).port;

/** Blocks this process until another one has opened that many connections, which then all wait to be accepted. */
function queueConnections(port: number, times: number): void {
  const flag = join(mkdtempSync(join(tmpdir(), "matepeak-sockets-")), "all");
  const code = `
    const { connect } = require("node:net");
    let waiting = ${times};
    for (let n = waiting; n > 0; n--) connect(${port}, "127.0.0.1").on("error", () => {}).on("connect", () => {
      if (--waiting === 0) require("node:fs").writeFileSync(${JSON.stringify(flag)}, "");
    });
    setTimeout(() => process.exit(), 10000);`;
  connector = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 1000 && !existsSync(flag); tries++) Atomics.wait(clock, 0, 0, 20);
  rmSync(dirname(flag), { recursive: true });
}

/** Returns in how many turns of the event loop the waiting connections are accepted. */
async function turnsToAccept(app: TypedApp, connections: number): Promise<number> {
  const turns = new Set<number>();
  let turn = 0;
  let accepted = 0;
  app.server.on("connection", () => {
    turns.add(turn);
    accepted += 1;
  });
  queueConnections(portOf(app), connections);
  for (; accepted < connections; turn++) await nextTurn();
  return turns.size;
}

describe("listening", () => {
  it("serves connections on every socket", async () => {
    const url = `http://127.0.0.1:${portOf(await open())}/`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => fetch(url, { headers: { connection: "close" } })),
    );
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(50).fill("hello"));
  });

  it.runIf(process.platform === "linux")("accepts many waiting connections in one turn", async () => {
    expect(await turnsToAccept(await open(), 100)).toBeLessThan(40);
  });

  it("opens one socket behind a proxy, which accepts one connection per turn (twin)", async () => {
    expect(await turnsToAccept(await open({ trustProxy: 1 }), 100)).toBe(100);
  });

  it("does not share its port with another server, even one that allows sharing", async () => {
    const first = await open();
    await expect(open({ port: portOf(first) })).rejects.toThrow("is in use");
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(open({ port })).rejects.toThrow("is in use");
    other.close();
  });

  it("treats all addresses of localhost alike, also for unreadable requests", async () => {
    const app = Fastify({
      forceCloseConnections: true,
      clientErrorHandler: (_error, socket) =>
        void socket.end("HTTP/1.1 418 ours\r\nContent-Length: 0\r\n\r\n"),
    }) as unknown as TypedApp;
    apps.push(app);
    await listen(app, { host: "localhost", port: 0, trustProxy: false });
    const addresses = await lookup("localhost", { all: true });
    for (const { address, family } of addresses) {
      const name = family === 6 ? `[${address}]` : address;
      for (let n = 0; n < 40; n++) {
        expect((await sendRaw(`http://${name}:${portOf(app)}`, "no HTTP\r\n\r\n")).status).toBe(418);
      }
    }
  });

  it("accepts no connections once the app is closed", async () => {
    const app = await open();
    const port = portOf(app);
    await app.close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
