import pg from "pg";
import { Refusal } from "./errors.ts";

type Answer = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void;

/**
 * A pool that says "come back later" instead of letting everybody wait for ever longer: whoever asks for a connection
 * while somebody has been waiting for longer than `longestWait` ms is refused at once. So a burst, however large, is
 * worked off, and a queue that only stands is not joined. Who has waited for `connectionTimeoutMillis` is refused as well. @throws Refusal `overloaded` from `connect` and `query`
 */
export class BoundedPool extends pg.Pool {
  private readonly longestWait: number;
  /** Since when each of those who wait does, on the clock of performance.now(), the first of them first. */
  private readonly waitingSince = new Map<symbol, number>();

  constructor({ longestWait, ...config }: pg.PoolConfig & { longestWait: number }) {
    super(config);
    this.longestWait = longestWait;
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
