/**
 * Sets of time as flat lists of half-open intervals: `[from0, until0, from1, until1, …]`, epoch ms (or any numbers).
 * A *tidy* list is ascending, and its intervals neither overlap, touch nor are empty. Flat, because one array of
 * numbers is several times faster to build and walk than an array of pairs.
 */
export type Intervals = number[];

/** Adds [from, until) to a list sorted by `from`, keeping it sorted. An empty interval is left out. */
export function insertInterval(sorted: Intervals, from: number, until: number): void {
  if (!(from < until)) return;
  let at = sorted.length;
  sorted.push(from, until);
  for (; at > 0 && sorted[at - 2]! > from; at -= 2) {
    sorted[at] = sorted[at - 2]!;
    sorted[at + 1] = sorted[at - 1]!;
  }
  if (at < sorted.length - 2) {
    sorted[at] = from;
    sorted[at + 1] = until;
  }
}

/**
 * Adds [from, until) at the end of a list, joined to the last interval if they meet: a tidy list stays tidy as long as
 * what is added ascends. Returns false for an interval that begins before the last one; the list must then be tidied.
 */
export function appendInterval(list: Intervals, from: number, until: number): boolean {
  if (!(from < until)) return true;
  const { length } = list;
  if (length > 0 && from <= list[length - 1]! && from >= list[length - 2]!) {
    if (until > list[length - 1]!) list[length - 1] = until;
    return true;
  }
  list.push(from, until);
  return length === 0 || from > list[length - 1]!;
}

/** Makes a list tidy in place: sorts it if need be, joins what overlaps or touches, drops what is empty. */
export function tidyIntervals(list: Intervals): Intervals {
  const sorted = isSorted(list) ? list : sortIntervals(list);
  let length = 0;
  for (let i = 0; i < sorted.length; i += 2) {
    const from = sorted[i]!;
    const until = sorted[i + 1]!;
    if (!(from < until)) continue;
    if (length > 0 && from <= list[length - 1]!) {
      if (until > list[length - 1]!) list[length - 1] = until;
    } else {
      list[length] = from;
      list[length + 1] = until;
      length += 2;
    }
  }
  // Setting a length, even to what it is, costs more than all of the above.
  if (length < list.length) list.length = length;
  return list;
}

/** The part of one tidy list that is not in another, as a new tidy list. */
export function subtractIntervals(from: readonly number[], without: readonly number[]): Intervals {
  const rest: Intervals = [];
  let w = 0;
  for (let i = 0; i < from.length; i += 2) {
    let start = from[i]!;
    const end = from[i + 1]!;
    while (w < without.length && without[w + 1]! <= start) w += 2;
    for (let v = w; v < without.length && without[v]! < end; v += 2) {
      if (without[v]! > start) rest.push(start, without[v]!);
      start = Math.max(start, without[v + 1]!);
    }
    if (start < end) rest.push(start, end);
  }
  return rest;
}

/** Index (even) of the first interval of a tidy list that ends after `instant`; the list's length if none does. */
export function firstEndingAfter(tidy: readonly number[], instant: number): number {
  let low = 0;
  let high = tidy.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tidy[2 * middle + 1]! <= instant) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** Does [from, until) share any time with a tidy list? */
export function overlapsAny(tidy: readonly number[], from: number, until: number): boolean {
  if (!(from < until)) return false;
  const at = firstEndingAfter(tidy, from);
  return at < tidy.length && tidy[at]! < until;
}

function isSorted(list: readonly number[]): boolean {
  for (let i = 2; i < list.length; i += 2) if (list[i]! < list[i - 2]!) return false;
  return true;
}

function sortIntervals(list: readonly number[]): Intervals {
  const order: number[] = [];
  for (let i = 0; i < list.length; i += 2) order.push(i);
  order.sort((a, b) => list[a]! - list[b]!);
  const sorted: Intervals = [];
  for (const i of order) sorted.push(list[i]!, list[i + 1]!);
  return sorted;
}
