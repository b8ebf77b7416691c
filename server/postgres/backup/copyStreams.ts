// PostgreSQL's COPY as Node streams. The driver passes the messages on and leaves the rest to whoever asked.
import { Readable, Writable } from "node:stream";
import type { Client, Connection, Submittable } from "pg";

/** What the driver's connection can do for COPY; its published types leave it out. */
interface CopyConnection extends Connection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** "COPY 12" says how many rows passed. */
function rowsIn(tag: string): number {
  return Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? Number.NaN);
}

export class CopyOut extends Readable implements Submittable {
  /** How many rows the server says it sent; known at the end of the stream. */
  rows = Number.NaN;
  readonly #sql: string;
  #connection: CopyConnection | undefined;
  #answered = false;
  #whenAnswered: (() => void) | undefined;

  constructor(sql: string) {
    super();
    this.#sql = sql;
  }
  submit(connection: Connection): void {
    this.#connection = connection as CopyConnection;
    this.#connection.query(this.#sql);
  }
  override _read(): void {
    this.#connection?.stream.resume();
  }
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // What still comes is thrown away, and then the connection is free for the next statement.
    this.#connection?.stream.resume();
    if (this.#answered) done(error);
    else this.#whenAnswered = () => done(error);
  }
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.destroyed) return;
    // The driver uses its buffer again.
    if (!this.push(Buffer.from(chunk))) this.#connection?.stream.pause();
  }
  handleCommandComplete({ text }: { text: string }): void {
    this.rows = rowsIn(text);
  }
  handleError(error: Error): void {
    this.#end();
    this.destroy(error);
  }
  handleReadyForQuery(): void {
    this.#end();
    if (!this.destroyed) this.push(null);
  }
  #end(): void {
    this.#answered = true;
    this.#whenAnswered?.();
  }
}

export class CopyIn extends Writable implements Submittable {
  /** How many rows the server says it took; known when the stream has finished. */
  rows = Number.NaN;
  readonly #sql: string;
  #connection: CopyConnection | undefined;
  #open = false;
  #answered = false;
  #whenAnswered: (() => void) | undefined;
  #whenOpen: (() => void) | undefined;
  #whenDone: (() => void) | undefined;

  constructor(sql: string) {
    super();
    this.#sql = sql;
  }
  submit(connection: Connection): void {
    this.#connection = connection as CopyConnection;
    this.#connection.query(this.#sql);
  }
  handleCopyInResponse(): void {
    this.#open = true;
    if (this.destroyed) this.#giveUp();
    else this.#whenOpen?.();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#opened((connection) => {
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) connection.stream.once("drain", done);
      else done();
    });
  }
  override _final(done: () => void): void {
    this.#whenDone = done;
    this.#opened((connection) => connection.endCopyFrom());
  }
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#giveUp();
    if (this.#answered) done(error);
    else this.#whenAnswered = () => done(error);
  }
  handleCommandComplete({ text }: { text: string }): void {
    this.rows = rowsIn(text);
  }
  handleError(error: Error): void {
    this.#end();
    this.destroy(error);
  }
  handleReadyForQuery(): void {
    this.#end();
    this.#whenDone?.();
  }
  #end(): void {
    this.#open = false;
    this.#answered = true;
    this.#whenAnswered?.();
  }
  /** The server waits for rows until it is told that none will come. */
  #giveUp(): void {
    if (this.#open) this.#connection?.sendCopyFail("The source of the rows failed.");
    this.#open = false;
  }
  /** Now, or as soon as the server is ready for rows. */
  #opened(work: (connection: CopyConnection) => void): void {
    const begin = () => {
      if (this.#connection) work(this.#connection);
    };
    if (this.#open) begin();
    else this.#whenOpen = begin;
  }
}

/** The rows of a `copy … to stdout`, as text. A consumer that is slow slows the server down. */
export function copyOut(client: Client, sql: string): CopyOut {
  return client.query(new CopyOut(sql));
}

/** Takes the rows of a `copy … from stdin`; finishes when the server has them all. */
export function copyIn(client: Client, sql: string): CopyIn {
  return client.query(new CopyIn(sql));
}
