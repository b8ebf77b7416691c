// The load generator: a separate process on raw sockets, so that it takes as little as possible from the machine that
// it measures.
import type { Socket } from "node:net";
import type { LoadOrder, LoadResult } from "./protocol.ts";
import { openSocket, type RawAnswer, readAnswers } from "./rawConnection.ts";

process.on("message", (order: LoadOrder) => {
  generate(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function generate(order: LoadOrder): Promise<LoadResult> {
  const requests = order.requests.map((request) => Buffer.from(request));
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => openSocket(order.port)));
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  const limit = order.limit ?? Number.POSITIVE_INFINITY;
  let bodyBytes = 0;
  let sent = 0;
  const startedAt = performance.now();
  const until = startedAt + order.milliseconds;
  await Promise.all(
    sockets.map(async (socket) => {
      const answers = new AnswerReader(socket);
      while (sent < limit && performance.now() < until) {
        const request = requests[sent % requests.length]!;
        sent += 1;
        const askedAt = performance.now();
        socket.write(request);
        const answer = await answers.next();
        latencies.push(performance.now() - askedAt);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        bodyBytes = answer.bodyBytes;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / seconds,
    answers: latencies.length,
    low: latencies[Math.floor(latencies.length * 0.05)] ?? 0,
    median: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    statuses,
    bodyBytes,
  };
}

/** Reads one answer after the other from a connection on which only one request is in flight. */
class AnswerReader {
  private waiting: ((answer: RawAnswer) => void) | undefined;

  constructor(socket: Socket) {
    readAnswers(socket, (answer) => this.waiting?.(answer));
  }

  next(): Promise<RawAnswer> {
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }
}
