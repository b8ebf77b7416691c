import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { controls } from "#words/controls.ts";
import { inbox } from "#words/inbox.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { zoneLabel } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Button } from "@/ui/Button.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { useAction } from "@/ui/useAction.ts";
import { markAsRead } from "./api.ts";
import { NotificationItem } from "./NotificationItem.tsx";
import { notificationsQuery } from "./queries.ts";

/** The notifications, newest first. Opening one marks it as read. */
export function NotificationPanel({ userId }: { userId: string }) {
  const list = useInfiniteQuery(notificationsQuery(userId));
  const queryClient = useQueryClient();
  const timeZone = useViewerTimeZone();
  const now = useNow();
  const headingId = useId();
  const notifications = (list.data?.pages ?? []).flatMap((page) => page.data);
  const unread = list.data?.pages[0]?.unread_count ?? 0;

  const read = async (ids?: string[]) => {
    await markAsRead(ids);
    await queryClient.invalidateQueries({ queryKey: inboxKeys.notifications });
  };
  const readAll = useAction(() => read());
  // The link that was opened matters more than a mark that failed.
  const readOne = useAction((id: string) => read([id]), { inPlace: true });

  return (
    <section aria-labelledby={headingId}>
      <div className="flex min-h-14 items-center justify-between gap-3 border-b border-line py-1 pr-2 pl-4">
        <h2 id={headingId} className="font-bold">
          {inbox.title}
        </h2>
        {unread > 0 && (
          <Button variant="link" size="inline" onClick={() => void readAll.run()}>
            {inbox.markAllRead}
          </Button>
        )}
      </div>
      {list.isPending && (
        <div className="p-4">
          <Loading>{inbox.loading}</Loading>
        </div>
      )}
      {list.isError && !list.data && (
        <div role="alert" className="space-y-3 p-4">
          <p>{inbox.failed}</p>
          <Button variant="secondary" size="sm" onClick={() => list.refetch()}>
            {controls.tryAgain}
          </Button>
        </div>
      )}
      {list.data && notifications.length === 0 && <p className="p-4 text-ink-soft">{inbox.empty}</p>}
      {notifications.length > 0 && (
        <>
          <ul className="divide-y divide-line">
            {notifications.map((notification) => (
              <NotificationItem
                key={notification.id}
                notification={notification}
                timeZone={timeZone}
                now={now}
                onOpen={() => notification.read_at === null && void readOne.run(notification.id)}
              />
            ))}
          </ul>
          {list.hasNextPage && (
            <div className="px-4 pb-2">
              <ShowMore list={list} label={inbox.showOlder} />
            </div>
          )}
          <p className="border-t border-line px-4 py-3 text-sm text-ink-soft">
            {inbox.zone(zoneLabel(timeZone))}
          </p>
        </>
      )}
    </section>
  );
}
