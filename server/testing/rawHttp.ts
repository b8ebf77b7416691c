import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Answer } from "./answer.ts";

/** A connection on which a test sends and reads bytes that no HTTP client would. */
export interface RawConnection {
  socket: Socket;
  write(bytes: string | Buffer): void;
  /** Everything received so far, as Latin-1. */
  received(): string;
  /** Resolves with the first response once its head and the announced body have arrived. */
  answer(timeout?: number): Promise<Answer>;
  /** Resolves with true when the server has closed the connection within the time, ms. */
  closed(timeout: number): Promise<boolean>;
  destroy(): void;
}

/** Opens a connection; with `reading: false` it reads nothing until the test resumes the socket. */
export async function openRaw(address: string, { reading = true } = {}): Promise<RawConnection> {
  const { port, hostname } = new URL(address);
  const socket = connect({ port: Number(port), host: hostname.replace(/^\[|\]$/g, ""), noDelay: true });
  let text = "";
  let isClosed = false;
  socket.on("error", () => undefined);
  socket.once("close", () => {
    isClosed = true;
  });
  if (reading) {
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  await new Promise((resolve) => socket.once("connect", resolve));
  const until = async (done: () => boolean, timeout: number) => {
    const end = performance.now() + timeout;
    while (!done() && performance.now() < end) await sleep(5);
    return done();
  };
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    received: () => text,
    answer: async (timeout = 5_000) => {
      await until(() => isWhole(text) || isClosed, timeout);
      return parseAnswer(text);
    },
    closed: (timeout) => until(() => isClosed, timeout),
    destroy: () => void socket.destroy(),
  };
}

/** Sends bytes and reads the first response. */
export async function sendRaw(address: string, bytes: string, timeout?: number): Promise<Answer> {
  const connection = await openRaw(address);
  connection.write(bytes);
  try {
    return await connection.answer(timeout);
  } finally {
    connection.destroy();
  }
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  return length !== undefined && text.length >= end + 4 + Number(length);
}

/** Status 0 means no response at all. */
function parseAnswer(text: string): Answer {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(end, 0)).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = end < 0 ? "" : text.slice(end + 4);
  const length = Number(headers["content-length"] ?? body.length);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  return new Answer("raw bytes", status, headers, Buffer.from(body.slice(0, length), "latin1").toString());
}
