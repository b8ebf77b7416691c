/**
 * What somebody has typed and not sent yet, kept for this tab only (sessionStorage): it outlives signing in, a reload and
 * a phone that closes the tab, and is gone with the tab or at sign-out.
 */
const PREFIX = "matepeak.draft.";

export function readDraft(key: string): unknown {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // Forbidden storage or broken text: the same as no draft.
  }
}

export function writeDraft(key: string, draft: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(draft));
  } catch {
    // Full or forbidden: the draft lives in the page alone.
  }
}

export function clearDraft(key: string): void {
  try {
    sessionStorage.removeItem(PREFIX + key);
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
