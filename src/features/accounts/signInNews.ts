/** Messages between the tabs of a browser: who has signed in, null for signed out. */
export type SessionNews = { userId: string | null };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("matepeak.session");

export function tellTabs(news: SessionNews): void {
  channel?.postMessage(news);
}

/** Subscribes to the news of other tabs; returns a function that unsubscribes. */
export function hearTabs(listener: (news: SessionNews) => void): () => void {
  const hear = ({ data }: MessageEvent<SessionNews>) => listener(data);
  channel?.addEventListener("message", hear);
  return () => channel?.removeEventListener("message", hear);
}
