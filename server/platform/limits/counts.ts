import { hash } from "node:crypto";
import { LruMap } from "toad-cache";
import type { Queryable } from "../database/database.ts";

/** The count of the current window, this call included, and how long the window still lasts. */
interface Counted {
  count: number;
  /** ms */
  endsIn: number;
}

/** Counts in fixed windows, each of which begins with its first call. */
export interface Counts {
  add(key: string, seconds: number, amount?: number): Promise<Counted>;
}

const maxKeys = 20_000;

/** Counts per process, and can therefore do so without waiting. */
export interface LocalCounts extends Counts {
  addNow(key: string, seconds: number, amount?: number): Counted;
}

export function openLocalCounts(): LocalCounts {
  const windows = new LruMap<{ count: number; endsAt: number }>(maxKeys);
  const addNow = (key: string, seconds: number, amount = 1): Counted => {
    const now = performance.now();
    const known = windows.get(key);
    const window = known && known.endsAt > now ? known : { count: 0, endsAt: now + seconds * 1000 };
    window.count += amount;
    if (window !== known) windows.set(key, window);
    return { count: window.count, endsIn: window.endsAt - now };
  };
  return { addNow, add: async (key, seconds, amount) => addNow(key, seconds, amount) };
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
 * Counts shared by all processes, in the database. Calls that arrive while a statement is in flight are batched into the
 * next one, so one connection is enough and fifty calls at once cost two round trips. Keys are stored as hashes: the
 * table holds neither IP nor e-mail addresses.
 */
export function openSharedCounts(executor: Queryable): Counts {
  let next: Batch | undefined;
  let inFlight: Promise<unknown> = Promise.resolve();

  async function send(counts: Batch["counts"]): Promise<Map<string, Counted>> {
    await inFlight;
    // Too late to join this batch.
    next = undefined;
    const all = [...counts.values()];
    const sent = executor.query<CountedRow>({
      ...statement,
      values: [all.map(({ key }) => key), all.map(({ amount }) => amount), all.map(({ seconds }) => seconds)],
    });
    inFlight = Promise.allSettled([sent]);
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
      const position = entry.amount;
      const counted = (await batch.done).get(id);
      if (!counted) throw new Error("A call that was counted has no count.");
      // Several calls for one key may share a statement: each gets the count as of its own position.
      return { count: counted.count - (entry.amount - position), endsIn: counted.endsIn };
    },
  };
}
