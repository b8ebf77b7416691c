import type { Socket } from "node:net";
import pg from "pg";
import { Refusal } from "../errors.ts";
import { mayBeElsewhere, type Servers, triesOf } from "./servers.ts";

type Answer = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void;

interface BoundedPoolConfig extends Omit<pg.PoolConfig, "connectionString"> {
  /** Where connections are opened: when one fails, at the next server. */
  servers: Servers;
  /** ms; see below. */
  longestWait: number;
  /** ms that a connection in use may be silent before it is closed; unlimited by default. */
  longestSilence?: number | undefined;
}

const streams = new WeakMap<pg.PoolClient, Socket>();

/** For a connection that only listens: its silence doesn't mean that the server hangs. */
export function allowSilence(client: pg.PoolClient): void {
  streams.get(client)?.setTimeout(0);
}

/**
 * A pool that rejects callers instead of letting the queue grow: while one caller has waited longer than `longestWait` ms
 * for a connection, new callers are rejected at once. So a burst of any size is worked off, but a stalled queue doesn't
 * grow. Callers are also rejected after waiting for `connectionTimeoutMillis`.
 * @throws Refusal `overloaded` from `connect` and `query`
 */
export class BoundedPool extends pg.Pool {
  private readonly servers: Servers;
  private readonly longestWait: number;
  /** When each waiting caller began to wait (performance.now()), oldest first. */
  private readonly waitingSince = new Map<symbol, number>();
  /** How often the pool had been renewed when a connection was opened. */
  private readonly openedIn = new WeakMap<pg.PoolClient, number>();
  private renewals = 0;

  constructor({ servers, longestWait, longestSilence, ...config }: BoundedPoolConfig) {
    super({ ...config, Client: clientOf(servers) });
    this.servers = servers;
    this.longestWait = longestWait;
    this.on("connect", (client) => this.openedIn.set(client, this.renewals));
    if (longestSilence !== undefined) this.endSilentConnections(longestSilence);
  }

  /**
   * PostgreSQL cancels statements that take too long, but only while it runs: after a stopped process, a lost machine or
   * dropped packets, a request would wait forever. The time counts from the last byte in either direction, while the
   * connection is in use.
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

  /** From now on callers get connections that are opened from now on, with no prepared statements. */
  renew(): void {
    this.renewals += 1;
  }

  /** The longest current wait for a connection, ms; 0 if no caller is waiting. */
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
    const take = (tries: number) => {
      const { url } = this.servers;
      super.connect((error, client, done) => {
        if (client && this.openedIn.get(client) !== this.renewals) {
          done(true);
          take(tries);
          return;
        }
        if (error && !hasWaitedTooLong(error) && mayBeElsewhere(error)) {
          this.servers.leave(url);
          if (tries < triesOf(this.servers)) {
            take(tries + 1);
            return;
          }
        }
        this.waitingSince.delete(ticket);
        answer(hasWaitedTooLong(error) ? new Refusal("overloaded") : error, client, done);
      });
    };
    take(1);
    return undefined;
  }
}

/** The library makes each connection by this class, with the options of the pool. */
function clientOf(servers: Servers): NonNullable<pg.PoolConfig["Client"]> {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionString: servers.url });
    }
  };
}

/** The library's error after `connectionTimeoutMillis`. */
function hasWaitedTooLong(error: Error | undefined): boolean {
  return error?.message === "timeout exceeded when trying to connect";
}
