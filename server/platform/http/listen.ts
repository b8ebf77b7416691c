import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { type AddressInfo, createServer, Server, type Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { FastifyListenOptions } from "fastify";
import type { Config } from "../config.ts";
import { StartupError } from "../startupError.ts";
import type { TypedApp } from "./route.ts";

/**
 * Node accepts one connection per listening socket and turn of its event loop, so a busy process accepts few. The others
 * wait in the accept queue, where admission control cannot reject them; by the time they are accepted the client has
 * left. Several sockets on one port accept as many connections per turn (docs/decisions/0026). Only Linux balances
 * connections between such sockets.
 */
const directSockets = process.platform === "linux" ? 16 : 1;

/** Behind a proxy that keeps its connections open, few connections have to be accepted: one socket is enough. */
function socketsFor(trustProxy: Config["trustProxy"]): number {
  return trustProxy === false ? directSockets : 1;
}

/** Listens as configured until the app is closed. @throws StartupError */
export async function listen(
  app: TypedApp,
  { host, port, trustProxy }: Pick<Config, "host" | "port" | "trustProxy">,
): Promise<void> {
  const sockets = socketsFor(trustProxy);
  const opened: Server[] = [];
  closeGently(app, opened);
  try {
    const [first, ...others] = await addressesOf(host);
    if (!first) throw new Error("this name has no address");
    if (sockets > 1) await rejectSharedPort(first, port);
    const shared: FastifyListenOptions & { reusePort?: boolean } = {
      host: first,
      port,
      ...(sockets > 1 ? { reusePort: true } : {}),
    };
    await app.listen(shared);
    const [at] = app.addresses() as [AddressInfo];
    for (let n = 1; n < sockets; n++) opened.push(await openSocket(app, at, true));
    for (const address of others) {
      for (let n = 0; n < sockets; n++) {
        const socket = await openSocket(app, { ...at, address }, sockets > 1).catch(ignoreMissingFamily);
        if (socket) opened.push(socket);
      }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    await app.close();
    if (code === "EADDRINUSE") throw new StartupError(`Port ${port} is in use. Set PORT to another one.`);
    throw new StartupError(`The server cannot listen on ${host}:${port}: ${message}`);
  }
}

/** How long accepting what waits may take, ms. */
const longestAccepting = 3_000;
/** A turn of the event loop in which hardly another connection can have come, ms. */
const shortTurn = 0.1;
/** How long after the last connection was accepted its request may begin, ms. */
const longestSilence = 500;

/**
 * Loses no request of a proxy that does not know yet that the app closes: closing a socket resets what waits to be accepted, and
 * closing an HTTP server ends the connections that have not carried a request yet. A proxy may not repeat a booking that it has
 * sent on one of them. What is left is a connection that opens within the last turn of the event loop.
 */
function closeGently(app: TypedApp, opened: readonly Server[]): void {
  const connections = new Set<Socket>();
  let accepted = 0;
  app.server.on("connection", (connection) => {
    accepted += 1;
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });

  /** Each turn accepts one connection of each socket that has any; a long one has let others in meanwhile. */
  async function acceptWhatWaits(): Promise<void> {
    // The rest of this turn.
    await nextTurn();
    const deadline = performance.now() + longestAccepting;
    for (let isQuiet = false; !isQuiet && performance.now() < deadline; ) {
      const [before, startedAt] = [accepted, performance.now()];
      await nextTurn();
      isQuiet = accepted === before && performance.now() - startedAt < shortTurn;
    }
  }

  const isSilent = ({ bytesRead }: Socket) => bytesRead === 0;
  let closed: Promise<unknown> = Promise.resolve();
  app.addHook("preClose", async () => {
    const sockets = [app.server, ...opened].filter(({ listening }) => listening);
    await acceptWhatWaits();
    closed = Promise.all(sockets.map((socket) => once(socket, "close")));
    // The HTTP server's own close() would end connections, and comes later.
    for (const socket of sockets) Server.prototype.close.call(socket);
    const deadline = performance.now() + longestSilence;
    while ([...connections].some(isSilent) && performance.now() < deadline) await sleep(5);
  });
  // The HTTP server waits for connections of its own socket only.
  app.addHook("onClose", async () => void (await closed));
}

/** With SO_REUSEPORT any process of the same user could share the port, so this checks first that it is free. */
async function rejectSharedPort(host: string, port: number): Promise<void> {
  const trial = createServer().listen({ host, port });
  await once(trial, "listening");
  trial.close();
  await once(trial, "close");
}

/**
 * "localhost" is both 127.0.0.1 and ::1. Fastify would open a second server for the other address, without our handler for
 * unreadable requests; as sockets, both lead to the same server.
 */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== "localhost") return [host];
  const found = await lookup(host, { all: true });
  return Array.from(new Set(found.map(({ address }) => address)));
}

/** A machine can resolve an address of a family that it does not support. */
function ignoreMissingFamily(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
}

async function openSocket(
  app: TypedApp,
  { address: host, port }: Pick<AddressInfo, "address" | "port">,
  reusePort: boolean,
): Promise<Server> {
  // The same options as node:http uses. Emitting "connection" on an HTTP server is documented.
  const socket = createServer({ allowHalfOpen: true, noDelay: true }, (connection) => {
    app.server.emit("connection", connection);
  });
  socket.listen({ host, port, reusePort });
  await once(socket, "listening");
  return socket;
}
