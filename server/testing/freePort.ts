import { once } from "node:events";
import { createServer } from "node:net";

/** Returns a port that was free a moment ago. @param host the address to listen on */
export async function freePort(host: "localhost" | "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
