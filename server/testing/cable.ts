import { connect, createServer, type Server, type Socket } from "node:net";

/** A cable between the app and the database that can be pulled out, or held so that nothing arrives at the app. */
export interface Cable {
  url: string;
  pull(): void;
  plug(): Promise<void>;
  hold(): void;
  release(): void;
}

export async function layCable(to: string): Promise<Cable> {
  const target = new URL(to);
  const databasePort = Number(target.port);
  const sockets = new Set<Socket>();
  const nearSockets = new Set<Socket>();
  let isHeld = false;
  const server: Server = createServer((near) => {
    const far = connect(databasePort, target.hostname);
    nearSockets.add(near);
    near.on("close", () => nearSockets.delete(near));
    if (isHeld) near.cork();
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => sockets.delete(one));
    }
  });
  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      server.listen(port, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  const port = await listen(0);
  target.port = String(port);
  return {
    url: target.href,
    pull: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    plug: async () => void (await listen(port)),
    hold: () => {
      isHeld = true;
      for (const socket of nearSockets) socket.cork();
    },
    release: () => {
      isHeld = false;
      for (const socket of nearSockets) socket.uncork();
    },
  };
}
