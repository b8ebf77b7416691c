import { serverClock } from "@/lib/clock/serverClock.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";

/** A visitor's wish, which is done once he has signed in. For this tab, and not for long: he may sign in for something else. */
export type FavouriteWish = { mentorId: string; name: string };

const KEY = "favourite";
const LASTS_MS = 30 * 60_000;

export function rememberWish(wish: FavouriteWish, now = serverClock.deviceNow()): void {
  writeDraft(KEY, { ...wish, at: now });
}

/** The wish, once. */
export function takeWish(now = serverClock.deviceNow()): FavouriteWish | null {
  const stored = readDraft(KEY);
  clearDraft(KEY);
  if (typeof stored !== "object" || stored === null) return null;
  const { mentorId, name, at } = stored as Record<string, unknown>;
  if (typeof mentorId !== "string" || typeof name !== "string" || typeof at !== "number") return null;
  return now - at < LASTS_MS ? { mentorId, name } : null;
}
