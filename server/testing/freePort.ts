import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that systems choose themselves, so that no test's app, which lets the system choose, takes it before the
 * program that it is for.
 */
const range = [15_000, 32_000] as const;

/** Returns a port that was free a moment ago. @param host the address to listen on */
export async function freePort(host: "localhost" | "127.0.0.1"): Promise<number> {
  const port = randomInt(...range);
  const server = createServer().listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return freePort(host);
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
  return port;
}
