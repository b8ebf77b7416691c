import { useInfiniteQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { Suspense, useEffect, useRef } from "react";
import { inbox } from "#words/inbox.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { useDisclosure } from "@/ui/useDisclosure.ts";
import { notificationsQuery } from "./queries.ts";

const NotificationPanel = lazyPart(() =>
  import("./NotificationPanel.tsx").then((file) => file.NotificationPanel),
);

/** The inbox: a bell with the number of unread notifications, and the list below it. */
export function NotificationBell({ userId }: { userId: string }) {
  const { data } = useInfiniteQuery(notificationsQuery(userId));
  const { open, close, panelId, frame, button } = useDisclosure();
  const unread = data?.pages[0]?.unread_count ?? 0;
  useAnnouncedGrowth(data ? unread : undefined);

  return (
    <div className="sm:relative" {...frame}>
      <button
        {...button}
        onPointerEnter={NotificationPanel.preload}
        className="relative grid size-11 place-items-center rounded-control transition-colors hover:bg-sunken"
      >
        <Bell aria-hidden className="size-5" />
        <span className="sr-only">{inbox.bell(unread)}</span>
        {unread > 0 && (
          <span
            aria-hidden
            className="absolute top-0.5 right-0.5 grid h-5 min-w-5 place-items-center rounded-full bg-primary px-1 text-xs font-bold text-on-primary tabular-nums"
          >
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </button>
      {open && <div aria-hidden className="fixed inset-0 z-20 h-dvh" onClick={close} />}
      <div
        id={panelId}
        hidden={!open}
        className="absolute top-full right-4 left-4 z-30 mt-2 max-h-[min(34rem,calc(100dvh-6rem))] overflow-y-auto overscroll-contain rounded-card border border-line bg-surface shadow-lift motion-safe:animate-rise sm:right-0 sm:left-auto sm:w-96"
      >
        {open && (
          <Suspense
            fallback={
              <div className="p-4">
                <Loading>{inbox.loading}</Loading>
              </div>
            }
          >
            <NotificationPanel userId={userId} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

/** Announces new notifications, but not those that were there at first. */
function useAnnouncedGrowth(unread: number | undefined): void {
  const before = useRef(unread);
  useEffect(() => {
    if (unread !== undefined && before.current !== undefined && unread > before.current) {
      announce(inbox.arrived(unread - before.current));
    }
    before.current = unread;
  }, [unread]);
}
