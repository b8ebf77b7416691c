import { useQueryClient } from "@tanstack/react-query";
import { useEventStream } from "@/hooks/useEventStream";
import { inboxKeys } from "@/lib/inboxQueries";
import { queryKeys } from "@/lib/queries";
import { useMe } from "@/lib/session";
import { streams } from "@/paths";

const all = [queryKeys.bookings, inboxKeys.requests, inboxKeys.notifications, inboxKeys.alerts];
/** What the stream says has changed -> what is asked again. */
const keysOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  bookings: [queryKeys.bookings],
  requests: [inboxKeys.requests],
  notifications: [inboxKeys.notifications, inboxKeys.alerts],
};

/** Keeps a signed-in person's sessions, requests and inbox up to date on every page, without being seen. */
export function LivePerson() {
  const { data: me } = useMe();
  const queryClient = useQueryClient();
  useEventStream(me ? streams.person(me.id) : null, (data) => {
    for (const queryKey of keysOf[aboutOf(data)] ?? all) void queryClient.invalidateQueries({ queryKey });
  });
  return null;
}

function aboutOf(data: string | null): string {
  if (data === null) return "everything";
  const { about } = JSON.parse(data) as { about?: string };
  return about ?? "everything";
}
