import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { FastifyListenOptions } from "fastify";
import type { Config } from "../config.ts";
import { StartupError } from "../startupError.ts";
import type { TypedApp } from "./route.ts";

/**
 * The runtime takes one waiting connection from each listening socket in a turn of its event loop, so a busy process takes few;
 * the others wait in the system's queue, where nobody can tell them to come back later, until their people have gone, and
 * are served then. Through several sockets on one port as many are taken at once (docs/decisions/0026).
 */
const usualDoors = process.platform === "linux" ? 16 : 1;

/** Listens where the configuration says, until the app is closed. @throws StartupError */
export async function listen(
  app: TypedApp,
  { host, port }: Pick<Config, "host" | "port">,
  doors = usualDoors,
): Promise<void> {
  const opened: Server[] = [];
  // Before the app's own server: what came in later would keep the app from ending.
  app.addHook("preClose", async () => {
    for (const door of opened) door.close();
  });
  try {
    const [first, ...others] = await addressesOf(host);
    if (!first) throw new Error("this name has no address");
    if (doors > 1) await refuseSharedPort(first, port);
    const shared: FastifyListenOptions & { reusePort?: boolean } = {
      host: first,
      port,
      ...(doors > 1 ? { reusePort: true } : {}),
    };
    await app.listen(shared);
    const [at] = app.addresses() as [AddressInfo];
    for (let n = 1; n < doors; n++) opened.push(await openDoor(app, at, true));
    for (const address of others) {
      for (let n = 0; n < doors; n++) {
        const door = await openDoor(app, { ...at, address }, doors > 1).catch(ignoreMissingFamily);
        if (door) opened.push(door);
      }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    await app.close();
    if (code === "EADDRINUSE") throw new StartupError(`Port ${port} is in use. Set PORT to another one.`);
    throw new StartupError(`The server cannot listen on ${host}:${port}: ${message}`);
  }
}

/** A port that is shared on purpose is shared with everybody of the same user: first see whether it is free. */
async function refuseSharedPort(host: string, port: number): Promise<void> {
  const trial = createServer().listen({ host, port });
  await once(trial, "listening");
  trial.close();
  await once(trial, "close");
}

/**
 * "localhost" is 127.0.0.1 and ::1. Fastify would open another server for the second, without our handler of what it cannot
 * read; as doors both lead to the one.
 */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== "localhost") return [host];
  const found = await lookup(host, { all: true });
  return Array.from(new Set(found.map(({ address }) => address)));
}

/** A machine may know the address of a family that it does not speak. */
function ignoreMissingFamily(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
}

async function openDoor(
  app: TypedApp,
  { address: host, port }: Pick<AddressInfo, "address" | "port">,
  reusePort: boolean,
): Promise<Server> {
  // As the server of node:http makes its sockets.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit("connection", socket);
  });
  door.listen({ host, port, reusePort });
  await once(door, "listening");
  return door;
}
