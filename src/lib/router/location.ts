/** Where the page is, and how it gets to another one. */

export type State = Readonly<Record<string, unknown>> | null;

export type Location = {
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  /** What `navigate` was given for this entry of the history. */
  readonly state: State;
  /** Of the entry: two entries with the same address have different keys. */
  readonly key: string;
};

type Entry = { key: string; state: State };

const listeners = new Set<() => void>();
let current: Location | undefined;

export function currentLocation(): Location {
  const { pathname, search, hash } = window.location;
  const { key = "first", state = null } = (window.history.state as Partial<Entry> | null) ?? {};
  const isSame =
    current?.key === key &&
    current.pathname === pathname &&
    current.search === search &&
    current.hash === hash &&
    current.state === state;
  if (!current || !isSame) current = { pathname, search, hash, state, key };
  return current;
}

export type NavigateOptions = { replace?: boolean | undefined; state?: State };

/** @param to an address of this app, relative to the current one, or a number of entries in the history */
export function navigate(to: string | number, { replace = false, state = null }: NavigateOptions = {}): void {
  if (typeof to === "number") {
    window.history.go(to);
    return;
  }
  const { origin, pathname, search, hash } = new URL(to, window.location.href);
  // With the origin: `//host` as a path is another site as an address.
  const href = origin + pathname + search + hash;
  const entry: Entry = { key: Math.random().toString(36).slice(2), state };
  if (replace) window.history.replaceState(entry, "", href);
  else window.history.pushState(entry, "", href);
  notify();
}

/** Returns a function that unsubscribes. */
export function onLocationChange(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("popstate", notify);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("popstate", notify);
  };
}

function notify(): void {
  for (const listener of listeners) listener();
}
