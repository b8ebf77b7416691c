import { Link } from "react-router";
import type { Notification } from "#contract/notifications.ts";
import { cn } from "@/lib/classNames.ts";
import { timeAgo } from "@/lib/sessionTime.ts";
import { addressOf, sentenceOf } from "./notificationWords.ts";

type NotificationItemProps = {
  notification: Notification;
  timeZone: string;
  now: Date;
  onOpen: () => void;
};

export function NotificationItem({ notification, timeZone, now, onOpen }: NotificationItemProps) {
  const { facts, read_at, created_at } = notification;
  const isUnread = read_at === null;
  return (
    <li>
      <Link
        to={addressOf(notification)}
        onClick={onOpen}
        className="flex gap-3 px-4 py-3 leading-snug transition-colors hover:bg-sunken"
      >
        <span
          aria-hidden
          className={cn("mt-1.5 size-2.5 shrink-0 rounded-full", isUnread ? "bg-primary" : "bg-transparent")}
        />
        <span className="min-w-0">
          {isUnread && <span className="sr-only">Unread: </span>}
          <span className={cn("block [overflow-wrap:anywhere]", isUnread && "font-semibold")}>
            {sentenceOf(notification, timeZone)}
          </span>
          {facts.reason && <span className="mt-0.5 block text-ink-soft">“{facts.reason}”</span>}
          <time dateTime={created_at} className="mt-0.5 block text-sm text-ink-soft">
            {timeAgo(created_at, now)}
          </time>
        </span>
      </Link>
    </li>
  );
}
