// PostgreSQL's COPY as Node streams. The driver only passes the messages on to the submitted query.
import { Readable, Writable } from "node:stream";
import type { Client, Connection, Submittable } from "pg";

/** The driver's methods for COPY, which its published types omit. */
interface CopyConnection extends Connection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** "COPY 12" contains the number of rows. */
function rowsIn(tag: string): number {
  return Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? Number.NaN);
}

export class CopyOut extends Readable implements Submittable {
  /** How many rows the server reports to have sent; known at the end of the stream. */
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
    // The remaining data is discarded; then the connection is free for the next statement.
    this.#connection?.stream.resume();
    if (this.#answered) done(error);
    else this.#whenAnswered = () => done(error);
  }
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.destroyed) return;
    // The driver reuses its buffer.
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
  /** How many rows the server reports to have received; known when the stream has finished. */
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
  /** The server waits for rows until the copy is ended. */
  #giveUp(): void {
    if (this.#open) this.#connection?.sendCopyFail("The source of the rows failed.");
    this.#open = false;
  }
  /** Runs `write` now, or as soon as the server is ready for rows. */
  #opened(work: (connection: CopyConnection) => void): void {
    const begin = () => {
      if (this.#connection) work(this.#connection);
    };
    if (this.#open) begin();
    else this.#whenOpen = begin;
  }
}

/** The rows of a `copy … to stdout`, as text. A slow consumer slows down the server. */
export function copyOut(client: Client, sql: string): CopyOut {
  return client.query(new CopyOut(sql));
}

/** Sends the rows of a `copy … from stdin`; finishes when the server has received all of them. */
export function copyIn(client: Client, sql: string): CopyIn {
  return client.query(new CopyIn(sql));
}
