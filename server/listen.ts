import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { FastifyListenOptions } from "fastify";
import type { Config } from "./config.ts";
import type { TypedApp } from "./route.ts";
import { StartupError } from "./startupError.ts";

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
    if (doors === 1) {
      await app.listen({ host, port });
      return;
    }
    await refuseSharedPort(host, port);
    const shared: FastifyListenOptions & { reusePort: true } = { host, port, reusePort: true };
    await app.listen(shared);
    for (const at of app.addresses() as AddressInfo[]) {
      for (let n = 1; n < doors; n++) opened.push(await openDoor(app, at));
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

async function openDoor(app: TypedApp, { address: host, port }: AddressInfo): Promise<Server> {
  // As the server of node:http makes its sockets.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    app.server.emit("connection", socket);
  });
  door.listen({ host, port, reusePort: true });
  await once(door, "listening");
  return door;
}
