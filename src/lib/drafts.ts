import { tabPerson } from "./tabPerson.ts";

/**
 * Unsent input, kept for this tab only (sessionStorage). Drafts survive signing in, a reload and a phone that suspends the
 * tab, and are deleted with the tab and on sign-out. They belong to the person of the tab; a visitor's drafts become the
 * person's who signs in.
 */
const PREFIX = "matepeak.draft.";
const VISITOR = "visitor";

function ours(key: string, personId = tabPerson.id()): string {
  return `${PREFIX}${personId ?? VISITOR}.${key}`;
}

export function readDraft(key: string): unknown {
  try {
    const text = sessionStorage.getItem(ours(key));
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // No storage, or invalid JSON: no draft.
  }
}

export function writeDraft(key: string, draft: unknown): void {
  try {
    sessionStorage.setItem(ours(key), JSON.stringify(draft));
  } catch {
    // Storage is full or unavailable: the draft is not kept.
  }
}

export function clearDraft(key: string): void {
  try {
    sessionStorage.removeItem(ours(key));
  } catch {
    // Without storage there was none.
  }
}

export function clearDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Without storage there were none.
  }
}

/** Assigns the drafts of a visitor to the person who has signed in. */
export function takeVisitorsDrafts(personId: string): void {
  try {
    const prefix = ours("", VISITOR);
    for (const key of Object.keys(sessionStorage)) {
      if (!key.startsWith(prefix)) continue;
      const text = sessionStorage.getItem(key);
      if (text !== null) sessionStorage.setItem(ours(key.slice(prefix.length), personId), text);
      sessionStorage.removeItem(key);
    }
  } catch {
    // Then the drafts are lost.
  }
}
