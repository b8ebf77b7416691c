import type { Socket } from "node:net";
import pg from "pg";
import { Refusal } from "../errors.ts";

type Answer = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void;

interface BoundedPoolConfig extends pg.PoolConfig {
  /** ms; see below. */
  longestWait: number;
  /** ms that a connection in use may be silent before it is ended; without a bound when left out. */
  longestSilence?: number | undefined;
}

const streams = new WeakMap<pg.PoolClient, Socket>();

/** For a connection that only listens: nothing is asked on it, so its silence says nothing about the server. */
export function allowSilence(client: pg.PoolClient): void {
  streams.get(client)?.setTimeout(0);
}

/**
 * A pool that says "come back later" instead of letting everybody wait for ever longer: whoever asks for a connection
 * while somebody has been waiting for longer than `longestWait` ms is refused at once. So a burst, however large, is
 * worked off, and a queue that only stands is not joined. Who has waited for `connectionTimeoutMillis` is refused as well. @throws Refusal `overloaded` from `connect` and `query`
 */
export class BoundedPool extends pg.Pool {
  private readonly longestWait: number;
  /** Since when each of those who wait does, on the clock of performance.now(), the first of them first. */
  private readonly waitingSince = new Map<symbol, number>();

  constructor({ longestWait, longestSilence, ...config }: BoundedPoolConfig) {
    super(config);
    this.longestWait = longestWait;
    if (longestSilence !== undefined) this.endSilentConnections(longestSilence);
  }

  /**
   * The server ends a statement that takes too long, but only one that runs can do so: a stopped process, a machine that
   * is gone or a network that swallows packets would let a request wait for ever. Counted from the last byte in either
   * direction, and only while the connection is in use.
   */
  private endSilentConnections(longestSilence: number): void {
    this.on("connect", (client) => {
      const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
      stream.on("timeout", () => {
        stream.destroy(new Error(`Connection terminated: no answer within ${longestSilence} ms`));
      });
      streams.set(client, stream);
    });
    this.on("acquire", (client) => void streams.get(client)?.setTimeout(longestSilence));
    this.on("release", (_error, client) => void streams.get(client)?.setTimeout(0));
  }

  /** ms that the first of those who wait for a connection has been waiting; 0 when nobody does. */
  get longestWaiting(): number {
    const [since] = this.waitingSince.values();
    return since === undefined ? 0 : performance.now() - since;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(answer: Answer): void;
  override connect(answer?: Answer): Promise<pg.PoolClient> | undefined {
    if (answer === undefined) {
      return new Promise((resolve, reject) => {
        this.connect((error, client) => (client ? resolve(client) : reject(error)));
      });
    }
    if (this.longestWaiting > this.longestWait) {
      answer(new Refusal("overloaded"), undefined, () => undefined);
      return undefined;
    }
    const ticket = Symbol("waiting");
    this.waitingSince.set(ticket, performance.now());
    super.connect((error, client, done) => {
      this.waitingSince.delete(ticket);
      answer(hasWaitedTooLong(error) ? new Refusal("overloaded") : error, client, done);
    });
    return undefined;
  }
}

/** The library's word to one who waited in the queue for as long as `connectionTimeoutMillis`. */
function hasWaitedTooLong(error: Error | undefined): boolean {
  return error?.message === "timeout exceeded when trying to connect";
}
