import type { Topic } from "./liveStream.ts";

/** What the windows of one browser say to each other. */
export type Word =
  /** The leader begins, or wants to know who is still there. */
  | { kind: "who"; leader: string }
  /** What a window wants to hear of. */
  | { kind: "want"; from: string; topics: readonly Topic[] }
  /** The leader's stream is there. */
  | { kind: "live"; leader: string; topics: readonly Topic[]; gap: boolean }
  | { kind: "event"; topic: Topic; data: string };

const NAME = "matepeak-live";

/** How the windows of this browser reach each other and agree on one leader; null where the browser cannot. */
export function openWindows(onWord: (word: Word) => void) {
  if (typeof BroadcastChannel === "undefined" || !navigator.locks) return null;
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<Word>) => onWord(data);
  return {
    say: (word: Word) => channel.postMessage(word),
    /**
     * Waits to become the leader and leads until the function it answers is called, or another window has taken over.
     * @param steal takes it from a leader that is not heard of any more
     */
    stand({ onLead, onLost, steal }: { onLead: () => void; onLost: () => void; steal: boolean }): () => void {
      const waiting = new AbortController();
      let leave = () => waiting.abort();
      const lead = () =>
        new Promise<void>((resolve) => {
          leave = resolve;
          onLead();
        });
      // The two options exclude each other.
      const options = steal ? { steal } : { signal: waiting.signal };
      navigator.locks.request(NAME, options, lead).catch(() => {
        // Nobody waits any more, or the leadership was taken: then it is no longer ours to give up.
        if (!waiting.signal.aborted) onLost();
      });
      return () => leave();
    },
  };
}
