import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";

/** A mail server on loopback that accepts everything and remembers when. */
export interface Sink {
  url: string;
  /** When each mail was accepted, epoch ms, by the id of its row; a second copy is counted in `copies`. */
  accepted: Map<string, number>;
  copies: number;
  bytes: number;
  /** While true, it replies to no mail. */
  isStalled: boolean;
  close(): Promise<void>;
}

const idOf = /^Message-ID: <([0-9a-f-]{36})@/im;

export async function openSink(): Promise<Sink> {
  const sink = { accepted: new Map<string, number>(), copies: 0, bytes: 0, isStalled: false };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    onData: (stream, _session, callback) => {
      let head = "";
      stream.on("data", (chunk: Buffer) => {
        sink.bytes += chunk.length;
        if (head.length < 8_192) head += chunk.toString("latin1");
      });
      stream.on("end", async () => {
        while (sink.isStalled) await sleep(50);
        const id = idOf.exec(head)?.[1] ?? "";
        if (sink.accepted.has(id)) sink.copies += 1;
        else sink.accepted.set(id, Date.now());
        callback();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return Object.assign(sink, {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
