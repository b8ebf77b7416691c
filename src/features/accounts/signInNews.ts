/** Messages between the tabs of a browser: who has signed in, null for signed out. */
export type SessionNews = { userId: string | null };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("matepeak.session");

export function notifyTabs(news: SessionNews): void {
  channel?.postMessage(news);
}

/** Subscribes to the news of other tabs; returns a function that unsubscribes. */
export function listenToTabs(listener: (news: SessionNews) => void): () => void {
  const receive = ({ data }: MessageEvent<SessionNews>) => listener(data);
  channel?.addEventListener("message", receive);
  return () => channel?.removeEventListener("message", receive);
}
