import type { Me } from "#contract/accounts.ts";

/** Who is signed in instead of the person whose tab this is; null: nobody, because that person signed out elsewhere. */
export type SomebodyElse = { me: Me | null };

/**
 * Whose tab this is: the person it has shown since somebody signed in here. It stays theirs when their session expires,
 * and when somebody else signs in in another tab, which shares the cookie: then nothing here may be shown to them or sent
 * in their name.
 */
let owner: Me | null = null;
let shown: Me | null = null;
let somebodyElse: SomebodyElse | null = null;
let welcomesAnybody = false;
const listeners = new Set<() => void>();

export const tabPerson = {
  /** Whom requests and drafts of this tab are for; undefined while it has shown nobody. */
  id: (): string | undefined => owner?.id,
  owner: (): Me | null => owner,
  somebodyElse: (): SomebodyElse | null => somebodyElse,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Takes in who is signed in now, and answers whom this tab shows. */
  meet(me: Me | null): Me | null {
    if (owner && me && me.id !== owner.id && !welcomesAnybody) {
      replace({ me });
      return shown;
    }
    // Signed out elsewhere stays so until somebody signs in; an expired session is asked for again where it is missed.
    if (me) {
      welcomesAnybody = false;
      replace(null);
    }
    owner = me ?? owner;
    shown = me;
    return me;
  },
  /** The owner signed out in another tab. */
  signedOutElsewhere(): void {
    if (owner) replace({ me: null });
  },
  /** Somebody signs in in this tab, knowingly: it is theirs as soon as it meets them. */
  welcome(): void {
    welcomesAnybody = true;
  },
  /** Its person has signed out in it. */
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
