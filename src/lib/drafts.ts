import { tabPerson } from "./tabPerson.ts";

/**
 * What somebody has typed and not sent yet, kept for this tab only (sessionStorage): it outlives signing in, a reload and
 * a phone that closes the tab, and is gone with the tab or at sign-out. It belongs to the person whose tab it is, and
 * nobody else gets to see it; a visitor's goes along when the visitor signs in.
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
    return null; // Forbidden storage or broken text: the same as no draft.
  }
}

export function writeDraft(key: string, draft: unknown): void {
  try {
    sessionStorage.setItem(ours(key), JSON.stringify(draft));
  } catch {
    // Full or forbidden: the draft lives in the page alone.
  }
}

export function clearDraft(key: string): void {
  try {
    sessionStorage.removeItem(ours(key));
  } catch {
    // Then there was none.
  }
}

export function clearDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Then there were none.
  }
}

/** What was typed before signing in belongs to the person from now on. */
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
    // Then they are forgotten.
  }
}
