import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

type ParsedMail = Awaited<ReturnType<typeof simpleParser>>;

/** A mail that the server accepted. */
interface Received {
  to: string[];
  source: string;
  mail: ParsedMail;
}

export interface SmtpBehaviour {
  /** Rejects a recipient: an SMTP code and text, such as "550 5.1.1 No such user". */
  rejectRecipient?: (address: string) => string | undefined;
  /** Rejects a mail after its content. */
  rejectMail?: (to: string) => string | undefined;
  /** Waits before it replies to the content, ms. */
  delay?: (to: string) => number;
  /** Called when a recipient is named; the reply waits for it. */
  atRecipient?: (address: string) => Promise<void>;
  /** Called when the first bytes of the content have come; the rest waits for it. */
  atContent?: (to: string) => Promise<void>;
  /** Called when the mail has been accepted; the reply waits for it. */
  atReply?: (to: string) => Promise<void>;
  /** Closes the connection in the middle of the content. */
  hangUp?: (to: string) => boolean;
}

export interface TestSmtpServer {
  url: string;
  port: number;
  received: Received[];
  /** Changed while it runs. */
  behaviour: SmtpBehaviour;
  close(): Promise<void>;
}

/** A real mail server on a loopback port. @param port a free one if left out */
export async function openSmtpServer(behaviour: SmtpBehaviour = {}, port = 0): Promise<TestSmtpServer> {
  const received: Received[] = [];
  const given: { behaviour: SmtpBehaviour } = { behaviour };
  const recipientsOf = ({ envelope }: SMTPServerSession) => envelope.rcptTo.map(({ address }) => address);

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    onRcptTo: async ({ address }, _session, callback) => {
      await given.behaviour.atRecipient?.(address);
      callback(refusal(given.behaviour.rejectRecipient?.(address)));
    },
    onData: (stream, session, callback) => {
      const to = recipientsOf(session);
      const [first = ""] = to;
      if (given.behaviour.hangUp?.(first)) {
        stream.once("data", () => stream.destroy());
        // The library has no way to hang up: its connections are in `connections`.
        for (const connection of server.connections as Set<{ id: string; _socket: { destroy(): void } }>)
          if (connection.id === session.id) connection._socket.destroy();
        return;
      }
      void accept(stream, to).then(callback, callback);
    },
  });
  async function accept(stream: Readable, to: string[]): Promise<Error | null> {
    const [first = ""] = to;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      if (chunks.length === 0) await given.behaviour.atContent?.(first);
      chunks.push(chunk as Buffer);
    }
    const source = Buffer.concat(chunks);
    const { delay, rejectMail, atReply } = given.behaviour;
    await sleep(delay?.(first) ?? 0);
    const error = refusal(rejectMail?.(first));
    if (error) return error;
    received.push({ to, source: source.toString("utf8"), mail: await simpleParser(source) });
    await atReply?.(first);
    return null;
  }

  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: listening } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${listening}`,
    port: listening,
    received,
    get behaviour() {
      return given.behaviour;
    },
    set behaviour(next) {
      given.behaviour = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(text: string | undefined): Error | null {
  if (text === undefined) return null;
  return Object.assign(new Error(text.slice(4)), { responseCode: Number(text.slice(0, 3)) });
}
