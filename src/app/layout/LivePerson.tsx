import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useMe } from "@/features/accounts/me.ts";
import { useLiveTopic } from "@/lib/live/useLiveTopic.ts";
import { inboxKeys, queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";

const all = [queryKeys.bookings, inboxKeys.requests, inboxKeys.notifications, inboxKeys.alerts];
/** What the stream says has changed -> what is asked again. */
const keysOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  bookings: [queryKeys.bookings],
  requests: [inboxKeys.requests],
  notifications: [inboxKeys.notifications, inboxKeys.alerts],
  /** The session is over, or somebody else's: there is nothing to ask for in this person's name. */
  session: [],
};

/** Keeps a signed-in person's sessions, requests and inbox up to date on every page, without being seen. */
export function LivePerson() {
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  const somebodyElse = useSyncExternalStore(tabPerson.subscribe, tabPerson.somebodyElse);
  useLiveTopic(me && !somebodyElse ? `person:${me.id}` : null, (data) => {
    for (const queryKey of keysOf[aboutOf(data)] ?? all) void queryClient.invalidateQueries({ queryKey });
  });
  return null;
}

function aboutOf(data: string | null): string {
  if (data === null) return "everything";
  const { about } = JSON.parse(data) as { about?: string };
  return about ?? "everything";
}
