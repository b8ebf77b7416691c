import pg from "pg";
import type { Database } from "./database.ts";

/** How many calls are under way at most: while they are, what arrives is collected for the next one. */
const maxInFlight = 2;
const maxTogether = 32;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface BatchOptions {
  /** How many calls may be under way. */
  atOnce?: number;
}

export interface Batches<Item, Result> {
  send(item: Item): Promise<Result>;
}

/**
 * Sends items that arrive at the same moment in one call; an item that arrives alone waits for nothing. If the database rejects
 * a call with several items, each is sent alone and gets its own outcome: a rejected item costs the others a call, no more.
 * After any other error, such as a lost connection, it is not known what the call has done, and all items fail.
 */
export function openBatches<Item, Result>(
  call: (items: readonly Item[]) => Promise<Result[]>,
  { atOnce = maxInFlight }: BatchOptions = {},
): Batches<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let inFlight = 0;

  async function deliver(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await call(batch.map(({ item }) => item));
      for (const [place, { resolve }] of batch.entries()) resolve(results[place] as Result);
    } catch (error) {
      if (batch.length > 1 && error instanceof pg.DatabaseError)
        for (const one of batch) await deliver([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  function sendWaiting(): void {
    while (inFlight < atOnce && waiting.length > 0) {
      inFlight += 1;
      void deliver(waiting.splice(0, maxTogether)).finally(() => {
        inFlight -= 1;
        sendWaiting();
      });
    }
  }

  return {
    send: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        sendWaiting();
      }),
  };
}

/** `openBatches`, once for each database. */
export function batchedBy<Item, Result>(
  callOn: (database: Database) => (items: readonly Item[]) => Promise<Result[]>,
  options?: BatchOptions,
): (database: Database, item: Item) => Promise<Result> {
  const opened = new WeakMap<Database, Batches<Item, Result>>();
  return (database, item) => {
    const batches = opened.get(database) ?? openBatches(callOn(database), options);
    opened.set(database, batches);
    return batches.send(item);
  };
}
