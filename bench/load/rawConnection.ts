import { connect, type Socket } from "node:net";

/** A connection to this machine on which requests are whole strings of bytes: as little work as possible. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
  });
}

export interface RawAnswer {
  status: number;
  bodyBytes: number;
  /** Status line and headers. */
  head: string;
  /** Of an error only. */
  body: string;
}

/** Hands over one answer after the other from a connection on which only one request is in flight. */
export function readAnswers(socket: Socket, onAnswer: (answer: RawAnswer) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === null) return;
    received = Buffer.alloc(0);
    onAnswer(answer);
  });
}

/** The answer, once all of it is there. */
function readAnswer(received: Buffer): RawAnswer | null {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const head = received.toString("latin1", 0, headEnd);
  const status = Number(head.slice(9, 12));
  const bodyBytes = received.length - headEnd - 4;
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  const isWhole =
    length === undefined
      ? received.toString("latin1", received.length - 5) === "0\r\n\r\n"
      : bodyBytes >= Number(length);
  if (!isWhole) return null;
  return { status, bodyBytes, head, body: status >= 400 ? received.toString("utf8", headEnd + 4) : "" };
}
