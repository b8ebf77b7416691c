import type { ExternalToast } from "sonner";

type Kind = "success" | "error";
type Show = (kind: Kind, text: string, options?: ExternalToast) => void;

/** Toasts from before the library was loaded. */
const queued: Parameters<Show>[] = [];
const listeners = new Set<() => void>();
let show: Show | null = null;

/** Short messages that disappear by themselves. Their library is loaded with the first one: most visits show none. */
export const toast = {
  success: (text: string, options?: ExternalToast) => add("success", text, options),
  error: (text: string, options?: ExternalToast) => add("error", text, options),
};

function add(...message: Parameters<Show>): void {
  if (show) show(...message);
  else {
    queued.push(message);
    for (const listener of listeners) listener();
  }
}

/** Whether there has been a toast, for `useSyncExternalStore`. */
export const toastQueue = {
  hasToast: () => show !== null || queued.length > 0,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Sets what shows toasts from now on, and shows the queued ones. */
export function showToastsBy(shown: Show): void {
  show = shown;
  for (const message of queued.splice(0)) shown(...message);
}
