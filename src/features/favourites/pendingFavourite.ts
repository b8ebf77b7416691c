import { serverClock } from "@/lib/clock/serverClock.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";

/**
 * The favourite that a visitor chose, to be added after signing in. It is kept in this tab and expires, because the visitor may
 * sign in later for another reason.
 */
export type PendingFavourite = { mentorId: string; name: string };

const KEY = "favourite";
const LASTS_MS = 30 * 60_000;

export function rememberPendingFavourite(favourite: PendingFavourite, now = serverClock.deviceNow()): void {
  writeDraft(KEY, { ...favourite, at: now });
}

/** Returns the pending favourite and forgets it. */
export function takePendingFavourite(now = serverClock.deviceNow()): PendingFavourite | null {
  const stored = readDraft(KEY);
  clearDraft(KEY);
  if (typeof stored !== "object" || stored === null) return null;
  const { mentorId, name, at } = stored as Record<string, unknown>;
  if (typeof mentorId !== "string" || typeof name !== "string" || typeof at !== "number") return null;
  return now - at < LASTS_MS ? { mentorId, name } : null;
}
