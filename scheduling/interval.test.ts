import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appendInterval,
  firstEndingAfter,
  insertInterval,
  overlapsAny,
  subtractIntervals,
  tidyIntervals,
} from "./interval.ts";

const intervals = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 8 })))
  .map((pairs) => pairs.flatMap(([from, length]) => [from, from + length]));

/** The integers a list covers. */
function points(list: readonly number[]): Set<number> {
  const covered = new Set<number>();
  for (let i = 0; i < list.length; i += 2) {
    for (let point = list[i]!; point < list[i + 1]!; point++) covered.add(point);
  }
  return covered;
}

describe("appendInterval", () => {
  it("merges into a sorted list while intervals ascend, and reports when one does not", () => {
    const list: number[] = [];
    const added = [
      [1, 3],
      [3, 4],
      [3, 3],
      [6, 9],
      [7, 8],
      [5, 10],
    ].map(([from, until]) => appendInterval(list, from!, until!));
    expect(added).toEqual([true, true, true, true, true, false]);
    expect(tidyIntervals(list)).toEqual([1, 4, 5, 10]);
  });

  it("makes what tidying makes", () => {
    fc.assert(
      fc.property(intervals, (input) => {
        const list: number[] = [];
        let isTidy = true;
        for (let i = 0; i < input.length; i += 2) {
          isTidy = appendInterval(list, input[i]!, input[i + 1]!) && isTidy;
        }
        expect(isTidy ? list : tidyIntervals(list)).toEqual(tidyIntervals(input.slice()));
      }),
    );
  });
});

describe("tidyIntervals", () => {
  it("joins what overlaps or touches, sorts, drops what is empty", () => {
    expect(tidyIntervals([5, 7, 1, 3, 3, 4, 6, 9, 20, 20])).toEqual([1, 4, 5, 9]);
    expect(tidyIntervals([1, 10, 2, 3])).toEqual([1, 10]);
    expect(tidyIntervals([])).toEqual([]);
  });

  it("keeps the covered points and leaves a gap between any two intervals", () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const tidy = tidyIntervals(list.slice());
        expect(points(tidy)).toEqual(new Set([...points(list)].sort((a, b) => a - b)));
        for (let i = 1; i < tidy.length; i++) expect(tidy[i]!).toBeGreaterThan(tidy[i - 1]!);
      }),
    );
  });
});

describe("insertInterval", () => {
  it("keeps the list sorted and leaves empty intervals out", () => {
    const list: number[] = [];
    for (const [from, until] of [
      [5, 6],
      [1, 9],
      [3, 3],
      [9, 8],
      [5, 7],
      [0, 1],
    ])
      insertInterval(list, from!, until!);
    expect(list).toEqual([0, 1, 1, 9, 5, 6, 5, 7]);
  });
});

describe("subtractIntervals", () => {
  it("leaves exactly the points of the one list that are not in the other", () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const rest = subtractIntervals(tidyIntervals(a), tidyIntervals(b));
        const without = points(b);
        expect(points(rest)).toEqual(new Set([...points(a)].filter((point) => !without.has(point))));
        expect(tidyIntervals(rest.slice())).toEqual(rest);
      }),
    );
  });
});

describe("searching a tidy list", () => {
  it("finds the first interval that ends later, half-open", () => {
    const list = [0, 2, 4, 6];
    expect([-1, 0, 1, 2, 5, 6].map((instant) => firstEndingAfter(list, instant))).toEqual([0, 0, 0, 2, 2, 4]);
    expect(firstEndingAfter([], 1)).toBe(0);
  });

  it("returns whether any point is shared", () => {
    fc.assert(
      fc.property(
        intervals,
        fc.integer({ min: 0, max: 45 }),
        fc.integer({ min: 0, max: 9 }),
        (list, from, length) => {
          const tidy = tidyIntervals(list);
          const shared = [...points([from, from + length])].some((point) => points(tidy).has(point));
          expect(overlapsAny(tidy, from, from + length)).toBe(shared);
        },
      ),
    );
  });
});
