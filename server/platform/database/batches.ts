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

interface BatchOptions<Item> {
  /** What an item locks: items with the same key are never in two calls that are under way. */
  keyOf?: (item: Item) => string;
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
  { keyOf }: BatchOptions<Item> = {},
): Batches<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  /** The keys of the calls that are under way. */
  const locked = new Set<string>();
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

  function takeBatch(): Waiting<Item, Result>[] {
    if (!keyOf) return waiting.splice(0, maxTogether);
    const batch: Waiting<Item, Result>[] = [];
    for (const one of [...waiting]) {
      if (batch.length === maxTogether) break;
      if (!locked.has(keyOf(one.item))) batch.push(one);
    }
    const taken = new Set(batch);
    waiting.splice(0, waiting.length, ...waiting.filter((one) => !taken.has(one)));
    return batch;
  }

  function sendWaiting(): void {
    while (inFlight < maxInFlight && waiting.length > 0) {
      const batch = takeBatch();
      if (batch.length === 0) return;
      const keys = new Set(keyOf && batch.map(({ item }) => keyOf(item)));
      for (const key of keys) locked.add(key);
      inFlight += 1;
      void deliver(batch).finally(() => {
        inFlight -= 1;
        for (const key of keys) locked.delete(key);
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
  options?: BatchOptions<Item>,
): (database: Database, item: Item) => Promise<Result> {
  const opened = new WeakMap<Database, Batches<Item, Result>>();
  return (database, item) => {
    const batches = opened.get(database) ?? openBatches(callOn(database), options);
    opened.set(database, batches);
    return batches.send(item);
  };
}
