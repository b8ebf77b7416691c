import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server at which a feed answers as the test says. */
export async function startFeedServer() {
  let answer: { status: number; body: string; headers: Record<string, string> } | "silence" = "silence";
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    if (answer === "silence") waiting.push(response);
    else response.writeHead(answer.status, answer.headers).end(answer.body);
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
    /** Answers what is being waited for, and what comes. */
    answerNow: (status: number, body: string) => {
      answer = { status, body, headers: {} };
      for (const response of waiting.splice(0)) response.writeHead(status).end(body);
    },
    /** Ends what is being waited for. */
    hangUp: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
