import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useMe } from "@/features/accounts/me.ts";
import { useLiveTopic } from "@/lib/live/useLiveTopic.ts";
import { inboxKeys, ownKeys, queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";

const account = [queryKeys.me, queryKeys.own];
const all = [queryKeys.bookings, inboxKeys.requests, inboxKeys.notifications, inboxKeys.alerts, ...account];
/** What changed, by the stream's events -> which queries are refetched. */
const keysOf = (userId: string): Readonly<Record<string, readonly (readonly string[])[]>> => ({
  bookings: [queryKeys.bookings],
  requests: [inboxKeys.requests],
  notifications: [inboxKeys.notifications, inboxKeys.alerts],
  calendars: [ownKeys.calendarConnections(userId)],
  account,
  /** Signed out, or another person is signed in: nothing to refetch. */
  session: [],
});

/** Keeps a signed-in person's sessions, requests and inbox up to date on every page. Renders nothing. */
export function LivePerson() {
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const somebodyElse = useSyncExternalStore(tabPerson.subscribe, tabPerson.somebodyElse);
  useLiveTopic(me && !somebodyElse ? `person:${me.id}` : null, (data) => {
    if (!me) return;
    for (const queryKey of keysOf(me.id)[aboutOf(data)] ?? all)
      void queryClient.invalidateQueries({ queryKey });
  });
  return null;
}

function aboutOf(data: string | null): string {
  if (data === null) return "everything";
  const { about } = JSON.parse(data) as { about?: string };
  return about ?? "everything";
}
