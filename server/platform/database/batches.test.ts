import pg from "pg";
import { describe, expect, it } from "vitest";
import { openBatches } from "./batches.ts";

/** Batches whose calls end when told to. */
function openHeld(options: Parameters<typeof openBatches<number, number>>[1] = {}) {
  const calls: { items: readonly number[]; end: PromiseWithResolvers<number[]> }[] = [];
  const batches = openBatches<number, number>((items) => {
    const end = Promise.withResolvers<number[]>();
    calls.push({ items, end });
    return end.promise;
  }, options);
  const itemsOf = () => calls.map(({ items }) => items);
  return { calls, itemsOf, send: batches.send };
}

const doubled = (items: readonly number[]) => items.map((item) => item * 2);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("batches", () => {
  it("send what arrives while two calls are under way in one, 32 at most", async () => {
    const { calls, itemsOf, send } = openHeld();
    const results = Promise.all(range(0, 40).map(send));
    expect(itemsOf()).toEqual([[0], [1]]);
    for (let next = 0; next < 4; next++) {
      while (!calls[next]) await Promise.resolve();
      calls[next]?.end.resolve(doubled(calls[next]?.items ?? []));
    }
    expect(await results).toEqual(doubled(range(0, 40)));
    expect(itemsOf()).toEqual([[0], [1], range(2, 34), range(34, 40)]);
  });

  it("never have one key in two calls at a time, and let others pass", async () => {
    const { calls, itemsOf, send } = openHeld({ keyOf: (item) => String(item % 2) });
    const results = Promise.all([1, 3, 5, 2, 4].map(send));
    expect(itemsOf()).toEqual([[1], [2]]);
    calls[1]?.end.resolve([4]);
    while (!calls[2]) await Promise.resolve();
    calls[0]?.end.resolve([2]);
    while (!calls[3]) await Promise.resolve();
    calls[2].end.resolve([8]);
    calls[3].end.resolve([6, 10]);
    expect(itemsOf()).toEqual([[1], [2], [4], [3, 5]]);
    expect(await results).toEqual([2, 6, 10, 4, 8]);
  });

  it("send each item alone if the database rejects their call", async () => {
    const sent: (readonly number[])[] = [];
    const { send } = openBatches<number, number>(async (items) => {
      sent.push(items);
      if (items.includes(3)) throw new pg.DatabaseError("rejected", 0, "error");
      return doubled(items);
    });
    const results = await Promise.allSettled(range(0, 5).map(send));
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(sent).toEqual([[0], [1], [2, 3, 4], [2], [3], [4]]);
  });

  it("send nothing twice when a connection is lost: the call may have taken effect", async () => {
    const { calls, itemsOf, send } = openHeld();
    const results = Promise.allSettled(range(0, 5).map(send));
    for (const { end } of calls.slice(0, 2)) end.resolve([0]);
    while (!calls[2]) await Promise.resolve();
    calls[2].end.reject(new Error("Connection terminated unexpectedly"));
    expect((await results).map(({ status }) => status).slice(2)).toEqual([
      "rejected",
      "rejected",
      "rejected",
    ]);
    expect(itemsOf()).toEqual([[0], [1], [2, 3, 4]]);
  });
});
