import { hash } from "node:crypto";
import { LruMap } from "toad-cache";
import type { Queryable } from "../database/database.ts";

/** How often something was counted in its current window, this time included, and how long the window still lasts. */
interface Counted {
  count: number;
  /** ms */
  endsIn: number;
}

/** Counts in fixed windows: one begins with the first call that is counted in it. */
export interface Counts {
  add(key: string, seconds: number, amount?: number): Promise<Counted>;
}

const keptInMemory = 20_000;

/** Counts of this process alone. */
export function openLocalCounts(): Counts {
  const windows = new LruMap<{ count: number; endsAt: number }>(keptInMemory);
  return {
    add: async (key, seconds, amount = 1) => {
      const now = performance.now();
      const known = windows.get(key);
      const window = known && known.endsAt > now ? known : { count: 0, endsAt: now + seconds * 1000 };
      window.count += amount;
      if (window !== known) windows.set(key, window);
      return { count: window.count, endsIn: window.endsAt - now };
    },
  };
}

interface Batch {
  counts: Map<string, { key: Buffer; seconds: number; amount: number }>;
  done: Promise<Map<string, Counted>>;
}

interface CountedRow {
  key: Buffer;
  total: number;
  ends_in: number;
}

const statement = {
  name: "count_calls",
  text: "select key, total, ends_in from private.count_calls($1, $2, $3)",
};

/**
 * Counts that all processes share, in the database. Calls that arrive while a statement is under way wait for it and
 * travel together in the next one, so one connection is enough and fifty calls at once cost two round trips. The
 * database is told a hash: the table holds no addresses and no e-mail addresses.
 */
export function openSharedCounts(executor: Queryable): Counts {
  let next: Batch | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  async function send(counts: Batch["counts"]): Promise<Map<string, Counted>> {
    await underWay;
    // From here on it is too late to join.
    next = undefined;
    const all = [...counts.values()];
    const sent = executor.query<CountedRow>({
      ...statement,
      values: [all.map(({ key }) => key), all.map(({ amount }) => amount), all.map(({ seconds }) => seconds)],
    });
    underWay = Promise.allSettled([sent]);
    const { rows } = await sent;
    return new Map(
      rows.map(({ key, total, ends_in }) => [key.toString("base64"), { count: total, endsIn: ends_in }]),
    );
  }

  return {
    async add(text, seconds, amount = 1) {
      const key = hash("sha256", text, "buffer");
      const id = key.toString("base64");
      if (!next) {
        const counts: Batch["counts"] = new Map();
        next = { counts, done: send(counts) };
      }
      const batch = next;
      const entry = batch.counts.get(id) ?? { key, seconds, amount: 0 };
      entry.amount += amount;
      batch.counts.set(id, entry);
      const place = entry.amount;
      const counted = (await batch.done).get(id);
      if (!counted) throw new Error("A call that was counted has no count.");
      // Several calls of one key may share a statement: each gets the count as of its own place in the line.
      return { count: counted.count - (entry.amount - place), endsIn: counted.endsIn };
    },
  };
}
