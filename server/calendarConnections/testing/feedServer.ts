import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server at which a feed answers as the test says. */
export async function startFeedServer() {
  let answer: { status: number; body: string; headers: Record<string, string> } | "silence" = "silence";
  const server = createServer((_request, response) => {
    if (answer !== "silence") response.writeHead(answer.status, answer.headers).end(answer.body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}/basic.ics`,
    say: (status: number, body = "", headers: Record<string, string> = {}) => {
      answer = { status, body, headers };
    },
    beSilent: () => {
      answer = "silence";
    },
    /** Ends what is being waited for. */
    hangUp: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
