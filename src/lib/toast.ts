import type { ExternalToast } from "sonner";

type Kind = "success" | "error";
type Show = (kind: Kind, text: string, options?: ExternalToast) => void;

/** What was said before there was something to say it with. */
const waiting: Parameters<Show>[] = [];
const listeners = new Set<() => void>();
let show: Show | null = null;

/** Messages that pass by themselves. Their library comes with the first one: most visits have none. */
export const toast = {
  success: (text: string, options?: ExternalToast) => say("success", text, options),
  error: (text: string, options?: ExternalToast) => say("error", text, options),
};

function say(...message: Parameters<Show>): void {
  if (show) show(...message);
  else {
    waiting.push(message);
    for (const listener of listeners) listener();
  }
}

/** Whether anything was said yet, for `useSyncExternalStore`. */
export const firstToast = {
  wasSaid: () => show !== null || waiting.length > 0,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** From now on messages are shown so; those that wait are the first. */
export function showToastsBy(shown: Show): void {
  show = shown;
  for (const message of waiting.splice(0)) shown(...message);
}
