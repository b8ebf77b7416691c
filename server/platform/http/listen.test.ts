import { type ChildProcess, spawn } from "node:child_process";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
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

async function open({
  port = 0,
  trustProxy = false as TrustedProxies,
  forceCloseConnections = true as boolean | "idle",
} = {}): Promise<TypedApp> {
  const app = Fastify({ forceCloseConnections, return503OnClosing: false }) as unknown as TypedApp;
  apps.push(app);
  app.get("/", async () => "hello");
  // Each takes longer than the one before.
  let slow = 0;
  app.get("/slow", () => {
    slow += 20;
    return sleep(slow, "hello");
  });
  await listen(app, { host: "127.0.0.1", port, trustProxy });
  return app;
}

const portOf = (app: TypedApp) => (app.addresses()[0] as AddressInfo).port;

/**
 * Blocks this process until another one has opened that many connections, which then all wait to be accepted, and has sent a
 * request on each. Returns how many are answered.
 */
function queueConnections(port: number, times: number): Promise<number> {
  const flag = join(mkdtempSync(join(tmpdir(), "matepeak-sockets-")), "all");
  const code = `
    const { connect } = require("node:net");
    let [waiting, open, answered] = [${times}, ${times}, 0];
    for (let n = waiting; n > 0; n--) {
      const socket = connect(${port}, "127.0.0.1");
      socket.on("error", () => {}).once("data", () => answered++).on("close", () => {
        if (--open === 0) process.exit(answered);
      });
      socket.on("connect", () => socket.write("GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n", () => {
        if (--waiting === 0) require("node:fs").writeFileSync(${JSON.stringify(flag)}, "");
      }));
    }
    setTimeout(() => process.exit(answered), 10000);`;
  connector = spawn(process.execPath, ["-e", code], { stdio: "ignore" });
  const answered = once(connector, "exit").then(([code]) => Number(code));
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 1000 && !existsSync(flag); tries++) Atomics.wait(clock, 0, 0, 20);
  rmSync(dirname(flag), { recursive: true });
  return answered;
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
  void queueConnections(portOf(app), connections);
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

  it.each([
    ["one socket", 1 as const],
    ["several sockets", false as const],
  ])("answers what waits to be accepted when the app closes: %s", async (_, trustProxy) => {
    const app = await open({ trustProxy, forceCloseConnections: "idle" });
    const answered = queueConnections(portOf(app), 100);
    await app.close();
    expect(await answered).toBe(100);
  });

  it("a server that only closes resets it (twin)", async () => {
    const app = Fastify({ forceCloseConnections: "idle" }) as unknown as TypedApp;
    app.get("/", async () => "hello");
    await app.listen({ host: "127.0.0.1", port: 0 });
    const answered = queueConnections(portOf(app), 100);
    await app.close();
    expect(await answered).toBeLessThan(100);
  });

  it("is closed when the requests on all its sockets are answered", async () => {
    const app = await open({ forceCloseConnections: "idle" });
    const url = `http://127.0.0.1:${portOf(app)}/slow`;
    let begun = 0;
    let answered = 0;
    app.server
      .on("request", () => (begun += 1))
      .on("request", (_, response) => response.on("finish", () => (answered += 1)));
    const answers = Array.from({ length: 50 }, () =>
      fetch(url, { headers: { connection: "close" } }).then(({ status }) => status),
    );
    await expect.poll(() => begun).toBe(50);
    await app.close();
    expect(answered).toBe(50);
    expect(await Promise.all(answers)).toEqual(Array(50).fill(200));
  });

  it("answers a request that comes on a connection accepted before", async () => {
    const app = await open({ trustProxy: 1, forceCloseConnections: "idle" });
    const accepted = once(app.server, "connection");
    const socket = connect(portOf(app), "127.0.0.1");
    await accepted;
    const closed = app.close();
    await sleep(50);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
    await closed;
  });

  it("accepts no connections once the app is closed", async () => {
    const app = await open();
    const port = portOf(app);
    await app.close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
