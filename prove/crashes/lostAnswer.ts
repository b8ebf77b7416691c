import { connect, createServer, type Socket } from "node:net";
import { startVictim } from "./victim.ts";

/** What PostgreSQL sends once a call is committed: alone it is a transaction, and its row is sent after it. */
const committed = Buffer.from("SELECT 1\0");

interface LostAnswer {
  /** The name of the call's statement: other connections commit other things meanwhile. */
  statement: string;
  /** Sends the request that makes the call. */
  ask: (address: string) => Promise<unknown>;
  isThere: () => Promise<boolean>;
}

/**
 * Runs the app at the end of a cable to its database that keeps the word of a call's commit to itself; there the app is
 * killed. Returns whether `isThere` at that moment.
 */
export async function killBeforeAnswer(
  databaseUrl: string,
  { statement, ask, isThere }: LostAnswer,
): Promise<boolean> {
  const calling = Buffer.from(`${statement}\0`);
  const target = new URL(databaseUrl);
  const to = { port: Number(target.port), host: target.hostname };
  const sockets = new Set<Socket>();
  let armed = false;
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const cable = createServer((near) => {
    const far = connect(to);
    for (const one of [near, far]) sockets.add(one.on("error", () => undefined));
    let isCalling = false;
    near.on("data", (chunk: Buffer) => {
      isCalling ||= chunk.includes(calling);
    });
    near.pipe(far);
    far.on("data", (chunk: Buffer) => {
      if (!armed || !isCalling || !chunk.includes(committed)) near.write(chunk);
      else reach();
    });
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => cable.listen(0, "127.0.0.1", resolve));
  target.port = String((cable.address() as { port: number }).port);
  try {
    const victim = await startVictim("main", target.href);
    armed = true;
    const asked = ask(victim.address);
    await reached;
    const wasThere = await isThere();
    await victim.kill();
    await asked;
    return wasThere;
  } finally {
    cable.close();
    for (const socket of sockets) socket.destroy();
  }
}
