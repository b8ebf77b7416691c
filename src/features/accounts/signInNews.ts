/** Tells the other tabs of this browser who signed in or out here. */
export type SessionNews = { userId: string | null };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("matepeak.session");

export function tellTabs(news: SessionNews): void {
  channel?.postMessage(news);
}

/** Hears of other tabs until the function that it answers is called. */
export function hearTabs(listener: (news: SessionNews) => void): () => void {
  const hear = ({ data }: MessageEvent<SessionNews>) => listener(data);
  channel?.addEventListener("message", hear);
  return () => channel?.removeEventListener("message", hear);
}
