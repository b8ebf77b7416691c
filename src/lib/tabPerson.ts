import type { Me } from "#contract/accounts.ts";

/** Who is signed in instead of the tab's person; null if that person signed out in another tab. */
export type SomebodyElse = { me: Me | null };

/**
 * The person of this tab: the first one it has shown. The tab stays theirs when their login expires, and when another
 * person signs in in another tab, which shares the cookie: nothing here may then be shown to that person or sent in their
 * name.
 */
let owner: Me | null = null;
let shown: Me | null = null;
let somebodyElse: SomebodyElse | null = null;
let welcomesAnybody = false;
const listeners = new Set<() => void>();

export const tabPerson = {
  /** The person of requests and drafts; undefined while there is none. */
  id: (): string | undefined => owner?.id,
  owner: (): Me | null => owner,
  somebodyElse: (): SomebodyElse | null => somebodyElse,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Records who is signed in now, and returns whom this tab shows. */
  meet(me: Me | null): Me | null {
    if (owner && me && me.id !== owner.id && !welcomesAnybody) {
      replace({ me });
      return shown;
    }
    // After signing out elsewhere it stays so until a sign-in. Pages that need it offer to renew an expired session.
    if (me) {
      welcomesAnybody = false;
      replace(null);
    }
    owner = me ?? owner;
    shown = me;
    return me;
  },
  /** The person signed out in another tab. */
  signedOutElsewhere(): void {
    if (owner) replace({ me: null });
  },
  /** A person signs in in this tab: it becomes theirs with the next `meet`. */
  welcome(): void {
    welcomesAnybody = true;
  },
  /** The person signed out in this tab. */
  release(): void {
    owner = null;
    shown = null;
    replace(null);
  },
};

function replace(next: SomebodyElse | null): void {
  if (next === somebodyElse) return;
  somebodyElse = next;
  for (const listener of listeners) listener();
}
