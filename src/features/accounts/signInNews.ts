/** Messages between the tabs of a browser: who has signed in, null for signed out. */
export type LoginNews = { userId: string | null };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("matepeak.login");

export function notifyTabs(news: LoginNews): void {
  channel?.postMessage(news);
}

/** Subscribes to the news of other tabs; returns a function that unsubscribes. */
export function listenToTabs(listener: (news: LoginNews) => void): () => void {
  const receive = ({ data }: MessageEvent<LoginNews>) => listener(data);
  channel?.addEventListener("message", receive);
  return () => channel?.removeEventListener("message", receive);
}
