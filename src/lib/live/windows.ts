import type { Topic } from "./liveStream.ts";

/** Messages between the windows of a browser. */
export type WindowMessage =
  /** From a new leader, or to find out which windows are still open. */
  | { kind: "who"; leader: string }
  /** The topics of a window. */
  | { kind: "want"; from: string; topics: readonly Topic[] }
  /** The leader's stream is open. */
  | { kind: "live"; leader: string; topics: readonly Topic[]; gap: boolean }
  | { kind: "event"; topic: Topic; data: string };

const NAME = "matepeak-live";

/** How the windows of this browser exchange messages and elect a leader; null if the browser cannot. */
export function openWindows(onMessage: (message: WindowMessage) => void) {
  if (typeof BroadcastChannel === "undefined" || !navigator.locks) return null;
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<WindowMessage>) => onMessage(data);
  return {
    post: (message: WindowMessage) => channel.postMessage(message),
    /**
     * Waits to become the leader; leads until the returned function is called or another window takes over.
     * @param steal takes the lead from a leader that no longer responds
     */
    awaitLead({
      onLead,
      onLost,
      steal,
    }: {
      onLead: () => void;
      onLost: () => void;
      steal: boolean;
    }): () => void {
      const waiting = new AbortController();
      let leave = () => waiting.abort();
      const lead = () =>
        new Promise<void>((resolve) => {
          leave = resolve;
          onLead();
        });
      // The two options are mutually exclusive.
      const options = steal ? { steal } : { signal: waiting.signal };
      navigator.locks.request(NAME, options, lead).catch(() => {
        // Rejects if the wait was aborted or another window took over: there is nothing to release then.
        if (!waiting.signal.aborted) onLost();
      });
      return () => leave();
    },
  };
}
